"""The sweeper looks when it must, not before, and not for ever."""

import asyncio
import time
from collections.abc import Callable, Mapping
from math import inf

import uvloop

from mainspring.gateway.http.deadlines import Sweeper


class Thing:
    """Something with one deadline, which may have moved."""

    def __init__(self) -> None:
        self.due = inf
        self.deadline = inf
        self.looks: list[float] = []
        self.fired: list[float] = []

    def on_due(self, now: float) -> float:
        """Fire, or tell the later time."""
        self.looks.append(now)
        if now < self.deadline:
            return self.deadline
        self.fired.append(now)
        return inf


async def passing(seconds: float) -> None:
    """Let time pass."""
    await asyncio.sleep(seconds)


async def test_a_deadline_fires_once_and_never_early() -> None:
    sweeper = Sweeper(0.01)
    things = [Thing() for _ in range(50)]
    now = sweeper.wake()
    for number, thing in enumerate(things):
        thing.deadline = now + number * 0.003
        sweeper.watch(thing, thing.deadline)
    await passing(0.4)
    for thing in things:
        assert len(thing.fired) == 1
        assert thing.fired[0] >= thing.deadline
        assert thing.due == inf


async def test_a_deadline_that_moves_on_costs_few_looks() -> None:
    sweeper = Sweeper(0.01)
    thing = Thing()
    watched = 0
    for _ in range(100):
        thing.deadline = sweeper.wake() + 0.1
        if thing.deadline < thing.due:
            sweeper.watch(thing, thing.deadline)
            watched += 1
        await passing(0.002)
    assert watched <= 2
    assert thing.fired == []
    assert len(thing.looks) <= 8
    await passing(0.3)
    assert len(thing.fired) == 1


async def test_a_deadline_that_comes_nearer_is_kept() -> None:
    sweeper = Sweeper(0.01)
    thing = Thing()
    begin = sweeper.wake()
    thing.deadline = begin + 60
    sweeper.watch(thing, thing.deadline)
    thing.deadline = begin + 0.05
    sweeper.watch(thing, thing.deadline)
    await passing(0.3)
    assert len(thing.fired) == 1
    assert len(thing.looks) == 1


async def test_what_is_forgotten_is_not_looked_at_and_not_kept() -> None:
    sweeper = Sweeper(0.01)
    thing, other = Thing(), Thing()
    thing.deadline = other.deadline = sweeper.wake() + 0.03

    def forget_both(now: float) -> float:
        for each in (thing, other):
            sweeper.forget(each)
        return Thing.on_due(thing, now)

    sweeper.watch(thing, thing.deadline)
    sweeper.watch(other, other.deadline)
    thing.on_due = other.on_due = forget_both  # whoever comes first
    await passing(0.2)
    assert len(thing.looks) + len(other.looks) == 1
    sweeper.forget(thing)
    assert sweeper.watched == 0


async def test_it_rests_when_it_watches_nothing_and_wakes_with_the_right_time() -> None:
    loop = asyncio.get_running_loop()
    sweeper = Sweeper(0.01)
    thing = Thing()
    thing.deadline = sweeper.wake()
    sweeper.watch(thing, thing.deadline)
    await passing(0.2)
    assert sweeper.resting
    rested = sweeper.now
    assert abs(sweeper.wake() - loop.time()) < 0.1
    assert sweeper.now > rested
    thing.deadline = sweeper.now + 0.05
    sweeper.watch(thing, thing.deadline)
    await passing(0.3)
    assert len(thing.fired) == 2
    assert thing.fired[1] >= thing.deadline


async def test_an_infinite_deadline_is_none() -> None:
    sweeper = Sweeper(0.01)
    sweeper.watch(Thing(), inf)
    await passing(0.1)
    assert sweeper.resting


async def test_after_a_stall_of_the_loop_peers_are_read_before_they_are_blamed() -> None:
    loop = asyncio.get_running_loop()
    sweeper = Sweeper(0.01)
    thing = Thing()
    order: list[str] = []

    def fire(now: float) -> float:
        order.append("blamed")
        return inf

    thing.on_due = fire
    sweeper.watch(thing, sweeper.wake() + 0.02)
    await passing(0)
    begin = loop.time()
    time.sleep(0.2)  # noqa: ASYNC251 - the stall
    await passing(0)
    await passing(0)
    order.append("read")
    while len(order) < 2 and loop.time() < begin + 5:
        await passing(0.01)
    assert order == ["read", "blamed"]


async def test_a_long_rest_in_the_stall_is_swept_completely() -> None:
    sweeper = Sweeper(0.001)
    things = [Thing() for _ in range(10)]
    now = sweeper.wake()
    for number, thing in enumerate(things):
        thing.deadline = now + number * 0.01
        sweeper.watch(thing, thing.deadline)
    time.sleep(0.3)  # noqa: ASYNC251 - the stall: more ticks than buckets
    await passing(0.1)
    assert [len(thing.fired) for thing in things] == [1] * 10


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Name the loop."""
    return {"uvloop": uvloop.new_event_loop}
