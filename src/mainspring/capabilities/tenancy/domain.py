"""Organisations and projects: values, rules, permissions."""

import re
import secrets
import unicodedata
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.kernel.access import Permission
from mainspring.kernel.errors import InvalidRequestError
from mainspring.snapshot import resources
from mainspring.snapshot.data_policy import DataPolicy
from mainspring.snapshot.resources import Capture, Limits

ORGANIZATION_CREATE = Permission(
    "organization:create", "Create and remove organisations.", of_platform=True
)
ORGANIZATION_READ = Permission("organization:read", "See an organisation.")
ORGANIZATION_WRITE = Permission("organization:write", "Rename an organisation.")
ORGANIZATION_LIMIT = Permission(
    "organization:limit", "Grant an organisation its limits; suspend it.", of_platform=True
)
PROJECT_READ = Permission("project:read", "See a project.")
PROJECT_WRITE = Permission("project:write", "Create and rename projects.")
PROJECT_LIMIT = Permission(
    "project:limit",
    "Set the limits of projects, within those of the organisation; suspend projects.",
)
PROJECT_CAPTURE = Permission("project:capture", "Set what is kept of a project's calls.")

PERMISSIONS = (
    ORGANIZATION_CREATE,
    ORGANIZATION_READ,
    ORGANIZATION_WRITE,
    ORGANIZATION_LIMIT,
    PROJECT_READ,
    PROJECT_WRITE,
    PROJECT_LIMIT,
    PROJECT_CAPTURE,
)
"""Every permission of this capability."""

MAX_NAME = 120
MAX_SLUG = 63
SLUG_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
"""Lower-case letters, digits and inner hyphens: fit for a URL, a file and a DNS label."""


Storing = Literal["always", "on_request", "never"]
"""Which answers of ``/v1/responses`` a project keeps: all but those whose request says no, only
those whose request says yes, or none."""
MAX_RESPONSE_DAYS = 365


class Organization(msgspec.Struct, frozen=True, kw_only=True):
    """A tenant; ``slug`` is its stable name in files and commands.

    ``user_limits`` bound each of its users; ``data_policy`` says where its calls may be served.
    """

    id: str
    name: str
    slug: str
    suspended: bool = False
    limits: Limits | None = None
    user_limits: Limits | None = None
    data_policy: DataPolicy | None = None
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    def resource(self) -> resources.Organization:
        """Return what gateways know of this organisation."""
        return resources.Organization(
            id=self.id,
            name=self.name,
            suspended=self.suspended,
            limits=self.limits,
            user_limits=self.user_limits,
            data_policy=self.data_policy,
        )


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """A project of an organisation; ``slug`` is unique within it.

    ``user_limits`` bound each of its users within it. ``stores_responses`` says which responses
    are kept, ``response_days`` for how long; ``capture`` is what is kept of all its calls.
    ``data_policy`` narrows the organisation's.
    """

    id: str
    org_id: str
    name: str
    slug: str
    suspended: bool = False
    limits: Limits | None = None
    user_limits: Limits | None = None
    stores_responses: Storing = "always"
    response_days: int = 30
    capture: Capture | None = None
    data_policy: DataPolicy | None = None
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    def resource(self) -> resources.Project:
        """Return what gateways know of this project."""
        return resources.Project(
            id=self.id,
            org_id=self.org_id,
            name=self.name,
            suspended=self.suspended,
            limits=self.limits,
            user_limits=self.user_limits,
            stores_responses=self.stores_responses,
            response_days=self.response_days,
            capture=self.capture,
            data_policy=self.data_policy,
        )


class Changes(msgspec.Struct, frozen=True):
    """What may change about an organisation or a project; ``UNSET`` stays as it is."""

    name: str | UnsetType = UNSET
    suspended: bool | UnsetType = UNSET
    limits: Limits | UnsetType | None = UNSET
    user_limits: Limits | UnsetType | None = UNSET
    data_policy: DataPolicy | UnsetType | None = UNSET

    def grants(self) -> bool:
        """Tell whether these change what is granted from above, not what it is called."""
        return any(value is not UNSET for value in (self.suspended, self.limits, self.user_limits))


class ProjectChanges(Changes, frozen=True):
    """What may change about a project."""

    stores_responses: Storing | UnsetType = UNSET
    response_days: int | UnsetType = UNSET
    capture: Capture | UnsetType | None = UNSET

    def grants(self) -> bool:
        """Tell whether these change what is granted from above; where data may go is, too."""
        return super().grants() or self.data_policy is not UNSET

    def describes(self) -> bool:
        """Tell whether something changes that is the project's own affair."""
        own = (self.name, self.stores_responses, self.response_days)
        return any(each is not UNSET for each in own)


def checked_name(name: str) -> str:
    """Return ``name`` without outer blanks.

    Raises:
        InvalidRequestError: if it is empty, too long, or holds control characters.
    """
    name = name.strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise InvalidRequestError(f"a name has 1 to {MAX_NAME} characters", param="name")
    if any(unicodedata.category(character) == "Cc" for character in name):
        raise InvalidRequestError("a name holds no control characters", param="name")
    return name


def checked_slug(slug: str) -> str:
    """Return ``slug``.

    Raises:
        InvalidRequestError: if it does not fit :data:`SLUG_PATTERN`.
    """
    if not re.fullmatch(SLUG_PATTERN, slug):
        raise InvalidRequestError(
            "a slug has 1 to 63 lower-case letters, digits and inner hyphens", param="slug"
        )
    return slug


def slug_from(name: str) -> str:
    """Return a slug that resembles ``name``; a random one where no letter of it is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:MAX_SLUG].strip("-")
    return slug or f"t-{secrets.token_hex(4)}"
