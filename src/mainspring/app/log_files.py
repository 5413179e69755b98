"""What the logs on this machine say of a request, a trace, a part: newest first.

Two families of files lie in the directory of logs: what all parts say (``mainspring.log``) and,
where the gateways write there, their access logs (``access.log``, ``access-2.log``, …), each with
its older ones (``.1``, ``.2``, …). Files are read from their ends, so what is recent is found at
once, and a piece of a file in which the wanted id does not occur is not even cut into lines.
"""

import heapq
import itertools
import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import msgspec

ACCESS_LOG: Final = "access"
PLATFORM_LOG: Final = "mainspring"
LEVELS: Final = ("debug", "info", "warning", "error", "critical")
MAX_LOOKED_AT: Final = 200_000
"""Lines that one search reads; beyond them it ends and says until when it got."""
PIECE_BYTES: Final = 256 * 1024
_OWN: Final = frozenset(
    {"at", "level", "source", "logger", "message", "request_id", "trace_id", "exception"}
)


class LogQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for; all that is given must hold.

    ``sources`` are parts (``gateway``, ``control``, …; an access log's is ``gateway``). ``level``
    is the least one. ``text`` is looked for in messages, whatever its case. ``since`` is inclusive,
    ``until`` is not.
    """

    request_id: str | None = None
    trace_id: str | None = None
    sources: tuple[str, ...] = ()
    level: str = LEVELS[0]
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None


class LogEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One line. ``at`` is ISO time in UTC, ``facts`` whatever else the line tells."""

    at: str
    level: str
    source: str
    logger: str
    message: str
    request_id: str | None = None
    trace_id: str | None = None
    exception: str | None = None
    facts: dict[str, Any] = {}


class Place(msgspec.Struct, frozen=True, array_like=True):
    """Where a search goes on: before byte ``offset`` of the file of that ``inode``, whatever its
    name is by then. ``family`` is the name of the newest file of its kind.
    """

    family: str
    inode: int
    offset: int


class LogPage(msgspec.Struct, frozen=True):
    """What was found, newest first; ``places`` is ``None`` where there is no more.

    ``looked_until`` is the time of the oldest line that was read, where the search gave up before
    the files ended. ``kept_here`` says whether this machine keeps logs at all.
    """

    entries: list[LogEntry]
    places: list[Place] | None
    looked_until: str | None
    kept_here: bool


class _Found(NamedTuple):
    entry: LogEntry
    place: Place


class LogSearch:
    """One search through the files of ``directory``."""

    def __init__(self, directory: Path, query: LogQuery) -> None:
        self._directory = directory
        self._query = query
        self._needles = [needle.encode() for needle in (query.request_id, query.trace_id) if needle]
        self._since = "" if query.since is None else _written(query.since)
        self._until = "~" if query.until is None else _written(query.until)
        self._left = MAX_LOOKED_AT
        self._looked_until: str | None = None

    def page(self, limit: int, after: Sequence[Place] = ()) -> LogPage:
        """Return up to ``limit`` entries; ``after`` is where the page before ended."""
        started = {place.family: place for place in after}
        families = _families(self._directory)
        streams = [self._of(family, started.get(family.name)) for family in families]
        reached = dict(started)
        entries: list[LogEntry] = []
        for found in heapq.merge(*streams, key=_moment, reverse=True):
            if len(entries) == limit:
                places = list(reached.values())
                return LogPage(entries, places, self._looked_until, kept_here=True)
            entries.append(found.entry)
            reached[found.place.family] = found.place
        kept_here = self._directory.is_dir()
        return LogPage(entries, None, self._looked_until, kept_here=kept_here)

    def _of(self, newest: Path, start: Place | None) -> Iterator[_Found]:
        """Go through one family of files, from its end or from ``start``."""
        last_at = ""
        for file in _generations(newest):
            with file:
                inode = os.fstat(file.fileno()).st_ino
                end = None
                if start is not None:
                    if inode != start.inode:
                        continue  # newer than where the page before ended
                    end, start = start.offset, None
                for offset, line in _backwards(file, end, self._needles):
                    entry = _read(line, "gateway" if newest.stem != PLATFORM_LOG else "", last_at)
                    last_at = entry.at
                    if entry.at < self._since:
                        return
                    if not self._left:
                        self._looked_until = max(entry.at, self._looked_until or "")
                        return
                    self._left -= 1
                    if self._wanted(entry):
                        yield _Found(entry, Place(newest.name, inode, offset))

    def _wanted(self, entry: LogEntry) -> bool:
        query = self._query
        return (
            (query.request_id is None or query.request_id == entry.request_id)
            and (query.trace_id is None or query.trace_id == entry.trace_id)
            and (not query.sources or entry.source in query.sources)
            and _rank(entry.level) >= _rank(query.level)
            and query.text.casefold() in entry.message.casefold()
            and entry.at < self._until
        )


def _generations(newest: Path) -> Iterator[BinaryIO]:
    """Open a file and its older ones, one after the other."""
    for number in itertools.count():
        path = newest if not number else newest.with_name(f"{newest.name}.{number}")
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        yield file


def _families(directory: Path) -> list[Path]:
    """Return the newest file of each family."""
    found = [directory / f"{PLATFORM_LOG}.log"]
    found += sorted(directory.glob(f"{ACCESS_LOG}.log"))
    found += sorted(directory.glob(f"{ACCESS_LOG}-*.log"))
    return found


def _backwards(
    file: BinaryIO, end: int | None, needles: Sequence[bytes]
) -> Iterator[tuple[int, bytes]]:
    """Yield lines and where they begin, from the last one before ``end`` to the first.

    Only those that have all ``needles``: a piece in which one does not occur is passed over whole.
    """
    at = file.seek(0, os.SEEK_END) if end is None else end
    rest = b""
    while at:
        size = min(PIECE_BYTES, at)
        at -= size
        file.seek(at)
        piece = file.read(size) + rest
        # What stands before the first line end may have begun further up.
        cut = piece.find(b"\n") + 1 if at else 0
        if at and not cut:
            rest = piece
            continue
        rest = piece[:cut]
        if all(needle in piece for needle in needles):
            offset = at + len(piece)
            for line in reversed(piece[cut:].splitlines(keepends=True)):
                offset -= len(line)
                if all(needle in line for needle in needles):
                    yield offset, line


def _read(line: bytes, source: str, otherwise_at: str) -> LogEntry:
    """Return what ``line`` says; one that is no JSON is a message of the line's time below it."""
    try:
        fields = msgspec.json.decode(line, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        fields = {"message": line.decode(errors="replace").rstrip("\n")}
    return LogEntry(
        at=str(fields.get("at", otherwise_at)),
        level=str(fields.get("level", "info")),
        source=str(fields.get("source") or source),
        logger=str(fields.get("logger", "")),
        message=str(fields.get("message", "")),
        request_id=_text(fields.get("request_id")),
        trace_id=_text(fields.get("trace_id")),
        exception=_text(fields.get("exception")),
        facts={name: value for name, value in fields.items() if name not in _OWN},
    )


def _written(moment: datetime) -> str:
    """Return ``moment`` as lines have it, so that texts compare as times do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _rank(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else LEVELS.index("info")


def _moment(found: _Found) -> str:
    return found.entry.at
