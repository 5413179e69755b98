"""What batches need from outside."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from mainspring.capabilities.batches.domain import Batch, Item
from mainspring.kernel.scope import Scope


class BatchRepository(Protocol):
    """Batches as one transaction sees them; fails closed."""

    async def add(self, batch: Batch) -> Batch:
        """Keep a new batch and start its run, both or neither; return it with the run's id."""
        ...

    async def find(self, batch_id: str, *, lock: bool = False) -> Batch | None:
        """Return the batch; with ``lock`` nobody else changes it until this transaction ends."""
        ...

    async def list(self, project_id: str, *, after: str | None, limit: int) -> Sequence[Batch]:
        """Return up to ``limit`` batches of the project, newest first."""
        ...

    async def replace(self, batch: Batch) -> None:
        """Write the batch anew."""
        ...

    async def add_items(self, items: Sequence[Item]) -> Sequence[str]:
        """Keep those items that are not there yet; return custom ids that another line has."""
        ...

    async def items(
        self, batch_id: str, first: int, last: int, *, unfinished: bool = False
    ) -> Sequence[Item]:
        """Return the items of lines ``first`` to ``last``, in order."""
        ...

    async def begin_item(self, item: Item) -> None:
        """Note under which request id an item is about to be sent, and when."""
        ...

    async def finish_item(self, item: Item) -> bool:
        """Keep an item's result, once, and count it; tell whether this was the first."""
        ...

    async def remove_items(self, batch_id: str) -> None:
        """Remove every item of the batch."""
        ...

    async def overdue(self, before: datetime) -> Sequence[Batch]:
        """Return batches that are not final and expired before that moment."""
        ...

    async def remove_of_organization(self, org_id: str) -> None:
        """Remove every batch of an organisation."""
        ...


class BatchStore(Protocol):
    """Opens transactions; they see and write what the scope may."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[BatchRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...


class Answered(msgspec.Struct, frozen=True):
    """How the gateway answered; ``retry_after_s`` where it says when to come again."""

    status: int
    body: bytes
    retry_after_s: float | None = None


class NotAnsweredError(Exception):
    """There was no complete answer; unless ``made`` is false, the call may have been made."""

    def __init__(self, detail: str, *, made: bool) -> None:
        super().__init__(detail)
        self.made = made


class Calls(Protocol):
    """Makes calls through the gateway, on the account of a batch's key."""

    def open(self) -> "AbstractAsyncContextManager[Calls]":
        """Hold connections for the length of a block."""
        ...

    async def call(self, batch: Batch, request_id: str, body: bytes) -> Answered:
        """Make one call under ``request_id``.

        Raises:
            NotAnsweredError: if there was no complete answer.
        """
        ...
