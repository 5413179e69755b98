"""Calendar counters that outlive the process: a mapped file of small fixed slots.

What is stored is settled use only. A reservation lives in the process and dies with it, so a
killed gateway leaves no phantom behind; what its unfinished calls used up to then is known to
nobody, here as in the usage records. A store into the mapping is in the kernel's hands at once and
survives ``kill -9``; :meth:`LedgerFile.sync` bounds what the death of the machine takes.
"""

import contextlib
import fcntl
import hashlib
import mmap
import os
from array import array
from pathlib import Path
from struct import Struct
from typing import Final, Protocol

MOST: Final = 2**63 - 1
"""The most that a counter can hold."""
_MAGIC = b"mainspring limits 1\n".ljust(64, b"\0")
_SLOT = Struct("=qq48s")
"""In the order of the machine's bytes, which the file never leaves.

When the window ends (Unix seconds; 0: free), what is used, and a digest of the name.

64 bytes: a slot never crosses a disk sector, so it is never torn.
"""
_WORD = 8
_END = 0
_VALUE = 1
"""Words of a slot."""
_FIRST_SLOTS = 1024


class LedgerError(Exception):
    """The file cannot be used."""


class Values(Protocol):
    """What slots hold."""

    def __setitem__(self, slot: int, value: int, /) -> None:
        """Keep ``value``; when this returns it survives the process."""
        ...


class Ledger(Protocol):
    """Where calendar counters are kept: a counter is a number once opened, its slot.

    ``values[slot]`` is what it holds, and whatever is put there (from 0 to :data:`MOST`) is kept
    from that moment. Nobody may hold on to ``values``: they are others when there are more slots.

    Fails closed at the start (a gateway that cannot keep its budgets does not serve); once
    mapped, a store cannot fail.
    """

    @property
    def values(self) -> Values:
        """Return what the slots hold."""
        ...

    def open(self, name: str, ends_at: float) -> tuple[int, int]:
        """Return the slot of the counter ``name`` and what it holds, 0 if it is new."""
        ...

    def free(self, slot: int) -> None:
        """Forget the counter; its window is over."""
        ...


class NoLedger:
    """Keeps nothing: calendar windows begin empty with every process."""

    def __init__(self) -> None:
        self.values: Values = array("q", [0])

    def open(self, name: str, ends_at: float) -> tuple[int, int]:
        """Return a slot that means nothing, and 0."""
        del name, ends_at
        return 0, 0

    def free(self, slot: int) -> None:
        """Forget nothing."""


class LedgerFile:
    """The file. It belongs to one process at a time, which holds a lock on it."""

    def __init__(self, path: Path, now: float) -> None:
        """Open or create ``path``; counters whose window ended before ``now`` are dropped.

        Raises:
            LedgerError: if another process holds the file, or it is not one of ours.
        """
        try:
            self._file = _open_locked(path)
        except BlockingIOError:
            raise LedgerError(f"another gateway uses {path}") from None
        except OSError as error:
            raise LedgerError(f"{path} cannot be used: {error}") from error
        if os.fstat(self._file).st_size < len(_MAGIC) + _SLOT.size:
            os.truncate(self._file, len(_MAGIC) + _FIRST_SLOTS * _SLOT.size)
            os.pwrite(self._file, _MAGIC, 0)
        elif os.pread(self._file, len(_MAGIC), 0) != _MAGIC:
            os.close(self._file)
            raise LedgerError(f"{path} does not hold limits of this release")
        self._map = mmap.mmap(self._file, 0)
        self.values = _words(self._map)
        self._slots: dict[bytes, int] = {}
        """The first word of each, by the digest of its name."""
        self._free: list[int] = []
        self._load(now)

    def __len__(self) -> int:
        return len(self._slots)

    def open(self, name: str, ends_at: float) -> tuple[int, int]:
        """Return the slot of the counter ``name`` and what it holds, 0 if it is new."""
        digest = hashlib.blake2b(name.encode(), digest_size=48).digest()
        slot = self._slots.get(digest)
        if slot is not None:
            return slot + _VALUE, self.values[slot + _VALUE]
        if not self._free:
            self._grow()
        slot = self._free.pop()
        # The end comes last: until it is there the slot is free.
        _SLOT.pack_into(self._map, slot * _WORD, 0, 0, digest)
        self.values[slot + _END] = int(ends_at)
        self._slots[digest] = slot
        return slot + _VALUE, 0

    def free(self, slot: int) -> None:
        """Forget the counter; its window is over."""
        slot -= _VALUE
        _, _, digest = _SLOT.unpack_from(self._map, slot * _WORD)
        if self._slots.pop(digest, None) is not None:
            self.values[slot + _END] = 0
            self._free.append(slot)

    def sync(self) -> None:
        """Bring everything to the disk; may take a while, and may run in any thread."""
        with contextlib.suppress(OSError):  # closed meanwhile, or a disk that the spool reports
            os.fdatasync(self._file)

    def close(self) -> None:
        """Give the file up."""
        self.values.release()
        self._map.flush()
        self._map.close()
        os.close(self._file)
        self._file = -1

    def _load(self, now: float) -> None:
        for offset in range(len(_MAGIC), len(self._map) - _SLOT.size + 1, _SLOT.size):
            ends_at, _, digest = _SLOT.unpack_from(self._map, offset)
            slot = offset // _WORD
            if ends_at > now:
                self._slots[digest] = slot
                continue
            if ends_at:
                self.values[slot + _END] = 0
            self._free.append(slot)
        self._free.reverse()

    def _grow(self) -> None:
        old = len(self._map)
        new = len(_MAGIC) + 2 * (old - len(_MAGIC))
        self.values.release()
        self._map.resize(new)
        self.values = _words(self._map)
        self._free.extend(
            offset // _WORD for offset in range(new - _SLOT.size, old - 1, -_SLOT.size)
        )


def _words(mapped: mmap.mmap) -> "memoryview[int]":
    return memoryview(mapped)[: len(mapped) // _WORD * _WORD].cast("q")


def _open_locked(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
