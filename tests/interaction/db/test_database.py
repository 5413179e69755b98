"""Transactions, the pool, and how a missing server looks."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mainspring.infra.db import Database, PoolSettings
from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.kernel.scope import Scope

PLATFORM = Scope.platform("test")


async def test_commits_at_the_end_of_the_block_and_rolls_back_when_it_raises(
    database: Database,
) -> None:
    async with database.session(PLATFORM) as session:
        await session.execute(text("CREATE TABLE kept (n int)"))
        await session.execute(text("INSERT INTO kept VALUES (1)"))
    with pytest.raises(ZeroDivisionError):
        await _insert_and_fail(database)
    async with database.session(PLATFORM) as session:
        assert (await session.scalars(text("SELECT n FROM kept"))).all() == [1]


async def _insert_and_fail(database: Database) -> None:
    async with database.session(PLATFORM) as session:
        await session.execute(text("INSERT INTO kept VALUES (2)"))
        raise ZeroDivisionError


async def test_names_itself_and_sets_its_bounds_on_every_connection(database_dsn: str) -> None:
    bounds = PoolSettings(statement_s=7, lock_s=3, idle_s=11)
    database = Database(database_dsn, role="control", pool=bounds)
    names = ("application_name", "statement_timeout", "lock_timeout", "TimeZone")
    names += ("idle_in_transaction_session_timeout",)
    async with database.session(PLATFORM) as session:
        found = [await session.scalar(text(f"SHOW {name}")) for name in names]
    await database.close()
    assert found == ["mainspring control", "7s", "3s", "UTC", "11s"]


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    database = Database("postgresql://nobody@/nothing?host=/nonexistent")
    with pytest.raises(DatabaseUnavailableError):
        async with database.session(PLATFORM):
            pass
    with pytest.raises(DatabaseUnavailableError):
        await database.ping()
    await database.close()


async def test_a_connection_lost_in_mid_transaction_is_unavailable_and_the_next_works(
    database: Database, database_dsn: str
) -> None:
    other = Database(database_dsn)

    async def work() -> None:
        async with database.session(PLATFORM) as session:
            pid = await session.scalar(text("SELECT pg_backend_pid()"))
            async with other.session(PLATFORM) as killer:
                await killer.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            await session.execute(text("SELECT 1"))

    with pytest.raises(DatabaseUnavailableError):
        await work()
    await other.close()
    await database.ping()


async def test_an_idle_connection_that_the_server_dropped_is_replaced_unnoticed(
    database: Database, database_dsn: str
) -> None:
    await database.ping()
    other = Database(database_dsn, role="killer")
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    kill += " WHERE application_name = 'mainspring test' AND datname = current_database()"
    async with other.session(PLATFORM) as killer:
        assert (await killer.scalars(text(kill))).all() == [True]
    await other.close()
    await database.ping()


async def test_a_full_pool_is_unavailable_after_its_wait(database_dsn: str) -> None:
    database = Database(database_dsn, pool=PoolSettings(size=1, burst=0, wait_s=0.05))
    async with database.session(PLATFORM):
        with pytest.raises(DatabaseUnavailableError, match="busy"):
            async with database.session(PLATFORM):
                pass
    await database.close()


async def test_a_runaway_statement_is_ended_and_is_not_called_unavailable(
    database_dsn: str,
) -> None:
    database = Database(database_dsn, pool=PoolSettings(statement_s=0.05))
    with pytest.raises(DBAPIError, match="statement timeout"):
        async with database.session(PLATFORM) as session:
            await session.execute(text("SELECT pg_sleep(30)"))
    await database.close()


async def test_a_cancelled_caller_gives_its_connection_back(database_dsn: str) -> None:
    database = Database(database_dsn, pool=PoolSettings(size=1, burst=0, wait_s=5))
    entered = asyncio.Event()

    async def work() -> None:
        async with database.session(PLATFORM) as session:
            entered.set()
            await session.execute(text("SELECT pg_sleep(30)"))

    async with asyncio.TaskGroup() as group:
        task = group.create_task(work())
        await entered.wait()
        task.cancel()
    await database.ping()
    await database.close()
