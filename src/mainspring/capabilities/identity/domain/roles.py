"""Roles: named sets of permissions, where each may be given, and what a person's add up to.

A role is given in the platform, in an organisation or in a project, and holds there and below. The
built-in ones are the least that each kind of work needs; organisations add their own. The names of
built-in roles and those of an organisation's own never meet.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from mainspring.kernel.access import EVERYTHING, Grant

MAX_DESCRIPTION: Final = 500


class Level(StrEnum):
    """Where a role is given; it holds there and in everything below."""

    PLATFORM = "platform"
    ORGANIZATION = "organization"
    PROJECT = "project"


class Role(StrEnum):
    """The built-in roles."""

    PLATFORM_ADMIN = "platform_admin"
    SECURITY = "security"
    FINANCE = "finance"
    ORG_ADMIN = "org_admin"
    PROJECT_ADMIN = "project_admin"
    DEVELOPER = "developer"
    VIEWER = "viewer"
    END_USER = "end_user"
    GUEST = "guest"


class BuiltInRole(msgspec.Struct, frozen=True):
    """What a built-in role is for, where it may be given, and what it permits there."""

    role: Role
    description: str
    levels: frozenset[Level]
    permissions: frozenset[str]


_BELOW = frozenset({Level.ORGANIZATION, Level.PROJECT})
_ABOVE = frozenset({Level.PLATFORM, Level.ORGANIZATION})
_USES_MODELS = frozenset(
    {"access:request", "organization:read", "project:read", "model:read", "model:call"}
)
_HOLDS_KEYS = frozenset({"key:read", "key:write", "key:revoke"})
_SEES_PEOPLE = frozenset({"member:read", "role:read"})

BUILT_IN_ROLES: Final[Mapping[str, BuiltInRole]] = {
    each.role: each
    for each in (
        BuiltInRole(
            Role.PLATFORM_ADMIN,
            "Everything, everywhere.",
            frozenset({Level.PLATFORM}),
            frozenset({EVERYTHING}),
        ),
        BuiltInRole(
            Role.SECURITY,
            "Sees who may do what and what was done; ends sessions, tokens, keys and accounts.",
            _ABOVE,
            _SEES_PEOPLE
            | {
                "access:read",
                "access:revoke",
                "audit:export",
                "audit:read",
                "break_glass:open",
                "break_glass:read",
                "break_glass:review",
                "change:decide",
                "change:read",
                "identity_provider:read",
                "key:read",
                "key:revoke",
                "model:read",
                "organization:read",
                "policy:read",
                "project:read",
                "system:read",
                "upstream:read",
                "user:disable",
                "user:read",
            },
        ),
        BuiltInRole(
            Role.FINANCE,
            "Sees what is used and what it costs; grants limits and budgets.",
            _ABOVE,
            frozenset(
                {
                    "access:read",
                    "gpu_price:write",
                    "model:read",
                    "organization:limit",
                    "organization:read",
                    "project:limit",
                    "project:read",
                    "usage:read",
                }
            ),
        ),
        BuiltInRole(
            Role.ORG_ADMIN,
            "Everything in the organisation, within what the platform grants it.",
            frozenset({Level.ORGANIZATION}),
            frozenset({EVERYTHING}),
        ),
        BuiltInRole(
            Role.PROJECT_ADMIN,
            "Runs a project: its members, its keys, its name.",
            frozenset({Level.PROJECT}),
            _USES_MODELS
            | _HOLDS_KEYS
            | _SEES_PEOPLE
            | {
                "access:read",
                "access:revoke",
                "call:read",
                "dataset:read",
                "dataset:write",
                "member:write",
                "policy:read",
                "policy:try",
                "policy:write",
                "project:capture",
                "project:write",
                "score:write",
                "trace:read",
                "usage:read",
            },
        ),
        BuiltInRole(
            Role.DEVELOPER,
            "Builds with models: makes keys, calls models, sees usage.",
            _BELOW,
            _USES_MODELS
            | _HOLDS_KEYS
            | {
                "dataset:read",
                "dataset:write",
                "policy:read",
                "score:write",
                "trace:read",
                "usage:read",
            },
        ),
        BuiltInRole(
            Role.VIEWER,
            "Sees everything of its place except secrets, and changes nothing.",
            _BELOW,
            _SEES_PEOPLE
            | {
                "key:read",
                "model:read",
                "organization:read",
                "policy:read",
                "project:read",
                "trace:read",
                "usage:read",
            },
        ),
        BuiltInRole(Role.END_USER, "Talks to models, in the console.", _BELOW, _USES_MODELS),
        BuiltInRole(
            Role.GUEST,
            "Belongs to the organisation; what it may do comes from projects and groups.",
            frozenset({Level.ORGANIZATION}),
            frozenset({"model:read", "organization:read"}),
        ),
    )
}
"""Every built-in role by its name."""


class CustomRole(msgspec.Struct, frozen=True, kw_only=True):
    """A role of an organisation's own; may be given in it and in its projects."""

    id: str
    org_id: str
    name: str
    description: str
    permissions: tuple[str, ...]
    created_at: datetime
    updated_at: datetime
    revision: int = 1


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """A person's place in an organisation.

    ``source`` is the provider (or the directory) that it follows; ``None`` was given here. A
    suspended one gives nothing.
    """

    org_id: str
    user_id: str
    role: str
    source: str | None = None
    suspended: bool = False
    created_at: datetime


class ProjectMembership(msgspec.Struct, frozen=True, kw_only=True):
    """What a member of an organisation is in one of its projects besides."""

    org_id: str
    project_id: str
    user_id: str
    role: str
    created_at: datetime


class RoleAt(msgspec.Struct, frozen=True):
    """A role in the whole organisation, or (``project_id``) in one of its projects."""

    role: str
    project_id: str | None = None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Some members of an organisation; each has the group's roles.

    People of the group called ``external_name`` at a provider or in a directory are in it, as long
    as they are there.
    """

    id: str
    org_id: str
    name: str
    description: str = ""
    roles: tuple[RoleAt, ...] = ()
    external_name: str | None = None
    created_at: datetime
    updated_at: datetime
    revision: int = 1


class Holding(msgspec.Struct, frozen=True):
    """A role that somebody has, where, and how they came by it."""

    role: str
    through: str
    permissions: frozenset[str]
    org_id: str | None = None
    project_id: str | None = None

    def grant(self) -> Grant:
        """Return what follows from it."""
        return Grant(
            permissions=self.permissions,
            source=f"role {self.role} {self.through}",
            org_id=self.org_id,
            project_id=self.project_id,
        )


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """All that decides what one person may do."""

    platform_roles: tuple[str, ...] = ()
    vouched_roles: tuple[tuple[str, str], ...] = ()
    """Roles in the platform, each with the provider that says so."""
    memberships: tuple[Membership, ...] = ()
    projects: tuple[ProjectMembership, ...] = ()
    groups: tuple[Group, ...] = ()
    custom_roles: tuple[CustomRole, ...] = ()

    def holdings(self) -> tuple[Holding, ...]:
        """Return every role that the person has; one that is known no more permits nothing."""
        found = [
            Holding(role, "in the platform", permissions_of(role, ()))
            for role in self.platform_roles
        ]
        found += [
            Holding(role, f"by the identity provider {provider}", permissions_of(role, ()))
            for role, provider in self.vouched_roles
        ]
        found += [
            self._held(each.role, f"as a member of {each.org_id}", each.org_id, None)
            for each in self.memberships
        ]
        found += [
            self._held(each.role, f"as a member of {each.project_id}", each.org_id, each.project_id)
            for each in self.projects
        ]
        found += [
            self._held(each.role, f"through the group {group.name}", group.org_id, each.project_id)
            for group in self.groups
            for each in group.roles
        ]
        return tuple(found)

    def grants(self) -> tuple[Grant, ...]:
        """Return what the person may do, and where."""
        return tuple(holding.grant() for holding in self.holdings())

    def _held(self, role: str, through: str, org_id: str, project_id: str | None) -> Holding:
        own = [each for each in self.custom_roles if each.org_id == org_id]
        return Holding(role, through, permissions_of(role, own), org_id, project_id)


def permissions_of(role: str, custom: Iterable[CustomRole]) -> frozenset[str]:
    """Return what the role permits; ``custom`` are the roles of the organisation where it holds."""
    built_in = BUILT_IN_ROLES.get(role)
    if built_in is not None:
        return built_in.permissions
    for each in custom:
        if each.name == role:
            return frozenset(each.permissions)
    return frozenset()


def levels_of(role: str) -> frozenset[Level]:
    """Return where the role may be given; an organisation's own may be given in it and below."""
    built_in = BUILT_IN_ROLES.get(role)
    return _BELOW if built_in is None else built_in.levels


def covers(held: Iterable[Grant], wanted: frozenset[str], org_id: str, project: str | None) -> bool:
    """Tell whether ``held`` permit all of ``wanted`` there: nobody gives what they do not have."""
    permitted: set[str] = set()
    for grant in held:
        if grant.covers(org_id, project):
            permitted |= grant.permissions
    return EVERYTHING in permitted or wanted <= permitted
