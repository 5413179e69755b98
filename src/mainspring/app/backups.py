"""Backups of a whole platform: what goes into the file, in which order, and back out of it."""

import asyncio
import logging
import re
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from mainspring import __version__
from mainspring.app.home import Home
from mainspring.app.private_files import write_private
from mainspring.infra.backup import (
    FORMAT,
    ArchiveReader,
    ArchiveWriter,
    Header,
    Manifest,
    dump_database,
    restore_database,
)
from mainspring.infra.blob import BlobNotFoundError, BlobStore, BlobStoreError
from mainspring.infra.db.migrate import knows_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    BackupDamagedError,
    BackupFailedError,
    RestoreRefusedError,
    SchemaAheadError,
)

_log = logging.getLogger(__name__)

DUMP = "database.dump"
BLOBS = "blobs/"
ANCHORS = "audit-anchors.json"
_NAME = re.compile(r"mainspring-\d{8}T\d{6}Z\.tar")
_IN_MEMORY = 8 * 1024 * 1024
_PIECE_BYTES = 1024 * 1024


class Platform(msgspec.Struct, frozen=True, kw_only=True):
    """What is backed up or restored: the database, the blobs, what lies beside them at ``home``.

    ``blobs`` ``None`` leaves them out. ``key_ids`` name the master keys that are held here.
    """

    dsn: str
    home: Home
    blobs: BlobStore | None
    key_ids: tuple[str, ...] = ()


def backup_name(at: datetime) -> str:
    """Return what a backup made at that moment is called in a directory of them."""
    return f"mainspring-{at:%Y%m%dT%H%M%SZ}.tar"


async def make_backup(platform: Platform, path: Path, clock: Clock) -> Manifest:
    """Write a backup of the running platform to ``path``; the file is there once it is whole.

    Blobs are copied before the database is dumped and those that are new after it, so that every
    row's blob is there; what a moment later is deleted may be there as well.

    Raises:
        BackupFailedError: if it cannot be made.
        DatabaseUnavailableError: if the database cannot be reached.
    """
    try:
        return await _make(platform, path, clock)
    except BlobStoreError as error:
        raise BackupFailedError(str(error)) from error
    except OSError as error:
        raise BackupFailedError(f"{path} cannot be written: {error.strerror}") from error


async def restore_backup(platform: Platform, path: Path) -> Manifest:
    """Fill an empty platform from the backup at ``path``; nothing of ours may run on it.

    The whole file is checked before anything is written. Blobs come first, then the database, all
    of it or nothing, so that after a failure the same call can be made again.

    Raises:
        BackupDamagedError: if the file is damaged.
        RestoreRefusedError: if the database is not empty.
        SchemaAheadError: if a newer release made it.
        BackupFailedError: if PostgreSQL's program fails.
        DatabaseUnavailableError: if the database cannot be reached.
        OSError: if a file cannot be read or written.
    """
    reader = ArchiveReader(path)
    manifest = await asyncio.to_thread(reader.verify)
    if not await asyncio.to_thread(knows_revision, manifest.schema):
        raise SchemaAheadError(
            f"the backup was made by release {manifest.header.release} (database revision"
            f" {manifest.schema}); this is {__version__}"
        )
    loop = asyncio.get_running_loop()
    with tempfile.TemporaryDirectory(prefix="mainspring-restore-") as directory:
        dump, anchors = Path(directory) / DUMP, Path(directory) / ANCHORS

        def take(name: str, content: IO[bytes]) -> None:
            if name in (DUMP, ANCHORS):
                with (Path(directory) / name).open("wb") as file:
                    while piece := content.read(_PIECE_BYTES):
                        file.write(piece)
            elif name.startswith(BLOBS) and platform.blobs is not None:
                putting = _put(platform.blobs, name.removeprefix(BLOBS), content)
                asyncio.run_coroutine_threadsafe(putting, loop).result()

        try:
            await asyncio.to_thread(reader.each, take)
        except BlobStoreError as error:
            raise BackupFailedError(str(error)) from error
        except ValueError as error:  # the key of a blob is none
            raise BackupDamagedError(str(error)) from error
        await restore_database(platform.dsn, dump, manifest.tables)
        if await asyncio.to_thread(anchors.exists):
            write_private(platform.home.audit_anchors, anchors.read_text(encoding="utf-8"))
    return manifest


def require_keys(manifest: Manifest, held: Sequence[str]) -> None:
    """Raise unless a master key of the backup is among the ids of those ``held``.

    Raises:
        RestoreRefusedError: if none is: what is sealed in the backup could not be read.
    """
    if manifest.key_ids and not set(manifest.key_ids) & set(held):
        raise RestoreRefusedError(
            "none of the master keys is here that seal the secrets in this backup"
        )


def newest_backup(directory: Path) -> tuple[Path, datetime] | None:
    """Return the newest of :func:`backups_in`, ``None`` where there is none.

    Raises:
        OSError: if the directory cannot be read.
    """
    return next(iter(backups_in(directory)), None)


def backups_in(directory: Path) -> list[tuple[Path, datetime]]:
    """Return the backups of a directory that :func:`backup_name` named and when they were made,
    newest first.

    Raises:
        OSError: if the directory cannot be read.
    """
    found: list[tuple[Path, datetime]] = []
    for path in directory.iterdir():
        if _NAME.fullmatch(path.name):
            with suppress(ValueError):  # the digits are no date: somebody else's file
                made_at = datetime.strptime(path.name, "mainspring-%Y%m%dT%H%M%S%z.tar")
                found.append((path, made_at))
    return sorted(found, key=lambda each: (each[1], each[0]), reverse=True)


def remove_old(directory: Path, keep: int) -> list[Path]:
    """Remove all but the newest ``keep`` backups that :func:`backup_name` named; return those."""
    named = sorted(each for each in directory.iterdir() if _NAME.fullmatch(each.name))
    old = named[: max(len(named) - keep, 0)]
    for path in old:
        path.unlink(missing_ok=True)
    return old


async def _make(platform: Platform, path: Path, clock: Clock) -> Manifest:
    header = Header(format=FORMAT, release=__version__, created_at=clock.now())
    with (
        ArchiveWriter(path, header) as writer,
        tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as directory,
    ):
        file = Path(directory) / DUMP
        # Noted before the dump: an anchor beyond its end would look like a chain cut off.
        anchors = platform.home.audit_anchors
        noted = anchors.read_bytes() if anchors.exists() else None
        copied = await _copy_blobs(writer, platform.blobs, frozenset())
        dump = await dump_database(platform.dsn, file)
        with file.open("rb") as source:
            await asyncio.to_thread(writer.add, DUMP, source)
        file.unlink()
        await _copy_blobs(writer, platform.blobs, copied)
        if noted is not None:
            writer.add_text(ANCHORS, noted)
        return await asyncio.to_thread(
            writer.finish,
            schema=dump.schema,
            postgres=dump.postgres,
            tables=dump.tables,
            key_ids=platform.key_ids,
        )


async def _copy_blobs(
    writer: ArchiveWriter, blobs: BlobStore | None, known: frozenset[str]
) -> frozenset[str]:
    """Add every blob that is not ``known``; return the keys of those that were added."""
    if blobs is None:
        return frozenset()
    added: set[str] = set()
    async for key in blobs.keys():
        if key in known:
            continue
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            try:
                async for piece in await blobs.open(key):
                    await asyncio.to_thread(file.write, piece)
            except BlobNotFoundError:
                continue  # deleted since it was listed
            await asyncio.to_thread(writer.add, BLOBS + key, file)
        added.add(key)
    return frozenset(added)


async def _put(blobs: BlobStore, key: str, content: IO[bytes]) -> None:
    async def pieces() -> AsyncGenerator[bytes]:
        while piece := await asyncio.to_thread(content.read, _PIECE_BYTES):
            yield piece

    await blobs.put(key, pieces())
