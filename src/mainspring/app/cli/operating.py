"""What commands need that work on a platform's own data, beneath its API."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import click

from mainspring.app.backups import Platform
from mainspring.app.blobs import blobs_of
from mainspring.app.cli.output import CommandError
from mainspring.app.cli.texts import t
from mainspring.app.environment import SettingError, environment
from mainspring.app.exit_codes import ExitCode
from mainspring.app.home import Home
from mainspring.app.master_keys import held_key_ids
from mainspring.app.settings import BackupSettings
from mainspring.app.variables import BACKUP
from mainspring.infra.backup import Manifest
from mainspring.infra.blob import BlobStore
from mainspring.infra.postgres import EmbeddedPostgres, dsn_of_running
from mainspring.infra.secrets import KeyFileError
from mainspring.kernel.errors import ClusterInUseError, MainspringError

T = TypeVar("T")


def backup_settings() -> BackupSettings:
    """Return the settings of these commands."""
    return BACKUP.read(environment())


def carry_out(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` to its end; its errors become errors of the command.

    Raises:
        CommandError: if it fails.
    """
    try:
        return asyncio.run(work)
    except MainspringError as error:
        raise CommandError(
            error.detail, exit_code=ExitCode.REFUSED, next_step=error.next_step
        ) from error
    except (OSError, KeyFileError) as error:
        raise CommandError(str(error)) from error


@asynccontextmanager
async def database_of(settings: BackupSettings) -> AsyncGenerator[str]:
    """Give the URL of the platform's database, which is started for the block if none runs.

    Raises:
        EmbeddedDatabaseError: if the embedded one cannot be reached or started.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    directory = Home(settings.home).postgres
    try:
        async with EmbeddedPostgres.running(directory) as postgres:
            yield postgres.dsn
            return
    except ClusterInUseError:
        pass
    yield dsn_of_running(directory)


def platform_of(settings: BackupSettings, dsn: str, *, with_blobs: bool = True) -> Platform:
    """Return what is backed up or restored.

    Raises:
        SettingError: if the store of blobs cannot be used as it is set.
        KeyFileError: if the master keys cannot be read.
    """
    return Platform(
        dsn=dsn,
        home=Home(settings.home),
        blobs=_blobs(settings) if with_blobs else None,
        key_ids=held_keys(settings),
    )


def held_keys(settings: BackupSettings) -> tuple[str, ...]:
    """Return the ids of the master keys, the sealing one first; none without a file of them.

    Raises:
        KeyFileError: if it cannot be read.
    """
    return held_key_ids(settings, settings.master_key_file)


def read_passphrase(*, from_stdin: bool, confirm: bool) -> str:
    """Return a passphrase that is typed unseen, twice where it is new, or the first line of input.

    It never stands on the command line, where every process could read it.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    passphrase: str = click.prompt(
        t("backup.passphrase"), hide_input=True, confirmation_prompt=confirm, err=True
    )
    return passphrase


def facts(manifest: Manifest) -> dict[str, int]:
    """Return how much is in a backup."""
    return {
        "tables": len(manifest.tables),
        "rows": sum(table.rows for table in manifest.tables),
        "blobs": sum(member.name.startswith("blobs/") for member in manifest.members),
        "bytes": sum(member.size for member in manifest.members),
    }


def _blobs(settings: BackupSettings) -> BlobStore:
    try:
        return blobs_of(settings)
    except ValueError as error:
        raise SettingError("MAINSPRING_BLOB_URL", str(error)) from error
