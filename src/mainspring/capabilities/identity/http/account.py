"""One's own account: sessions, password, second factor."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field, SecretStr

from mainspring.capabilities.identity.api import OwnAccountService
from mainspring.capabilities.identity.domain import (
    MAX_PASSWORD,
    MIN_PASSWORD,
    USER_WRITE,
    digest_of,
)
from mainspring.capabilities.identity.http.cookies import SESSION_COOKIE
from mainspring.infra.web import (
    SECRET,
    Body,
    CurrentScope,
    View,
    WholePageParams,
    for_the_signed_in,
    needs,
    page_of_all,
    problems,
    provided,
)
from mainspring.kernel.errors import (
    ConflictError,
    InvalidCredentialsError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
    SignInThrottledError,
)

router = APIRouter(
    tags=["identity"], responses=problems(SignInRequiredError, PermissionDeniedError)
)
OwnAccount = Annotated[OwnAccountService, Depends(provided(OwnAccountService))]

Password = Annotated[SecretStr, Field(max_length=MAX_PASSWORD, examples=["correct horse battery"])]
_PROVEN = problems(InvalidCredentialsError, SignInThrottledError)


class OwnSessionView(View):
    """A browser that is signed in."""

    id: str = Field(examples=["ses_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    peer: str | None = Field(description="The address that it signed in from.")
    agent: str | None = Field(description="What the browser calls itself.")
    current: bool = Field(description="Whether it makes this request.")


class OwnSessionList(View):
    """Your sessions."""

    items: list[OwnSessionView]
    next_cursor: str | None


class PasswordChange(Body):
    """The password as it is, and as it will be."""

    current: Password
    new: Password = Field(min_length=MIN_PASSWORD)


class PasswordProof(Body):
    """The password, asked for again."""

    password: Password


class SecondFactorState(View):
    """Whether signing in asks for a code."""

    enabled: bool


class EnrolmentView(View):
    """For an authenticator app; shown this once."""

    secret: str = Field(description="To be typed into the app.", json_schema_extra=SECRET)
    uri: str = Field(
        description="To be shown as a QR code.",
        examples=["otpauth://totp/…"],
        json_schema_extra=SECRET,
    )


class AppCode(Body):
    """A code of the authenticator app."""

    code: str = Field(min_length=6, max_length=20, examples=["123456"])


class RecoveryCodes(View):
    """For the day when the app is lost: each is good once, and they are shown this once."""

    recovery_codes: list[str] = Field(json_schema_extra=SECRET)


@router.get("/sessions", operation_id="list_own_sessions", openapi_extra=for_the_signed_in())
async def list_own_sessions(
    service: OwnAccount, scope: CurrentScope, request: Request, page: WholePageParams
) -> OwnSessionList:
    """List your sessions, the latest first; of more than five hundred the latest."""
    cookie = request.cookies.get(SESSION_COOKIE)
    present = digest_of(cookie) if cookie else None
    found = page_of_all(await service.sessions(scope), page, lambda session: session.id)
    return OwnSessionList(
        items=[
            OwnSessionView(
                id=each.id,
                created_at=each.created_at,
                seen_at=each.seen_at,
                expires_at=each.expires_at,
                peer=each.peer,
                agent=each.agent,
                current=each.digest == present,
            )
            for each in found.items
        ],
        next_cursor=found.next_cursor,
    )


@router.delete(
    "/sessions/{session_id}",
    operation_id="end_own_session",
    openapi_extra=for_the_signed_in(),
    status_code=204,
    responses=problems(NotFoundError),
)
async def end_own_session(service: OwnAccount, scope: CurrentScope, session_id: str) -> None:
    """End one of your sessions."""
    await service.end_session(scope, session_id)


@router.post(
    "/account/password",
    operation_id="change_password",
    openapi_extra=for_the_signed_in(),
    status_code=204,
    responses=_PROVEN,
)
async def change_password(
    service: OwnAccount, scope: CurrentScope, body: PasswordChange, request: Request
) -> None:
    """Change your password; your other sessions end."""
    await service.change_password(
        scope,
        current=body.current.get_secret_value(),
        new=body.new.get_secret_value(),
        keep=request.cookies.get(SESSION_COOKIE),
    )


@router.get(
    "/account/second-factor",
    operation_id="get_second_factor",
    openapi_extra=for_the_signed_in(),
)
async def get_second_factor(service: OwnAccount, scope: CurrentScope) -> SecondFactorState:
    """Tell whether signing in asks for a code."""
    return SecondFactorState(enabled=await service.has_second_factor(scope))


@router.post(
    "/account/second-factor",
    operation_id="enrol_second_factor",
    openapi_extra=for_the_signed_in(),
    status_code=201,
    responses={**_PROVEN, **problems(ConflictError)},
)
async def enrol_second_factor(
    service: OwnAccount, scope: CurrentScope, body: PasswordProof
) -> EnrolmentView:
    """Begin to use an authenticator app; show a code of it to finish."""
    enrolment = await service.enrol(scope, password=body.password.get_secret_value())
    return EnrolmentView(secret=enrolment.secret, uri=enrolment.uri)


@router.post(
    "/account/second-factor/confirm",
    operation_id="confirm_second_factor",
    openapi_extra=for_the_signed_in(),
    responses=problems(InvalidCredentialsError, ConflictError),
)
async def confirm_second_factor(
    service: OwnAccount, scope: CurrentScope, body: AppCode
) -> RecoveryCodes:
    """Show the app's first code; from now on signing in asks for one."""
    return RecoveryCodes(recovery_codes=list(await service.confirm(scope, body.code)))


@router.post(
    "/account/second-factor/remove",
    operation_id="remove_second_factor",
    openapi_extra=for_the_signed_in(),
    status_code=204,
    responses=_PROVEN,
)
async def remove_second_factor(
    service: OwnAccount, scope: CurrentScope, body: PasswordProof
) -> None:
    """Sign in by password alone again."""
    await service.remove_second_factor(scope, password=body.password.get_secret_value())


@router.delete(
    "/users/{user_id}/second-factor",
    operation_id="reset_second_factor",
    openapi_extra=needs(USER_WRITE),
    status_code=204,
    responses=problems(NotFoundError),
)
async def reset_second_factor(service: OwnAccount, scope: CurrentScope, user_id: str) -> None:
    """Take somebody's second factor away, for whoever lost both app and codes."""
    await service.reset_second_factor(scope, user_id)
