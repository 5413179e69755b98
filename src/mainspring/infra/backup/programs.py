"""PostgreSQL's own programs, called so that nothing secret stands on a command line."""

import asyncio
import contextlib
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from psycopg.pq import Conninfo

from mainspring.infra.db.dsn import libpq_url
from mainspring.infra.db.tenancy import CROSSES_SETTING
from mainspring.infra.postgres.binaries import find_binaries
from mainspring.kernel.errors import BackupFailedError, EmbeddedDatabaseError

_VERSION = re.compile(rb"(\d+)(?:\.\d+)?")
_VERSION_S = 10.0
_LAST_WORDS = 5


async def find_program(name: str, *, server: int) -> Path:
    """Return a program of PostgreSQL that fits a server of that major version.

    Ours, where they are installed and new enough; otherwise the one on the path.

    Raises:
        BackupFailedError: if there is none.
    """
    found: list[str] = []
    for candidate in _candidates(name):
        version = await _version(candidate)
        if version >= server:
            return candidate
        found.append(f"{candidate} is of version {version}")
    raise BackupFailedError(
        f"{name} of PostgreSQL {server} or newer is needed and not there"
        f" ({'; '.join(found) or 'none was found'}): install the client programs, or"
        " pip install 'mainspring[local]'"
    )


async def run_program(program: Path, *arguments: str, dsn: str, timeout_s: float) -> bytes:
    """Run a program on the database at ``dsn``, across all tenants; return what it printed.

    It ends with the caller: when that is cancelled, it is killed.

    Raises:
        BackupFailedError: if it fails or takes longer than ``timeout_s``.
    """
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        env=_environment(dsn),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(timeout_s):
            printed, said = await process.communicate()
    except TimeoutError as error:
        raise BackupFailedError(f"{program.name} took longer than {timeout_s:.0f} s") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        words = said.decode(errors="replace").strip().splitlines()[-_LAST_WORDS:]
        raise BackupFailedError(f"{program.name} failed: {' / '.join(words)}")
    return printed


def _candidates(name: str) -> list[Path]:
    candidates: list[Path] = []
    with contextlib.suppress(EmbeddedDatabaseError):  # it is not part of every installation
        candidates.append(find_binaries().program(name))
    on_path = shutil.which(name)
    if on_path is not None:
        candidates.append(Path(on_path))
    return [each for each in candidates if each.exists()]


async def _version(program: Path) -> int:
    process = await asyncio.create_subprocess_exec(
        program, "--version", stdout=asyncio.subprocess.PIPE, stdin=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(_VERSION_S):
            printed, _ = await process.communicate()
    except TimeoutError:
        return 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    found = _VERSION.search(printed)
    return int(found[1]) if found else 0


def _environment(dsn: str) -> Mapping[str, str]:
    """Return ``dsn`` as libpq's own variables: other processes cannot read those, arguments yes."""
    environ = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "PGAPPNAME": "mainspring backup"}
    options = f"-c {CROSSES_SETTING}=on -c statement_timeout=0 -c lock_timeout=30000"
    for option in Conninfo.parse(libpq_url(dsn).encode()):
        if option.val is None or option.envvar is None:
            continue
        if option.keyword == b"options":
            options = f"{option.val.decode()} {options}"
        else:
            environ[option.envvar.decode()] = option.val.decode()
    return {**environ, "PGOPTIONS": options}
