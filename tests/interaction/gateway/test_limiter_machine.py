"""Both limiters, hammered at random beside a plain ledger: neither overshoot nor leak.

What is asked for at once is asked for concurrently; processes die with calls in flight; time jumps.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from mainspring.gateway.limits import Reservation
from mainspring.kernel.money import Money
from mainspring.snapshot.limits import Bound, calendar_window
from mainspring.snapshot.resources import Limits
from mainspring.testing.contracts.limiter import LimiterHarness
from tests.fixtures.valkey import Valkey
from tests.interaction.gateway.test_limiter_contract import LocalHarness, RedisHarness

T = TypeVar("T")
ORG = Bound(
    "organization/o",
    Limits(requests_per_day=9, tokens_per_day=120, budget_per_month=400, currency="EUR"),
)
KEY = Bound("key/k", Limits(requests_per_minute=5, tokens_per_minute=60, max_concurrency=3))


class Running:
    """A call in flight, as the ledger of the test knows it."""

    def __init__(self, lease: Reservation, bounds: tuple[Bound, ...], cost: int, at: float) -> None:
        self.lease = lease
        self.bounds = bounds
        self.cost = cost
        self.at = at


class LimiterMachine(RuleBasedStateMachine):
    """One limiter over its life."""

    def __init__(self, loop: asyncio.Runner, make: Callable[[], Awaitable[LimiterHarness]]) -> None:
        super().__init__()
        self.loop = loop
        self.harness = self.wait_for(_awaited(make()))
        self.running: list[Running] = []
        self.used: dict[tuple[str, str, str], int] = defaultdict(int)
        """What was settled, by subject, dimension and window."""

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(work)

    @rule(
        bounds=st.sampled_from([(ORG,), (KEY,), (ORG, KEY)]),
        tokens=st.integers(0, 40),
        cost=st.integers(0, 120),
        at_once=st.integers(1, 5),
    )
    def reserve(self, bounds: tuple[Bound, ...], tokens: int, cost: int, at_once: int) -> None:
        harness = self.harness

        async def ask() -> list[object]:
            euros = Money("EUR", cost)
            asked = [harness.reserve(*bounds, tokens=tokens, cost=euros) for _ in range(at_once)]
            return list(await asyncio.gather(*asked))

        for decision in self.wait_for(ask()):
            if isinstance(decision, Reservation):
                self.running.append(Running(decision, bounds, cost, harness.now))

    @rule(which=st.integers(0, 99), share=st.floats(0, 1))
    def settle(self, which: int, share: float) -> None:
        if not self.running:
            return
        call = self.running.pop(which % len(self.running))
        tokens, cost = int(call.lease.tokens * share), int(call.cost * share)
        self.wait_for(self.harness.settle(call.lease, tokens, Money("EUR", cost)))
        self._count(call, 1, tokens, cost)

    @rule(which=st.integers(0, 99))
    def release(self, which: int) -> None:
        if self.running:
            call = self.running.pop(which % len(self.running))
            self.wait_for(self.harness.release(call.lease))

    @rule(seconds=st.floats(0.1, 20))
    def wait(self, seconds: float) -> None:
        self._advance(seconds)

    @rule()
    def midnight(self) -> None:
        if not self.running:
            self._advance(43_200.0)

    @rule()
    def crash(self) -> None:
        self.wait_for(self.harness.crash())
        self.running.clear()
        self.harness.outlive()

    @invariant()
    def nothing_exceeds_its_limit(self) -> None:
        """Settled and reserved together fit, in every calendar window."""
        held = dict(self.used)
        for call in self.running:
            for name, amount in self._amounts(call, 1, call.lease.tokens, call.cost):
                held[name] = held.get(name, 0) + amount
        caps = {"requests": 9, "tokens": 120, "budget": 400}
        for (_, dimension, _), amount in held.items():
            assert amount <= caps[dimension]

    @invariant()
    def no_more_run_at_once_than_may(self) -> None:
        assert sum(KEY in call.bounds for call in self.running) <= 3

    def teardown(self) -> None:
        """When all is over, the whole limit is there again: nothing has leaked."""
        harness = self.harness
        for call in self.running:
            self.wait_for(harness.release(call.lease))
        self.harness.advance(40 * 86_400.0)

        async def use_all() -> None:
            three = [await harness.admitted(KEY, tokens=20) for _ in range(3)]
            assert (await harness.refused(KEY)).dimension == "concurrency"
            for lease in three:
                await harness.settle(lease, 20)
            for number in range(9):
                cost = Money("EUR", 400 if number == 8 else 0)
                lease = await harness.admitted(ORG, tokens=120 if number == 8 else 0, cost=cost)
                await harness.settle(lease, 0, Money("EUR", 0))
            assert (await harness.refused(ORG)).dimension in {"requests", "price"}
            await harness.close()

        self.wait_for(use_all())

    def _advance(self, seconds: float) -> None:
        """Let time pass as a living gateway does: it renews its leases."""
        self.harness.advance(seconds)
        if isinstance(self.harness, RedisHarness):
            self.wait_for(self.harness.shared.renew())

    def _count(self, call: Running, requests: int, tokens: int, cost: int) -> None:
        for name, amount in self._amounts(call, requests, tokens, cost):
            self.used[name] += amount

    def _amounts(
        self, call: Running, requests: int, tokens: int, cost: int
    ) -> list[tuple[tuple[str, str, str], int]]:
        if ORG not in call.bounds:
            return []
        day = calendar_window("day", call.at).name
        month = calendar_window("month", call.at).name
        return [
            ((ORG.subject, "requests", day), requests),
            ((ORG.subject, "tokens", day), tokens),
            ((ORG.subject, "budget", month), cost),
        ]


async def _awaited(pending: Awaitable[T]) -> T:
    return await pending


BOUNDED = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def hammer(loop: asyncio.Runner, make: Callable[[], Awaitable[LimiterHarness]]) -> None:
    class Machine(LimiterMachine):
        def __init__(self) -> None:
            super().__init__(loop, make)

    run_state_machine_as_test(Machine, settings=BOUNDED)


def test_the_limiter_of_one_gateway_neither_overshoots_nor_leaks(tmp_path: Path) -> None:
    count = 0

    async def make() -> LimiterHarness:
        nonlocal count
        count += 1
        return LocalHarness(tmp_path / f"{count}.bin")

    with asyncio.Runner() as loop:
        hammer(loop, make)


@pytest.mark.timeout(90)
def test_the_limiter_of_several_gateways_neither_overshoots_nor_leaks(tmp_path: Path) -> None:
    server = Valkey(tmp_path)
    count = 0

    async def make() -> LimiterHarness:
        nonlocal count
        count += 1
        return RedisHarness(server.url, f"{{run-{count}}}:")

    with asyncio.Runner() as loop:
        loop.run(server.start())
        try:
            hammer(loop, make)
        finally:
            server.kill()
