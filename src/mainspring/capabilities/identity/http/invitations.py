"""Invitations by one-time link."""

from datetime import datetime, timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, SecretStr

from mainspring.capabilities.identity.api import (
    Invitation,
    InvitationService,
    SignInService,
)
from mainspring.capabilities.identity.domain import (
    MAX_PASSWORD,
    MEMBER_READ,
    MEMBER_WRITE,
    MIN_PASSWORD,
)
from mainspring.capabilities.identity.http.cookies import put_cookies
from mainspring.capabilities.identity.http.members import RoleName
from mainspring.capabilities.identity.http.sessions import SessionView, view_of_session
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.infra.web import (
    SECRET,
    Body,
    CurrentScope,
    PageParams,
    View,
    for_strangers,
    for_the_signed_in,
    needs,
    problems,
    provided,
)
from mainspring.kernel.errors import (
    ConflictError,
    InvitationError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(tags=["people"])
Invitations = Annotated[InvitationService, Depends(provided(InvitationService))]
SignIn = Annotated[SignInService, Depends(provided(SignInService))]
Tenancy = Annotated[TenancyService, Depends(provided(TenancyService))]
Link = Annotated[SecretStr, Field(max_length=200, examples=["msv-…"])]

_REFUSED = problems(SignInRequiredError, PermissionDeniedError, NotFoundError)


class NewInvitation(Body):
    """Whom to invite, and what they will be."""

    email: str = Field(max_length=254, examples=["grace@example.com"])
    role: RoleName = "guest"
    project_id: str | None = Field(None, max_length=64)
    project_role: RoleName | None = Field(None, description="Their role in that project.")
    days: int = Field(7, ge=1, le=30, description="How long the link works.")


class InvitationView(View):
    """An invitation without its link."""

    id: str = Field(examples=["inv_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str
    email: str
    role: str
    project_id: str | None
    project_role: str | None
    created_by: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    revoked_at: datetime | None


class CreatedInvitationView(InvitationView):
    """An invitation with its link, which is shown this once: pass it on."""

    link: str = Field(
        examples=["https://control.example.com/invite#token=msv-…"], json_schema_extra=SECRET
    )


class InvitationPage(View):
    """Some invitations."""

    items: list[InvitationView]
    next_cursor: str | None


class InvitationToken(Body):
    """What stands behind `#token=` in the link."""

    token: Link


class OfferView(View):
    """What a link offers."""

    organization: str
    email: str
    role: str
    has_account: bool = Field(description="If so, sign in and join; otherwise accept.")


class NewMember(InvitationToken):
    """Who accepts, and the password that will open the account."""

    name: str = Field(min_length=1, max_length=120, examples=["Grace Hopper"])
    password: SecretStr = Field(
        min_length=MIN_PASSWORD, max_length=MAX_PASSWORD, examples=["correct horse battery"]
    )
    language: Literal["en", "zh"] = "en"


@router.get(
    "/organizations/{org_id}/invitations",
    operation_id="list_invitations",
    openapi_extra=needs(MEMBER_READ),
    response_model=InvitationPage,
    responses=_REFUSED,
)
async def list_invitations(
    service: Invitations, scope: CurrentScope, org_id: str, page: PageParams
) -> Page[Invitation]:
    """List an organisation's invitations, newest first, those that are over too."""
    return await service.list_of_organization(scope, org_id, page)


@router.post(
    "/organizations/{org_id}/invitations",
    operation_id="create_invitation",
    openapi_extra=needs(MEMBER_WRITE),
    status_code=201,
    responses=_REFUSED,
)
async def create_invitation(
    service: Invitations, scope: CurrentScope, org_id: str, body: NewInvitation
) -> CreatedInvitationView:
    """Invite somebody; the link in the answer is shown this once, works once, and needs no mail."""
    created = await service.create(
        scope,
        org_id,
        email=body.email,
        role=body.role,
        project_id=body.project_id,
        project_role=body.project_role,
        lifetime=timedelta(days=body.days),
    )
    view = InvitationView.model_validate(created.invitation)
    return CreatedInvitationView(**view.model_dump(), link=created.link)


@router.delete(
    "/invitations/{invitation_id}",
    operation_id="revoke_invitation",
    openapi_extra=needs(MEMBER_WRITE),
    status_code=204,
    responses=_REFUSED,
)
async def revoke_invitation(service: Invitations, scope: CurrentScope, invitation_id: str) -> None:
    """Withdraw an invitation."""
    await service.revoke(scope, invitation_id)


@router.post(
    "/invitations/open",
    operation_id="open_invitation",
    openapi_extra=for_strangers(),
    responses=problems(InvitationError),
)
async def open_invitation(service: Invitations, body: InvitationToken) -> OfferView:
    """Tell what a link offers; it stays good."""
    opened = await service.open(body.token.get_secret_value())
    return OfferView(
        organization=opened.organization,
        email=opened.invitation.email,
        role=opened.invitation.role,
        has_account=opened.has_account,
    )


@router.post(
    "/invitations/accept",
    operation_id="accept_invitation",
    openapi_extra=for_strangers(),
    status_code=201,
    responses=problems(InvitationError, ConflictError),
)
async def accept_invitation(
    *,
    service: Invitations,
    sign_in: SignIn,
    tenancy: Tenancy,
    body: NewMember,
    request: Request,
    response: Response,
) -> SessionView:
    """Make an account by a link, and sign in; works once."""
    opened = await service.accept(
        body.token.get_secret_value(),
        name=body.name,
        password=body.password.get_secret_value(),
        language=body.language,
    )
    put_cookies(request, response, opened)
    scope = await sign_in.recognise(opened.secret)
    return await view_of_session(tenancy, scope, opened.user, opened.csrf_token)


@router.post(
    "/invitations/join",
    operation_id="join_by_invitation",
    openapi_extra=for_the_signed_in(),
    response_model=InvitationView,
    responses=problems(InvitationError, SignInRequiredError),
)
async def join_by_invitation(
    service: Invitations, scope: CurrentScope, body: InvitationToken
) -> Invitation:
    """Join by a link as the person who is signed in; works once."""
    return await service.join(scope, body.token.get_secret_value())
