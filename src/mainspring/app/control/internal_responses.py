"""The link to gateways' memories: kept responses in, out again, and deleted."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from mainspring.app.control.recognition import InternalCallers
from mainspring.capabilities.conversations.api import ConversationService
from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.scope import Actor, ActorKind, Scope
from mainspring.wire.records import RecordBatch
from mainspring.wire.stored import MAX_CHAIN_TURNS

_MSGPACK = "application/msgpack"
_batch_decoder = msgspec.msgpack.Decoder(RecordBatch)

Id = Annotated[str, Query(min_length=1, max_length=100)]


def response_routes(callers: InternalCallers, conversations: ConversationService) -> APIRouter:
    """Return the routes; they are no part of the public API and not in its document."""
    router = APIRouter(
        prefix="/internal/v1/responses", dependencies=[Depends(callers)], include_in_schema=False
    )

    @router.post("")
    async def keep(request: Request) -> Response:
        """Keep a batch; the answer means that it is durable."""
        try:
            receipt = await conversations.ingest(_batch_decoder.decode(await request.body()))
        except msgspec.MsgspecError as error:
            raise InvalidRequestError(f"the body cannot be read: {error}") from error
        return Response(msgspec.msgpack.encode(receipt), media_type=_MSGPACK)

    @router.get("/{response_id}")
    async def chain(
        response_id: str,
        org_id: Id,
        project_id: Id,
        turns: Annotated[int, Query(ge=1, le=MAX_CHAIN_TURNS)] = MAX_CHAIN_TURNS,
    ) -> Response:
        """Return a response of the project with those before it, newest first."""
        scope = _scope_of(org_id, project_id, "gateway")
        found = await conversations.chain(scope, response_id, turns=turns)
        return Response(msgspec.msgpack.encode(found), media_type=_MSGPACK)

    @router.delete("/{response_id}", status_code=204)
    async def delete(response_id: str, org_id: Id, project_id: Id, actor_id: Id) -> None:
        """Delete a response of the project, also one that has yet to arrive."""
        await conversations.delete(_scope_of(org_id, project_id, actor_id), response_id)

    _ = (keep, chain, delete)
    return router


def _scope_of(org_id: str, project_id: str, actor_id: str) -> Scope:
    return Scope(org_id=org_id, project_id=project_id, actor=Actor(ActorKind.KEY, actor_id))
