"""Records of calls: taken in, listed, summed, followed."""

import hashlib
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec

from mainspring.capabilities.metering.domain import (
    MAX_RANGE,
    USAGE_READ,
    MinuteQuality,
    Quality,
    Unreadable,
    UsageEntry,
    UsageFilter,
    UsageSummary,
    entry_of,
)
from mainspring.capabilities.metering.ports import (
    EntryRefusedError,
    Follower,
    KeyUse,
    Names,
    NoFollower,
    NoKeyUse,
    NoNames,
    UsageFeed,
    UsageStore,
)
from mainspring.capabilities.metering.service.narrowing import narrowed
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.authorize import authorize, reach
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import DatabaseUnavailableError, NotFoundError
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import id_time_ms
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.ranges import checked_range
from mainspring.kernel.scope import Scope
from mainspring.wire.decisions import AttemptNote, Candidate, Decision
from mainspring.wire.records import BatchReceipt, RecordBatch, UsageRecord

_log = logging.getLogger(__name__)
_SELF = Scope.platform("metering")
_DAYS_AHEAD = 7
_decoder = msgspec.msgpack.Decoder(UsageRecord)


class NamedEntry(msgspec.Struct, frozen=True):
    """An entry with what its key and upstream are called now, as far as they still exist."""

    entry: UsageEntry
    key_name: str | None
    upstream: str | None


class Explanation(msgspec.Struct, frozen=True):
    """How a call was routed; ``upstreams`` are names by id, as far as they still exist."""

    entry: UsageEntry
    decision: Decision
    upstreams: Mapping[str, str]


class MeteringService:
    """The ledger of calls."""

    def __init__(
        self,
        store: UsageStore,
        feed: UsageFeed,
        tenancy: TenancyService,
        clock: Clock,
        *,
        names: Names | None = None,
        key_use: KeyUse | None = None,
        follower: Follower | None = None,
        kept_days: int | None = None,
    ) -> None:
        self._store = store
        self._feed = feed
        self._tenancy = tenancy
        self._clock = clock
        self._names = names or NoNames()
        self._key_use = key_use or NoKeyUse()
        self._follower = follower or NoFollower()
        self._kept_days = kept_days

    async def ingest(self, batch: RecordBatch) -> BatchReceipt:
        """Put a gateway's batch into the ledger; once this returns, all of it is durable.

        A record that came before is counted as a duplicate and changes nothing. One that cannot
        be read (a newer gateway's, a damaged one) is kept aside as it came.

        Raises:
            DatabaseUnavailableError: if nothing was kept; send the batch again.
        """
        now = self._clock.now()
        entries: dict[str, tuple[UsageEntry, bytes]] = {}
        unreadable: list[Unreadable] = []
        for raw in batch.records:
            data = bytes(raw)
            try:
                entry = entry_of(_decoder.decode(data), now)
            except (msgspec.MsgspecError, ValueError) as error:
                unreadable.append(_unreadable(data, batch.gateway_id, now, error))
            else:
                entries.setdefault(entry.id, (entry, data))
        await self._store.ensure_days({entry.day for entry, _ in entries.values()})
        try:
            added, aside = await self._keep([entry for entry, _ in entries.values()], unreadable)
        except EntryRefusedError:
            added, aside = await self._keep_one_by_one(entries, unreadable, batch.gateway_id, now)
        if unreadable:
            _log.warning("%d records of %s were put aside", len(unreadable), batch.gateway_id)
        await self._note_use(added)
        await self._tell(added)
        accepted = len(added) + aside
        return BatchReceipt(accepted=accepted, duplicates=len(batch.records) - accepted)

    async def list_entries(
        self,
        scope: Scope,
        page: PageRequest,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
    ) -> Page[NamedEntry]:
        """Return calls, newest first; by default those of the last 24 hours.

        Raises:
            NotFoundError: if the caller sees no such organisation or project.
            InvalidRequestError: if the range or the cursor is not one.
        """
        before = decode_cursor(page.cursor, tuple[int, str])
        scope, which = await self._narrowed(scope, since, until, org_id, project_id)
        async with self._store.begin(scope) as ledger:
            found = await ledger.entries(which, before=before, limit=page.limit + 1)
        cut = page_of(found, page.limit, lambda entry: (unix_ms(entry.at), entry.id))
        return Page(await self._named(scope, cut.items), cut.next_cursor)

    async def read(
        self, which: UsageFilter, *, before: tuple[int, str] | None, limit: int
    ) -> Sequence[UsageEntry]:
        """Return calls, newest first; whoever asks has decided that their caller may know."""
        async with self._store.begin(_SELF) as ledger:
            return await ledger.entries(which, before=before, limit=limit)

    async def explain(self, scope: Scope, request_id: str) -> Explanation:
        """Return how a call was routed, with the names of what it could have gone to.

        Raises:
            NotFoundError: if the caller may see no such call; a call is there once its gateway has
                delivered its record.
            PermissionDeniedError: if the caller may not see usage where the call belongs.
        """
        try:
            days = _days_of(request_id)
        except (ValueError, OverflowError, OSError) as error:
            raise NotFoundError from error
        entry_id = _entry_id(request_id)
        async with self._store.begin(_SELF) as ledger:
            entry = await ledger.entry(days, entry_id)
        if entry is None or entry.request_id != request_id:
            raise NotFoundError
        scope = authorize(scope, USAGE_READ, org_id=entry.org_id, project_id=entry.project_id)
        # Read again as the caller: what they are shown, the database's own rules let them see.
        async with self._store.begin(scope) as ledger:
            entry = existing(await ledger.entry(days, entry_id))
        decision = entry.decision or _only_target(entry)
        ids = {each.upstream_id for note in decision.attempts for each in note.candidates}
        return Explanation(entry, decision, await self._names.upstream_names(ids))

    async def summary(
        self,
        scope: Scope,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        project_id: str | None = None,
    ) -> UsageSummary:
        """Return sums by model; by default over the last 24 hours.

        Raises:
            NotFoundError: if the caller sees no such organisation or project.
            InvalidRequestError: if the range is not one.
        """
        scope, which = await self._narrowed(scope, since, until, org_id, project_id)
        async with self._store.begin(scope) as ledger:
            return await ledger.summary(which)

    async def quality(self, which: Quality) -> Sequence[MinuteQuality]:
        """Return good and bad calls minute by minute, for the platform's own parts."""
        async with self._store.begin(_SELF) as ledger:
            return await ledger.quality(which)

    async def follow(self, scope: Scope) -> AsyncGenerator[NamedEntry]:
        """Yield the calls that arrive from now on, of those organisations the caller may see."""
        visible = reach(scope, USAGE_READ)
        with self._feed.follow() as arriving:
            async for entry in arriving:
                if visible is None or entry.org_id in visible:
                    try:
                        [named] = await self._named(_SELF, [entry])
                    except DatabaseUnavailableError:
                        named = NamedEntry(entry, None, None)
                    yield named

    async def prepare_days(self) -> None:
        """Make room for today and the days ahead. For housekeeping."""
        today = self._clock.now().date()
        await self._store.ensure_days(
            {today + timedelta(days=offset) for offset in range(-1, _DAYS_AHEAD + 1)}
        )

    async def drop_old(self) -> None:
        """Drop the days that are over by the retention, if there is one. For housekeeping."""
        if self._kept_days is None:
            return
        today = self._clock.now().date()
        dropped = await self._store.drop_before(today - timedelta(days=self._kept_days))
        if dropped:
            _log.info("%d days of the ledger are over", dropped)

    async def _narrowed(
        self,
        scope: Scope,
        since: datetime | None,
        until: datetime | None,
        org_id: str | None,
        project_id: str | None,
    ) -> tuple[Scope, UsageFilter]:
        start, end = checked_range(since, until, self._clock.now(), longest=MAX_RANGE)
        scope, seen = await narrowed(self._tenancy, scope, org_id, project_id)
        return scope, UsageFilter(since=start, until=end, org_id=seen, project_id=project_id)

    async def _named(self, scope: Scope, entries: Sequence[UsageEntry]) -> list[NamedEntry]:
        key_ids = {entry.key_id for entry in entries if entry.key_id is not None}
        upstream_ids = {entry.upstream_id for entry in entries if entry.upstream_id is not None}
        keys = await self._names.key_names(scope, key_ids)
        upstreams = await self._names.upstream_names(upstream_ids)
        return [
            NamedEntry(entry, keys.get(entry.key_id or ""), upstreams.get(entry.upstream_id or ""))
            for entry in entries
        ]

    async def _keep(
        self, entries: Sequence[UsageEntry], unreadable: Sequence[Unreadable]
    ) -> tuple[list[UsageEntry], int]:
        async with self._store.begin(_SELF) as ledger:
            added = await ledger.add(entries)
            aside = await ledger.add_unreadable(unreadable)
            await ledger.announce(added)
        return added, aside

    async def _keep_one_by_one(
        self,
        entries: dict[str, tuple[UsageEntry, bytes]],
        unreadable: list[Unreadable],
        gateway_id: str,
        now: datetime,
    ) -> tuple[list[UsageEntry], int]:
        added: list[UsageEntry] = []
        for entry, data in entries.values():
            try:
                more, _ = await self._keep([entry], [])
            except EntryRefusedError as error:
                unreadable.append(_unreadable(data, gateway_id, now, error))
            else:
                added += more
        _, aside = await self._keep([], unreadable)
        return added, aside

    async def find(self, request_id: str) -> UsageEntry | None:
        """Return the entry of a request, for the platform's own parts."""
        try:
            days = _days_of(request_id)
        except (ValueError, OverflowError, OSError):
            return None
        async with self._store.begin(_SELF) as ledger:
            return await ledger.entry(days, _entry_id(request_id))

    async def _tell(self, added: Sequence[UsageEntry]) -> None:
        try:
            await self._follower.added(added)
        except DatabaseUnavailableError:
            _log.warning("%d new entries were not followed", len(added))

    async def _note_use(self, added: Sequence[UsageEntry]) -> None:
        last_used: dict[str, datetime] = {}
        for entry in added:
            if entry.key_id is not None:
                last_used[entry.key_id] = max(entry.at, last_used.get(entry.key_id, entry.at))
        try:
            await self._key_use.note_use(last_used)
        except DatabaseUnavailableError:
            _log.warning("the last use of %d keys was not noted", len(last_used))


def _days_of(request_id: str) -> set[date]:
    made_at = datetime.fromtimestamp(id_time_ms(request_id) / 1000, UTC)
    # A gateway makes the id when the request has arrived; around midnight days may differ.
    return {(made_at + timedelta(minutes=minutes)).date() for minutes in (-60, 0, 1)}


def _entry_id(request_id: str) -> str:
    return "use_" + request_id.rpartition("_")[2]


def _only_target(entry: UsageEntry) -> Decision:
    """Return the decision of a call that had one target, which its record need not repeat."""
    if entry.upstream_id is None or entry.upstream_model is None:
        return Decision()
    note = AttemptNote(
        model=entry.model,
        track=entry.track,
        candidates=(Candidate(entry.upstream_id, entry.upstream_model),),
        chosen=0,
        result=entry.outcome,
        duration_ms=entry.duration_ms,
    )
    return Decision((note,))


def unix_ms(moment: datetime) -> int:
    """Return the Unix milliseconds of ``moment``, which has whole ones."""
    return round(moment.timestamp() * 1000)


def _unreadable(
    data: bytes, gateway_id: str, received_at: datetime, error: Exception
) -> Unreadable:
    return Unreadable(
        digest=hashlib.sha256(data).digest(),
        gateway_id=gateway_id.replace("\x00", ""),
        received_at=received_at,
        reason=str(error).replace("\x00", "")[:500],
        data=data,
    )
