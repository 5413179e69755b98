"""The file: a tar of plain members, a header first and the manifest with all hashes last.

It is written beside its place and takes that place when it is whole, so that no half of a backup
is ever mistaken for one. Any tar can list it.
"""

import hashlib
import os
import tarfile
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec

from mainspring.infra.backup.manifest import FORMAT, Header, Manifest, Member, TableFacts
from mainspring.kernel.errors import BackupDamagedError

HEADER = "header.json"
MANIFEST = "manifest.json"
_COPY_BYTES = 1 << 20
_MAX_TEXT_BYTES = 64 * 1024 * 1024


class ArchiveWriter:
    """Writes one backup; leaving the block without :meth:`finish` leaves nothing."""

    def __init__(self, path: Path, header: Header) -> None:
        """Begin the file that :meth:`finish` puts at ``path``.

        Raises:
            OSError: if it cannot be written.
        """
        self._path = path
        self._header = header
        self._members: list[Member] = []
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
        self._partial = Path(name)
        self._file = os.fdopen(descriptor, "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed by finish or __exit__
        self.add_text(HEADER, msgspec.json.encode(header))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if not self._file.closed:
            with suppress(OSError, ValueError):  # a full disk, or a thread that still writes
                self._tar.close()
        self._file.close()
        self._partial.unlink(missing_ok=True)

    def add(self, name: str, source: IO[bytes]) -> None:
        """Add all of ``source``, which can be sought, as a member. Blocks.

        Raises:
            OSError: if it cannot be read or written.
        """
        size = source.seek(0, os.SEEK_END)
        source.seek(0)
        hashing = _Hashing(source)
        self._tar.addfile(_entry(name, size), hashing)
        self._members.append(Member(name=name, size=size, sha256=hashing.hexdigest()))

    def add_text(self, name: str, content: bytes) -> None:
        """Add a small member.

        Raises:
            OSError: if it cannot be written.
        """
        with tempfile.SpooledTemporaryFile(_COPY_BYTES) as file:
            file.write(content)
            self.add(name, file)

    def finish(
        self,
        *,
        schema: str,
        postgres: int,
        tables: tuple[TableFacts, ...] = (),
        key_ids: tuple[str, ...] = (),
    ) -> Manifest:
        """Write the manifest, bring everything to the disk, and put the file in its place.

        Raises:
            OSError: if it cannot be written.
        """
        manifest = Manifest(
            header=self._header,
            schema=schema,
            postgres=postgres,
            members=tuple(self._members),
            tables=tables,
            key_ids=key_ids,
        )
        self.add_text(MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._partial.replace(self._path)
        directory = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
        return manifest


class ArchiveReader:
    """Reads a backup: first all of it for :meth:`verify`, then a member at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def header(self) -> Header:
        """Return what the file says first. Blocks.

        Raises:
            BackupDamagedError: if it is no backup, or one of a format that is not known here.
            OSError: if it cannot be read.
        """
        with self._walk() as members:
            for name, content in members:
                if name != HEADER:
                    break
                return _header(_text(content))
        raise BackupDamagedError(f"{self._path.name} is not a backup of this platform")

    def verify(self) -> Manifest:
        """Read all of the file and compare it with its manifest. Blocks.

        Raises:
            BackupDamagedError: if anything is missing, changed or added.
            OSError: if it cannot be read.
        """
        self.header()
        found: list[Member] = []
        last: bytes = b""
        with self._walk() as members:
            for name, content in members:
                digest, size = hashlib.sha256(), 0
                last = b""
                while piece := content.read(_COPY_BYTES):
                    digest.update(piece)
                    size += len(piece)
                    if name == MANIFEST and size <= _MAX_TEXT_BYTES:
                        last += piece
                found.append(Member(name=name, size=size, sha256=digest.hexdigest()))
        if not found or found[-1].name != MANIFEST:
            raise BackupDamagedError(f"{self._path.name} ends before its manifest")
        try:
            manifest = msgspec.json.decode(last, type=Manifest)
        except msgspec.MsgspecError as error:
            raise BackupDamagedError(f"the manifest cannot be read: {error}") from error
        _compare(found[:-1], manifest.members)
        return manifest

    def each(self, take: Callable[[str, IO[bytes]], None]) -> None:
        """Give every member to ``take``, in the order of the file. Blocks.

        Raises:
            BackupDamagedError: if the file cannot be read as a tar.
            OSError: if it cannot be read.
        """
        with self._walk() as members:
            for name, content in members:
                take(name, content)

    @contextmanager
    def _walk(self) -> Generator[Generator[tuple[str, IO[bytes]]]]:
        try:
            with tarfile.open(self._path, mode="r|") as tar:
                yield _members(tar)
        except tarfile.TarError as error:
            raise BackupDamagedError(f"{self._path.name} cannot be read: {error}") from error


def _members(tar: tarfile.TarFile) -> Generator[tuple[str, IO[bytes]]]:
    """Yield the members' contents; nothing is ever written where a name points to."""
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content is None:
            raise BackupDamagedError(f"{entry.name!r} is not a plain file")
        yield entry.name, content


def _compare(found: list[Member], told: tuple[Member, ...]) -> None:
    if tuple(found) == told:
        return
    here, wanted = {each.name: each for each in found}, {each.name: each for each in told}
    missing = sorted(wanted.keys() - here.keys())
    strange = sorted(here.keys() - wanted.keys())
    changed = sorted(name for name in here.keys() & wanted.keys() if here[name] != wanted[name])
    parts = [
        f"{what}: {', '.join(names[:5])}{' …' if len(names) > 5 else ''}"
        for what, names in (("missing", missing), ("changed", changed), ("unknown", strange))
        if names
    ]
    raise BackupDamagedError("; ".join(parts) or "the members are in another order")


def _header(content: bytes) -> Header:
    try:
        header = msgspec.json.decode(content, type=Header)
    except msgspec.MsgspecError as error:
        raise BackupDamagedError(f"the header cannot be read: {error}") from error
    if header.format != FORMAT:
        raise BackupDamagedError(
            f"format {header.format} is not known to this release, which reads {FORMAT}"
        )
    return header


def _text(content: IO[bytes]) -> bytes:
    data = content.read(_MAX_TEXT_BYTES + 1)
    if len(data) > _MAX_TEXT_BYTES:
        raise BackupDamagedError("a member that should be small is not")
    return data


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size = size
    entry.mode = 0o600
    return entry


class _Hashing:
    """A file that is hashed while tar reads it."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._digest = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        self._digest.update(data)
        return data

    def hexdigest(self) -> str:
        return self._digest.hexdigest()
