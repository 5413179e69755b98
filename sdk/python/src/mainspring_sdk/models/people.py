"""Objects of the API's part `people`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from mainspring_sdk._models import Model


class AccountView(Model, frozen=True, kw_only=True):
    """An account, without anything that opens it."""

    id: str
    email: str
    name: str
    language: str
    platform_roles: list[str]
    """Roles in the platform itself."""
    break_glass: bool
    """The password stays good where passwords are switched off, for emergencies."""
    managed_by: str | None
    """The organisation whose provider or directory made the account."""
    disabled_at: datetime | None
    """Since when nothing opens the account."""
    created_at: datetime
    updated_at: datetime


class ConsideredView(Model, frozen=True, kw_only=True):
    """A role that the actor has, and what it says of the question."""

    role: str
    through: str
    """How the actor came by it."""
    org_id: str | None
    project_id: str | None
    covers: bool
    """Whether it holds where the resource is."""
    permits: bool
    """Whether it permits this."""


class CreatedInvitationView(Model, frozen=True, kw_only=True):
    """An invitation with its link, which is shown this once: pass it on."""

    secret_fields_: ClassVar[frozenset[str]] = frozenset({"link"})

    id: str
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
    link: str


class EndedView(Model, frozen=True, kw_only=True):
    """How much of what a person held was ended."""

    sessions: int
    tokens: int
    keys: int
    invitations: int
    """Invitations that they had written."""


class ExplanationView(Model, frozen=True, kw_only=True):
    """Whether an actor may do something, and everything that this follows from."""

    allowed: bool
    permission: str
    org_id: str
    project_id: str | None
    disabled: bool
    """Whether the account is closed."""
    considered: list[ConsideredView]


class RoleAtBody(Model, frozen=True, kw_only=True):
    """A role in the whole organisation, or in one of its projects."""

    role: str
    """A built-in role, or one of the organisation's own."""
    project_id: str | None = None


class GroupView(Model, frozen=True, kw_only=True):
    """A group; whoever is in it has its roles."""

    id: str
    org_id: str
    name: str
    description: str
    roles: list[RoleAtBody]
    external_name: str | None
    """The group at a provider or in the directory whose people are in it."""
    created_at: datetime
    updated_at: datetime


class InvitationView(Model, frozen=True, kw_only=True):
    """An invitation without its link."""

    id: str
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


class MemberView(Model, frozen=True, kw_only=True):
    """A person, and what they are here."""

    user_id: str
    email: str
    name: str
    role: str | None
    """`null` in a group, whose roles are its own."""
    since: datetime
    disabled: bool
    """Whether the account is closed."""


class OfferView(Model, frozen=True, kw_only=True):
    """What a link offers."""

    organization: str
    email: str
    role: str
    has_account: bool
    """If so, sign in and join; otherwise accept."""


class PermissionView(Model, frozen=True, kw_only=True):
    """Something that may be done."""

    name: str
    description: str
    of_platform: bool
    """Only a role in the platform itself gives it."""


class RoleView(Model, frozen=True, kw_only=True):
    """A role and what it permits; `*` is everything in its place."""

    name: str
    description: str
    permissions: list[str]
    levels: list[str]
    """Where it may be given; it holds there and below."""
    built_in: bool
    updated_at: datetime | None
    """`null` for a built-in role."""
    revision: int | None
    """Likewise."""
