"""``/v1/batches`` as gateways front it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse

from mainspring.app.control.behalf import Behalf, scope_of
from mainspring.app.control.openai_list import openai_list
from mainspring.app.control.recognition import InternalCallers
from mainspring.capabilities.batches.api import BatchService
from mainspring.wire.delegation import DelegatedIdentity


class NewBatch(BaseModel):
    """What a client sends; fields that OpenAI adds later are ignored, as clients expect."""

    model_config = ConfigDict(extra="ignore")

    input_file_id: str = Field(max_length=100)
    endpoint: str = Field(max_length=100)
    completion_window: str = Field(max_length=20)
    metadata: dict[str, str] | None = None


def batch_routes(callers: InternalCallers, behalf: Behalf, batches: BatchService) -> APIRouter:
    """Return the routes; they are no part of the public API and not in its document."""
    router = APIRouter(
        prefix="/internal/v1/batches", dependencies=[Depends(callers)], include_in_schema=False
    )

    @router.post("")
    async def create(
        body: NewBatch, identity: Annotated[DelegatedIdentity, Depends(behalf)]
    ) -> JSONResponse:
        """Start a batch."""
        made = await batches.create(
            scope_of(identity),
            actor_id=identity.actor_id,
            key_id=identity.key_id,
            endpoint=body.endpoint,
            input_file_id=body.input_file_id,
            completion_window=body.completion_window,
            metadata=body.metadata,
        )
        return JSONResponse(made.shape())

    @router.get("")
    async def listed(
        identity: Annotated[DelegatedIdentity, Depends(behalf)],
        after: Annotated[str | None, Query(max_length=100)] = None,
        limit: Annotated[int, Query(ge=0, le=100)] = 20,
    ) -> JSONResponse:
        """List the project's batches, newest first."""
        found, more = await batches.list(scope_of(identity), after=after, limit=limit)
        return openai_list(found, more=more)

    @router.get("/{batch_id}")
    async def read(
        batch_id: str, identity: Annotated[DelegatedIdentity, Depends(behalf)]
    ) -> JSONResponse:
        """Tell how a batch stands."""
        return JSONResponse((await batches.get(scope_of(identity), batch_id)).shape())

    @router.post("/{batch_id}/cancel")
    async def cancel(
        batch_id: str, identity: Annotated[DelegatedIdentity, Depends(behalf)]
    ) -> JSONResponse:
        """Have a batch end early."""
        return JSONResponse((await batches.cancel(scope_of(identity), batch_id)).shape())

    _ = (create, listed, read, cancel)
    return router
