"""Service accounts and their secrets."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, Field

from mainspring.capabilities.oauth.api import (
    AccountChanges,
    AccountService,
    ServiceAccount,
    TokenIssuing,
)
from mainspring.capabilities.oauth.domain import (
    ACCOUNT_READ,
    ACCOUNT_WRITE,
    MAX_LIFETIME_S,
    MAX_PROJECTS,
    MIN_LIFETIME_S,
    SIGNING_KEY_ROTATE,
)
from mainspring.infra.web import (
    Body,
    CurrentScope,
    IfMatch,
    LimitsBody,
    PageParams,
    Patch,
    View,
    WholePageParams,
    as_limits,
    needs,
    page_of_all,
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
from mainspring.wire.scopes import DEFAULT_SCOPES, SCOPES

router = APIRouter(tags=["oauth"], responses=problems(SignInRequiredError, PermissionDeniedError))
Accounts = Annotated[AccountService, Depends(provided(AccountService))]
Issuing = Annotated[TokenIssuing, Depends(provided(TokenIssuing))]

ScopeName = Annotated[str, Field(max_length=64, json_schema_extra={"enum": list(SCOPES)})]
ScopeNames = Annotated[tuple[ScopeName, ...], Field(min_length=1, max_length=32)]
ModelNames = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=200)], ...], Field(max_length=200)
]
ProjectIds = Annotated[
    tuple[Annotated[str, Field(max_length=64)], ...],
    Field(
        min_length=1,
        max_length=MAX_PROJECTS,
        description="Where its tokens act; the first unless `X-Project-ID` names another.",
    ),
]
OwnerId = Annotated[str, Field(max_length=64)]
Lifetime = Annotated[int, Field(ge=MIN_LIFETIME_S, le=MAX_LIFETIME_S)]


class NewServiceAccount(Body):
    """A machine that is to get tokens."""

    name: str = Field(min_length=1, max_length=63, examples=["nightly-reports"])
    project_ids: ProjectIds
    scopes: ScopeNames = DEFAULT_SCOPES
    models: ModelNames | None = Field(
        None, description="Names of the models that it may call; `null` allows all of them."
    )
    limits: LimitsBody | None = None
    token_lifetime_s: Lifetime = 600
    expires_at: AwareDatetime | None = Field(None, description="`null` never expires.")


class ServiceAccountPatch(Patch):
    """What is to change; a field that is left out stays."""

    project_ids: ProjectIds = ("",)
    scopes: ScopeNames = DEFAULT_SCOPES
    models: ModelNames | None = None
    limits: LimitsBody | None = None
    token_lifetime_s: Lifetime = 600
    expires_at: AwareDatetime | None = None
    suspended: bool = Field(False, description="Ends its tokens until it is lifted.")
    owner_id: OwnerId | None = Field(
        None, description="Who takes it over: one of the organisation's people; `null`: nobody."
    )

    def changes(self) -> AccountChanges:
        """Return the fields that were sent."""
        fields = self.changed_fields()
        if "limits" in fields:
            fields["limits"] = as_limits(self.limits)
        return AccountChanges(**fields)


class ServiceAccountView(View):
    """A service account; its id is its OAuth client id."""

    id: str = Field(examples=["svc_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str
    name: str
    project_ids: list[str]
    scopes: list[str]
    models: list[str] | None
    limits: LimitsBody | None
    token_lifetime_s: int
    expires_at: datetime | None
    suspended: bool
    owner_id: str | None = Field(description="Who answers for it: who made it, at first.")
    owner_left_at: datetime | None = Field(
        description="Since when its owner has left; set anew, `owner_id` ends that."
    )
    created_at: datetime
    updated_at: datetime


class CreatedServiceAccountView(ServiceAccountView):
    """A service account with its first secret, which is shown this once."""

    secret: str = Field(examples=["msc-…"])


class ServiceAccountPage(View):
    """Some service accounts."""

    items: list[ServiceAccountView]
    next_cursor: str | None


class NewSecret(Body):
    """Another secret of an account."""

    expires_at: AwareDatetime | None = Field(None, description="`null` never expires.")
    others_end_in_s: int | None = Field(
        None,
        ge=0,
        le=30 * 86_400,
        description="Let the account's other secrets expire after this overlap; `null`: not.",
    )


class SecretView(View):
    """A secret, not in clear."""

    id: str = Field(examples=["sec_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    hint: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class CreatedSecretView(SecretView):
    """A secret in clear, which is shown this once."""

    secret: str = Field(examples=["msc-…"])


class SecretList(View):
    """An account's secrets."""

    items: list[SecretView]
    next_cursor: str | None


@router.get(
    "/organizations/{org_id}/service-accounts",
    operation_id="list_service_accounts",
    openapi_extra=needs(ACCOUNT_READ),
    response_model=ServiceAccountPage,
    responses=problems(NotFoundError),
)
async def list_service_accounts(
    *,
    service: Accounts,
    scope: CurrentScope,
    org_id: str,
    page: PageParams,
    owner_left: Annotated[
        bool | None, Query(description="Only those whose owner has left, or has not.")
    ] = None,
) -> Page[ServiceAccount]:
    """List an organisation's service accounts, oldest first."""
    return await service.list_of(scope, org_id, page, owner_left=owner_left)


@router.post(
    "/organizations/{org_id}/service-accounts",
    operation_id="create_service_account",
    openapi_extra=needs(ACCOUNT_WRITE),
    status_code=201,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def create_service_account(
    service: Accounts,
    scope: CurrentScope,
    org_id: str,
    body: NewServiceAccount,
    response: Response,
) -> CreatedServiceAccountView:
    """Create a service account; its secret is shown in this answer only."""
    created = await service.create(
        scope,
        org_id,
        name=body.name,
        project_ids=body.project_ids,
        changes=AccountChanges(
            scopes=body.scopes,
            models=body.models,
            limits=as_limits(body.limits),
            token_lifetime_s=body.token_lifetime_s,
            expires_at=body.expires_at,
        ),
    )
    tag(response, created.account.revision)
    view = ServiceAccountView.model_validate(created.account)
    return CreatedServiceAccountView(**view.model_dump(), secret=created.secret)


@router.get(
    "/service-accounts/{account_id}",
    operation_id="get_service_account",
    openapi_extra=needs(ACCOUNT_READ),
    response_model=ServiceAccountView,
    responses=problems(NotFoundError),
)
async def get_service_account(
    service: Accounts, scope: CurrentScope, account_id: str, response: Response
) -> ServiceAccount:
    """Read one service account."""
    account = await service.get(scope, account_id)
    tag(response, account.revision)
    return account


@router.patch(
    "/service-accounts/{account_id}",
    operation_id="update_service_account",
    openapi_extra=needs(ACCOUNT_WRITE),
    response_model=ServiceAccountView,
    responses=problems(InvalidRequestError, NotFoundError, PreconditionFailedError),
)
async def update_service_account(
    *,
    service: Accounts,
    scope: CurrentScope,
    account_id: str,
    body: ServiceAccountPatch,
    if_match: IfMatch,
    response: Response,
) -> ServiceAccount:
    """Change a service account; the tokens that it holds follow within moments."""
    account = await service.update(scope, account_id, body.changes(), expected_revision=if_match)
    tag(response, account.revision)
    return account


@router.delete(
    "/service-accounts/{account_id}",
    operation_id="delete_service_account",
    openapi_extra=needs(ACCOUNT_WRITE),
    status_code=204,
    responses=problems(NotFoundError),
)
async def delete_service_account(service: Accounts, scope: CurrentScope, account_id: str) -> None:
    """Remove a service account; its tokens end at every gateway within moments."""
    await service.remove(scope, account_id)


@router.get(
    "/service-accounts/{account_id}/secrets",
    operation_id="list_account_secrets",
    openapi_extra=needs(ACCOUNT_READ),
    responses=problems(NotFoundError),
)
async def list_account_secrets(
    service: Accounts, scope: CurrentScope, account_id: str, page: WholePageParams
) -> SecretList:
    """List an account's secrets that were not revoked, oldest first."""
    found = page_of_all(await service.secrets(scope, account_id), page, lambda each: each.id)
    return SecretList.model_validate(found)


@router.post(
    "/service-accounts/{account_id}/secrets",
    operation_id="create_account_secret",
    openapi_extra=needs(ACCOUNT_WRITE),
    status_code=201,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def create_account_secret(
    service: Accounts, scope: CurrentScope, account_id: str, body: NewSecret
) -> CreatedSecretView:
    """Give an account another secret, shown in this answer only; the others may end soon."""
    overlap = body.others_end_in_s
    created = await service.add_secret(
        scope,
        account_id,
        expires_at=body.expires_at,
        others_end_in=None if overlap is None else timedelta(seconds=overlap),
    )
    view = SecretView.model_validate(created.kept)
    return CreatedSecretView(**view.model_dump(), secret=created.secret)


@router.delete(
    "/service-accounts/{account_id}/secrets/{secret_id}",
    operation_id="revoke_account_secret",
    openapi_extra=needs(ACCOUNT_WRITE),
    status_code=204,
    responses=problems(NotFoundError),
)
async def revoke_account_secret(
    service: Accounts, scope: CurrentScope, account_id: str, secret_id: str
) -> None:
    """End a secret, and within moments every token that was got by it."""
    await service.revoke_secret(scope, account_id, secret_id)


@router.post(
    "/signing-keys/rotate",
    operation_id="rotate_signing_keys",
    openapi_extra=needs(SIGNING_KEY_ROTATE),
    status_code=204,
)
async def rotate_signing_keys(issuing: Issuing, scope: CurrentScope) -> None:
    """Replace the keys that sign tokens at once: every token of the platform's own ends."""
    await issuing.rotate(scope)
