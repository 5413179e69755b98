"""What metering needs from outside."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import date, datetime
from typing import Protocol

from mainspring.capabilities.metering.domain import (
    Agreement,
    CostQuery,
    Count,
    GpuCharge,
    GpuPrice,
    MinuteQuality,
    Part,
    Quality,
    Reconciliation,
    Unreadable,
    UsageEntry,
    UsageFilter,
    UsageSummary,
    Use,
)
from mainspring.capabilities.metering.domain.idle import (
    HeldKey,
    HeldModel,
    HeldUpstream,
    IdleHours,
)
from mainspring.kernel.scope import Scope


class UsageRepository(Protocol):
    """The ledger as one transaction sees it; fails closed."""

    async def add(self, entries: Sequence[UsageEntry]) -> list[UsageEntry]:
        """Keep the entries; return those that were not there yet.

        ``EntryRefusedError`` if the database cannot hold one of them.
        """
        ...

    async def add_unreadable(self, records: Sequence[Unreadable]) -> int:
        """Keep the records as they came; return how many were not there yet."""
        ...

    async def announce(self, entries: Sequence[UsageEntry]) -> None:
        """Tell whoever follows the ledger, once this transaction commits."""
        ...

    async def entries(
        self, which: UsageFilter, *, before: tuple[int, str] | None, limit: int
    ) -> Sequence[UsageEntry]:
        """Return up to ``limit`` entries, newest first; ``before`` is (Unix ms, id)."""
        ...

    async def entry(self, days: Collection[date], entry_id: str) -> UsageEntry | None:
        """Return the entry of that id, of one of those days, if the scope sees it."""
        ...

    async def quality(self, which: Quality) -> Sequence[MinuteQuality]:
        """Return the sums of each minute that had calls, oldest first."""
        ...

    async def summary(self, which: UsageFilter) -> UsageSummary:
        """Return the sums by model."""
        ...

    async def costs(self, query: CostQuery, *, limit: int) -> Sequence[Part]:
        """Return the sums that ``query`` asks for, by currency, up to ``limit`` of them.

        Where it asks for regions, the groups have ``upstream_id`` instead.
        """
        ...


class UsageStore(Protocol):
    """Opens transactions, and makes room for days."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[UsageRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...

    async def ensure_days(self, days: Collection[date]) -> None:
        """Make sure that entries of those days can be kept."""
        ...

    async def drop_before(self, day: date) -> int:
        """Drop the days before ``day``; return how many."""
        ...


class TallyRepository(Protocol):
    """What gateways counted, as one transaction sees it; fails closed.

    A gateway tells again what was not kept.
    """

    async def put(self, tallies: Sequence[Reconciliation]) -> None:
        """Keep what gateways counted; what has grown is to be compared anew."""
        ...

    async def note_delivered(self, gateway_id: str, *, other_than: str) -> None:
        """Note that nothing of a gateway's processes but that one waits any more."""
        ...

    async def unsettled(
        self, *, since: datetime, before: datetime, limit: int
    ) -> Sequence[Reconciliation]:
        """Return what began in ``since <= … < before`` and does not match, oldest first."""
        ...

    async def booked(
        self, hours: Sequence[Reconciliation]
    ) -> Mapping[tuple[str, str, datetime], Mapping[str, Count]]:
        """Return what the ledger has of those windows, by gateway, epoch and beginning."""
        ...

    async def settle(self, hour: Reconciliation) -> None:
        """Write how a window stands, unless it has grown meanwhile."""
        ...

    async def hours(
        self,
        *,
        since: datetime,
        until: datetime,
        state: Agreement | None,
        gateway_id: str | None,
        before: tuple[datetime, str, str] | None,
        limit: int,
    ) -> Sequence[Reconciliation]:
        """Return windows that began in that range, newest first."""
        ...

    async def drop_before(self, moment: datetime) -> None:
        """Forget what began before then."""
        ...


class TallyStore(Protocol):
    """Opens transactions over what gateways counted."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[TallyRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...


class GpuRepository(Protocol):
    """Prices of GPU hours and booked shares, as one transaction sees them; fails closed."""

    async def hold(self) -> None:
        """Have others who change prices or book wait until this transaction ends."""
        ...

    async def prices(self) -> Sequence[GpuPrice]:
        """Return every price, oldest first."""
        ...

    async def add(self, price: GpuPrice) -> None:
        """Keep a new price."""
        ...

    async def replace(self, price: GpuPrice) -> None:
        """Write the next revision."""
        ...

    async def remove(self, price_id: str) -> None:
        """Remove a price; what was booked by it stays."""
        ...

    async def uses(self, hour: datetime, upstream_ids: Sequence[str]) -> Sequence[Use]:
        """Return what calls that arrived in that hour used on those upstreams, by caller."""
        ...

    async def charges(self, hour: datetime) -> Sequence[GpuCharge]:
        """Return all that was booked of that hour, oldest first."""
        ...

    async def book(self, entries: Sequence[GpuCharge]) -> None:
        """Add to what was booked."""
        ...

    async def idle(self, *, since: datetime, until: datetime) -> Sequence[IdleHours]:
        """Return what hours that nobody used cost, as far as the scope sees it."""
        ...


class GpuStore(Protocol):
    """Opens transactions over prices of GPU hours and their shares."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[GpuRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...


class Inventory(Protocol):
    """What there is that could be used; fails closed."""

    async def models(self) -> Sequence[HeldModel]:
        """Return every model that is in service."""
        ...

    async def upstreams(self) -> Sequence[HeldUpstream]:
        """Return every upstream."""
        ...

    async def unused_keys(
        self, scope: Scope, *, since: datetime, org_id: str | None, limit: int
    ) -> Sequence[HeldKey]:
        """Return keys, older than ``since``, not ended and not used since, oldest first.

        Those that the scope sees, of one organisation or of all.
        """
        ...


class DriftTelling(Protocol):
    """Hears of hours that drifted; fails closed: the comparison is done again then."""

    async def tell(self, drifted: Sequence[Reconciliation]) -> None:
        """Take all that have drifted now; what was told before and is not here is over."""
        ...


class TellNobodyOfDrift:
    """Tells nobody."""

    async def tell(self, drifted: Sequence[Reconciliation]) -> None:
        """Do nothing."""


class EntryRefusedError(ValueError):
    """The database cannot hold an entry; the transaction is lost."""


class UsageFeed(Protocol):
    """Follows the ledger.

    Fails open: it is for display. While the database is away nothing comes, and whoever reads
    too slowly misses the oldest.
    """

    def follow(self) -> AbstractContextManager[AsyncIterator[UsageEntry]]:
        """Return the entries that arrive from now on, of every organisation, until closed."""
        ...


class Names(Protocol):
    """What things in records are called; fails open: a name that is missing is null."""

    async def organization_names(self, scope: Scope, org_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those organisations that the scope sees, by id."""
        ...

    async def project_names(self, scope: Scope, project_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those projects that the scope sees, by id."""
        ...

    async def key_names(self, scope: Scope, key_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those keys that the scope sees, by id."""
        ...

    async def upstream_names(self, upstream_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of upstreams, by id."""
        ...

    async def upstream_regions(self, upstream_ids: Iterable[str]) -> Mapping[str, str | None]:
        """Return the regions that upstreams are in, by id."""
        ...


class NoNames:
    """Knows no names."""

    async def organization_names(self, scope: Scope, org_ids: Iterable[str]) -> Mapping[str, str]:
        """Return nothing."""
        del scope, org_ids
        return {}

    async def project_names(self, scope: Scope, project_ids: Iterable[str]) -> Mapping[str, str]:
        """Return nothing."""
        del scope, project_ids
        return {}

    async def key_names(self, scope: Scope, key_ids: Iterable[str]) -> Mapping[str, str]:
        """Return nothing."""
        del scope, key_ids
        return {}

    async def upstream_names(self, upstream_ids: Iterable[str]) -> Mapping[str, str]:
        """Return nothing."""
        del upstream_ids
        return {}

    async def upstream_regions(self, upstream_ids: Iterable[str]) -> Mapping[str, str | None]:
        """Return nothing."""
        del upstream_ids
        return {}


class Follower(Protocol):
    """Hears of what is new in the ledger; fails open: what it misses it does without."""

    async def added(self, entries: Sequence[UsageEntry]) -> None:
        """Take note of entries that are durable now."""
        ...


class NoFollower:
    """Takes no note."""

    async def added(self, entries: Sequence[UsageEntry]) -> None:
        """Do nothing."""


class KeyUse(Protocol):
    """Hears when keys were last used; fails open: it is for display."""

    async def note_use(self, last_used: Mapping[str, datetime]) -> None:
        """Take note."""
        ...


class NoKeyUse:
    """Takes no note."""

    async def note_use(self, last_used: Mapping[str, datetime]) -> None:
        """Do nothing."""
