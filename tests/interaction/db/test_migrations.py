"""Migrations: one at a time, there and back, and equal to what the code declares."""

import asyncio
import json
import pkgutil
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import Connection, NullPool, create_engine, inspect, text

import mainspring
from mainspring.app.cli.main import build
from mainspring.infra.db import Database, metadata, migrate, migration_state
from mainspring.infra.db.dsn import sqlalchemy_url
from mainspring.infra.db.migrate import LOCK_KEY, alembic_config
from mainspring.infra.db.partitions import ensure_partition
from mainspring.infra.db.tenancy import CROSSES_SETTING
from mainspring.kernel.errors import DatabaseUnavailableError, MigrationBusyError, SchemaAheadError
from mainspring.kernel.scope import Scope


def _import_every_table() -> None:
    for module in pkgutil.walk_packages(mainspring.__path__, "mainspring."):
        if module.name.endswith(".tables"):
            import_module(module.name)


def _is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _to: object) -> bool:
    return not (kind == "table" and name == "alembic_version")


def _difference(connection: Connection) -> list[object]:
    context = MigrationContext.configure(
        connection,
        opts={"include_object": _is_ours, "compare_type": True, "compare_server_default": False},
    )
    return list(compare_metadata(context, metadata))


def test_the_migrated_schema_is_what_the_code_declares(database_dsn: str) -> None:
    _import_every_table()
    engine = create_engine(sqlalchemy_url(database_dsn), poolclass=NullPool)
    with engine.connect() as connection:
        assert _difference(connection) == []


def test_a_column_that_only_the_database_has_is_noticed(database_dsn: str) -> None:
    _import_every_table()
    engine = create_engine(sqlalchemy_url(database_dsn), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("ALTER TABLE snapshot_resources ADD COLUMN stray int"))
        changes = [str(change) for change in _difference(connection)]
    assert any("remove_column" in change and "stray" in change for change in changes)


def test_an_empty_database_comes_to_the_head_and_stays_there(empty_database_dsn: str) -> None:
    before = migration_state(empty_database_dsn)
    assert (before.current, before.is_current) == (None, False)
    assert migrate(empty_database_dsn).is_current
    assert migrate(empty_database_dsn).is_current


def test_every_revision_can_be_undone(empty_database_dsn: str) -> None:
    migrate(empty_database_dsn)
    engine = create_engine(sqlalchemy_url(empty_database_dsn), poolclass=NullPool)
    with engine.connect() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]
    assert migrate(empty_database_dsn).is_current


def test_revisions_form_one_line_and_are_numbered_in_it() -> None:
    revisions = [
        step.revision for step in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    ]
    expected = [f"{number:04d}" for number in range(1, len(revisions) + 1)]
    assert revisions[::-1] == expected


def test_processes_that_start_together_all_find_a_migrated_database(
    empty_database_dsn: str,
) -> None:
    with ThreadPoolExecutor(6) as pool:
        states = list(pool.map(migrate, [empty_database_dsn] * 6))
    assert all(state.is_current for state in states)


def test_waits_for_another_process_only_so_long(empty_database_dsn: str) -> None:
    engine = create_engine(sqlalchemy_url(empty_database_dsn), poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK_KEY})
        with pytest.raises(MigrationBusyError):
            migrate(empty_database_dsn, wait_s=0.2)


def test_a_database_of_a_newer_release_is_refused_untouched(database_dsn: str) -> None:
    engine = create_engine(sqlalchemy_url(database_dsn), poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaAheadError, match="9999"):
        migrate(database_dsn)
    with pytest.raises(SchemaAheadError):
        migration_state(database_dsn)


_OLD_CALL = text(
    """
    INSERT INTO call_records (
        day, id, request_id, at, org_id, project_id, actor_id, operation, model, stream, status,
        outcome, input_tokens, output_tokens, duration_ms, attempts, metadata, level, truncated,
        track, snapshot_version, gateway_id, received_at, words
    ) VALUES (
        '2026-01-01', 'cal_1', 'req_1', '2026-01-01 10:00Z', 'org_1', 'prj_1', 'usr_1', 'chat',
        'gpt-9', false, 502, 'upstream_unreachable', 1, 1, 5, 1, '{}', 'redacted', false, 'stable',
        1, 'gw', '2026-01-01 10:00Z', to_tsvector('simple', 'where is my refund')
    )
    """
)


def _run(work: Coroutine[None, None, None]) -> None:
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(work)


def test_an_index_comes_to_every_partition_also_after_an_interruption(
    empty_database_dsn: str,
) -> None:
    engine = create_engine(sqlalchemy_url(empty_database_dsn), poolclass=NullPool)
    day, following = date(2026, 1, 1), date(2026, 1, 2)

    async def add(day: date) -> None:
        database = Database(empty_database_dsn)
        async with database.session(Scope.platform("test")) as session:
            await ensure_partition(session, "call_records", day)
        await database.close()

    with engine.connect() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0035")
    _run(add(day))
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL {CROSSES_SETTING} = 'on'"))
        connection.execute(_OLD_CALL)
    with engine.begin() as connection:  # as far as another attempt came
        connection.execute(
            text(
                "CREATE INDEX ix_call_records_trace_id ON ONLY call_records (trace_id)"
                " WHERE trace_id IS NOT NULL"
            )
        )
        connection.execute(
            text("CREATE INDEX call_records_p20260101_trace_id ON call_records_p20260101 (id)")
        )
    assert migrate(empty_database_dsn).is_current
    _run(add(following))
    with engine.connect() as connection:
        for name in ("ix_call_records_trace_id", "ix_call_records_failed"):
            found = connection.execute(
                text(
                    "SELECT whole.indisvalid, count(*) FROM pg_index AS whole"
                    " JOIN pg_inherits ON inhparent = whole.indexrelid"
                    " JOIN pg_index AS part ON part.indexrelid = inhrelid AND part.indisvalid"
                    " WHERE whole.indexrelid = to_regclass(:name) GROUP BY 1"
                ),
                {"name": name},
            ).one()
            assert tuple(found) == (True, 2), name
        connection.execute(text(f"SET {CROSSES_SETTING} = 'on'"))
        connection.execute(
            text(
                "SELECT set_config('mainspring.sought', call_terms_of("
                " to_tsvector('simple', 'refund'), '{model=gpt-9,failed=true}')::text, false)"
            )
        )
        assert connection.execute(text("SELECT id FROM call_terms")).scalars().all() == ["cal_1"]


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(DatabaseUnavailableError):
        migrate("postgresql://nobody@/nothing?host=/nonexistent")


def test_the_doctor_tells_where_the_schema_stands_and_what_to_do(
    database_dsn: str, tmp_path: Path
) -> None:
    assert _examined(database_dsn, tmp_path) == ("ok", "")
    with psycopg.connect(database_dsn, autocommit=True) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
        verdict, hint = _examined(database_dsn, tmp_path)
        assert (verdict, "backup" in hint) == ("warning", True)
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        verdict, hint = _examined(database_dsn, tmp_path)
        assert (verdict, "Install" in hint) == ("problem", True)


def _examined(dsn: str, home: Path) -> tuple[str, str]:
    """Return what the doctor finds about the schema, and its hint."""
    environ = {"MAINSPRING_HOME": str(home), "DATABASE_URL": dsn, "MAINSPRING_LANG": "en"}
    done = CliRunner(env=environ).invoke(build(), ["doctor", "--json"])
    [found] = [each for each in json.loads(done.stdout)["findings"] if each["check"] == "schema"]
    return found["verdict"], found["hint"]
