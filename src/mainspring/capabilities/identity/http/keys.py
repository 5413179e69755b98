"""API keys of the gateway."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime, Field

from mainspring.capabilities.identity.api import ApiKey, KeyChanges, KeyService
from mainspring.capabilities.identity.domain import KEY_READ, KEY_REVOKE, KEY_WRITE
from mainspring.infra.web import (
    SECRET,
    Body,
    CurrentScope,
    IfMatch,
    LimitsBody,
    PageParams,
    Patch,
    View,
    as_limits,
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
from mainspring.wire.scopes import CALL_MODELS, SCOPES

router = APIRouter(tags=["keys"], responses=problems(SignInRequiredError, PermissionDeniedError))
Keys = Annotated[KeyService, Depends(provided(KeyService))]

ModelName = Annotated[str, Field(min_length=1, max_length=200)]
ScopeName = Annotated[str, Field(max_length=64, json_schema_extra={"enum": list(SCOPES)})]
ScopeNames = Annotated[list[ScopeName], Field(min_length=1, max_length=32)]


class NewKey(Body):
    """A key of a project."""

    name: str = Field(min_length=1, max_length=120, examples=["ci"])
    models: list[ModelName] | None = Field(
        None,
        max_length=200,
        description="Names of the models that it may call; `null` allows all of them.",
        examples=[["smollm2-135m-instruct"]],
    )
    scopes: Annotated[tuple[ScopeName, ...], Field(min_length=1, max_length=32)] = Field(
        (CALL_MODELS,), description="What it may be used for."
    )
    expires_at: AwareDatetime | None = Field(None, description="`null` never expires.")
    limits: LimitsBody | None = None


class KeyPatch(Patch):
    """What is to change; a field that is left out stays."""

    name: str = Field("", min_length=1, max_length=120)
    scopes: ScopeNames = Field([])
    models: list[ModelName] | None = Field(None, max_length=200)
    expires_at: AwareDatetime | None = None
    limits: LimitsBody | None = None

    def changes(self) -> KeyChanges:
        """Return the fields that were sent."""
        fields = self.changed_fields()
        if "scopes" in fields:
            fields["scopes"] = tuple(self.scopes)
        if self.models is not None:
            fields["models"] = tuple(self.models)
        if "limits" in fields:
            fields["limits"] = as_limits(self.limits)
        return KeyChanges(**fields)


class KeyView(View):
    """A key without its secret."""

    id: str = Field(examples=["key_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str
    project_id: str
    name: str
    hint: str = Field(description="Its first characters.", examples=["msk-ab1…"])
    scopes: list[str]
    models: list[str] | None
    limits: LimitsBody | None
    replaces: str | None = Field(description="The key that this one took the place of.")
    granted: list[str] = Field(
        description="Ids of models that it was granted, by an access request; but for its name,"
        " such a key changes with that request alone."
    )
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class CreatedKeyView(KeyView):
    """A key with its secret, which is shown this once."""

    secret: str = Field(examples=["msk-…"], json_schema_extra=SECRET)


class KeyPage(View):
    """Some keys."""

    items: list[KeyView]
    next_cursor: str | None


@router.get(
    "/projects/{project_id}/keys",
    operation_id="list_keys",
    openapi_extra=needs(KEY_READ),
    response_model=KeyPage,
    responses=problems(NotFoundError),
)
async def list_keys(
    service: Keys, scope: CurrentScope, project_id: str, page: PageParams
) -> Page[ApiKey]:
    """List the keys of a project, newest first, revoked ones too."""
    return await service.list_of_project(scope, project_id, page)


@router.post(
    "/projects/{project_id}/keys",
    operation_id="create_key",
    openapi_extra=needs(KEY_WRITE),
    status_code=201,
    responses=problems(NotFoundError, ConflictError),
)
async def create_key(
    service: Keys, scope: CurrentScope, project_id: str, body: NewKey
) -> CreatedKeyView:
    """Create a key; its secret is shown in this answer only."""
    created = await service.create(
        scope,
        project_id,
        name=body.name,
        models=body.models,
        scopes=body.scopes,
        expires_at=body.expires_at,
        limits=as_limits(body.limits),
    )
    view = KeyView.model_validate(created.key)
    return CreatedKeyView(**view.model_dump(), secret=created.secret)


class Rotation(Body):
    """How the old key goes."""

    overlap_s: int = Field(
        86_400, ge=0, le=2_592_000, description="For so many seconds both keys work."
    )


@router.post(
    "/keys/{key_id}/rotate",
    operation_id="rotate_key",
    openapi_extra=needs(KEY_WRITE),
    status_code=201,
    responses=problems(NotFoundError, ConflictError),
)
async def rotate_key(
    service: Keys, scope: CurrentScope, key_id: str, body: Rotation
) -> CreatedKeyView:
    """Make a key like this one; the old one ends when the overlap is over."""
    created = await service.rotate(scope, key_id, overlap=timedelta(seconds=body.overlap_s))
    view = KeyView.model_validate(created.key)
    return CreatedKeyView(**view.model_dump(), secret=created.secret)


@router.get(
    "/keys/{key_id}",
    operation_id="get_key",
    openapi_extra=needs(KEY_READ),
    response_model=KeyView,
    responses=problems(NotFoundError),
)
async def get_key(service: Keys, scope: CurrentScope, key_id: str, response: Response) -> ApiKey:
    """Read one key."""
    key = await service.get(scope, key_id)
    tag(response, key.revision)
    return key


@router.patch(
    "/keys/{key_id}",
    operation_id="update_key",
    openapi_extra=needs(KEY_WRITE),
    response_model=KeyView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError, PreconditionFailedError),
)
async def update_key(
    *,
    service: Keys,
    scope: CurrentScope,
    key_id: str,
    body: KeyPatch,
    if_match: IfMatch,
    response: Response,
) -> ApiKey:
    """Change a key's name, scopes, models, limits or expiry; gateways follow within moments."""
    key = await service.update(scope, key_id, body.changes(), expected_revision=if_match)
    tag(response, key.revision)
    return key


@router.delete(
    "/keys/{key_id}",
    operation_id="revoke_key",
    openapi_extra=needs(KEY_REVOKE),
    status_code=204,
    responses=problems(NotFoundError),
)
async def revoke_key(service: Keys, scope: CurrentScope, key_id: str) -> None:
    """Revoke a key; every gateway refuses it within moments."""
    await service.revoke(scope, key_id)
