"""The spool: appends at one end, hands batches out at the other, forgets what was acknowledged."""

import fcntl
import os
from collections import deque
from pathlib import Path
from typing import NamedTuple

from mainspring.gateway.meter.spool.cursor import Cursor, Position
from mainspring.gateway.meter.spool.segment import (
    HEADER_BYTES,
    Segment,
    segment_name,
    segment_number,
)

_SPARE_NAME = "spare.spool"
_MAX_OVERFLOW_RECORDS = 50_000
_MAX_READ_BYTES = 16 * 1024 * 1024


class SpoolError(RuntimeError):
    """The spool's directory cannot be used."""


class SpoolLimits(NamedTuple):
    """Bounds of the spool, in bytes.

    With ``total_bytes`` waiting, :attr:`Spool.full` is true and the gateway refuses new calls:
    losing usage is worse than serving less. Calls that are already running still find a place.
    """

    segment_bytes: int = 4 * 1024 * 1024
    total_bytes: int = 512 * 1024 * 1024


class Spool:
    """An append-only queue in a directory that belongs to one process at a time.

    Belongs to one thread, except :meth:`make_spare` and the segments' own ``sync``.
    """

    def __init__(self, directory: Path, limits: SpoolLimits | None = None) -> None:
        """Open the directory, recover what an earlier process left, start a fresh segment.

        Raises:
            SpoolError: if another process uses the directory, or the disk is full.
        """
        self.limits = limits or SpoolLimits()
        self.lost = 0
        """Records for which there was room neither on the disk nor in memory."""
        self._directory = directory
        self._segments: deque[Segment] = deque()
        self._overflow: deque[bytes] = deque()
        self._spare: Segment | None = None
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _lock(directory)
        try:
            self._cursor = Cursor(directory)
            self._next_number = self._recover()
            self._active = self._open_next()
        except OSError as error:
            os.close(self._lock)
            raise SpoolError(f"the spool at {directory} cannot be used: {error}") from error
        self._waiting = self._count_waiting()
        self.recovered_bytes = self._waiting
        """Bytes of records that an earlier process left unacknowledged."""

    @property
    def waiting_bytes(self) -> int:
        """Return the bytes of records that are not acknowledged yet."""
        return self._waiting

    @property
    def full(self) -> bool:
        """Tell whether new work must be refused, for its record might find no place."""
        return self._waiting >= self.limits.total_bytes or bool(self._overflow)

    @property
    def acknowledged(self) -> Position:
        """Return where the first record stands that is not acknowledged."""
        return self._cursor.position

    @property
    def end(self) -> Position:
        """Return the place behind the last record on the disk."""
        return Position(self._active.number, self._active.end)

    def append(self, payload: bytes) -> None:
        """Store a record; when this returns, it outlives the process.

        If the disk has no room for another segment, the record waits in memory, and :attr:`full`
        keeps new work away until there is room again.

        Raises:
            ValueError: if the record is empty or larger than a segment.
        """
        if not 0 < len(payload) <= self.limits.segment_bytes - HEADER_BYTES:
            raise ValueError(f"a record of {len(payload)} bytes does not fit the spool")
        if not self._overflow and self._active.append(payload):
            self._waiting += HEADER_BYTES + len(payload)
        elif len(self._overflow) < _MAX_OVERFLOW_RECORDS:
            self._overflow.append(payload)
            self.drain_overflow()
        else:
            self.lost += 1

    def drain_overflow(self) -> None:
        """Move what waits in memory to the disk, as far as the disk has room."""
        while self._overflow:
            payload = self._overflow[0]
            if not self._active.append(payload):
                try:
                    self._active = self._open_next()
                except OSError:
                    return  # still no room: asked again with the next record, receipt or tick
                continue
            self._waiting += HEADER_BYTES + len(payload)
            self._overflow.popleft()

    def read(
        self, position: Position, max_records: int, max_bytes: int = _MAX_READ_BYTES
    ) -> tuple[list[bytes], Position]:
        """Return up to ``max_records`` records from ``position`` on, and the place behind them.

        Once ``max_bytes`` are read, the record that reached them is the last.
        """
        records: list[bytes] = []
        size = 0
        number, offset = position
        for segment in self._segments:
            if segment.number < number:
                continue
            if segment.number > number:
                number, offset = segment.number, 0
            while len(records) < max_records and size < max_bytes:
                found = segment.read(offset)
                if found is None:
                    break
                record, offset = found
                records.append(record)
                size += len(record)
            else:
                break
        return records, Position(number, offset)

    def acknowledge(self, position: Position) -> None:
        """Forget everything before ``position`` and delete the segments that this empties."""
        self._cursor.store(position)
        while self._segments[0].number < position.segment:
            self._segments.popleft().delete()
        self._waiting = self._count_waiting()
        self.drain_overflow()

    def unsynced(self) -> list[Segment]:
        """Return the segments whose ``sync`` has something to do, for a worker thread."""
        return [segment for segment in self._segments if not segment.is_synced]

    @property
    def wants_spare(self) -> bool:
        """Tell whether the active segment is half full and no successor stands ready."""
        return self._spare is None and self._active.end * 2 > self.limits.segment_bytes

    def make_spare(self) -> Segment:
        """Allocate a segment ahead of need; blocks, any thread. See :meth:`take_spare`.

        Raises:
            OSError: if the disk has no room.
        """
        return Segment.create(self._directory / _SPARE_NAME, self.limits.segment_bytes)

    def take_spare(self, segment: Segment) -> None:
        """Keep what :meth:`make_spare` returned for the next rotation."""
        self._spare = segment

    def close(self) -> None:
        """Bring everything to the disk and let the directory go."""
        for segment in self._segments:
            segment.sync()
            segment.close()
        if self._spare is not None:
            self._spare.delete()
        self._cursor.close()
        os.close(self._lock)

    def _recover(self) -> int:
        """Take over the segments in the directory; return the number of the next."""
        (self._directory / _SPARE_NAME).unlink(missing_ok=True)
        acknowledged = self._cursor.position
        next_number = acknowledged.segment + 1
        for path in sorted(self._directory.glob("segment-*.spool")):
            number = segment_number(path)
            if number is None:
                continue
            next_number = max(next_number, number + 1)
            if path.stat().st_size == 0:
                path.unlink()  # killed between making the file and giving it its size
                continue
            segment = Segment.recover(path, number)
            done = number < acknowledged.segment or segment.end == 0
            if done or (number == acknowledged.segment and segment.end <= acknowledged.offset):
                segment.delete()
            else:
                self._segments.append(segment)
        return next_number

    def _open_next(self) -> Segment:
        """Make the spare, or a new segment, the active one."""
        path = self._directory / segment_name(self._next_number)
        segment, self._spare = self._spare, None
        if segment is None:
            segment = Segment.create(path, self.limits.segment_bytes)
            segment.number = self._next_number
        else:
            segment.rename(path, self._next_number)
        self._next_number += 1
        if self._segments:
            self._segments[-1].seal()
        self._segments.append(segment)
        return segment

    def _count_waiting(self) -> int:
        number, offset = self._cursor.position
        return sum(
            segment.end - (offset if segment.number == number else 0)
            for segment in self._segments
            if segment.number >= number
        )


def _lock(directory: Path) -> int:
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise SpoolError(f"another process uses the spool at {directory}") from error
    return descriptor
