"""One file of records, each ``[u32 length][u32 CRC-32 of the payload][payload]``, then zeros."""

import mmap
import os
import threading
from pathlib import Path
from struct import Struct
from zlib import crc32

_HEADER = Struct("<II")
HEADER_BYTES = _HEADER.size
_pack = _HEADER.pack
_unpack_from = _HEADER.unpack_from


class Segment:
    """A mapped file; ``end`` is the offset behind its last whole record.

    Belongs to one thread, except :meth:`sync`, which may run in another.
    """

    def __init__(self, path: Path, descriptor: int, number: int = -1) -> None:
        """Map the open file ``descriptor``, which the segment then owns.

        Raises:
            OSError: if it cannot be mapped.
        """
        self.path = path
        self.number = number
        self.end = 0
        self._synced = 0
        self._descriptor = descriptor
        self._guard = threading.Lock()
        self._syncing = False
        self._doomed = False
        try:
            self._size = os.fstat(descriptor).st_size
            self._map: mmap.mmap | None = mmap.mmap(descriptor, self._size)
        except BaseException:
            os.close(descriptor)
            raise

    @classmethod
    def create(cls, path: Path, size: int) -> "Segment":
        """Make a file with all its ``size`` bytes allocated.

        Allocation up front means that a full disk shows here, as an error, and never as a fault
        when a mapped page is first touched.

        Raises:
            OSError: if the disk has no room, or the file exists.
        """
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, size)
        except BaseException:
            os.close(descriptor)
            path.unlink()
            raise
        return cls(path, descriptor)

    @classmethod
    def recover(cls, path: Path, number: int) -> "Segment":
        """Open a segment that another process left, up to its last whole record.

        Raises:
            OSError: if the file cannot be read.
        """
        segment = cls(path, os.open(path, os.O_RDWR), number)
        segment.end = segment.find_end()
        segment.seal()
        return segment

    def rename(self, path: Path, number: int) -> None:
        """Give the segment its place in the sequence."""
        self.path.rename(path)
        self.path = path
        self.number = number

    def append(self, payload: bytes) -> bool:
        """Store a record; ``False`` if it does not fit any more."""
        start = self.end
        end = start + HEADER_BYTES + len(payload)
        if end > self._size or self._map is None:
            return False
        self._map[start:end] = _pack(len(payload), crc32(payload)) + payload
        self.end = end
        return True

    def read(self, offset: int) -> tuple[bytes, int] | None:
        """Return the record at ``offset`` and the offset behind it; ``None`` at the end."""
        if offset >= self.end:
            return None
        mapped = self._map
        if mapped is None:
            mapped = self._map = mmap.mmap(self._descriptor, self._size, access=mmap.ACCESS_READ)
        length, _ = _unpack_from(mapped, offset)
        start = offset + HEADER_BYTES
        return mapped[start : start + length], start + length

    def seal(self) -> None:
        """Take no more records, and let the memory go until the segment is read."""
        if self._map is not None:
            self._map.close()
            self._map = None

    @property
    def is_synced(self) -> bool:
        """Tell whether the disk has all of it."""
        return self._synced >= self.end

    def sync(self) -> None:
        """Wait until the disk has all that was stored before the call. Blocks, any thread."""
        with self._guard:
            if self._descriptor < 0 or self._doomed:
                return
            self._syncing = True
        end = self.end
        try:
            os.fdatasync(self._descriptor)
            self._synced = end
        finally:
            with self._guard:
                self._syncing = False
                if self._doomed:
                    self._release()

    def close(self) -> None:
        """Unmap the file; its content stays. A sync that is running elsewhere ends first."""
        with self._guard:
            if self._syncing:
                self._doomed = True
            else:
                self._release()

    def delete(self) -> None:
        """Unmap and remove the file."""
        self.close()
        self.path.unlink(missing_ok=True)

    def find_end(self) -> int:
        """Return the offset behind the last record that is whole.

        What follows a torn record is of no worth: it was the last that a dying process wrote.
        """
        offset = 0
        mapped = self._map
        while mapped is not None and offset + HEADER_BYTES <= self._size:
            length, checksum = _unpack_from(mapped, offset)
            start = offset + HEADER_BYTES
            end = start + length
            if not length or end > self._size or crc32(mapped[start:end]) != checksum:
                break
            offset = end
        return offset

    def _release(self) -> None:
        if self._descriptor >= 0:
            self.seal()
            os.close(self._descriptor)
            self._descriptor = -1


def segment_name(number: int) -> str:
    """Return the file name of segment ``number``; names sort as numbers do."""
    return f"segment-{number:012d}.spool"


def segment_number(path: Path) -> int | None:
    """Return the number in a segment's file name; ``None`` for another file."""
    digits = path.name.removeprefix("segment-").removesuffix(".spool")
    if not digits.isdigit() or path.name != segment_name(int(digits)):
        return None
    return int(digits)
