"""From what a provider says of a person to an account and its roles here, at every sign-in.

What follows from a provider is kept apart from what was given here: a role that the provider does
not say any more goes, one that an administrator gave stays.
"""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from mainspring.capabilities.identity.domain import (
    BUILT_IN_ROLES,
    ExternalIdentity,
    IdentityProvider,
    Membership,
    Role,
    User,
    checked_email,
)
from mainspring.capabilities.identity.domain.accounts import MAX_NAME
from mainspring.capabilities.identity.domain.providers import plain_groups
from mainspring.capabilities.identity.ports import Whole
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.infra.jwt import claim_at, text_at, texts_at
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    AccountDisabledError,
    InvalidRequestError,
    MainspringError,
    NotFoundError,
    SsoAccountExistsError,
    SsoNotAllowedError,
)
from mainspring.kernel.ids import new_id


class Told(msgspec.Struct, frozen=True):
    """What a provider says of a person; ``email_verified`` ``None``: it does not say."""

    subject: str
    email: str | None
    email_verified: bool | None
    name: str | None
    groups: tuple[str, ...]


class Provisioned(msgspec.Struct, frozen=True):
    """Whose account it is; ``refusal`` is why they get no session all the same."""

    user: User
    refusal: MainspringError | None = None


class Provisioning:
    """Finds or makes the account, and derives its roles."""

    def __init__(self, tenancy: TenancyService, clock: Clock) -> None:
        self._tenancy = tenancy
        self._clock = clock

    async def arrive(self, whole: Whole, provider: IdentityProvider, told: Told) -> Provisioned:
        """Return the account of whoever the provider vouches for, its roles derived afresh.

        A refusal in the answer is raised only once the transaction has committed: what the
        provider does not say any more is taken away even from somebody who may not enter.

        Raises:
            SsoNotAllowedError: if nobody of that kind is let in.
            SsoAccountExistsError: if the address has an account that the provider may not open.
        """
        identity = await whole.providers.identity(provider.id, told.subject)
        if identity is None:
            user = await self._newcomer(whole, provider, told)
            identity = self._identity(provider, told, user.id)
            await whole.providers.add_identity(identity)
        else:
            found = await whole.accounts.user(identity.user_id)
            if found is None:
                raise SsoNotAllowedError
            user = found
        roles = await self.derive(whole, provider, user.id, told.groups)
        await whole.providers.note_identity(
            msgspec.structs.replace(
                identity,
                email=told.email,
                groups=told.groups,
                platform_roles=roles,
                signed_in_at=self._clock.now(),
            )
        )
        return Provisioned(user, await self._refusal(whole, provider, user, told))

    async def connect(
        self, whole: Whole, provider: IdentityProvider, told: Told, user: User
    ) -> None:
        """Connect an account at the provider with ``user``, who is signed in.

        Raises:
            SsoNotAllowedError: if the provider is of an organisation that is not the person's.
            SsoAccountExistsError: if it is connected with somebody else.
        """
        known = await whole.providers.identity(provider.id, told.subject)
        if known is not None and known.user_id != user.id:
            raise SsoAccountExistsError("that account at the provider belongs to somebody else")
        if provider.org_id is not None and not await self._belongs(whole, provider.org_id, user.id):
            raise SsoNotAllowedError
        if known is None:
            await whole.providers.add_identity(self._identity(provider, told, user.id))
        # Roles follow when the provider next signs the person in.

    async def derive(
        self, whole: Whole, provider: IdentityProvider, user_id: str, groups: Collection[str]
    ) -> tuple[str, ...]:
        """Bring the person's places and groups to what the provider says; return platform roles."""
        people = whole.people
        now = self._clock.now()
        wanted = provider.roles_for(groups)
        of_platform = wanted.pop(None, [])
        if provider.org_id is not None:
            of_platform = []
            wanted = {org: roles for org, roles in wanted.items() if org == provider.org_id}
        for org_id, roles in wanted.items():
            if org_id is None or not await self._exists(org_id):
                continue
            present = await people.member(org_id, user_id)
            if present is None or present.source == provider.id:
                made = Membership(
                    org_id=org_id,
                    user_id=user_id,
                    role=roles[0],
                    source=provider.id,
                    suspended=present is not None and present.suspended,
                    created_at=now if present is None else present.created_at,
                )
                if made != present:
                    await people.put_member(made)
        for held in await people.memberships_from(user_id, provider.id):
            if held.org_id not in wanted:
                await self._withdraw(whole, held)
        await people.derive_groups(user_id, provider.id, groups, now, org_id=provider.org_id)
        return tuple(dict.fromkeys(each for each in of_platform if each in BUILT_IN_ROLES))

    async def forget(self, whole: Whole, provider: IdentityProvider, user_id: str) -> None:
        """Take back everything that followed from the provider."""
        silent = msgspec.structs.replace(provider, rules=())
        await self.derive(whole, silent, user_id, ())

    async def _withdraw(self, whole: Whole, held: Membership) -> None:
        people = whole.people
        if await people.has_own_roles(held.org_id, held.user_id):
            # What was given here needs a place to hold in; that alone permits next to nothing.
            if held.role != Role.GUEST:
                await people.put_member(msgspec.structs.replace(held, role=Role.GUEST.value))
            return
        await people.remove_member(held.org_id, held.user_id)
        await people.end_keys(held.user_id, self._clock.now(), org_id=held.org_id)

    async def _newcomer(self, whole: Whole, provider: IdentityProvider, told: Told) -> User:
        email = _usable_email(provider, told)
        present = await whole.accounts.user_by_email(email)
        if present is not None:
            if not await self._may_link(whole, provider, told, present):
                raise SsoAccountExistsError
            return present
        if not provider.creates_accounts or told.email_verified is False:
            raise SsoNotAllowedError
        if provider.rules and not provider.roles_for(told.groups):
            raise SsoNotAllowedError
        if provider.org_id is not None and not provider.rules:
            raise SsoNotAllowedError
        now = self._clock.now()
        user = User(
            id=new_id("usr"),
            email=email,
            name=(told.name or email.partition("@")[0]).strip()[:MAX_NAME],
            language="en",
            managed_by=provider.org_id,
            created_at=now,
            updated_at=now,
        )
        await whole.accounts.add_user(user)
        return user

    async def _may_link(
        self, whole: Whole, provider: IdentityProvider, told: Told, user: User
    ) -> bool:
        """Tell whether a verified address is enough to open an account that exists."""
        if told.email_verified is not True or user.break_glass:
            return False
        if provider.org_id is None:
            # An organisation that made an account chose its address: that proves nothing here.
            return provider.links_by_email and user.managed_by is None
        if user.managed_by == provider.org_id:
            return True  # the organisation's own directory made it
        return provider.links_by_email and await self._belongs(whole, provider.org_id, user.id)

    async def _refusal(
        self, whole: Whole, provider: IdentityProvider, user: User, told: Told
    ) -> MainspringError | None:
        if user.disabled_at is not None:
            return AccountDisabledError()
        if told.email is not None and not provider.takes(told.email):
            return SsoNotAllowedError()
        if provider.org_id is not None:
            inside = await self._belongs(whole, provider.org_id, user.id)
            return None if inside else SsoNotAllowedError()
        standing = await whole.accounts.standing(user)
        return None if standing.holdings() or not provider.rules else SsoNotAllowedError()

    async def _belongs(self, whole: Whole, org_id: str, user_id: str) -> bool:
        member = await whole.people.member(org_id, user_id)
        return member is not None and not member.suspended

    async def _exists(self, org_id: str) -> bool:
        try:
            await self._tenancy.check_organization(org_id)
        except NotFoundError:
            return False
        return True

    def _identity(self, provider: IdentityProvider, told: Told, user_id: str) -> ExternalIdentity:
        now = self._clock.now()
        return ExternalIdentity(
            id=new_id("xid"),
            provider_id=provider.id,
            issuer=provider.issuer,
            subject=told.subject,
            user_id=user_id,
            email=told.email,
            groups=told.groups,
            created_at=now,
            signed_in_at=now,
        )


def told_by(provider: IdentityProvider, claims: Mapping[str, Any]) -> Told:
    """Return what verified ``claims`` say of a person."""
    said = claim_at(claims, "email_verified")
    verified = None if said is None else said is True or said == "true"
    if provider.email_claim != "email":
        verified = None  # it is said of `email`, and of no other claim
    return Told(
        subject=str(claims["sub"]),
        email=text_at(claims, provider.email_claim),
        email_verified=verified,
        name=text_at(claims, provider.name_claim),
        groups=plain_groups(texts_of(claims, provider.groups_claim)),
    )


def texts_of(claims: Mapping[str, Any], path: str) -> frozenset[str]:
    """Return a claim's texts; one text is one name, blanks and all."""
    value = claim_at(claims, path)
    return frozenset((value,)) if isinstance(value, str) else texts_at(claims, path)


def _usable_email(provider: IdentityProvider, told: Told) -> str:
    if told.email is None:
        raise SsoNotAllowedError("the identity provider does not say your e-mail address")
    try:
        email = checked_email(told.email)
    except InvalidRequestError as error:
        raise SsoNotAllowedError("the identity provider names no e-mail address") from error
    if not provider.takes(email):
        raise SsoNotAllowedError("people with your e-mail domain may not sign in here")
    return email
