"""Signing in and out by identity providers, and the accounts there that open one's own.

Where browsers are sent, and what providers call, follows their standards and no program's: those
routes are left out of the document.
"""

from datetime import datetime
from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field
from starlette.responses import JSONResponse, RedirectResponse

from mainspring.capabilities.identity.api import (
    Answer,
    ProviderService,
    SignInPolicyService,
    SsoService,
)
from mainspring.capabilities.identity.domain.providers import SIGN_IN_TAKES
from mainspring.capabilities.identity.http.cookies import (
    SESSION_COOKIE,
    drop_cookies,
    put_cookies,
)
from mainspring.infra.web import (
    Body,
    CurrentScope,
    View,
    WholePageParams,
    for_strangers,
    for_the_signed_in,
    page_of_all,
    problems,
    provided,
)
from mainspring.kernel.errors import (
    ConflictError,
    MainspringError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
    SsoFailedError,
    SsoUnavailableError,
)

router = APIRouter(tags=["identity"])
Sso = Annotated[SsoService, Depends(provided(SsoService))]
Providers = Annotated[ProviderService, Depends(provided(ProviderService))]
Policy = Annotated[SignInPolicyService, Depends(provided(SignInPolicyService))]

_MAX_FORM = 64 * 1024


class OfferedProvider(View):
    """A provider that the sign-in page offers."""

    id: str = Field(examples=["idp_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    display_name: str
    url: str = Field(
        description="Where the browser goes; add `next`, a path of the console.",
        examples=["/api/v1/sso/idp_0193f2c4a7be5d0f6c1a9e3b7d42c8f1/sign-in"],
    )


class SignInWays(View):
    """How one can sign in here."""

    password: bool = Field(description="Whether passwords open sessions.")
    providers: list[OfferedProvider]


class Connecting(Body):
    """The provider where one has an account."""

    provider_id: str = Field(max_length=64, examples=["idp_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    next: str = Field("/", max_length=2000, description="A path of the console to come back to.")


class Elsewhere(View):
    """Where the browser goes now."""

    url: str


class SignedOut(View):
    """What is left to do to be signed out everywhere."""

    url: str | None = Field(
        description="Where the browser ends the session at the provider; `null`: nowhere."
    )


class OwnIdentityView(View):
    """An account at a provider that opens yours."""

    id: str = Field(examples=["xid_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    provider_id: str
    provider: str = Field(description="What the provider is called.")
    subject: str = Field(description="What the provider calls you.")
    email: str | None
    created_at: datetime
    signed_in_at: datetime


class OwnIdentityList(View):
    """Your accounts at providers."""

    items: list[OwnIdentityView]
    next_cursor: str | None


@router.get("/sso/ways", operation_id="list_sign_in_ways", openapi_extra=for_strangers())
async def list_sign_in_ways(
    providers: Providers,
    policy: Policy,
    email: Annotated[
        str | None,
        Query(max_length=254, description="Also offers providers for people of its domain."),
    ] = None,
) -> SignInWays:
    """Tell how one can sign in here; the sign-in page asks."""
    found = await providers.offered(email)
    return SignInWays(
        password=(await policy.get()).password_sign_in,
        providers=[
            OfferedProvider(
                id=each.id,
                display_name=each.display_name,
                url=f"/api/v1/sso/{each.id}/sign-in",
            )
            for each in found
        ],
    )


@router.get(
    "/sso/{provider_id}/sign-in",
    include_in_schema=False,
)
async def begin_sso(
    sso: Sso,
    provider_id: str,
    next_path: Annotated[
        str | None, Query(alias="next", max_length=2000, description="A path of the console.")
    ] = None,
) -> Response:
    """Send the browser to the identity provider. For browsers: a refusal leads to `/login`."""
    try:
        begun = await sso.begin(provider_id, next_path=next_path)
    except MainspringError as error:
        return _back(sso, error)
    response = RedirectResponse(begun.url, 303)
    _put_flow(sso, response, begun.cookie)
    return response


@router.get(
    "/sso/{provider_id}/callback",
    include_in_schema=False,
)
async def finish_sso(
    *,
    sso: Sso,
    request: Request,
    provider_id: str,
    state: Annotated[str | None, Query(max_length=500)] = None,
    code: Annotated[str | None, Query(max_length=4000)] = None,
    error: Annotated[str | None, Query(max_length=500)] = None,
    iss: Annotated[str | None, Query(max_length=2000)] = None,
) -> Response:
    """Take what the provider had the browser bring back; a refusal leads to `/login`."""
    try:
        finished = await sso.finish(
            provider_id,
            request.cookies.get(_flow_cookie(sso)),
            Answer(state, code, error, iss),
            session=request.cookies.get(SESSION_COOKIE),
            peer=request.client.host if request.client else None,
            agent=request.headers.get("user-agent"),
        )
    except MainspringError as problem:
        response = _back(sso, problem)
    else:
        response = RedirectResponse(sso.public_url + finished.next, 303)
        if finished.opened is not None:
            put_cookies(request, response, finished.opened)
    response.delete_cookie(
        _flow_cookie(sso), path="/", secure=sso.is_secure, httponly=True, samesite="lax"
    )
    return response


@router.post(
    "/sso/{provider_id}/back-channel-logout",
    include_in_schema=False,
)
async def back_channel_logout(sso: Sso, request: Request, provider_id: str) -> Response:
    """End sessions that the provider ended; it sends a form with a `logout_token`."""
    body = await request.body()
    if len(body) > _MAX_FORM:
        raise SsoFailedError("the form is too large")
    try:
        fields = dict(parse_qsl(body.decode("ascii"), max_num_fields=10))
    except ValueError as error:
        raise SsoFailedError("the body is not a form") from error
    await sso.end_by_provider(provider_id, fields.get("logout_token", ""))
    return JSONResponse({}, headers={"Cache-Control": "no-store"})


@router.post(
    "/sso/sign-out",
    operation_id="sign_out_everywhere",
    openapi_extra=for_the_signed_in(),
    responses=problems(SignInRequiredError),
)
async def sign_out_everywhere(
    sso: Sso, scope: CurrentScope, request: Request, response: Response
) -> SignedOut:
    """Sign out here; the answer says where the browser ends the session at the provider."""
    secret = request.cookies.get(SESSION_COOKIE)
    url = await sso.sign_out(scope, secret) if secret else None
    drop_cookies(response)
    return SignedOut(url=url)


@router.get(
    "/account/identities",
    operation_id="list_own_identities",
    openapi_extra=for_the_signed_in(),
    responses=problems(SignInRequiredError),
)
async def list_own_identities(
    sso: Sso, scope: CurrentScope, page: WholePageParams
) -> OwnIdentityList:
    """List the accounts at identity providers that open yours."""
    found = page_of_all(await sso.own_identities(scope), page, lambda pair: pair[0].id)
    return OwnIdentityList(
        items=[
            OwnIdentityView(
                id=each.id,
                provider_id=each.provider_id,
                provider=each.provider_id if provider is None else provider.display_name,
                subject=each.subject,
                email=each.email,
                created_at=each.created_at,
                signed_in_at=each.signed_in_at,
            )
            for each, provider in found.items
        ],
        next_cursor=found.next_cursor,
    )


@router.post(
    "/account/identities",
    operation_id="connect_identity",
    openapi_extra=for_the_signed_in(),
    responses=problems(
        SignInRequiredError, PermissionDeniedError, NotFoundError, SsoUnavailableError
    ),
)
async def connect_identity(
    sso: Sso, scope: CurrentScope, body: Connecting, response: Response
) -> Elsewhere:
    """Begin to connect an account at a provider with yours; the browser goes there."""
    begun = await sso.begin_connecting(scope, body.provider_id, next_path=body.next)
    _put_flow(sso, response, begun.cookie)
    return Elsewhere(url=begun.url)


@router.delete(
    "/account/identities/{identity_id}",
    operation_id="disconnect_identity",
    openapi_extra=for_the_signed_in(),
    status_code=204,
    responses=problems(SignInRequiredError, PermissionDeniedError, NotFoundError, ConflictError),
)
async def disconnect_identity(sso: Sso, scope: CurrentScope, identity_id: str) -> None:
    """Have an account at a provider open yours no more."""
    await sso.disconnect(scope, identity_id)


def _flow_cookie(sso: SsoService) -> str:
    # With the prefix no neighbouring site and nothing without TLS can plant one (RFC 6265bis); it
    # needs TLS itself, which a machine of one's own does not have.
    return "__Host-mainspring_sso" if sso.is_secure else "mainspring_sso"


def _put_flow(sso: SsoService, response: Response, value: str) -> None:
    response.set_cookie(
        _flow_cookie(sso),
        value,
        max_age=round(SIGN_IN_TAKES.total_seconds()),
        path="/",
        secure=sso.is_secure,
        httponly=True,
        samesite="lax",  # the provider's redirect is a navigation from another site
    )


def _back(sso: SsoService, error: MainspringError) -> Response:
    """Lead a browser to the sign-in page, which says what went wrong and what to do."""
    return RedirectResponse(f"{sso.public_url}/login?{urlencode({'error': error.code})}", 303)
