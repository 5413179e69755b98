"""The snapshot feed on a real PostgreSQL: order, deltas, tombstones, waiting."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import msgspec
import psycopg
import pytest
from sqlalchemy import text

from mainspring.infra.db import Database
from mainspring.infra.feed import SnapshotFeed, head_version, publish, read_frame, remove_tombstones
from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.kernel.scope import Actor, ActorKind, Scope
from mainspring.snapshot.frame import Entry, Frame, encode_resource
from mainspring.snapshot.resources import Organization, Resource
from tests.fixtures.postgres import PostgresServer

PLATFORM = Scope.platform("test")


def _org(number: int, name: str = "Acme") -> Organization:
    return Organization(id=f"org_{number}", name=name)


async def _publish(
    database: Database, *puts: Resource, deletes: tuple[tuple[str, str], ...] = ()
) -> int:
    async with database.session(PLATFORM) as session:
        return await publish(session, puts, deletes)


def _without_epoch(frame: Frame | None) -> Frame | None:
    return None if frame is None else msgspec.structs.replace(frame, epoch="")


async def _read(database: Database, since: int | None = None) -> Frame | None:
    return _without_epoch(await read_frame(database, since))


def _entry(resource: Resource, version: int) -> Entry:
    return Entry(resource.kind, resource.key, version, encode_resource(resource))


async def test_an_empty_store_is_a_base_at_version_zero(database: Database) -> None:
    assert await _read(database) == Frame(version=0, entries=[])
    assert await _read(database, 0) is None


async def test_a_publication_is_one_version_and_a_delta_tells_it(database: Database) -> None:
    assert await _publish(database, _org(1), _org(2)) == 1
    assert await _publish(database, _org(2, "Renamed")) == 2
    assert await _read(database, 1) == Frame(
        version=2, since=1, entries=[_entry(_org(2, "Renamed"), 2)]
    )
    base = await _read(database)
    assert base is not None
    assert (base.version, base.since) == (2, None)
    assert sorted(base.entries, key=lambda entry: entry.key) == [
        _entry(_org(1), 1),
        _entry(_org(2, "Renamed"), 2),
    ]


async def test_several_changes_of_one_resource_arrive_as_the_last(database: Database) -> None:
    await _publish(database, _org(1, "a"))
    await _publish(database, _org(1, "b"))
    await _publish(database, _org(1, "c"))
    assert await _read(database, 0) == Frame(version=3, since=0, entries=[_entry(_org(1, "c"), 3)])


async def test_a_deletion_is_told_to_followers_and_missing_from_a_base(database: Database) -> None:
    await _publish(database, _org(1))
    await _publish(database, deletes=(("organization", "org_1"), ("organization", "never_was")))
    assert await _read(database, 1) == Frame(
        version=2, since=1, entries=[Entry("organization", "org_1", 2, None)]
    )
    assert await _read(database) == Frame(version=2, entries=[])


async def test_a_deleted_resource_may_come_back(database: Database) -> None:
    await _publish(database, _org(1))
    await _publish(database, deletes=(("organization", "org_1"),))
    await _publish(database, _org(1))
    assert await _read(database, 1) == Frame(version=3, since=1, entries=[_entry(_org(1), 3)])


async def test_a_put_that_changes_nothing_is_not_told_again(database: Database) -> None:
    await _publish(database, _org(1))
    await _publish(database, _org(1))
    assert await _read(database, 1) == Frame(version=2, since=1, entries=[])


async def test_nothing_to_publish_locks_nothing_and_makes_no_version(database: Database) -> None:
    await _publish(database, _org(1))
    async with database.session(PLATFORM) as writer:
        await publish(writer, [_org(2)])
        assert await _publish(database) == 1


async def test_putting_and_deleting_one_resource_at_once_is_refused(database: Database) -> None:
    with pytest.raises(ValueError, match="org_1"):
        await _publish(database, _org(1), deletes=(("organization", "org_1"),))


async def test_a_publication_that_rolls_back_never_was(database: Database) -> None:
    async def fail() -> None:
        async with database.session(PLATFORM) as session:
            await publish(session, [_org(1)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await _read(database) == Frame(version=0, entries=[])
    assert await _publish(database, _org(2)) == 1


async def test_a_tenants_transaction_may_publish_what_it_changed(database: Database) -> None:
    tenant = Scope(org_id="org_1", actor=Actor(ActorKind.USER, "usr_1"))
    async with database.session(tenant) as session:
        await publish(session, [_org(1)])
        assert await head_version(session) == 1


async def test_a_reader_from_the_future_gets_a_base(database: Database) -> None:
    await _publish(database, _org(1))
    assert await _read(database, 99) == Frame(version=1, entries=[_entry(_org(1), 1)])


async def test_old_tombstones_go_and_readers_that_missed_them_get_a_base(
    database: Database,
) -> None:
    await _publish(database, _org(1), _org(2), _org(3))  # 1
    await _publish(database, deletes=(("organization", "org_1"),))  # 2
    await _publish(database, deletes=(("organization", "org_2"),))  # 3
    async with database.session(PLATFORM) as session:
        age = "UPDATE snapshot_resources SET changed_at = now() - interval '8 days'"
        await session.execute(text(age + " WHERE version < 3"))
        assert await remove_tombstones(session, older_than=timedelta(days=7)) == 1
    missed = await _read(database, 1)
    assert missed is not None
    assert missed.since is None
    assert await _read(database, 2) == Frame(
        version=3, since=2, entries=[Entry("organization", "org_2", 3, None)]
    )
    async with database.session(PLATFORM) as session:
        assert await remove_tombstones(session, older_than=timedelta(days=7)) == 0


@pytest.fixture
async def feed(database: Database, database_dsn: str) -> AsyncGenerator[SnapshotFeed]:
    opened = SnapshotFeed(database, database_dsn, poll_s=60)
    opened.start()
    yield opened
    await opened.close()


async def test_a_follower_hears_of_a_commit_without_polling(
    database: Database, feed: SnapshotFeed
) -> None:
    frames = feed.frames()
    assert _without_epoch(await anext(frames)) == Frame(version=0, entries=[])
    async with asyncio.timeout(10):
        heard, _ = await asyncio.gather(anext(frames), _publish(database, _org(1)))
    assert _without_epoch(heard) == Frame(version=1, since=0, entries=[_entry(_org(1), 1)])
    await frames.aclose()


async def test_waiting_ends_empty_handed_when_nothing_happens(
    database: Database, feed: SnapshotFeed
) -> None:
    await _publish(database, _org(1))
    assert await feed.next_frame(1, wait_s=0.05) is None


async def test_a_follower_that_starts_behind_is_served_at_once(
    database: Database, feed: SnapshotFeed
) -> None:
    await _publish(database, _org(1))
    await _publish(database, _org(2))
    frame = await feed.next_frame(1, wait_s=10)
    assert _without_epoch(frame) == Frame(version=2, since=1, entries=[_entry(_org(2), 2)])


async def test_a_lost_listening_connection_comes_back_and_misses_nothing(
    database: Database, database_dsn: str, feed: SnapshotFeed
) -> None:
    await _publish(database, _org(1))
    assert (await feed.next_frame(0, wait_s=10)) is not None
    async with await psycopg.AsyncConnection.connect(database_dsn, autocommit=True) as admin:
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
            " application_name = 'mainspring snapshot feed' AND datname = current_database()"
        )
    await _publish(database, _org(2))
    frame = await feed.next_frame(1, wait_s=10)
    assert _without_epoch(frame) == Frame(version=2, since=1, entries=[_entry(_org(2), 2)])


async def test_polling_alone_suffices_where_notifications_are_swallowed(
    database: Database, database_dsn: str
) -> None:
    feed = SnapshotFeed(database, database_dsn, poll_s=0.05)
    feed.start()
    async with database.session(PLATFORM) as session:
        # A change without a NOTIFY, as behind a pooler in transaction mode.
        await session.execute(text("UPDATE snapshot_head SET version = 1"))
    frame = await feed.next_frame(0, wait_s=10)
    assert _without_epoch(frame) == Frame(version=1, since=0, entries=[])
    await feed.close()


async def test_a_version_of_another_database_is_no_version_here(
    database: Database, postgres: PostgresServer
) -> None:
    await _publish(database, _org(1))
    followed = await read_frame(database)
    assert followed is not None
    assert await read_frame(database, 1, epoch=followed.epoch) is None
    with postgres.create() as restored_dsn:
        restored = Database(restored_dsn)
        await _publish(restored, _org(2))
        assert _without_epoch(await read_frame(restored, 1, epoch=followed.epoch)) == Frame(
            version=1, entries=[_entry(_org(2), 1)]
        )
        await _publish(restored, _org(3))
        later = await read_frame(restored, 1, epoch=followed.epoch)
        assert later is not None
        assert later.since is None
        await restored.close()


async def test_tables_that_were_filled_again_are_another_epoch(
    database: Database, feed: SnapshotFeed
) -> None:
    await _publish(database, _org(1))
    followed = await feed.next_frame(None, wait_s=10)
    assert followed is not None
    async with database.session(PLATFORM) as session:
        await session.execute(text("TRUNCATE snapshot_resources"))
    # Whoever restored it published something, or the polling finds it.
    await _publish(database, _org(2))
    again = await feed.next_frame(1, wait_s=10, epoch=followed.epoch)
    assert again is not None
    assert again.since is None
    assert [entry.key for entry in again.entries] == ["org_2"]


async def test_without_a_database_a_base_fails_and_a_follower_waits() -> None:
    dsn = "postgresql://nobody@/nothing?host=/nonexistent"
    database = Database(dsn)
    feed = SnapshotFeed(database, dsn, poll_s=0.05)
    feed.start()
    with pytest.raises(DatabaseUnavailableError):
        await feed.next_frame(None, wait_s=1)
    assert await feed.next_frame(7, wait_s=0.2) is None
    await feed.close()
    await database.close()
