"""Backups: a whole platform out to a file and into an empty one; refused where that is unsafe."""

import asyncio
import hashlib
import os
import stat
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from mainspring.app.backups import Platform, make_backup, require_keys, restore_backup
from mainspring.app.blobs import blobs_of
from mainspring.app.control.wiring import Control
from mainspring.app.home import Home
from mainspring.infra.backup import FORMAT, ArchiveReader, ArchiveWriter, Header
from mainspring.infra.feed import read_frame
from mainspring.kernel.clock import SystemClock
from mainspring.kernel.errors import (
    BackupFailedError,
    DatabaseUnavailableError,
    RestoreRefusedError,
    SchemaAheadError,
)
from mainspring.snapshot.table import SnapshotTable
from mainspring.testing.contracts.blobs import pieces, whole
from tests.fixtures.control import Api, call_record, control_settings, usage_record
from tests.fixtures.postgres import PostgresServer

pytestmark = pytest.mark.timeout(300)  # commands in processes of their own

PASSPHRASE = "a long way to the other machine"
CREDENTIAL = "sk-that-a-vendor-gave"
_DEADLINE_S = 120.0

_CONTENT = """
    SELECT n.nspname || '.' || c.relname FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname IN ('public', 'dbos') ORDER BY 1
"""
_STRUCTURE = (
    "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
    "SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'dbos') ORDER BY 1",
    """SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
       WHERE NOT tgisinternal ORDER BY 1, 2, 3""",
    """SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relispartition, r,
              has_table_privilege(c.oid, r)
       FROM pg_class c CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS r
       WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 5""",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2""",
)


async def _mainspring(
    home: Path, dsn: str, *words: object, stdin: str = ""
) -> tuple[int, str, str]:
    """Run the command line on that data directory and database."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "mainspring.app.cli.main", *map(str, words)),
        env={**os.environ, "MAINSPRING_HOME": str(home), "DATABASE_URL": dsn},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(_DEADLINE_S):
        out, err = await process.communicate(stdin.encode())
    return process.returncode or 0, out.decode(), err.decode()


async def _rows(dsn: str, query: str) -> list[tuple[Any, ...]]:
    async with await psycopg.AsyncConnection.connect(
        dsn, options="-c mainspring.crosses_tenants=on"
    ) as connection:
        return await (await connection.execute(query.encode())).fetchall()


async def _contents(dsn: str) -> dict[str, tuple[int, str]]:
    """Return the number of rows of every table, and a digest over all of them."""
    found: dict[str, tuple[int, str]] = {}
    for (table,) in await _rows(dsn, _CONTENT):
        query = f"SELECT t::text FROM {table} AS t ORDER BY 1"  # noqa: S608 - a table of ours
        rows = await _rows(dsn, query)
        digest = hashlib.sha256("\n".join(row[0] for row in rows).encode()).hexdigest()
        found[table] = len(rows), digest
    return found


@pytest.fixture
def elsewhere(postgres: PostgresServer) -> Generator[str]:
    """An empty database."""
    with postgres.create(migrated=False) as dsn:
        yield dsn


@pytest.fixture
async def lived_in(control: Control, api: Api, admin: httpx.AsyncClient) -> str:
    """A platform with something of everything; its value is the secret of a key."""
    org_id, project_id = await api.tenant("Acme")
    await api.member(org_id)
    key = (await admin.post(f"/api/v1/projects/{project_id}/keys", json={"name": "ci"})).json()
    upstream = {"name": "vendor", "base_url": "https://vendor.example", "credential": CREDENTIAL}
    assert (await admin.post("/api/v1/upstreams", json=upstream)).status_code == 201
    await api.ingest(*(usage_record(org_id, project_id) for _ in range(3)))
    await api.observe(call_record(org_id, project_id))
    await blobs_of(control.settings).put("files/one", pieces(b"uploaded ", b"once"))
    return str(key["secret"])


async def test_a_platform_comes_back_elsewhere_as_it_was(
    control: Control, lived_in: str, elsewhere: str, tmp_path: Path
) -> None:
    home, dsn = control.settings.home, control.settings.database_url
    backup, keys = tmp_path / "platform.tar", tmp_path / "platform.keys"
    await control.audit.note_anchors()
    made = await _mainspring(
        *(home, dsn, "backup", backup, "--keys", keys, "--passphrase-stdin"), stdin=PASSPHRASE
    )
    assert made[0] == 0, made
    assert {stat.S_IMODE(each.stat().st_mode) for each in (backup, keys)} == {0o600}
    content = backup.read_bytes() + keys.read_bytes()
    master = control.settings.master_key_file.read_bytes().strip()
    for secret in (CREDENTIAL.encode(), lived_in.encode(), master, PASSPHRASE.encode()):
        assert secret not in content
    other = tmp_path / "other"
    restored = await _mainspring(
        *(other, elsewhere, "restore", backup, "--keys", keys, "--passphrase-stdin"),
        stdin=PASSPHRASE,
    )
    assert restored[0] == 0, restored
    before = await _contents(dsn)
    assert await _contents(elsewhere) == before
    assert {name for name, (rows, _) in before.items() if rows} >= {
        "public.api_keys",
        "public.memberships",
        "public.upstreams",
        f"public.audit_events_{control.clock.now():%Y_%m}",
        f"public.usage_records_p{control.clock.now():%Y%m%d}",
        f"public.call_records_p{control.clock.now():%Y%m%d}",
    }
    for query in _STRUCTURE:
        assert await _rows(elsewhere, query) == await _rows(dsn, query)

    again = Control(control_settings(other, elsewhere))
    await again.preparation.run()
    try:
        assert await whole(blobs_of(again.settings), "files/one") == b"uploaded once"
        frame = await read_frame(again.database)
        assert frame is not None
        table = SnapshotTable()
        table.apply(frame)
        assert table.find_key(lived_in) is not None
        async with Api(again, tmp_path / "no-console").admin() as admin:
            verified = (await admin.get("/api/v1/audit/verification")).json()
            assert (verified["intact"], verified["faults"]) == (True, [])
            assert verified["events"] > 10
            audit = await admin.get("/api/v1/audit/events", params={"action": "key.create"})
            assert audit.json()["items"]
        # The vendor's credential is readable by the keys that came along, and unchanged.
        assert other.joinpath("secrets", "master.key").read_bytes().strip() == master
    finally:
        await again.close()


async def test_what_is_written_meanwhile_is_in_it_whole_or_not_at_all(
    control: Control, api: Api, lived_in: str, elsewhere: str, tmp_path: Path
) -> None:
    org_id, project_id = await api.tenant("Busy")
    over = asyncio.Event()
    file = tmp_path / "busy.tar"

    async def keep_writing() -> int:
        written = 0
        while not over.is_set():
            await api.ingest(*(usage_record(org_id, project_id) for _ in range(5)))
            written += 5
        return written

    async with asyncio.TaskGroup() as group:
        writing = group.create_task(keep_writing())
        await make_backup(_platform(control), file, control.clock)
        over.set()
    # A restore counts every table, against counts of the very moment of the dump.
    other = _platform(control, home=tmp_path / "other", dsn=elsewhere)
    await restore_backup(other, file)
    query = f"SELECT count(*) FROM usage_records WHERE org_id = '{org_id}'"  # noqa: S608 - an id of ours
    ((rows,),) = await _rows(elsewhere, query)
    assert rows % 5 == 0
    assert rows <= writing.result()

    with pytest.raises(RestoreRefusedError, match="not empty"):
        await restore_backup(_platform(control, home=tmp_path / "third"), file)
    with pytest.raises(RestoreRefusedError, match="master keys"):
        require_keys(ArchiveReader(file).verify(), ["0123456789abcdef"])


async def test_a_backup_that_would_miss_something_is_not_made(
    control: Control, tmp_path: Path
) -> None:
    place = tmp_path / "backups"
    place.mkdir()
    away = _platform(control, dsn="postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(DatabaseUnavailableError, match="cannot be reached"):
        await make_backup(away, place / "one.tar", control.clock)
    # Of a table that not even the platform's own scope may read nothing would be in it.
    async with await psycopg.AsyncConnection.connect(control.settings.database_url) as connection:
        await connection.execute("CREATE TABLE hidden (id int)")
        await connection.execute("ALTER TABLE hidden ENABLE ROW LEVEL SECURITY")
        await connection.execute("ALTER TABLE hidden FORCE ROW LEVEL SECURITY")
    with pytest.raises(BackupFailedError, match="hidden"):
        await make_backup(_platform(control), place / "one.tar", control.clock)
    assert list(place.iterdir()) == []


async def test_a_backup_of_a_newer_release_is_refused(elsewhere: str, tmp_path: Path) -> None:
    header = Header(format=FORMAT, release="99.0", created_at=SystemClock().now())
    with ArchiveWriter(tmp_path / "future.tar", header) as writer:
        writer.finish(schema="9999", postgres=990000)
    platform = Platform(dsn=elsewhere, home=Home(tmp_path / "home"), blobs=None)
    with pytest.raises(SchemaAheadError, match=r"99\.0"):
        await restore_backup(platform, tmp_path / "future.tar")


def _platform(control: Control, *, home: Path | None = None, dsn: str | None = None) -> Platform:
    settings = control_settings(home or control.settings.home, dsn or control.settings.database_url)
    return Platform(
        dsn=settings.database_url,
        home=Home(settings.home),
        blobs=blobs_of(settings),
        key_ids=("fedcba9876543210",),
    )
