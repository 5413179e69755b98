"""Identity providers, and how people sign in to the platform."""

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Response
from msgspec import UNSET
from pydantic import Field, SecretStr

from mainspring.capabilities.identity.api import (
    IdentityProvider,
    MembershipRule,
    ProviderChanges,
    ProviderService,
    SignInPolicy,
    SignInPolicyService,
)
from mainspring.capabilities.identity.domain import (
    PROVIDER_READ,
    PROVIDER_WRITE,
    SIGN_IN_WRITE,
)
from mainspring.capabilities.identity.domain.providers import (
    MAX_DOMAINS,
    MAX_RULES,
    MAX_SESSION_HOURS,
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

router = APIRouter(
    tags=["identity"], responses=problems(SignInRequiredError, PermissionDeniedError)
)
Service = Annotated[ProviderService, Depends(provided(ProviderService))]
Policy = Annotated[SignInPolicyService, Depends(provided(SignInPolicyService))]

Algorithm = Annotated[str, Field(max_length=16, json_schema_extra={"enum": list(ALGORITHMS)})]
ClaimName = Annotated[str, Field(min_length=1, max_length=120)]
ScopeName = Annotated[str, Field(min_length=1, max_length=120)]
Domain = Annotated[str, Field(min_length=3, max_length=253, examples=["example.com"])]
DisplayName = Annotated[str, Field(min_length=1, max_length=120, examples=["Example Corp"])]
ClientId = Annotated[str, Field(min_length=1, max_length=256, examples=["mainspring"])]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=4096)]
Hours = Annotated[int, Field(ge=1, le=MAX_SESSION_HOURS)]


class RuleBody(Shape):
    """What people are here; of several for one place the first that fits holds."""

    role: str = Field(min_length=1, max_length=63, examples=["developer"])
    group: str | None = Field(
        None,
        min_length=1,
        max_length=256,
        description="Only people of this group at the provider; `null`: everybody.",
        examples=["engineering"],
    )
    org_id: str | None = Field(
        None,
        max_length=64,
        description="Where; left out, the organisation of the provider, or the platform itself.",
    )


Rules = Annotated[tuple[RuleBody, ...], Field(max_length=MAX_RULES)]


class NewProvider(Body):
    """An OpenID provider (authorization code flow with PKCE)."""

    name: str = Field(
        min_length=1, max_length=63, description="It cannot be changed.", examples=["corporate"]
    )
    display_name: DisplayName | None = Field(
        None, description="Shown on the sign-in page; left out, the name."
    )
    issuer: str = Field(
        min_length=1,
        max_length=MAX_URL,
        description="As the provider's discovery document names it; it cannot be changed.",
        examples=["https://login.example.com"],
    )
    client_id: ClientId
    client_secret: Secret | None = Field(
        None, description="Sealed at once and never shown again; `null` for a public client."
    )
    scopes: Annotated[tuple[ScopeName, ...], Field(max_length=30)] = ("openid", "profile", "email")
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1, max_length=16)] = (
        "RS256",
        "PS256",
        "ES256",
        "EdDSA",
    )
    email_claim: ClaimName = "email"
    name_claim: ClaimName = "name"
    groups_claim: ClaimName = Field("groups", description="A path may have dots: `realm.roles`.")
    allowed_domains: Annotated[tuple[Domain, ...], Field(max_length=MAX_DOMAINS)] = Field(
        (),
        description="E-mail domains of the people who may come from here; the sign-in page offers"
        " an organisation's provider to them. Empty: any, for the platform's own providers.",
    )
    rules: Rules = Field((), description="Derived afresh at every sign-in.")
    creates_accounts: bool = Field(True, description="Let people in who were never here.")
    links_by_email: bool = Field(
        False,
        description="Let a verified address lead to an account that exists; of an organisation's"
        " provider, to a member's only.",
    )
    session_hours: Hours = 12
    enabled: bool = True


class ProviderPatch(Patch):
    """What is to change; a field that is left out stays."""

    display_name: DisplayName = ""
    client_id: ClientId = ""
    client_secret: Secret | None = None
    scopes: Annotated[tuple[ScopeName, ...], Field(max_length=30)] = ()
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1, max_length=16)] = ("RS256",)
    email_claim: ClaimName = ""
    name_claim: ClaimName = ""
    groups_claim: ClaimName = ""
    allowed_domains: Annotated[tuple[Domain, ...], Field(max_length=MAX_DOMAINS)] = ()
    rules: Rules = ()
    creates_accounts: bool = True
    links_by_email: bool = False
    session_hours: Hours = 12
    enabled: bool = True

    def changes(self, org_id: str | None) -> ProviderChanges:
        """Return the fields that were sent, other than the secret."""
        fields = self.changed_fields()
        fields.pop("client_secret", None)
        if "rules" in fields:
            fields["rules"] = _rules(self.rules, org_id)
        return ProviderChanges(**fields)


class ProviderView(View):
    """An identity provider, without its secret."""

    id: str = Field(examples=["idp_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str | None = Field(description="`null`: the platform's own.")
    name: str
    display_name: str
    issuer: str
    client_id: str
    has_secret: bool
    redirect_uri: str = Field(
        description="To be registered at the provider, exactly so.",
        examples=["https://ai.example.com/api/v1/sso/idp_0193…/callback"],
    )
    logout_uri: str = Field(description="To be registered there for back-channel logout.")
    scopes: list[str]
    algorithms: list[str]
    email_claim: str
    name_claim: str
    groups_claim: str
    allowed_domains: list[str]
    rules: list[RuleBody]
    creates_accounts: bool
    links_by_email: bool
    session_hours: int
    enabled: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, provider: IdentityProvider, service: ProviderService) -> "ProviderView":
        """Return the view of ``provider``."""
        fields = msgspec.structs.asdict(provider)
        redirect_uri = service.redirect_uri(provider.id)
        return cls(
            **{
                name: fields[name]
                for name in cls.model_fields
                if name in fields and name != "rules"
            },
            rules=[RuleBody.model_validate(rule) for rule in provider.rules],
            has_secret=provider.has_secret,
            redirect_uri=redirect_uri,
            logout_uri=f"{redirect_uri.removesuffix('/callback')}/back-channel-logout",
        )


class ProviderPage(View):
    """Some providers."""

    items: list[ProviderView]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[IdentityProvider], service: ProviderService) -> "ProviderPage":
        """Return the view of ``page``."""
        items = [ProviderView.of(each, service) for each in page.items]
        return cls(items=items, next_cursor=page.next_cursor)


class ProviderCheck(View):
    """What asking the provider came to."""

    problem: str | None = Field(description="Why signing in there would fail; `null`: nothing.")


class SignInPolicyBody(Body):
    """How people sign in."""

    password_sign_in: bool = Field(
        description="Off, passwords open the accounts of administrators with `break_glass` only."
    )


class SignInPolicyView(View):
    """How people sign in."""

    password_sign_in: bool
    updated_at: datetime


@router.get(
    "/identity-providers",
    operation_id="list_identity_providers",
    openapi_extra=needs(PROVIDER_READ),
)
async def list_identity_providers(
    service: Service, scope: CurrentScope, page: PageParams
) -> ProviderPage:
    """List the platform's own identity providers, oldest first."""
    return ProviderPage.of(await service.list_of(scope, None, page), service)


@router.post(
    "/identity-providers",
    operation_id="create_identity_provider",
    openapi_extra=needs(PROVIDER_WRITE),
    status_code=201,
    responses=problems(InvalidRequestError, ConflictError),
)
async def create_identity_provider(
    service: Service, scope: CurrentScope, body: NewProvider, response: Response
) -> ProviderView:
    """Have an OpenID provider vouch for people in the whole platform."""
    return await _create(service, scope, None, body, response)


@router.get(
    "/organizations/{org_id}/identity-providers",
    operation_id="list_organization_identity_providers",
    openapi_extra=needs(PROVIDER_READ),
    responses=problems(NotFoundError),
)
async def list_organization_identity_providers(
    service: Service, scope: CurrentScope, org_id: str, page: PageParams
) -> ProviderPage:
    """List an organisation's identity providers, oldest first."""
    return ProviderPage.of(await service.list_of(scope, org_id, page), service)


@router.post(
    "/organizations/{org_id}/identity-providers",
    operation_id="create_organization_identity_provider",
    openapi_extra=needs(PROVIDER_WRITE),
    status_code=201,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def create_organization_identity_provider(
    service: Service, scope: CurrentScope, org_id: str, body: NewProvider, response: Response
) -> ProviderView:
    """Have an OpenID provider vouch for people in one organisation."""
    return await _create(service, scope, org_id, body, response)


@router.get(
    "/identity-providers/{provider_id}",
    operation_id="get_identity_provider",
    openapi_extra=needs(PROVIDER_READ),
    responses=problems(NotFoundError),
)
async def get_identity_provider(
    service: Service, scope: CurrentScope, provider_id: str, response: Response
) -> ProviderView:
    """Read one identity provider."""
    provider = await service.get(scope, provider_id)
    tag(response, provider.revision)
    return ProviderView.of(provider, service)


@router.patch(
    "/identity-providers/{provider_id}",
    operation_id="update_identity_provider",
    openapi_extra=needs(PROVIDER_WRITE),
    responses=problems(InvalidRequestError, NotFoundError, ConflictError, PreconditionFailedError),
)
async def update_identity_provider(
    *,
    service: Service,
    scope: CurrentScope,
    provider_id: str,
    body: ProviderPatch,
    if_match: IfMatch,
    response: Response,
) -> ProviderView:
    """Change an identity provider; switched off, the sessions that it opened end."""
    held = await service.get(scope, provider_id) if body.rules else None
    secret = body.client_secret.get_secret_value() if body.client_secret else None
    provider = await service.update(
        scope,
        provider_id,
        body.changes(None if held is None else held.org_id),
        secret=secret if "client_secret" in body.model_fields_set else UNSET,
        expected_revision=if_match,
    )
    tag(response, provider.revision)
    return ProviderView.of(provider, service)


@router.post(
    "/identity-providers/{provider_id}/check",
    operation_id="check_identity_provider",
    openapi_extra=needs(PROVIDER_WRITE),
    responses=problems(NotFoundError),
)
async def check_identity_provider(
    service: Service, scope: CurrentScope, provider_id: str
) -> ProviderCheck:
    """Ask the provider for its metadata and keys, and say what is wrong."""
    return ProviderCheck(problem=await service.problem_of(scope, provider_id))


@router.delete(
    "/identity-providers/{provider_id}",
    operation_id="delete_identity_provider",
    openapi_extra=needs(PROVIDER_WRITE),
    status_code=204,
    responses=problems(NotFoundError, ConflictError),
)
async def delete_identity_provider(service: Service, scope: CurrentScope, provider_id: str) -> None:
    """Remove an identity provider, its sessions, and the roles that followed from it."""
    await service.remove(scope, provider_id)


@router.get(
    "/sign-in-policy",
    operation_id="get_sign_in_policy",
    openapi_extra=needs(PROVIDER_READ),
    response_model=SignInPolicyView,
)
async def get_sign_in_policy(
    service: Policy, scope: CurrentScope, response: Response
) -> SignInPolicy:
    """Read how people sign in."""
    policy = await service.read(scope)
    tag(response, policy.revision)
    return policy


@router.put(
    "/sign-in-policy",
    operation_id="put_sign_in_policy",
    openapi_extra=needs(SIGN_IN_WRITE),
    response_model=SignInPolicyView,
    responses=problems(ConflictError, PreconditionFailedError),
)
async def put_sign_in_policy(
    service: Policy,
    scope: CurrentScope,
    body: SignInPolicyBody,
    if_match: IfMatch,
    response: Response,
) -> SignInPolicy:
    """Switch signing in by password off or on.

    Off needs an enabled identity provider of the platform, and an administrator whose password
    stays good for emergencies (`break_glass`).
    """
    policy = await service.put(
        scope, password_sign_in=body.password_sign_in, expected_revision=if_match
    )
    tag(response, policy.revision)
    return policy


async def _create(
    service: ProviderService,
    scope: CurrentScope,
    org_id: str | None,
    body: NewProvider,
    response: Response,
) -> ProviderView:
    provider = await service.create(
        scope,
        org_id,
        name=body.name,
        issuer=body.issuer,
        client_id=body.client_id,
        secret=body.client_secret.get_secret_value() if body.client_secret else None,
        changes=ProviderChanges(
            display_name=body.display_name or body.name,
            scopes=body.scopes,
            algorithms=body.algorithms,
            email_claim=body.email_claim,
            name_claim=body.name_claim,
            groups_claim=body.groups_claim,
            allowed_domains=body.allowed_domains,
            rules=_rules(body.rules, org_id),
            creates_accounts=body.creates_accounts,
            links_by_email=body.links_by_email,
            session_hours=body.session_hours,
            enabled=body.enabled,
        ),
    )
    tag(response, provider.revision)
    return ProviderView.of(provider, service)


def _rules(bodies: Rules, org_id: str | None) -> tuple[MembershipRule, ...]:
    return tuple(MembershipRule(each.role, each.group, each.org_id or org_id) for each in bodies)
