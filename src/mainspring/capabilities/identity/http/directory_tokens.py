"""Tokens by which an organisation's directory writes here (SCIM 2.0)."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, Field

from mainspring.capabilities.identity.api import DirectoryTokenService
from mainspring.capabilities.identity.domain import PROVIDER_READ, PROVIDER_WRITE
from mainspring.infra.web import (
    SECRET,
    Body,
    CurrentScope,
    View,
    WholePageParams,
    needs,
    page_of_all,
    problems,
    provided,
)
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)

router = APIRouter(
    tags=["identity"], responses=problems(SignInRequiredError, PermissionDeniedError)
)
Service = Annotated[DirectoryTokenService, Depends(provided(DirectoryTokenService))]


class NewDirectoryToken(Body):
    """A token for a directory."""

    name: str = Field(min_length=1, max_length=120, examples=["Entra ID"])
    expires_at: AwareDatetime | None = Field(None, description="`null` never expires.")


class DirectoryTokenView(View):
    """A directory's token without its secret."""

    id: str = Field(examples=["dtk_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str
    name: str
    hint: str = Field(description="Its first characters.", examples=["msd-ab1…"])
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class CreatedDirectoryTokenView(DirectoryTokenView):
    """A directory's token with its secret, which is shown this once."""

    secret: str = Field(examples=["msd-…"], json_schema_extra=SECRET)


class DirectoryTokenList(View):
    """An organisation's tokens."""

    items: list[DirectoryTokenView]
    next_cursor: str | None


@router.get(
    "/organizations/{org_id}/directory-tokens",
    operation_id="list_directory_tokens",
    openapi_extra=needs(PROVIDER_READ),
    responses=problems(NotFoundError),
)
async def list_directory_tokens(
    service: Service, scope: CurrentScope, org_id: str, page: WholePageParams
) -> DirectoryTokenList:
    """List the tokens of an organisation's directory that are not revoked."""
    found = page_of_all(await service.list_of(scope, org_id), page, lambda token: token.id)
    return DirectoryTokenList.model_validate(found)


@router.post(
    "/organizations/{org_id}/directory-tokens",
    operation_id="create_directory_token",
    openapi_extra=needs(PROVIDER_WRITE),
    status_code=201,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def create_directory_token(
    service: Service, scope: CurrentScope, org_id: str, body: NewDirectoryToken
) -> CreatedDirectoryTokenView:
    """Let a directory write here, at `/scim/v2`; the secret is shown in this answer only."""
    created = await service.create(scope, org_id, name=body.name, expires_at=body.expires_at)
    view = DirectoryTokenView.model_validate(created.token)
    return CreatedDirectoryTokenView(**view.model_dump(), secret=created.secret)


@router.delete(
    "/organizations/{org_id}/directory-tokens/{directory_token_id}",
    operation_id="revoke_directory_token",
    openapi_extra=needs(PROVIDER_WRITE),
    status_code=204,
    responses=problems(NotFoundError),
)
async def revoke_directory_token(
    service: Service, scope: CurrentScope, org_id: str, directory_token_id: str
) -> None:
    """End a directory's token; what it said of people stays."""
    await service.revoke(scope, org_id, directory_token_id)
