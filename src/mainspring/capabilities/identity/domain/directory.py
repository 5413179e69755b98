"""Directories: what an organisation's own system says of its people, by SCIM 2.0."""

from datetime import datetime
from typing import Any, Final

import msgspec

DIRECTORY_PREFIX: Final = "msd"
MAX_TOKENS: Final = 10
MAX_MEMBERS: Final = 20_000
NOBODYS_DOMAIN: Final = "directory.invalid"
"""Of the addresses of people whose directory says none; nobody can own one (RFC 2606)."""


class DirectoryToken(msgspec.Struct, frozen=True, kw_only=True):
    """What an organisation's directory shows when it writes here; kept as its digest."""

    id: str
    org_id: str
    name: str
    hint: str
    digest: bytes
    created_by: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Tell whether it opens anything at ``now``."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class DirectoryUser(msgspec.Struct, frozen=True, kw_only=True):
    """A person as a directory knows them; ``content`` are the other attributes, as they were sent.

    ``owned``: the directory made the account, and opens and closes it; else only the person's
    place in the organisation. ``closed``: it has closed the account. Once removed, what is left
    says whose the account was.
    """

    id: str
    org_id: str
    user_id: str
    user_name: str
    external_id: str | None = None
    active: bool = True
    owned: bool = True
    closed: bool = False
    removed_at: datetime | None = None
    content: dict[str, Any] = {}
    created_at: datetime
    updated_at: datetime
    revision: int = 1


class DirectoryGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group as a directory knows it. Groups here take its people in by ``external_name``."""

    id: str
    org_id: str
    display_name: str
    external_id: str | None = None
    created_at: datetime
    updated_at: datetime
    revision: int = 1


class PersonSaid(msgspec.Struct, frozen=True):
    """What a directory says of a person; ``active`` ``None`` leaves that as it is."""

    user_name: str
    external_id: str | None
    active: bool | None
    email: str | None
    name: str | None
    content: dict[str, Any]


class GroupSaid(msgspec.Struct, frozen=True):
    """What a directory says of a group; ``members`` are ids of its people."""

    display_name: str
    external_id: str | None
    members: frozenset[str]


class Wanted(msgspec.Struct, frozen=True):
    """Which of a directory's things are asked for: all, or those with this name or id."""

    id: str | None = None
    name: str | None = None
    external_id: str | None = None
