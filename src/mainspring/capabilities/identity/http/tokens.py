"""Personal tokens."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, Field

from mainspring.capabilities.identity.api import TokenService
from mainspring.infra.web import (
    SECRET,
    Body,
    CurrentScope,
    View,
    WholePageParams,
    for_the_signed_in,
    page_of_all,
    problems,
    provided,
)
from mainspring.kernel.errors import NotFoundError, SignInRequiredError

router = APIRouter(tags=["identity"], responses=problems(SignInRequiredError, NotFoundError))
Tokens = Annotated[TokenService, Depends(provided(TokenService))]


class NewToken(Body):
    """A personal token: it may do what its owner may, or some of it."""

    name: str = Field(min_length=1, max_length=120, examples=["laptop"])
    expires_at: AwareDatetime | None = None
    scopes: list[Annotated[str, Field(max_length=100)]] | None = Field(
        None,
        max_length=200,
        description="Permissions that it is confined to; `null` leaves it all of its owner's.",
        examples=[["usage:read"]],
    )


class TokenView(View):
    """A token without its secret."""

    id: str = Field(examples=["tok_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    name: str
    hint: str = Field(description="Its first characters.", examples=["mst-ab1…"])
    scopes: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class CreatedTokenView(TokenView):
    """A token with its secret, which is shown this once."""

    secret: str = Field(examples=["mst-…"], json_schema_extra=SECRET)


class TokenList(View):
    """A person's tokens."""

    items: list[TokenView]
    next_cursor: str | None


@router.get("/tokens", operation_id="list_tokens", openapi_extra=for_the_signed_in())
async def list_tokens(service: Tokens, scope: CurrentScope, page: WholePageParams) -> TokenList:
    """List your tokens, newest first."""
    found = page_of_all(await service.list_own(scope), page, lambda token: token.id)
    return TokenList.model_validate(found)


@router.post(
    "/tokens", operation_id="create_token", openapi_extra=for_the_signed_in(), status_code=201
)
async def create_token(service: Tokens, scope: CurrentScope, body: NewToken) -> CreatedTokenView:
    """Create a token; its secret is shown in this answer only."""
    created = await service.create(
        scope, name=body.name, expires_at=body.expires_at, scopes=body.scopes
    )
    view = TokenView.model_validate(created.token)
    return CreatedTokenView(**view.model_dump(), secret=created.secret)


@router.delete(
    "/tokens/{token_id}",
    operation_id="revoke_token",
    openapi_extra=for_the_signed_in(),
    status_code=204,
)
async def revoke_token(service: Tokens, scope: CurrentScope, token_id: str) -> None:
    """Revoke one of your tokens."""
    await service.revoke_own(scope, token_id)
