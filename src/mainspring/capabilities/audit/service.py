"""The use cases of audit."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from mainspring.capabilities.audit.domain import (
    AUDIT_EXPORT,
    AUDIT_READ,
    MAX_FAULTS,
    Anchor,
    ChainCheck,
    Event,
    EventFilter,
    Fault,
    Link,
    Verification,
    checked_range,
)
from mainspring.capabilities.audit.ports import AnchorFile, NoAnchors, TrailStore
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize, authorize_somewhere
from mainspring.kernel.clock import Clock
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_log = logging.getLogger(__name__)
_SELF = Scope.platform("audit")
_PAGE = 1000


class AuditService:
    """The audit trail. ``anchors`` is where ends of chains are noted beside the database.

    Whole months are dropped that ended more than ``kept_months`` ago (``None``: never).
    """

    def __init__(
        self,
        store: TrailStore,
        clock: Clock,
        *,
        anchors: AnchorFile | None = None,
        kept_months: int | None = None,
    ) -> None:
        self._store = store
        self.clock = clock
        self._anchors = anchors or NoAnchors()
        self._kept_months = kept_months

    async def note(
        self,
        scope: Scope,
        *,
        action: str,
        object_kind: str,
        object_id: str | None = None,
        org_id: str = PLATFORM_ORG,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Tell of something that changes no row, in the name of ``scope``'s actor."""
        async with self._store.begin(scope.across_tenants()) as trail:
            await trail.append(
                org_id,
                action=action,
                object_kind=object_kind,
                object_id=object_id,
                details=details,
            )

    async def search(
        self,
        scope: Scope,
        page: PageRequest,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        actor_id: str | None = None,
        action: str | None = None,
        object_id: str | None = None,
        request_id: str | None = None,
    ) -> Page[Event]:
        """Return events, newest first; without ``org_id`` those of all that the caller may see.

        Raises:
            InvalidRequestError: if the range or the cursor is not acceptable.
            NotFoundError, PermissionDeniedError: if the caller may not see that organisation's.
        """
        before = decode_cursor(page.cursor, tuple[str, str, int])
        scope, chain = _narrowed(scope, AUDIT_READ, org_id)
        start, end = checked_range(since, until, self.clock.now())
        which = EventFilter(
            since=start,
            until=end,
            org_id=chain,
            actor_id=actor_id,
            action=action,
            object_id=object_id,
            request_id=request_id,
        )
        async with self._store.begin(scope) as trail:
            found = await trail.events(which, before=before, limit=page.limit + 1)
        return page_of(found, page.limit, _key)

    async def export(
        self,
        scope: Scope,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        org_id: str | None = None,
        actor_id: str | None = None,
        action: str | None = None,
        object_id: str | None = None,
        request_id: str | None = None,
    ) -> AsyncGenerator[list[Event]]:
        """Return an iterator over the events that ``search`` would find, newest first.

        The export is told too, and what it was narrowed by.

        Raises:
            InvalidRequestError: if the range is not acceptable.
            NotFoundError, PermissionDeniedError: if the caller may not export that organisation's.
        """
        within, chain = _narrowed(scope, AUDIT_EXPORT, org_id)
        start, end = checked_range(since, until, self.clock.now())
        narrowed_by = {
            "actor_id": actor_id,
            "action": action,
            "object_id": object_id,
            "request_id": request_id,
        }
        await self.note(
            scope,
            action="audit.export",
            object_kind="audit",
            org_id=chain or PLATFORM_ORG,
            details={
                "since": start.isoformat(),
                "until": end.isoformat(),
                **{name: value for name, value in narrowed_by.items() if value is not None},
            },
        )
        which = EventFilter(since=start, until=end, org_id=chain, **narrowed_by)
        return self._pages(within, which)

    async def verify(
        self,
        scope: Scope,
        *,
        org_id: str | None = None,
        anchors: Iterable[Anchor] = (),
    ) -> Verification:
        """Check every link of a chain, or of all; ``anchors`` are what the caller noted.

        Raises:
            NotFoundError, PermissionDeniedError: if the caller may not see that organisation's.
        """
        scope, chain = _narrowed(scope, AUDIT_READ, org_id)
        # Read before the links, the heads are anchors like others: a chain may grow meanwhile.
        async with self._store.begin(scope) as trail:
            heads = {head.org_id: head for head in await trail.chains()}
            cuts = {cut.org_id: cut for cut in await trail.cuts()}
        noted = [*await asyncio.to_thread(self._anchors.read), *anchors, *heads.values()]
        wanted = heads.keys() | {each.org_id for each in noted}
        if chain is not None:
            wanted &= {chain}
        events = 0
        faults: list[Fault] = []
        for name in sorted(wanted):
            check = await self._checked(scope, name, noted, cuts.get(name))
            check.finish()
            events += check.events
            faults += check.faults
        return Verification(
            events=events,
            chains=len(wanted),
            faults=tuple(faults[:MAX_FAULTS]),
            anchors=tuple(heads[name] for name in sorted(wanted & heads.keys())),
            cuts=tuple(cuts[name] for name in sorted(wanted & cuts.keys())),
        )

    async def note_anchors(self) -> None:
        """Note the ends of all chains outside of the database. For housekeeping."""
        async with self._store.begin(_SELF) as trail:
            heads = await trail.chains()
        await asyncio.to_thread(self._anchors.write, heads)

    async def prepare_months(self) -> None:
        """Make room for this month's and the next one's events. For starts and housekeeping."""
        today = self.clock.now().date()
        following = date(today.year + today.month // 12, today.month % 12 + 1, 1)
        await self._store.ensure_months([today.replace(day=1), following])

    async def drop_old(self) -> None:
        """Drop the months that are over by the retention, if there is one. For housekeeping."""
        if self._kept_months is None:
            return
        today = self.clock.now().date()
        months = today.year * 12 + today.month - 1 - self._kept_months
        dropped = await self._store.drop_before(date(months // 12, months % 12 + 1, 1))
        if dropped:
            _log.warning("%d months of the audit trail were dropped by its retention", dropped)

    async def _checked(
        self, scope: Scope, org_id: str, noted: list[Anchor], cut: Anchor | None
    ) -> ChainCheck:
        check = ChainCheck(org_id, noted, cut)
        while True:
            async with self._store.begin(scope) as trail:
                links = await trail.links(org_id, after=check.seq, limit=_PAGE)
            if not links:
                return check
            # In a thread: hashing holds up nobody else's call.
            await asyncio.to_thread(_take_all, check, links)

    async def _pages(self, scope: Scope, which: EventFilter) -> AsyncGenerator[list[Event]]:
        before: tuple[str, str, int] | None = None
        while True:
            async with self._store.begin(scope) as trail:
                found = await trail.events(which, before=before, limit=_PAGE)
            if found:
                yield list(found)
            if len(found) < _PAGE:
                return
            before = _key(found[-1])


def _narrowed(scope: Scope, permission: Permission, org_id: str | None) -> tuple[Scope, str | None]:
    if org_id is not None:
        return authorize(scope, permission, org_id=org_id), org_id
    scope = authorize_somewhere(scope, permission, org_id=None)
    return scope, None if scope.crosses_tenants else scope.org_id


def _take_all(check: ChainCheck, links: Sequence[Link]) -> None:
    for link in links:
        check.take(link)


def _key(event: Event) -> tuple[str, str, int]:
    return event.at.isoformat(), event.org_id, event.seq
