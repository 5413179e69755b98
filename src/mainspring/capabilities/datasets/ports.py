"""What data sets need from outside."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from mainspring.capabilities.datasets.domain import Dataset, Item
from mainspring.kernel.scope import Scope


class Datasets(Protocol):
    """Data sets as one transaction sees them; fails closed."""

    async def add(self, dataset: Dataset) -> None:
        """Keep a new data set; ``ConflictError`` if its name is taken in the project."""
        ...

    async def get(self, dataset_id: str) -> Dataset | None:
        """Return the data set, if the scope sees it."""
        ...

    async def lock(self, dataset_id: str) -> Dataset | None:
        """Return the data set and hold up others who want to change it or its items."""
        ...

    async def of_project(
        self, project_id: str, *, after: str | None, limit: int
    ) -> Sequence[Dataset]:
        """Return up to ``limit`` data sets of the project, oldest first."""
        ...

    async def count_of(self, project_id: str) -> int:
        """Return how many data sets the project has; hold up others who ask this."""
        ...

    async def replace(self, dataset: Dataset) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def remove(self, dataset_id: str) -> None:
        """Remove the data set with its items."""
        ...

    async def last_position(self, dataset_id: str) -> int:
        """Return the last item's place, 0 if there is no item."""
        ...

    async def add_items(self, items: Sequence[Item]) -> None:
        """Keep new items."""
        ...

    async def item(self, item_id: str) -> Item | None:
        """Return the item, if the scope sees it."""
        ...

    async def items(
        self, dataset_id: str, *, version: int, after: int | None, limit: int
    ) -> Sequence[Item]:
        """Return up to ``limit`` items of a version by their places, behind the place ``after``."""
        ...

    async def archive_item(self, item_id: str, version: int) -> None:
        """Leave the item out of ``version`` and those that follow."""
        ...

    async def remove_item(self, item_id: str) -> None:
        """Remove the item from every version."""
        ...


class DatasetStore(Protocol):
    """Opens transactions; they commit when the block ends and roll back when it raises."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Datasets]:
        """Open one."""
        ...
