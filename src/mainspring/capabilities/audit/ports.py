"""What audit needs from outside."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Any, Protocol

from mainspring.capabilities.audit.domain import Anchor, Event, EventFilter, Link
from mainspring.kernel.scope import Scope


class Trail(Protocol):
    """The audit trail as one transaction sees it; fails closed. Nothing here changes an event."""

    async def append(
        self,
        chain: str,
        *,
        action: str,
        object_kind: str,
        object_id: str | None,
        details: Mapping[str, Any] | None,
    ) -> None:
        """Tell of something that changes no row, in the name of the transaction's actor."""
        ...

    async def events(
        self, which: EventFilter, *, before: tuple[str, str, int] | None, limit: int
    ) -> Sequence[Event]:
        """Return up to ``limit`` events, newest first; ``before`` is (time, chain, number)."""
        ...

    async def chains(self) -> Sequence[Anchor]:
        """Return the end of every chain that the scope sees."""
        ...

    async def cuts(self) -> Sequence[Anchor]:
        """Return the last event that was dropped of each chain, as far as the scope sees it."""
        ...

    async def links(self, org_id: str, *, after: int, limit: int) -> Sequence[Link]:
        """Return up to ``limit`` events of a chain behind number ``after``, as they are hashed."""
        ...


class TrailStore(Protocol):
    """Opens transactions, and makes room."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Trail]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...

    async def ensure_months(self, months: Sequence[date]) -> None:
        """Make the partitions that are missing."""
        ...

    async def drop_before(self, month: date) -> int:
        """Drop the months before ``month``, noting and telling where chains begin since."""
        ...


class AnchorFile(Protocol):
    """Where the ends of chains are noted, outside of the database.

    Fails open: without anchors a chain is still checked link by link, and a cut end is found by
    whoever noted an anchor elsewhere.
    """

    def read(self) -> Sequence[Anchor]:
        """Return what was noted last."""
        ...

    def write(self, anchors: Sequence[Anchor]) -> None:
        """Note these; chains that are not among them keep what was noted before."""
        ...


class NoAnchors:
    """Notes nothing."""

    def read(self) -> Sequence[Anchor]:
        """Return nothing."""
        return ()

    def write(self, anchors: Sequence[Anchor]) -> None:
        """Do nothing."""
