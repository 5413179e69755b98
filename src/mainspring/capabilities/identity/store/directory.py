"""Directories in PostgreSQL."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.identity.domain.directory import (
    DirectoryGroup,
    DirectoryToken,
    DirectoryUser,
    Wanted,
)
from mainspring.capabilities.identity.store.directory_tables import (
    directory_groups,
    directory_members,
    directory_tokens,
    directory_users,
)
from mainspring.infra.db.rows import find_where, from_row, insert_row, replace_row

_TAKEN = {
    "uq_directory_users_user_name": "another person of the directory has this userName",
    "uq_directory_users_org_id": "that person is in the directory already",
    "uq_directory_groups_display_name": "another group of the directory has this displayName",
    "fk_directory_tokens_org_id": "the organisation is being removed",
    "fk_directory_users_org_id": "the organisation is being removed",
    "fk_directory_groups_org_id": "the organisation is being removed",
}


class PostgresDirectory:
    """Directories as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_token(self, token: DirectoryToken) -> None:
        """Keep a new token."""
        await insert_row(self._session, directory_tokens, token, taken=_TAKEN)

    async def token_by_digest(self, digest: bytes) -> DirectoryToken | None:
        """Return the token with that secret's digest, even one that has ended."""
        return await find_where(
            self._session, directory_tokens, DirectoryToken, directory_tokens.c.digest == digest
        )

    async def tokens(self, org_id: str) -> Sequence[DirectoryToken]:
        """Return the organisation's tokens that are not revoked, oldest first."""
        query = (
            select(directory_tokens)
            .where(directory_tokens.c.org_id == org_id, directory_tokens.c.revoked_at.is_(None))
            .order_by(directory_tokens.c.id)
        )
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, DirectoryToken) for row in rows]

    async def revoke_token(self, org_id: str, token_id: str, at: datetime) -> bool:
        """End the token; false if there is none that is open."""
        ended = await self._session.execute(
            update(directory_tokens)
            .where(
                directory_tokens.c.org_id == org_id,
                directory_tokens.c.id == token_id,
                directory_tokens.c.revoked_at.is_(None),
            )
            .values(revoked_at=at)
            .returning(directory_tokens.c.id)
        )
        return ended.one_or_none() is not None

    async def touch_token(self, token_id: str, at: datetime) -> None:
        """Note that the token was used."""
        await self._session.execute(
            update(directory_tokens)
            .where(directory_tokens.c.id == token_id)
            .values(last_used_at=at)
        )

    async def users(
        self, org_id: str, wanted: Wanted, *, offset: int, limit: int
    ) -> tuple[int, Sequence[DirectoryUser]]:
        """Return how many people there are, and up to ``limit`` of them, oldest first."""
        conditions = [directory_users.c.org_id == org_id, directory_users.c.removed_at.is_(None)]
        conditions += _conditions(directory_users, directory_users.c.user_name, wanted)
        total, rows = await self._some(directory_users, conditions, offset, limit)
        return total, [from_row(row, DirectoryUser) for row in rows]

    async def lock_user(self, org_id: str, directory_user_id: str) -> DirectoryUser | None:
        """Return the person, and keep others from changing them."""
        query = (
            select(directory_users)
            .where(
                directory_users.c.org_id == org_id,
                directory_users.c.id == directory_user_id,
                directory_users.c.removed_at.is_(None),
            )
            .with_for_update()
        )
        found = (await self._session.execute(query)).mappings().one_or_none()
        return None if found is None else from_row(found, DirectoryUser)

    async def user_of(self, org_id: str, user_id: str) -> DirectoryUser | None:
        """Return the directory's entry of an account, even one that was removed."""
        return await find_where(
            self._session,
            directory_users,
            DirectoryUser,
            directory_users.c.org_id == org_id,
            directory_users.c.user_id == user_id,
        )

    async def add_user(self, user: DirectoryUser) -> None:
        """Keep a new entry."""
        await insert_row(self._session, directory_users, user, taken=_TAKEN)

    async def replace_user(self, user: DirectoryUser) -> None:
        """Write the next revision."""
        await replace_row(self._session, directory_users, user, taken=_TAKEN)

    async def forget_user(self, directory_user_id: str) -> None:
        """Drop the entry."""
        await self._session.execute(
            delete(directory_users).where(directory_users.c.id == directory_user_id)
        )

    async def leave_groups(self, directory_user_id: str) -> None:
        """Take the person out of every group of the directory."""
        await self._session.execute(
            delete(directory_members).where(
                directory_members.c.directory_user_id == directory_user_id
            )
        )

    async def groups(
        self, org_id: str, wanted: Wanted, *, offset: int, limit: int
    ) -> tuple[int, Sequence[DirectoryGroup]]:
        """Return how many groups there are, and up to ``limit`` of them, oldest first."""
        conditions = [directory_groups.c.org_id == org_id]
        conditions += _conditions(directory_groups, directory_groups.c.display_name, wanted)
        total, rows = await self._some(directory_groups, conditions, offset, limit)
        return total, [from_row(row, DirectoryGroup) for row in rows]

    async def lock_group(self, org_id: str, group_id: str) -> DirectoryGroup | None:
        """Return the group, and keep others from changing it."""
        query = (
            select(directory_groups)
            .where(directory_groups.c.org_id == org_id, directory_groups.c.id == group_id)
            .with_for_update()
        )
        found = (await self._session.execute(query)).mappings().one_or_none()
        return None if found is None else from_row(found, DirectoryGroup)

    async def add_group(self, group: DirectoryGroup) -> None:
        """Keep a new group."""
        await insert_row(self._session, directory_groups, group, taken=_TAKEN)

    async def replace_group(self, group: DirectoryGroup) -> None:
        """Write the next revision."""
        await replace_row(self._session, directory_groups, group, taken=_TAKEN)

    async def remove_group(self, group_id: str) -> None:
        """Remove the group."""
        await self._session.execute(
            delete(directory_groups).where(directory_groups.c.id == group_id)
        )

    async def members(self, group_ids: Collection[str]) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Return the people of those groups, by group: their ids and names."""
        query = (
            select(directory_members.c.group_id, directory_users.c.id, directory_users.c.user_name)
            .join(directory_users, directory_users.c.id == directory_members.c.directory_user_id)
            .where(directory_members.c.group_id.in_(sorted(group_ids)))
            .order_by(directory_members.c.group_id, directory_users.c.id)
        )
        found: dict[str, list[tuple[str, str]]] = {}
        for group_id, user_id, name in await self._session.execute(query):
            found.setdefault(group_id, []).append((user_id, name))
        return found

    async def groups_of(self, user_ids: Collection[str]) -> Mapping[str, Sequence[tuple[str, str]]]:
        """Return the groups of those people, by person: their ids and names."""
        query = (
            select(
                directory_members.c.directory_user_id,
                directory_groups.c.id,
                directory_groups.c.display_name,
            )
            .join(directory_groups, directory_groups.c.id == directory_members.c.group_id)
            .where(directory_members.c.directory_user_id.in_(sorted(user_ids)))
            .order_by(directory_members.c.directory_user_id, directory_groups.c.id)
        )
        found: dict[str, list[tuple[str, str]]] = {}
        for user_id, group_id, name in await self._session.execute(query):
            found.setdefault(user_id, []).append((group_id, name))
        return found

    async def set_members(self, group: DirectoryGroup, user_ids: Collection[str]) -> set[str]:
        """Have exactly those people in the group; return ids that are nobody's."""
        wanted = sorted(user_ids)
        query = select(directory_users.c.id).where(
            directory_users.c.org_id == group.org_id,
            directory_users.c.removed_at.is_(None),
            directory_users.c.id.in_(wanted),
        )
        known = set((await self._session.execute(query)).scalars())
        await self._session.execute(
            delete(directory_members).where(
                directory_members.c.group_id == group.id,
                directory_members.c.directory_user_id.not_in(wanted),
            )
        )
        if known:
            rows = [
                {"org_id": group.org_id, "group_id": group.id, "directory_user_id": each}
                for each in sorted(known)
            ]
            await self._session.execute(insert(directory_members).on_conflict_do_nothing(), rows)
        return set(wanted) - known

    async def _some(
        self, table: Table, conditions: Sequence[ColumnElement[bool]], offset: int, limit: int
    ) -> tuple[int, Sequence[Any]]:
        counting = select(func.count()).select_from(table).where(*conditions)
        total = (await self._session.execute(counting)).scalar_one()
        query = select(table).where(*conditions).order_by(table.c.id).offset(offset).limit(limit)
        return total, (await self._session.execute(query)).mappings().all()


def _conditions(
    table: Table, name: ColumnElement[str], wanted: Wanted
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.id is not None:
        conditions.append(table.c.id == wanted.id)
    if wanted.name is not None:
        conditions.append(func.lower(name) == wanted.name.lower())
    if wanted.external_id is not None:
        conditions.append(table.c.external_id == wanted.external_id)
    return conditions
