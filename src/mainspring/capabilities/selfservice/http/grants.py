"""The routes of grants of restricted models."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, Field

from mainspring.capabilities.selfservice.api import GrantChanges, GrantService, ModelGrant
from mainspring.capabilities.selfservice.domain import ACCESS_GRANT, ACCESS_READ
from mainspring.capabilities.selfservice.domain.grants import MAX_REASON
from mainspring.infra.web import (
    Body,
    CurrentScope,
    IfMatch,
    PageParams,
    Patch,
    View,
    needs,
    problems,
    provided,
    tag,
)
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(tags=["access"], responses=problems(SignInRequiredError, PermissionDeniedError))
Grants = Annotated[GrantService, Depends(provided(GrantService))]

Reason = Annotated[str, Field(max_length=MAX_REASON, examples=["Pilot of the help desk"])]
Id = Annotated[str, Query(max_length=64)]


class NewModelGrant(Body):
    """Which model is opened to whom, and for how long."""

    org_id: str = Field(max_length=64, examples=["org_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    project_id: str | None = Field(
        None, max_length=64, description="`null`: all projects of the organisation."
    )
    model_id: str = Field(max_length=64, examples=["mdl_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    reason: Reason = ""
    expires_at: AwareDatetime | None = Field(None, description="`null`: until it is taken back.")


class ModelGrantPatch(Patch):
    """What is to change; a field that is left out stays."""

    reason: Reason = ""
    expires_at: AwareDatetime | None = Field(None, description="`null`: until it is taken back.")

    def changes(self) -> GrantChanges:
        """Return the fields that were sent."""
        return GrantChanges(**self.changed_fields())


class ModelGrantView(View):
    """A grant."""

    id: str = Field(examples=["mgr_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str
    project_id: str | None = Field(description="`null`: all projects of the organisation.")
    model_id: str
    model: str = Field(description="Its name.")
    reason: str
    created_by: str
    expires_at: datetime | None
    created_at: datetime
    updated_at: datetime


class ModelGrantPage(View):
    """Some grants."""

    items: list[ModelGrantView]
    next_cursor: str | None


@router.get(
    "/model-grants",
    operation_id="list_model_grants",
    openapi_extra=needs(ACCESS_READ),
    response_model=ModelGrantPage,
    responses=problems(NotFoundError),
)
async def list_model_grants(
    *,
    grants: Grants,
    scope: CurrentScope,
    page: PageParams,
    org_id: Id | None = None,
    project_id: Id | None = None,
    model_id: Id | None = None,
) -> Page[ModelGrant]:
    """List grants, oldest first; those of a project include its organisation's."""
    return await grants.list_grants(
        scope, page, org_id=org_id, project_id=project_id, model_id=model_id
    )


@router.post(
    "/model-grants",
    operation_id="create_model_grant",
    openapi_extra=needs(ACCESS_GRANT),
    status_code=201,
    response_model=ModelGrantView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def create_model_grant(
    grants: Grants, scope: CurrentScope, body: NewModelGrant, response: Response
) -> ModelGrant:
    """Open a restricted model to a project, or to a whole organisation."""
    grant = await grants.create(
        scope,
        body.org_id,
        model_id=body.model_id,
        project_id=body.project_id,
        expires_at=body.expires_at,
        reason=body.reason,
    )
    tag(response, grant.revision)
    return grant


@router.get(
    "/model-grants/{grant_id}",
    operation_id="get_model_grant",
    openapi_extra=needs(ACCESS_READ),
    response_model=ModelGrantView,
    responses=problems(NotFoundError),
)
async def get_model_grant(
    grants: Grants, scope: CurrentScope, grant_id: str, response: Response
) -> ModelGrant:
    """Read one grant."""
    grant = await grants.get(scope, grant_id)
    tag(response, grant.revision)
    return grant


@router.patch(
    "/model-grants/{grant_id}",
    operation_id="update_model_grant",
    openapi_extra=needs(ACCESS_GRANT),
    response_model=ModelGrantView,
    responses=problems(InvalidRequestError, NotFoundError, PreconditionFailedError),
)
async def update_model_grant(
    *,
    grants: Grants,
    scope: CurrentScope,
    grant_id: str,
    body: ModelGrantPatch,
    if_match: IfMatch,
    response: Response,
) -> ModelGrant:
    """Change why, or until when; gateways follow within moments."""
    grant = await grants.update(scope, grant_id, body.changes(), expected_revision=if_match)
    tag(response, grant.revision)
    return grant


@router.delete(
    "/model-grants/{grant_id}",
    operation_id="delete_model_grant",
    openapi_extra=needs(ACCESS_GRANT),
    status_code=204,
    responses=problems(NotFoundError),
)
async def delete_model_grant(grants: Grants, scope: CurrentScope, grant_id: str) -> None:
    """Take a grant back: gateways refuse the next call."""
    await grants.remove(scope, grant_id)
