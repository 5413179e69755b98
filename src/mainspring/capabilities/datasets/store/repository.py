"""Data sets in PostgreSQL."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.datasets.domain import Dataset, Item
from mainspring.capabilities.datasets.store.tables import dataset_items, datasets
from mainspring.infra.db import Database
from mainspring.infra.db.rows import find_row, from_row, insert_row, replace_row, to_row
from mainspring.kernel.scope import Scope

_TAKEN = {
    "uq_datasets_project_id": "another data set of this project has this name",
    "fk_datasets_org_id": "the organisation is being removed",
    "fk_datasets_project_id": "the project is being removed",
}


class PostgresDatasetStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresDatasets"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresDatasets(session)


class PostgresDatasets:
    """Data sets as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, dataset: Dataset) -> None:
        """Keep a new data set."""
        await insert_row(self._session, datasets, dataset, taken=_TAKEN)

    async def get(self, dataset_id: str) -> Dataset | None:
        """Return the data set, if the scope sees it."""
        return await find_row(self._session, datasets, Dataset, dataset_id)

    async def lock(self, dataset_id: str) -> Dataset | None:
        """Return the data set and hold up others who want to change it or its items."""
        query = select(datasets).where(datasets.c.id == dataset_id).with_for_update()
        found = (await self._session.execute(query)).mappings().one_or_none()
        return None if found is None else from_row(found, Dataset)

    async def of_project(
        self, project_id: str, *, after: str | None, limit: int
    ) -> Sequence[Dataset]:
        """Return up to ``limit`` data sets of the project, oldest first."""
        query = select(datasets).where(datasets.c.project_id == project_id)
        if after is not None:
            query = query.where(datasets.c.id > after)
        rows = await self._session.execute(query.order_by(datasets.c.id).limit(limit))
        return [from_row(row, Dataset) for row in rows.mappings()]

    async def count_of(self, project_id: str) -> int:
        """Return how many data sets the project has; hold up others who ask this."""
        # Rows that are not there yet cannot be locked; a lock by the hash of a name can be had.
        await self._session.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(f"data sets {project_id}", 0)))
        )
        query = select(func.count()).where(datasets.c.project_id == project_id)
        return (await self._session.execute(query)).scalar_one()

    async def replace(self, dataset: Dataset) -> None:
        """Write the next revision."""
        await replace_row(self._session, datasets, dataset, taken=_TAKEN)

    async def remove(self, dataset_id: str) -> None:
        """Remove the data set; its items go with it."""
        await self._session.execute(delete(datasets).where(datasets.c.id == dataset_id))

    async def last_position(self, dataset_id: str) -> int:
        """Return the last item's place, 0 if there is no item."""
        query = select(func.coalesce(func.max(dataset_items.c.position), 0))
        query = query.where(dataset_items.c.dataset_id == dataset_id)
        return (await self._session.execute(query)).scalar_one()

    async def add_items(self, items: Sequence[Item]) -> None:
        """Keep new items."""
        await self._session.execute(insert(dataset_items), [to_row(item) for item in items])

    async def item(self, item_id: str) -> Item | None:
        """Return the item, if the scope sees it."""
        return await find_row(self._session, dataset_items, Item, item_id)

    async def items(
        self, dataset_id: str, *, version: int, after: int | None, limit: int
    ) -> Sequence[Item]:
        """Return up to ``limit`` items of a version by their places."""
        query = select(dataset_items).where(
            dataset_items.c.dataset_id == dataset_id,
            dataset_items.c.added_in <= version,
            or_(dataset_items.c.archived_in.is_(None), dataset_items.c.archived_in > version),
        )
        if after is not None:
            query = query.where(dataset_items.c.position > after)
        rows = await self._session.execute(query.order_by(dataset_items.c.position).limit(limit))
        return [from_row(row, Item) for row in rows.mappings()]

    async def archive_item(self, item_id: str, version: int) -> None:
        """Leave the item out of ``version`` and those that follow."""
        await self._session.execute(
            update(dataset_items).where(dataset_items.c.id == item_id).values(archived_in=version)
        )

    async def remove_item(self, item_id: str) -> None:
        """Remove the item from every version."""
        await self._session.execute(delete(dataset_items).where(dataset_items.c.id == item_id))
