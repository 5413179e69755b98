"""Set-up of the first administrator, signing in and out, who am I."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, SecretStr

from mainspring.capabilities.identity.api import SetupService, SignInService, User
from mainspring.capabilities.identity.domain import MAX_PASSWORD, MIN_PASSWORD
from mainspring.capabilities.identity.http.cookies import (
    SESSION_COOKIE,
    drop_cookies,
    put_cookies,
)
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.infra.web import (
    SECRET,
    Body,
    CurrentScope,
    View,
    for_strangers,
    for_the_signed_in,
    problems,
    provided,
)
from mainspring.kernel.errors import (
    AccountDisabledError,
    InvalidCredentialsError,
    PasswordSignInOffError,
    SecondFactorRequiredError,
    SetupTokenError,
    SignInRequiredError,
    SignInThrottledError,
)
from mainspring.kernel.scope import Scope

router = APIRouter(tags=["identity"])
Setup = Annotated[SetupService, Depends(provided(SetupService))]
SignIn = Annotated[SignInService, Depends(provided(SignInService))]
Tenancy = Annotated[TenancyService, Depends(provided(TenancyService))]

_SWITCHER_LIMIT = 100

Email = Annotated[str, Field(max_length=254, examples=["ada@example.com"])]
Password = Annotated[SecretStr, Field(max_length=MAX_PASSWORD, examples=["correct horse battery"])]


class SetupState(View):
    """Whether the first administrator is still to be created."""

    needed: bool


class NewAdministrator(Body):
    """The first administrator; ``token`` comes from the set-up link."""

    token: SecretStr = Field(max_length=200, examples=["msu-…"])
    email: Email
    name: str = Field(min_length=1, max_length=120, examples=["Ada Lovelace"])
    password: Password = Field(min_length=MIN_PASSWORD)
    language: Literal["en", "zh"] = "en"


class Credentials(Body):
    """What signs a person in."""

    email: Email
    password: Password
    code: str | None = Field(
        None,
        max_length=20,
        examples=["123456"],
        description="Of the authenticator app, or a recovery code, where the account has one.",
    )


class UserView(View):
    """A person."""

    id: str = Field(examples=["usr_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    email: str
    name: str
    language: str
    is_platform_admin: bool


class ProjectOutline(View):
    """A project, as the switcher shows it."""

    id: str
    name: str
    slug: str


class OrganizationOutline(ProjectOutline):
    """An organisation, as the switcher shows it."""

    projects: list[ProjectOutline]


class SessionView(View):
    """Who is signed in, and what they can switch to."""

    user: UserView
    organizations: list[OrganizationOutline]
    csrf_token: str | None = Field(
        json_schema_extra=SECRET,
        description="For `X-CSRF-Token`; null where a token was shown instead of a session.",
    )


@router.get(
    "/setup", operation_id="get_setup", openapi_extra=for_strangers(), response_model=SetupState
)
async def get_setup(setup: Setup) -> SetupState:
    """Tell whether the first administrator is still to be created."""
    return SetupState(needed=await setup.is_needed())


@router.post(
    "/setup",
    operation_id="complete_setup",
    openapi_extra=for_strangers(),
    status_code=201,
    responses=problems(SetupTokenError),
)
async def complete_setup(
    *,
    setup: Setup,
    service: SignIn,
    tenancy: Tenancy,
    body: NewAdministrator,
    request: Request,
    response: Response,
) -> SessionView:
    """Create the first administrator and sign them in; works once."""
    opened = await setup.complete(
        token=body.token.get_secret_value(),
        email=body.email,
        name=body.name,
        password=body.password.get_secret_value(),
        language=body.language,
    )
    put_cookies(request, response, opened)
    scope = await service.recognise(opened.secret)
    return await view_of_session(tenancy, scope, opened.user, opened.csrf_token)


@router.post(
    "/sessions",
    operation_id="sign_in",
    openapi_extra=for_strangers(),
    status_code=201,
    responses=problems(
        InvalidCredentialsError,
        PasswordSignInOffError,
        SecondFactorRequiredError,
        AccountDisabledError,
        SignInThrottledError,
    ),
)
async def sign_in(
    service: SignIn, tenancy: Tenancy, body: Credentials, request: Request, response: Response
) -> SessionView:
    """Sign in by password; the session is put into cookies."""
    opened = await service.sign_in(
        email=body.email,
        password=body.password.get_secret_value(),
        peer=request.client.host if request.client else "unknown",
        code=body.code,
        agent=request.headers.get("user-agent"),
    )
    put_cookies(request, response, opened)
    scope = await service.recognise(opened.secret)
    return await view_of_session(tenancy, scope, opened.user, opened.csrf_token)


@router.get(
    "/sessions/current",
    operation_id="get_current_session",
    openapi_extra=for_the_signed_in(),
    responses=problems(SignInRequiredError),
)
async def get_current_session(
    service: SignIn, tenancy: Tenancy, scope: CurrentScope, request: Request
) -> SessionView:
    """Tell who is signed in."""
    secret = request.cookies.get(SESSION_COOKIE)
    token = service.csrf_token(secret) if secret else None
    return await view_of_session(tenancy, scope, await service.current_user(scope), token)


@router.delete(
    "/sessions/current", operation_id="sign_out", openapi_extra=for_the_signed_in(), status_code=204
)
async def sign_out(
    service: SignIn, scope: CurrentScope, request: Request, response: Response
) -> None:
    """Sign out."""
    secret = request.cookies.get(SESSION_COOKIE)
    if secret:
        await service.sign_out(scope, secret)
    drop_cookies(response)


async def view_of_session(
    tenancy: TenancyService, scope: Scope, user: User, csrf_token: str | None
) -> SessionView:
    """Return what a person who is signed in is shown."""
    outline = await tenancy.outline(scope, limit=_SWITCHER_LIMIT)
    return SessionView(
        user=UserView.model_validate(user),
        organizations=[
            OrganizationOutline(
                id=organization.id,
                name=organization.name,
                slug=organization.slug,
                projects=[ProjectOutline.model_validate(project) for project in projects],
            )
            for organization, projects in outline
        ],
        csrf_token=csrf_token,
    )
