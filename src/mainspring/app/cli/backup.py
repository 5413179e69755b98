"""``mainspring backup``: all of a running platform in one file, and whether a file is whole."""

import asyncio
from pathlib import Path

import click
import msgspec

from mainspring.app.backups import backup_name, make_backup, remove_old
from mainspring.app.cli.default_group import DefaultGroup
from mainspring.app.cli.operating import (
    backup_settings,
    carry_out,
    database_of,
    facts,
    platform_of,
    read_passphrase,
)
from mainspring.app.cli.output import (
    CommandError,
    json_option,
    progress,
    result,
    result_json,
)
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode
from mainspring.app.private_files import write_private
from mainspring.app.settings import BackupSettings
from mainspring.infra.backup import ArchiveReader, Manifest, lock_keys
from mainspring.infra.secrets import open_keys
from mainspring.kernel.clock import SystemClock


@click.group("backup", cls=DefaultGroup, help=t("backup.help"))
def command() -> None:
    """Make one, verify one."""


@command.command("create", help=t("backup.create.help"))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1), help=t("backup.keep"))
@click.option("--keys", "key_file", type=click.Path(path_type=Path), help=t("backup.keys"))
@click.option("--passphrase-stdin", is_flag=True, help=t("backup.passphrase_stdin"))
@click.option("--no-blobs", is_flag=True, help=t("backup.no_blobs"))
@json_option
def create(
    *,
    file: Path,
    keep: int | None,
    key_file: Path | None,
    passphrase_stdin: bool,
    no_blobs: bool,
    as_json: bool,
) -> None:
    """Make a backup; the keys, if they are wanted, go to their own file first."""
    settings, clock = backup_settings(), SystemClock()
    directory = file if file.is_dir() else None
    if keep is not None and directory is None:
        raise CommandError(
            t("backup.keep.directory"),
            exit_code=ExitCode.USAGE,
            next_step=t("backup.keep.directory.next"),
        )
    path = (file / backup_name(clock.now()) if directory else file).absolute()
    if key_file is not None:
        passphrase = read_passphrase(from_stdin=passphrase_stdin, confirm=True)
        carry_out(_write_keys(settings, key_file, passphrase))

    async def make() -> Manifest:
        async with database_of(settings) as dsn:
            platform = platform_of(settings, dsn, with_blobs=not no_blobs)
            return await make_backup(platform, path, clock)

    manifest = carry_out(make())
    removed = remove_old(directory, keep) if directory is not None and keep is not None else []
    if as_json:
        result_json(
            {
                "file": str(path),
                "keys": None if key_file is None else str(key_file),
                "removed": [str(each) for each in removed],
                **facts(manifest),
            }
        )
        return
    told = facts(manifest)
    result(t("backup.done", path=path, megabytes=path.stat().st_size / 1e6, **told))
    for each in removed:
        progress(t("backup.removed", path=each))
    progress(
        t("backup.keys.missing", path=settings.master_key_file)
        if key_file is None
        else t("backup.keys.done", path=key_file)
    )


@command.command("verify", help=t("backup.verify.help"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def verify(*, file: Path, as_json: bool) -> None:
    """Check every hash."""

    async def check() -> Manifest:
        return await asyncio.to_thread(ArchiveReader(file).verify)

    manifest = carry_out(check())
    if as_json:
        result_json({"file": str(file), **facts(manifest), "manifest": _plain(manifest)})
        return
    header = manifest.header
    result(
        t(
            "backup.verify.done",
            path=file,
            at=header.created_at.isoformat(timespec="seconds"),
            release=header.release,
            **facts(manifest),
        )
    )


async def _write_keys(settings: BackupSettings, key_file: Path, passphrase: str) -> None:
    keys = await asyncio.to_thread(open_keys(settings, settings.master_key_file).load)
    content = await asyncio.to_thread(lock_keys, keys, passphrase)
    write_private(key_file, content.decode().strip())


def _plain(manifest: Manifest) -> object:
    """Return the manifest without the list of its members, which may be very long."""
    plain = msgspec.to_builtins(msgspec.structs.replace(manifest, members=()))
    del plain["members"]
    return plain
