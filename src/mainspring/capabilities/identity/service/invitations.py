"""Invitations by one-time link: no mail server is needed, whoever invites passes the link on."""

from datetime import timedelta

import msgspec

from mainspring.capabilities.identity.domain import (
    MEMBER_READ,
    MEMBER_WRITE,
    Membership,
    ProjectMembership,
    Role,
    checked_email,
    digest_of,
)
from mainspring.capabilities.identity.domain.invitations import (
    INVITATION_PREFIX,
    LIFETIME,
    MAX_LIFETIME,
    Invitation,
)
from mainspring.capabilities.identity.ports import IdentityStore, People
from mainspring.capabilities.identity.service.accounts import AccountService
from mainspring.capabilities.identity.service.members import check_role
from mainspring.capabilities.identity.service.sign_in import OpenedSession, SignInService
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    InvitationError,
    NotFoundError,
    PasswordSignInOffError,
    PermissionDeniedError,
    SignInRequiredError,
)
from mainspring.kernel.ids import new_id, new_secret
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import Actor, ActorKind, Scope

_SELF = Scope.platform("invitations")


class CreatedInvitation(msgspec.Struct, frozen=True):
    """An invitation with its link, which is shown this once."""

    invitation: Invitation
    link: str


class OpenedInvitation(msgspec.Struct, frozen=True):
    """What the holder of a link is shown; ``has_account``: sign in first, then join."""

    organization: str
    invitation: Invitation
    has_account: bool


class InvitationService:
    """Writes and takes invitations. ``public_url`` is where the link leads."""

    def __init__(
        self,
        store: IdentityStore,
        tenancy: TenancyService,
        accounts: AccountService,
        sign_in: SignInService,
        clock: Clock,
        *,
        public_url: str,
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._accounts = accounts
        self._sign_in = sign_in
        self._clock = clock
        self._public_url = public_url

    async def create(
        self,
        scope: Scope,
        org_id: str,
        *,
        email: str,
        role: str,
        project_id: str | None = None,
        project_role: str | None = None,
        lifetime: timedelta = LIFETIME,
    ) -> CreatedInvitation:
        """Invite the person of that address.

        Whoever governs one project only invites into it, as a guest of the organisation.

        Raises:
            NotFoundError: if the caller sees no such organisation or project.
            InvalidRequestError: if a field is not acceptable.
            PermissionDeniedError: if a role is more than the caller has.
        """
        if (project_id is None) != (project_role is None):
            raise InvalidRequestError(
                "name a project and the role in it together", param="project_role"
            )
        if not timedelta(0) < lifetime <= MAX_LIFETIME:
            raise InvalidRequestError(
                f"an invitation lasts up to {MAX_LIFETIME.days} days", param="days"
            )
        if project_id is None or role != Role.GUEST:
            within = authorize(scope, MEMBER_WRITE, org_id=org_id)
        else:
            within = authorize(scope, MEMBER_WRITE, org_id=org_id, project_id=project_id)
        await self._tenancy.check_organization(org_id)
        if project_id is not None and await self._tenancy.organization_of(project_id) != org_id:
            raise NotFoundError("the organisation has no such project")
        now = self._clock.now()
        secret = new_secret(INVITATION_PREFIX)
        invitation = Invitation(
            id=new_id("inv"),
            org_id=org_id,
            email=checked_email(email),
            role=role,
            project_id=project_id,
            project_role=project_role,
            digest=digest_of(secret),
            created_by=scope.actor.id,
            created_at=now,
            expires_at=now + lifetime,
        )
        async with self._store.people(within) as people:
            if role != Role.GUEST:
                await check_role(people, scope, role, org_id, None)
            if project_role is not None:
                await check_role(people, scope, project_role, org_id, project_id)
            await people.add_invitation(invitation)
        return CreatedInvitation(invitation, f"{self._public_url}/invite#token={secret}")

    async def list_of_organization(
        self, scope: Scope, org_id: str, page: PageRequest
    ) -> Page[Invitation]:
        """Return an organisation's invitations, newest first."""
        before = decode_cursor(page.cursor, str)
        scope = authorize(scope, MEMBER_READ, org_id=org_id)
        async with self._store.people(scope) as people:
            found = await people.invitations(org_id, before=before, limit=page.limit + 1)
        return page_of(found, page.limit, lambda invitation: invitation.id)

    async def revoke(self, scope: Scope, invitation_id: str) -> None:
        """Withdraw an invitation; one that is over stays as it is.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        within = await self._narrowed(scope, MEMBER_WRITE, invitation_id)
        async with self._store.people(within) as people:
            await people.revoke_invitation(invitation_id, self._clock.now())

    async def open(self, token: str) -> OpenedInvitation:
        """Return what the link offers; it stays good.

        Raises:
            InvitationError: if it is wrong, used, withdrawn or expired.
        """
        invitation = await self._open(token)
        async with self._store.accounts(_SELF) as accounts:
            known = await accounts.user_by_email(invitation.email) is not None
        organization = await self._tenancy.get_organization(_SELF, invitation.org_id)
        return OpenedInvitation(organization.name, invitation, known)

    async def accept(self, token: str, *, name: str, password: str, language: str) -> OpenedSession:
        """Make an account for whoever holds the link, and sign them in.

        Raises:
            InvitationError: if the link is wrong, used, withdrawn or expired.
            ConflictError: if the address has an account: sign in and join.
            PasswordSignInOffError: if passwords are off: sign in by the provider and join.
            InvalidRequestError: if a field is not acceptable; the link stays good.
        """
        # Asked before anything costly: a password is hashed for the holder of the link alone.
        invitation = await self._open(token)
        async with self._store.accounts(_SELF) as accounts:
            if not (await accounts.sign_in_policy()).password_sign_in:
                raise PasswordSignInOffError
            if await accounts.user_by_email(invitation.email) is not None:
                raise ConflictError("this address has an account: sign in, then open the link")
        user = await self._accounts.prepared_user(
            email=invitation.email, name=name, password=password, language=language
        )
        theirs = msgspec.structs.replace(_SELF, actor=Actor(ActorKind.USER, user.id))
        async with self._store.people(theirs) as people:
            await self._take(people, invitation)
            await people.add_user(user)
            await self._join(people, invitation, user.id)
        async with self._store.accounts(theirs) as accounts:
            return await self._sign_in.opened(accounts, user)

    async def join(self, scope: Scope, token: str) -> Invitation:
        """Make the person who is signed in a member.

        Raises:
            InvitationError: if the link is wrong, used, withdrawn, expired, or somebody else's.
            SignInRequiredError: if a machine is asking.
            PermissionDeniedError: if a narrowed token is asking.
        """
        if scope.actor.kind is not ActorKind.USER:
            raise SignInRequiredError("only a person can be invited")
        if scope.narrowed_to is not None:
            raise PermissionDeniedError("a token that was narrowed accepts no invitation")
        invitation = await self._open(token)
        if scope.confined_to not in (None, invitation.org_id):
            raise PermissionDeniedError(
                "your organisation's identity provider cannot accept for another one; sign in"
                " otherwise"
            )
        async with self._store.accounts(_SELF) as accounts:
            user = await accounts.user(scope.actor.id)
        if user is None or user.email != invitation.email:
            raise InvitationError("this invitation is for another address")
        async with self._store.people(scope.across_tenants()) as people:
            await self._take(people, invitation)
            await self._join(people, invitation, user.id)
        return invitation

    async def _open(self, token: str) -> Invitation:
        async with self._store.people(_SELF) as people:
            invitation = await people.invitation_by_digest(digest_of(token))
        if invitation is None or not invitation.is_open(self._clock.now()):
            raise InvitationError
        return invitation

    async def _take(self, people: People, invitation: Invitation) -> None:
        # Of several requests that got so far, the link lets one through.
        if not await people.take_invitation(invitation.id, self._clock.now()):
            raise InvitationError

    async def _join(self, people: People, invitation: Invitation, user_id: str) -> None:
        now = self._clock.now()
        if await people.member(invitation.org_id, user_id) is None:
            await people.put_member(
                Membership(
                    org_id=invitation.org_id,
                    user_id=user_id,
                    role=invitation.role,
                    created_at=now,
                )
            )
        if invitation.project_id is not None and invitation.project_role is not None:
            await people.put_project_member(
                ProjectMembership(
                    org_id=invitation.org_id,
                    project_id=invitation.project_id,
                    user_id=user_id,
                    role=invitation.project_role,
                    created_at=now,
                )
            )

    async def _narrowed(self, scope: Scope, permission: Permission, invitation_id: str) -> Scope:
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.people(_SELF) as people:
            invitation = await people.invitation(invitation_id)
        if invitation is None:
            raise NotFoundError
        return authorize(
            scope,
            permission,
            org_id=invitation.org_id,
            project_id=invitation.project_id if invitation.role == Role.GUEST else None,
        )
