"""The accounts of the platform."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field, SecretStr

from mainspring.capabilities.identity.api import AccountService, Ended, User, UserChanges
from mainspring.capabilities.identity.domain import (
    MAX_PASSWORD,
    MIN_PASSWORD,
    USER_DISABLE,
    USER_READ,
    USER_WRITE,
)
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
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(tags=["people"], responses=problems(SignInRequiredError, PermissionDeniedError))
Accounts = Annotated[AccountService, Depends(provided(AccountService))]

PersonName = Annotated[str, Field(min_length=1, max_length=120, examples=["Ada Lovelace"])]
Language = Literal["en", "zh"]
PlatformRole = Literal["platform_admin", "security", "finance"]


class NewAccount(Body):
    """An account that signs in by password."""

    email: str = Field(max_length=254, examples=["ada@example.com"])
    name: PersonName
    password: SecretStr = Field(
        min_length=MIN_PASSWORD, max_length=MAX_PASSWORD, examples=["correct horse battery"]
    )
    language: Language = "en"
    platform_roles: list[PlatformRole] = Field([], description="Roles in the platform itself.")


class AccountPatch(Patch):
    """What is to change; a field that is left out stays."""

    name: PersonName = ""
    language: Language = "en"
    platform_roles: list[PlatformRole] = Field([])
    break_glass: bool = False

    def changes(self) -> UserChanges:
        """Return the fields that were sent."""
        fields = self.changed_fields()
        if "platform_roles" in fields:
            fields["platform_roles"] = tuple(self.platform_roles)
        return UserChanges(**fields)


class AccountView(View):
    """An account, without anything that opens it."""

    id: str = Field(examples=["usr_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    email: str = Field(examples=["ada@example.com"])
    name: str = Field(examples=["Ada Lovelace"])
    language: str
    platform_roles: list[str] = Field(
        validation_alias="all_platform_roles", description="Roles in the platform itself."
    )
    break_glass: bool = Field(
        description="The password stays good where passwords are switched off, for emergencies."
    )
    managed_by: str | None = Field(
        description="The organisation whose provider or directory made the account."
    )
    disabled_at: datetime | None = Field(description="Since when nothing opens the account.")
    created_at: datetime
    updated_at: datetime


class AccountPage(View):
    """Some accounts."""

    items: list[AccountView]
    next_cursor: str | None


class EndedView(View):
    """How much of what a person held was ended."""

    sessions: int
    tokens: int
    keys: int
    invitations: int = Field(description="Invitations that they had written.")


@router.get(
    "/users",
    operation_id="list_users",
    openapi_extra=needs(USER_READ),
    response_model=AccountPage,
)
async def list_users(
    service: Accounts,
    scope: CurrentScope,
    page: PageParams,
    email: Annotated[str | None, Query(max_length=254, description="Only this address.")] = None,
) -> Page[User]:
    """List the accounts of the platform, oldest first."""
    return await service.list_users(scope, page, email=email)


@router.post(
    "/users",
    operation_id="create_user",
    openapi_extra=needs(USER_WRITE),
    status_code=201,
    response_model=AccountView,
    responses=problems(ConflictError),
)
async def create_user(
    service: Accounts, scope: CurrentScope, body: NewAccount, response: Response
) -> User:
    """Create an account; to bring somebody in without choosing their password, invite them."""
    user = await service.create_user(
        scope,
        email=body.email,
        name=body.name,
        password=body.password.get_secret_value(),
        language=body.language,
        platform_roles=body.platform_roles,
    )
    tag(response, user.revision)
    return user


@router.get(
    "/users/{user_id}",
    operation_id="get_user",
    openapi_extra=needs(USER_READ),
    response_model=AccountView,
    responses=problems(NotFoundError),
)
async def get_user(
    service: Accounts, scope: CurrentScope, user_id: str, response: Response
) -> User:
    """Read one account."""
    user = await service.get_user(scope, user_id)
    tag(response, user.revision)
    return user


@router.patch(
    "/users/{user_id}",
    operation_id="update_user",
    openapi_extra=needs(USER_WRITE),
    response_model=AccountView,
    responses=problems(NotFoundError, ConflictError, PreconditionFailedError),
)
async def update_user(
    *,
    service: Accounts,
    scope: CurrentScope,
    user_id: str,
    body: AccountPatch,
    if_match: IfMatch,
    response: Response,
) -> User:
    """Change an account's name, language or roles in the platform."""
    user = await service.update_user(scope, user_id, body.changes(), expected_revision=if_match)
    tag(response, user.revision)
    return user


@router.post(
    "/users/{user_id}/disable",
    operation_id="disable_user",
    openapi_extra=needs(USER_DISABLE),
    response_model=EndedView,
    responses=problems(NotFoundError, ConflictError),
)
async def disable_user(service: Accounts, scope: CurrentScope, user_id: str) -> Ended:
    """Close an account, and end everything that it holds: sessions, tokens, keys, invitations.

    Gateways refuse its keys within moments. The platform's last administrator stays.
    """
    _, ended = await service.disable_user(scope, user_id)
    return ended


@router.post(
    "/users/{user_id}/enable",
    operation_id="enable_user",
    openapi_extra=needs(USER_WRITE),
    response_model=AccountView,
    responses=problems(NotFoundError),
)
async def enable_user(service: Accounts, scope: CurrentScope, user_id: str) -> User:
    """Open a closed account again; what it held stays ended."""
    return await service.enable_user(scope, user_id)


@router.post(
    "/users/{user_id}/revoke",
    operation_id="revoke_credentials",
    openapi_extra=needs(USER_DISABLE),
    response_model=EndedView,
    responses=problems(NotFoundError),
)
async def revoke_credentials(service: Accounts, scope: CurrentScope, user_id: str) -> Ended:
    """End everything that a person holds, as after a lost laptop; the account stays open."""
    return await service.revoke_credentials(scope, user_id)
