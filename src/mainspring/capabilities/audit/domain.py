"""Events of the audit trail, and what makes a chain of them trustworthy.

A chain belongs to an organisation, or to the platform. Each event is hashed together with the hash
of the event before it, so a changed or a missing event breaks the chain behind it. A chain that
was cut at its end looks whole; that is what anchors are for: the number and hash of an event,
noted outside of the database.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from mainspring.kernel.access import Permission
from mainspring.kernel.errors import InvalidRequestError

AUDIT_READ = Permission("audit:read", "Search and verify the audit trail.")
AUDIT_EXPORT = Permission("audit:export", "Export the audit trail.")

PERMISSIONS = (AUDIT_READ, AUDIT_EXPORT)
"""Every permission of this capability."""

DEFAULT_RANGE: Final = timedelta(days=30)
LONGEST_RANGE: Final = timedelta(days=3660)
MAX_FAULTS: Final = 100
"""One broken chain has as many faults as events; nobody reads all of them."""


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done, and its place in the chain of ``org_id``.

    ``before`` and ``after`` hold what changed, secrets left out. ``policy_version`` is the version
    of the configuration that held then, as gateways know it; what the event itself changed holds
    from a later one. ``None`` stands in events from before this was told.
    """

    org_id: str
    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    on_behalf_of: str | None = None
    request_id: str | None = None
    policy_version: int | None = None
    action: str
    object_kind: str
    object_id: str | None = None
    project_id: str | None = None
    before: Any = None
    after: Any = None
    hash: bytes = b""


class Link(msgspec.Struct, frozen=True):
    """An event as it is hashed: ``content`` is the very text."""

    org_id: str
    seq: int
    at: datetime
    content: str
    previous: bytes
    hash: bytes


class Anchor(msgspec.Struct, frozen=True):
    """The number and the hash of a chain's event, noted where the database does not reach."""

    org_id: str
    seq: int
    hash: bytes


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a chain, and at which event.

    ``altered``: it does not say what was hashed. ``missing``: events before it are gone.
    ``truncated``: the end is gone. ``replaced``: it is another one than was anchored.
    """

    org_id: str
    seq: int
    kind: str
    detail: str


class Verification(msgspec.Struct, frozen=True):
    """What a check of chains found; ``anchors`` are their present ends, to be noted elsewhere.

    ``cuts`` are the last events that retention dropped: the chains begin behind them.
    """

    events: int
    chains: int
    faults: tuple[Fault, ...]
    anchors: tuple[Anchor, ...]
    cuts: tuple[Anchor, ...] = ()


class EventFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which events are wanted: ``since`` inclusive, ``until`` exclusive."""

    since: datetime
    until: datetime
    org_id: str | None = None
    actor_id: str | None = None
    action: str | None = None
    object_id: str | None = None
    request_id: str | None = None


class ChainCheck:
    """Checks one chain, event by event in the order of their numbers.

    Behind a ``cut`` the first event has to follow what was dropped, and an event of the chain has
    to tell of the cut: a beginning that nothing vouches for is a fault.
    """

    def __init__(
        self, org_id: str, anchors: Iterable[Anchor] = (), cut: Anchor | None = None
    ) -> None:
        self.org_id = org_id
        self.seq: int = 0
        self.events: int = 0
        self.hash = hashlib.sha256(f"mainspring audit {org_id}".encode()).digest()
        self.faults: list[Fault] = []
        self._anchors: dict[int, set[bytes]] = {}
        for anchor in anchors:
            if anchor.org_id == org_id:
                self._anchors.setdefault(anchor.seq, set()).add(anchor.hash)
        if self._anchors.pop(0, {self.hash}) != {self.hash}:
            self._fault(0, "replaced", "the anchor is not one of this chain")
        self._cut = cut
        self._vouched = cut is None
        if cut is not None:
            self.seq, self.hash = cut.seq, cut.hash
            if self._anchors.get(cut.seq, {cut.hash}) != {cut.hash}:
                self._fault(cut.seq, "replaced", "it is another event than was anchored")
            # Of what lies before the cut nothing can be said any more.
            self._anchors = {seq: told for seq, told in self._anchors.items() if seq > cut.seq}

    def take(self, link: Link) -> None:
        """Check the next event."""
        if link.seq != self.seq + 1:
            self._fault(link.seq, "missing", f"events {self.seq + 1} to {link.seq - 1} are gone")
        elif link.previous != self.hash:
            self._fault(link.seq, "altered", "it does not follow the event before it")
        told = hashlib.sha256(link.previous + link.content.encode()).digest()
        if told != link.hash:
            self._fault(link.seq, "altered", "its content is not what was hashed")
        elif not _says_its_place(link):
            self._fault(link.seq, "altered", "its row says another place than its content")
        if self._anchors.pop(link.seq, {link.hash}) != {link.hash}:
            self._fault(link.seq, "replaced", "it is another event than was anchored")
        if not self._vouched and self._cut is not None:
            self._vouched = _tells_of(link, self._cut)
        self.events += 1
        self.seq, self.hash = link.seq, link.hash

    def finish(self) -> None:
        """Compare the end of the chain with the anchors that lie behind it."""
        if not self._vouched and self._cut is not None:
            self._fault(self._cut.seq, "missing", "nothing tells of the drop of what was before")
        for seq in sorted(seq for seq in self._anchors if seq > self.seq):
            self._fault(seq, "truncated", f"event {seq} was there; the chain ends at {self.seq}")

    def _fault(self, seq: int, kind: str, detail: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(self.org_id, seq, kind, detail))


def checked_range(
    since: datetime | None, until: datetime | None, now: datetime
) -> tuple[datetime, datetime]:
    """Return the range that is asked for; by default the last thirty days.

    Raises:
        InvalidRequestError: if it is empty or too long.
    """
    end = until or now + timedelta(days=1)  # nothing is told ahead of time, clocks differ
    start = since or end - DEFAULT_RANGE
    if not start < end:
        raise InvalidRequestError("the range is empty", param="since")
    if end - start > LONGEST_RANGE:
        raise InvalidRequestError(f"a range has at most {LONGEST_RANGE.days} days", param="since")
    return start, end


class _Place(msgspec.Struct):
    org_id: str
    seq: int
    at: datetime


def _says_its_place(link: Link) -> bool:
    try:
        place = msgspec.json.decode(link.content, type=_Place)
    except msgspec.MsgspecError:
        return False
    return (place.org_id, place.seq, place.at) == (link.org_id, link.seq, link.at)


class _Dropped(msgspec.Struct):
    last_seq: int = 0
    last_hash: str = ""


class _Drop(msgspec.Struct):
    action: str
    after: _Dropped | None = None


def _tells_of(link: Link, cut: Anchor) -> bool:
    """Tell whether an event says that all up to ``cut`` was dropped."""
    if '"audit.drop"' not in link.content:
        return False
    try:
        told = msgspec.json.decode(link.content, type=_Drop)
    except msgspec.MsgspecError:
        return False
    dropped = told.after
    return (
        told.action == "audit.drop"
        and dropped is not None
        and (dropped.last_seq, dropped.last_hash) == (cut.seq, cut.hash.hex())
    )
