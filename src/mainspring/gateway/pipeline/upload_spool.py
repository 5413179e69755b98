"""What has been read of an upload, kept as long as it might have to be sent (again).

A little is kept in memory. More goes to a file without a name, which vanishes with its process;
that happens only where a form tells its model behind its files, or policies want to see all of it.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import IO, Final

from mainspring.kernel.errors import OverloadedError

MEMORY_BYTES: Final = 1024 * 1024
"""What one upload keeps in memory."""
MAX_FILE_BYTES: Final = 4 * 1024 * 1024 * 1024
"""What all uploads of a gateway together keep in files."""
_RETRY_S: Final = 5.0


class UploadRoom:
    """Where uploads keep what they must; shared by all of a gateway."""

    def __init__(self, directory: Path, max_file_bytes: int = MAX_FILE_BYTES) -> None:
        self.directory = directory
        self.max_file_bytes = max_file_bytes
        self.file_bytes = 0


class UploadSpool:
    """The kept bytes of one upload, from its first on."""

    def __init__(self, room: UploadRoom) -> None:
        self.size = 0
        """Bytes that are kept."""
        self.whole = True
        """Everything that was read is kept: it can be sent again."""
        self._room = room
        self._memory = bytearray()
        self._file: IO[bytes] | None = None
        self._lock = asyncio.Lock()
        self._accounted = 0

    async def append(self, data: bytes) -> None:
        """Keep a further piece, in a file once it does not fit into the memory.

        Raises:
            OverloadedError: if files have no room, or cannot be written.
        """
        async with self._lock:
            if self._file is None and self.size + len(data) <= MEMORY_BYTES:
                self._memory += data
                self.size += len(data)
                return
            room = self._room
            grown = len(data) + (len(self._memory) if self._file is None else 0)
            if room.file_bytes + grown > room.max_file_bytes:
                raise OverloadedError("too many uploads at this moment", retry_after_s=_RETRY_S)
            room.file_bytes += grown
            self._accounted += grown
            try:
                await asyncio.to_thread(self._write, data)
            except OSError as error:
                raise OverloadedError(
                    "the gateway has no room for this upload", retry_after_s=_RETRY_S
                ) from error
            self._memory.clear()
            self.size += len(data)

    def pass_by(self, data: bytes) -> None:
        """Keep a piece that is being sent, if it fits into the memory; else keep nothing more."""
        if not self.whole:
            return
        if self._file is None and self.size + len(data) <= MEMORY_BYTES:
            self._memory += data
            self.size += len(data)
        else:
            self.whole = False

    async def read(self, start: int, most: int) -> bytes:
        """Return what is kept from ``start`` on, ``most`` bytes of it at the most."""
        if self._file is None:
            return bytes(self._memory[start : start + most])
        async with self._lock:
            return await asyncio.to_thread(self._read, start, min(most, self.size - start))

    def drop(self) -> None:
        """Keep nothing of what was passed by: it will not be sent again."""
        if not self.whole and self._file is None:
            self._memory.clear()

    def close(self) -> None:
        """Forget everything."""
        self._memory.clear()
        self._room.file_bytes -= self._accounted
        self._accounted = 0
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, data: bytes) -> None:
        if self._file is None:
            self._room.directory.mkdir(parents=True, exist_ok=True)
            file = tempfile.TemporaryFile(dir=self._room.directory)  # noqa: SIM115 - see close()
            file.write(self._memory)
            self._file = file
        self._file.seek(0, 2)
        self._file.write(data)
        self._file.flush()

    def _read(self, start: int, size: int) -> bytes:
        if self._file is None:
            return b""
        self._file.seek(start)
        return self._file.read(size)
