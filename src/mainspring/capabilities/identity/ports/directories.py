"""Directories as transactions see them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from mainspring.capabilities.identity.domain.directory import (
    DirectoryGroup,
    DirectoryToken,
    DirectoryUser,
    Wanted,
)


class Directory(Protocol):
    """Directories as one transaction sees them; fails closed."""

    async def add_token(self, token: DirectoryToken) -> None:
        """Keep a new token."""
        ...

    async def token_by_digest(self, digest: bytes) -> DirectoryToken | None:
        """Return the token with that secret's digest, even one that has ended."""
        ...

    async def tokens(self, org_id: str) -> Sequence[DirectoryToken]:
        """Return the organisation's tokens that are not revoked, oldest first."""
        ...

    async def revoke_token(self, org_id: str, token_id: str, at: datetime) -> bool:
        """End the token; false if there is none that is open."""
        ...

    async def touch_token(self, token_id: str, at: datetime) -> None:
        """Note that the token was used."""
        ...

    async def users(
        self, org_id: str, wanted: Wanted, *, offset: int, limit: int
    ) -> tuple[int, Sequence[DirectoryUser]]:
        """Return how many people there are, and up to ``limit`` of them, oldest first."""
        ...

    async def lock_user(self, org_id: str, directory_user_id: str) -> DirectoryUser | None:
        """Return the person, and keep others from changing them."""
        ...

    async def user_of(self, org_id: str, user_id: str) -> DirectoryUser | None:
        """Return the directory's entry of an account, even one that was removed."""
        ...

    async def add_user(self, user: DirectoryUser) -> None:
        """Keep a new entry; ``ConflictError`` if its name is taken."""
        ...

    async def replace_user(self, user: DirectoryUser) -> None:
        """Write the next revision; ``ConflictError`` if its name is taken."""
        ...

    async def forget_user(self, directory_user_id: str) -> None:
        """Drop the entry."""
        ...

    async def leave_groups(self, directory_user_id: str) -> None:
        """Take the person out of every group of the directory."""
        ...

    async def groups(
        self, org_id: str, wanted: Wanted, *, offset: int, limit: int
    ) -> tuple[int, Sequence[DirectoryGroup]]:
        """Return how many groups there are, and up to ``limit`` of them, oldest first."""
        ...

    async def lock_group(self, org_id: str, group_id: str) -> DirectoryGroup | None:
        """Return the group, and keep others from changing it."""
        ...

    async def add_group(self, group: DirectoryGroup) -> None:
        """Keep a new group; ``ConflictError`` if its name is taken."""
        ...

    async def replace_group(self, group: DirectoryGroup) -> None:
        """Write the next revision; ``ConflictError`` if its name is taken."""
        ...

    async def remove_group(self, group_id: str) -> None:
        """Remove the group."""
        ...

    async def members(self, group_ids: Collection[str]) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Return the people of those groups, by group: their ids and names."""
        ...

    async def groups_of(self, user_ids: Collection[str]) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Return the groups of those people, by person: their ids and names."""
        ...

    async def set_members(self, group: DirectoryGroup, user_ids: Collection[str]) -> set[str]:
        """Have exactly those people in the group; return ids that are nobody's."""
        ...
