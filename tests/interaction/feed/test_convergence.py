"""Whatever writers do at once, a follower ends with exactly what a fresh base says."""

import asyncio
import random
from datetime import timedelta

import pytest

from mainspring.infra.db import Database
from mainspring.infra.feed import SnapshotFeed, publish, read_frame, remove_tombstones
from mainspring.kernel.scope import Scope
from mainspring.snapshot.frame import Frame
from mainspring.snapshot.resources import Organization

PLATFORM = Scope.platform("test")
WRITERS = 4
WRITES = 25

State = dict[tuple[str, str], bytes]


def _apply(state: State, frame: Frame) -> State:
    new: State = {} if frame.since is None else dict(state)
    for entry in frame.entries:
        if entry.data is None:
            new.pop((entry.kind, entry.key), None)
        else:
            new[entry.kind, entry.key] = entry.data
    return new


async def _write(database: Database, seed: int) -> None:
    chance = random.Random(seed)
    for step in range(WRITES):
        numbers = chance.sample(range(12), 3)
        puts = [Organization(id=f"org_{n}", name=f"{seed}.{step}") for n in numbers[:2]]
        deletes = [("organization", f"org_{numbers[2]}")] if chance.random() < 0.5 else []
        async with database.session(PLATFORM) as session:
            await publish(session, puts, deletes)
            if chance.random() < 0.2:
                await session.rollback()


async def _purge(database: Database, done: asyncio.Event) -> None:
    while not done.is_set():
        async with database.session(PLATFORM) as session:
            await remove_tombstones(session, older_than=timedelta(0))
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("seed", range(3))
async def test_followers_converge_on_what_a_base_says(
    database: Database, database_dsn: str, seed: int
) -> None:
    feed = SnapshotFeed(database, database_dsn, poll_s=60)
    feed.start()
    done = asyncio.Event()

    async def follow() -> tuple[State, int | None]:
        state: State = {}
        at: int | None = None
        while True:
            finished = done.is_set()
            frame = await feed.next_frame(at, wait_s=0 if finished else 0.2)
            if frame is None:
                if finished and at == (await _head(database)):
                    return state, at
                continue
            assert at is None or frame.version > at
            state, at = _apply(state, frame), frame.version

    async with asyncio.TaskGroup() as group:
        followers = [group.create_task(follow()) for _ in range(2)]
        purge = group.create_task(_purge(database, done))
        await asyncio.gather(*(_write(database, seed * 100 + n) for n in range(WRITERS)))
        done.set()
        await purge
    base = await read_frame(database)
    assert base is not None
    expected = _apply({}, base)
    assert [follower.result() for follower in followers] == [(expected, base.version)] * 2
    await feed.close()


async def _head(database: Database) -> int:
    base = await read_frame(database)
    assert base is not None
    return base.version
