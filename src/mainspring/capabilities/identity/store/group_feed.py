"""What gateways are told of groups: who is in them, published with the change itself."""

from sqlalchemy import ColumnElement, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.identity.store.provider_tables import derived_members
from mainspring.capabilities.identity.store.tables import group_members, groups
from mainspring.infra.feed import publish
from mainspring.infra.feed.tables import snapshot_resources
from mainspring.snapshot.resources import Group, Resource


class ChangedGroups:
    """Groups that a transaction changed; what they have become is told at its end."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._changed: set[str] = set()

    def note(self, group_id: str) -> None:
        """Take note that a group changes."""
        self._changed.add(group_id)

    async def note_groups_of(self, org_id: str, user_id: str) -> None:
        """Take note that someone leaves every group of the organisation."""
        for table in (group_members, derived_members):
            query = select(table.c.group_id).where(
                table.c.org_id == org_id, table.c.user_id == user_id
            )
            self._changed.update((await self._session.execute(query)).scalars())

    async def note_derived(self, *conditions: ColumnElement[bool]) -> None:
        """Take note of groups whose derived members change: those that have some now."""
        query = select(derived_members.c.group_id).where(*conditions)
        self._changed.update((await self._session.execute(query)).scalars())

    async def note_all_of(self, org_id: str) -> None:
        """Take note that every group of an organisation goes."""
        query = select(groups.c.id).where(groups.c.org_id == org_id)
        self._changed.update((await self._session.execute(query)).scalars())

    async def note_untold(self) -> None:
        """Take note of groups that gateways have never been told of: a release before did not."""
        told = select(snapshot_resources.c.key).where(snapshot_resources.c.kind == Group.kind)
        query = select(groups.c.id).where(groups.c.id.not_in(told))
        self._changed.update((await self._session.execute(query)).scalars())

    async def publish(self) -> None:
        """Tell gateways of all that changed."""
        if not self._changed:
            return
        wanted = sorted(self._changed)
        found = await self._session.execute(
            select(groups.c.id, groups.c.org_id).where(groups.c.id.in_(wanted))
        )
        owners = {str(group_id): str(org_id) for group_id, org_id in found}
        members: dict[str, list[str]] = {group_id: [] for group_id in owners}
        inside = union(
            *(
                select(table.c.group_id, table.c.user_id).where(table.c.group_id.in_(wanted))
                for table in (group_members, derived_members)
            )
        ).subquery()
        for group_id, user_id in await self._session.execute(
            select(inside.c.group_id, inside.c.user_id).order_by(inside.c.user_id)
        ):
            members[str(group_id)].append(str(user_id))
        puts: list[Resource] = [
            Group(id=group_id, org_id=org_id, members=tuple(members[group_id]))
            for group_id, org_id in owners.items()
        ]
        gone = self._changed.difference(each.key for each in puts)
        await publish(self._session, puts, [(Group.kind, group_id) for group_id in sorted(gone)])
        self._changed.clear()
