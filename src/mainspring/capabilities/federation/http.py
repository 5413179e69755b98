"""The routes of federation."""

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Response
from pydantic import Field

from mainspring.capabilities.federation.api import FederationService, IssuerChanges, TokenIssuer
from mainspring.capabilities.federation.domain import (
    ISSUER_READ,
    ISSUER_WRITE,
    MAX_GRANTS,
    MAX_LEEWAY_S,
    MAX_URL,
)
from mainspring.infra.jwt import ALGORITHMS
from mainspring.infra.web import (
    Body,
    CurrentScope,
    IfMatch,
    PageParams,
    Patch,
    Shape,
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
from mainspring.snapshot.resources import TokenGrant
from mainspring.wire.scopes import DEFAULT_SCOPES, SCOPES

router = APIRouter(
    tags=["federation"], responses=problems(SignInRequiredError, PermissionDeniedError)
)
Federation = Annotated[FederationService, Depends(provided(FederationService))]

ScopeName = Annotated[str, Field(max_length=64, json_schema_extra={"enum": list(SCOPES)})]
Algorithm = Annotated[str, Field(max_length=16, json_schema_extra={"enum": list(ALGORITHMS)})]
ClaimName = Annotated[str, Field(min_length=1, max_length=120)]
ModelName = Annotated[str, Field(min_length=1, max_length=200)]
Address = Annotated[str, Field(min_length=1, max_length=MAX_URL)]


class GrantBody(Shape):
    """What bearers may do in one project; the grants of one project add up."""

    project_id: str = Field(max_length=64, examples=["prj_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    group: str | None = Field(
        None,
        min_length=1,
        max_length=256,
        description="Only bearers whose token names this group; `null`: every bearer.",
        examples=["engineering"],
    )
    scopes: Annotated[tuple[ScopeName, ...], Field(min_length=1, max_length=32)] = DEFAULT_SCOPES
    models: Annotated[tuple[ModelName, ...], Field(max_length=200)] | None = Field(
        None, description="Names of the models that may be called; `null` allows all of them."
    )

    def value(self) -> TokenGrant:
        """Return the snapshot's value."""
        return msgspec.convert(self.model_dump(), TokenGrant)


class _Meaning(Shape):
    """What an issuer's tokens must say, and what that means here."""

    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1, max_length=16)] = (
        "RS256",
        "PS256",
        "ES256",
        "EdDSA",
    )
    user_claim: ClaimName = Field(
        "sub", description="Names the bearer, for limits per user and in the ledger."
    )
    groups_claim: ClaimName = Field(
        "groups", description="Names the bearer's groups; a path may have dots: `realm.roles`."
    )
    project_claim: ClaimName | None = Field(
        None, description="Holds the id of the one project that a token is for."
    )
    scope_claim: ClaimName | None = Field(
        None, description="Narrows a bearer's scopes to those that it names, such as `scope`."
    )
    required: dict[ClaimName, Annotated[str, Field(min_length=1, max_length=256)]] = Field(
        {}, max_length=16, description="Further claims and the value that each must have."
    )
    grants: Annotated[tuple[GrantBody, ...], Field(max_length=MAX_GRANTS)] = Field(
        (), description="The first that fits names the project of calls that name none."
    )
    leeway_s: int = Field(30, ge=0, le=MAX_LEEWAY_S, description="How far clocks may differ.")
    jwks_uri: Address | None = Field(
        None, description="Where the keys are; `null`: where the issuer's metadata says."
    )


class NewIssuer(Body, _Meaning):
    """Whose tokens are to be believed."""

    name: str = Field(
        min_length=1,
        max_length=63,
        description="Stands before each bearer's name in the ledger; it cannot be changed.",
        examples=["corporate"],
    )
    issuer: Address = Field(
        description="What tokens name as `iss`.", examples=["https://login.example.com"]
    )
    audience: Address = Field(
        description="What tokens must name in `aud`.", examples=["mainspring"]
    )
    keys: str | None = Field(
        None,
        max_length=200_000,
        description="A JWK set with the issuer's public keys, where they are not to be fetched.",
    )


class IssuerPatch(Patch):
    """What is to change; a field that is left out stays."""

    audience: Address = ""
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1, max_length=16)] = ("RS256",)
    user_claim: ClaimName = ""
    groups_claim: ClaimName = ""
    project_claim: ClaimName | None = None
    scope_claim: ClaimName | None = None
    required: dict[ClaimName, Annotated[str, Field(min_length=1, max_length=256)]] = Field(
        {}, max_length=16
    )
    grants: Annotated[tuple[GrantBody, ...], Field(max_length=MAX_GRANTS)] = ()
    leeway_s: int = Field(30, ge=0, le=MAX_LEEWAY_S)
    jwks_uri: Address | None = None
    keys: str = Field("", max_length=200_000, description="Replaces keys that were given before.")

    def changes(self) -> IssuerChanges:
        """Return the fields that were sent."""
        fields = self.changed_fields()
        fields.pop("keys", None)
        if "grants" in fields:
            fields["grants"] = tuple(grant.value() for grant in self.grants)
        return IssuerChanges(**fields)


class IssuerView(View):
    """An issuer whose tokens are believed."""

    id: str = Field(examples=["iss_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str
    name: str
    issuer: str
    audience: str
    algorithms: list[str]
    user_claim: str
    groups_claim: str
    project_claim: str | None
    scope_claim: str | None
    required: dict[str, str]
    grants: list[GrantBody]
    leeway_s: int
    jwks_uri: str | None
    static_keys: bool = Field(description="The keys were given and are not fetched.")
    key_ids: list[str] = Field(description="The names of the keys that are held.")
    keys_fetched_at: datetime | None
    problem: str | None = Field(
        description="Why the last attempt to fetch keys failed; those before it stay good."
    )
    created_at: datetime
    updated_at: datetime


class IssuerPage(View):
    """Some issuers."""

    items: list[IssuerView]
    next_cursor: str | None


@router.get(
    "/organizations/{org_id}/token-issuers",
    operation_id="list_token_issuers",
    openapi_extra=needs(ISSUER_READ),
    response_model=IssuerPage,
    responses=problems(NotFoundError),
)
async def list_token_issuers(
    federation: Federation, scope: CurrentScope, org_id: str, page: PageParams
) -> Page[TokenIssuer]:
    """List whose tokens an organisation believes, oldest first."""
    return await federation.list_of(scope, org_id, page)


@router.post(
    "/organizations/{org_id}/token-issuers",
    operation_id="create_token_issuer",
    openapi_extra=needs(ISSUER_WRITE),
    status_code=201,
    response_model=IssuerView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def create_token_issuer(
    federation: Federation, scope: CurrentScope, org_id: str, body: NewIssuer, response: Response
) -> TokenIssuer:
    """Believe an issuer's tokens; its keys are fetched within moments."""
    issuer = await federation.create(
        scope,
        org_id,
        name=body.name,
        issuer=body.issuer,
        audience=body.audience,
        changes=IssuerChanges(
            algorithms=body.algorithms,
            user_claim=body.user_claim,
            groups_claim=body.groups_claim,
            project_claim=body.project_claim,
            scope_claim=body.scope_claim,
            required=body.required,
            grants=tuple(grant.value() for grant in body.grants),
            leeway_s=body.leeway_s,
            jwks_uri=body.jwks_uri,
        ),
        keys=body.keys,
    )
    tag(response, issuer.revision)
    return issuer


@router.get(
    "/token-issuers/{issuer_id}",
    operation_id="get_token_issuer",
    openapi_extra=needs(ISSUER_READ),
    response_model=IssuerView,
    responses=problems(NotFoundError),
)
async def get_token_issuer(
    federation: Federation, scope: CurrentScope, issuer_id: str, response: Response
) -> TokenIssuer:
    """Read one issuer."""
    issuer = await federation.get(scope, issuer_id)
    tag(response, issuer.revision)
    return issuer


@router.patch(
    "/token-issuers/{issuer_id}",
    operation_id="update_token_issuer",
    openapi_extra=needs(ISSUER_WRITE),
    response_model=IssuerView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError, PreconditionFailedError),
)
async def update_token_issuer(
    *,
    federation: Federation,
    scope: CurrentScope,
    issuer_id: str,
    body: IssuerPatch,
    if_match: IfMatch,
    response: Response,
) -> TokenIssuer:
    """Change what an issuer's tokens mean; gateways follow within moments."""
    issuer = await federation.update(
        scope,
        issuer_id,
        body.changes(),
        keys=body.keys if "keys" in body.model_fields_set else None,
        expected_revision=if_match,
    )
    tag(response, issuer.revision)
    return issuer


@router.post(
    "/token-issuers/{issuer_id}/refresh",
    operation_id="refresh_token_issuer",
    openapi_extra=needs(ISSUER_WRITE),
    response_model=IssuerView,
    responses=problems(NotFoundError),
)
async def refresh_token_issuer(
    federation: Federation, scope: CurrentScope, issuer_id: str
) -> TokenIssuer:
    """Fetch an issuer's keys now, if that was not tried just before; see `problem`."""
    return await federation.refresh(scope, issuer_id)


@router.delete(
    "/token-issuers/{issuer_id}",
    operation_id="delete_token_issuer",
    openapi_extra=needs(ISSUER_WRITE),
    status_code=204,
    responses=problems(NotFoundError),
)
async def delete_token_issuer(federation: Federation, scope: CurrentScope, issuer_id: str) -> None:
    """Believe an issuer no more; its tokens end at every gateway within moments."""
    await federation.remove(scope, issuer_id)
