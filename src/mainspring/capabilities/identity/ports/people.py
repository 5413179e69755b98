"""Members, groups, roles and invitations as transactions see them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from mainspring.capabilities.identity.domain import (
    CustomRole,
    Group,
    Membership,
    ProjectMembership,
    User,
)
from mainspring.capabilities.identity.domain.invitations import Invitation
from mainspring.snapshot.resources import Resource


class Ended(msgspec.Struct, frozen=True):
    """How much of what a person held was ended."""

    sessions: int
    tokens: int
    keys: int
    invitations: int


class People(Protocol):
    """Members, groups, roles and invitations as one transaction sees them; fails closed.

    Accounts, sessions and tokens belong to no tenant: what reads or ends those needs a scope
    that crosses tenants.
    """

    async def users(self, user_ids: Collection[str]) -> Mapping[str, User]:
        """Return those accounts, by id."""
        ...

    async def add_user(self, user: User) -> None:
        """Keep a new account; ``ConflictError`` if its address is taken."""
        ...

    async def replace_user(self, user: User) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def members(self, org_id: str, *, after: str | None, limit: int) -> Sequence[Membership]:
        """Return up to ``limit`` members in the order of their ids."""
        ...

    async def member(self, org_id: str, user_id: str) -> Membership | None:
        """Return the person's place in the organisation, and keep others from changing it."""
        ...

    async def put_member(self, membership: Membership) -> None:
        """Make someone a member, or change the role of one."""
        ...

    async def remove_member(self, org_id: str, user_id: str) -> None:
        """Take someone out of the organisation, its projects and its groups."""
        ...

    async def project_members(
        self, project_id: str, *, after: str | None, limit: int
    ) -> Sequence[ProjectMembership]:
        """Return up to ``limit`` members of the project in the order of their ids."""
        ...

    async def project_member(self, project_id: str, user_id: str) -> ProjectMembership | None:
        """Return the person's place in the project."""
        ...

    async def put_project_member(self, membership: ProjectMembership) -> None:
        """Give a member of the organisation a role in the project."""
        ...

    async def remove_project_member(self, project_id: str, user_id: str) -> None:
        """Take the role in the project back."""
        ...

    async def remove_groups_of(self, org_id: str) -> None:
        """Remove every group of an organisation that is being removed."""
        ...

    async def note_untold_groups(self) -> None:
        """Have gateways told of the groups that they know nothing of."""
        ...

    async def groups(self, org_id: str, *, after: str | None, limit: int) -> Sequence[Group]:
        """Return up to ``limit`` groups, oldest first."""
        ...

    async def group(self, group_id: str) -> Group | None:
        """Return the group, if the scope sees it."""
        ...

    async def add_group(self, group: Group) -> None:
        """Keep a new group."""
        ...

    async def replace_group(self, group: Group) -> None:
        """Write the next revision."""
        ...

    async def remove_group(self, group_id: str) -> None:
        """Remove the group; its members keep what they have otherwise."""
        ...

    async def group_members(
        self, group_id: str, *, after: str | None, limit: int
    ) -> Sequence[tuple[str, datetime]]:
        """Return up to ``limit`` ids of the group's people, and since when they are in it."""
        ...

    async def put_group_member(
        self, org_id: str, group_id: str, user_id: str, at: datetime
    ) -> None:
        """Put a member of the organisation into the group."""
        ...

    async def remove_group_member(self, group_id: str, user_id: str) -> None:
        """Take a person out of the group."""
        ...

    async def follows(self, group_id: str, user_id: str) -> bool:
        """Tell whether a provider or a directory put the person into the group."""
        ...

    async def fed_groups(self, org_id: str) -> Sequence[Group]:
        """Return the groups that take in people of a group elsewhere."""
        ...

    async def empty_derived(self, group_id: str) -> None:
        """Take out whom providers and directories put into the group."""
        ...

    async def derive_from_directory(self, org_id: str, at: datetime) -> None:
        """Have those in the organisation's groups whom its directory puts into them."""
        ...

    async def memberships_from(self, user_id: str, source: str) -> Sequence[Membership]:
        """Return the person's places that follow ``source``, and keep others from changing them."""
        ...

    async def has_own_roles(self, org_id: str, user_id: str) -> bool:
        """Tell whether the person was given something here, in projects or groups."""
        ...

    async def derive_groups(
        self,
        user_id: str,
        source: str,
        names: Collection[str],
        at: datetime,
        *,
        org_id: str | None,
    ) -> None:
        """Have the person in exactly those groups that take in one of ``names``, by ``source``.

        That is among the organisations that the person belongs to, or ``org_id`` alone.
        """
        ...

    async def end_sessions_in(self, user_id: str, org_id: str) -> int:
        """End the person's sessions that are confined to the organisation."""
        ...

    async def count_emergency_admins(self, *, but: str | None = None) -> int:
        """Return how many enabled administrators a password lets in where passwords are off."""
        ...

    async def roles(self, org_id: str) -> Sequence[CustomRole]:
        """Return the organisation's own roles, by name."""
        ...

    async def add_role(self, role: CustomRole) -> None:
        """Keep a new role."""
        ...

    async def replace_role(self, role: CustomRole) -> None:
        """Write the next revision."""
        ...

    async def remove_role(self, role_id: str) -> None:
        """Remove the role."""
        ...

    async def is_role_used(self, org_id: str, name: str) -> bool:
        """Tell whether a member, a group, an open invitation or a provider's rule has the role."""
        ...

    async def invitations(
        self, org_id: str, *, before: str | None, limit: int
    ) -> Sequence[Invitation]:
        """Return up to ``limit`` invitations, newest first."""
        ...

    async def invitation(self, invitation_id: str) -> Invitation | None:
        """Return the invitation, if the scope sees it."""
        ...

    async def invitation_by_digest(self, digest: bytes) -> Invitation | None:
        """Return the invitation of that link, even one that is over."""
        ...

    async def add_invitation(self, invitation: Invitation) -> None:
        """Keep a new invitation."""
        ...

    async def take_invitation(self, invitation_id: str, now: datetime) -> bool:
        """Use the invitation up; false if it is over."""
        ...

    async def revoke_invitation(self, invitation_id: str, at: datetime) -> None:
        """End the invitation; one that is over stays as it is."""
        ...

    async def end_everything(self, user_id: str, at: datetime, *, closed: bool) -> Ended:
        """End every session, token and key of a person, and the invitations they wrote.

        Gateways refuse the tokens that providers made for them: all of them where the account is
        ``closed``, else those made until ``at``.
        """
        ...

    async def block_in(self, user_id: str, org_id: str) -> None:
        """Have gateways refuse the tokens that the organisation's issuers made for the person."""
        ...

    async def unblock(self, user_id: str, *, org_id: str | None) -> None:
        """Have gateways take tokens made for the person again, everywhere or there."""
        ...

    async def end_keys(self, user_id: str, at: datetime, *, org_id: str | None) -> int:
        """End the person's keys (of one organisation) and tell gateways; call it last."""
        ...

    async def count_platform_admins(self) -> int:
        """Return how many enabled administrators there are, and keep them so meanwhile."""
        ...

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits."""
        ...
