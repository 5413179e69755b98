"""``mainspring restore``: a backup, back into an empty data directory or database."""

import asyncio
import base64
from pathlib import Path

import click

from mainspring.app.backups import require_keys, restore_backup
from mainspring.app.cli.operating import (
    backup_settings,
    carry_out,
    database_of,
    facts,
    held_keys,
    platform_of,
    read_passphrase,
)
from mainspring.app.cli.output import CommandError, json_option, progress, result, result_json
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode
from mainspring.app.home import Home
from mainspring.app.private_files import write_private
from mainspring.app.settings import BackupSettings
from mainspring.app.supervisor.state import read_running
from mainspring.infra.backup import ArchiveReader, Manifest, unlock_keys
from mainspring.infra.secrets import key_id_of
from mainspring.kernel.errors import RestoreRefusedError


@click.command("restore", help=t("restore.help"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--keys",
    "key_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=t("restore.keys"),
)
@click.option("--passphrase-stdin", is_flag=True, help=t("backup.passphrase_stdin"))
@click.option("--without-keys", is_flag=True, help=t("restore.without_keys"))
@json_option
def command(
    *,
    file: Path,
    key_file: Path | None,
    passphrase_stdin: bool,
    without_keys: bool,
    as_json: bool,
) -> None:
    """Check everything first, then restore; a platform that has anything is never touched."""
    settings = backup_settings()
    home = Home(settings.home)
    if read_running(home.state_file) is not None:
        raise CommandError(
            t("restore.running", home=settings.home),
            exit_code=ExitCode.REFUSED,
            next_step=t("restore.running.next"),
        )
    passphrase = (
        None if key_file is None else read_passphrase(from_stdin=passphrase_stdin, confirm=False)
    )
    manifest = carry_out(_restore(settings, file, key_file, passphrase, without_keys=without_keys))
    told = facts(manifest)
    if as_json:
        result_json({"file": str(file), **told})
        return
    at = manifest.header.created_at.isoformat(timespec="seconds")
    result(t("restore.done", at=at, **told))
    progress(t("restore.next"))


async def _restore(
    settings: BackupSettings,
    file: Path,
    key_file: Path | None,
    passphrase: str | None,
    *,
    without_keys: bool,
) -> Manifest:
    keys: tuple[bytes, ...] = ()
    if key_file is not None and passphrase is not None:
        content = await asyncio.to_thread(key_file.read_bytes)
        keys = await asyncio.to_thread(unlock_keys, content, passphrase)
    manifest = await asyncio.to_thread(ArchiveReader(file).verify)
    held = held_keys(settings)
    if not without_keys:
        try:
            require_keys(manifest, (*held, *map(key_id_of, keys)))
        except RestoreRefusedError as error:
            raise CommandError(
                error.detail,
                exit_code=ExitCode.REFUSED,
                next_step=t("restore.keys.missing.next"),
            ) from error
    if keys and settings.key_source != "file":
        raise RestoreRefusedError("the master keys are not kept in a file here; leave out --keys")
    if keys and held:
        raise RestoreRefusedError(
            f"{settings.master_key_file} exists already; move it away, or leave out --keys"
        )
    Home(settings.home).create()
    async with database_of(settings) as dsn:
        restored = await restore_backup(platform_of(settings, dsn), file)
    if keys:
        lines = "\n".join(base64.urlsafe_b64encode(key).decode() for key in keys)
        write_private(settings.master_key_file, lines)
    return restored
