"""What every limiter must do, whatever it counts in.

::

    class TestMyLimiter(LimiterContract):
        @pytest.fixture
        async def harness(self) -> AsyncIterator[LimiterHarness]: ...
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable
from typing import Final

from mainspring.gateway.limits import Limiter, Refusal, Reservation
from mainspring.gateway.limits.port import Decision
from mainspring.kernel.money import Money
from mainspring.snapshot.limits import Bound
from mainspring.snapshot.resources import Limits

NOON: Final = 1_769_774_400.0
"""Noon in UTC, on the last day but one of January 2026, at the start of a minute."""
DAY_S: Final = 86_400.0

ORG: Final = Bound("organization/o", Limits(requests_per_minute=10, tokens_per_minute=100))
SESSION: Final = Bound("key/s", Limits(requests_per_minute=5, max_concurrency=1))
KEY: Final = Bound("key/k", Limits(requests_per_minute=3, max_concurrency=2))
DAILY: Final = Bound(
    "project/p",
    Limits(requests_per_day=4, tokens_per_month=100, budget_per_day=50, currency="EUR"),
)


class LimiterHarness(ABC):
    """A limiter on a clock of the test's, and its process, which can die."""

    limiter: Limiter

    def __init__(self) -> None:
        self.now = NOON
        """Both clocks of the limiter: Unix seconds, and what the pipeline passes."""

    @abstractmethod
    async def crash(self) -> None:
        """Kill the limiter's process without a word and start another on the same store."""

    @abstractmethod
    async def synced(self) -> None:
        """Wait until every end of a lease has arrived where it is counted."""

    @abstractmethod
    def outlive(self) -> None:
        """Let so much time pass that leases of a dead process are over."""

    async def close(self) -> None:
        """Let go of everything."""
        await self.limiter.close()

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds

    async def reserve(
        self, *bounds: Bound, tokens: int = 0, cost: Money | None = None, place: bool = True
    ) -> Decision:
        """Ask for one call."""
        decision = self.limiter.reserve(bounds, tokens, self.now, 60.0, cost, place=place)
        return await decision if isinstance(decision, Awaitable) else decision

    async def admitted(
        self, *bounds: Bound, tokens: int = 0, cost: Money | None = None, place: bool = True
    ) -> Reservation:
        """Ask for one call that must be granted."""
        decision = await self.reserve(*bounds, tokens=tokens, cost=cost, place=place)
        assert isinstance(decision, Reservation), vars_of(decision)
        return decision

    async def refused(
        self, *bounds: Bound, tokens: int = 0, cost: Money | None = None, place: bool = True
    ) -> Refusal:
        """Ask for one call that must be refused."""
        decision = await self.reserve(*bounds, tokens=tokens, cost=cost, place=place)
        assert isinstance(decision, Refusal)
        return decision

    async def settle(self, lease: Reservation, tokens: int = 0, cost: Money | None = None) -> None:
        """End a lease, and wait until that is counted."""
        self.limiter.settle(lease, tokens, self.now, cost)
        await self.synced()

    async def release(self, lease: Reservation) -> None:
        """Give a lease back, and wait until that is counted."""
        self.limiter.release(lease, self.now)
        await self.synced()


def vars_of(refusal: Refusal) -> tuple[str, str, str, int]:
    """Return what a refusal says."""
    return refusal.subject, refusal.dimension, refusal.period, refusal.limit


def euros(nanos: int) -> Money:
    """Return so many billionths of a euro."""
    return Money("EUR", nanos)


class LimiterContract:
    """Neither overshoot nor leak; every method is one promise."""

    async def test_all_bounds_hold_at_once_or_nothing_is_taken(
        self, harness: LimiterHarness
    ) -> None:
        """A refusal by one bound charges no other."""
        for _ in range(3):
            await harness.settle(await harness.admitted(ORG, KEY, tokens=1), 1)
        refusal = await harness.refused(ORG, KEY, tokens=1)
        assert vars_of(refusal) == ("key/k", "requests", "minute", 3)
        allowance = (await harness.admitted(ORG, tokens=1)).requests
        assert allowance is not None
        assert (allowance.limit, allowance.remaining) == (10, 6)

    async def test_a_place_is_free_when_its_call_ended_once(self, harness: LimiterHarness) -> None:
        """Ending a lease twice frees one place."""
        first = await harness.admitted(KEY)
        await harness.admitted(KEY)
        assert (await harness.refused(KEY)).dimension == "concurrency"
        await harness.settle(first)
        await harness.settle(first)
        await harness.release(first)
        await harness.admitted(KEY)

    async def test_what_takes_no_place_is_counted_all_the_same(
        self, harness: LimiterHarness
    ) -> None:
        """Within a place that is held, calls cost requests and tokens and no further place."""
        session = await harness.admitted(SESSION)
        inner = [await harness.admitted(SESSION, tokens=1, place=False) for _ in range(3)]
        assert (await harness.refused(SESSION)).dimension == "concurrency"
        for lease in inner:
            await harness.settle(lease, 1)
        assert (await harness.refused(SESSION)).dimension == "concurrency"
        await harness.settle(session)
        await harness.admitted(SESSION)
        refusal = await harness.refused(SESSION, place=False)
        assert vars_of(refusal) == ("key/s", "requests", "minute", 5)

    async def test_what_is_released_was_never_used(self, harness: LimiterHarness) -> None:
        """Releases leave no trace, in rates, quotas and places."""
        for _ in range(20):
            lease = await harness.admitted(ORG, KEY, DAILY, tokens=60, cost=euros(50))
            await harness.release(lease)
        await harness.admitted(ORG, KEY, DAILY, tokens=100, cost=euros(50))

    async def test_use_is_corrected_to_what_it_was(self, harness: LimiterHarness) -> None:
        """Less frees the rest; more counts although it cannot be refused any more."""
        await harness.settle(await harness.admitted(DAILY, tokens=90, cost=euros(40)), 10, euros(5))
        await harness.settle(await harness.admitted(DAILY, tokens=90, cost=euros(45)), 95, euros(9))
        refusal = await harness.refused(DAILY, tokens=1, cost=euros(1))
        assert vars_of(refusal) == ("project/p", "tokens", "month", 100)
        refusal = await harness.refused(DAILY, cost=euros(37))
        assert vars_of(refusal) == ("project/p", "budget", "day", 50)

    async def test_a_request_that_can_never_fit_is_told_so(self, harness: LimiterHarness) -> None:
        """Waiting in vain is not advised."""
        assert (await harness.refused(ORG, tokens=101)).retry_after_s is None
        assert (await harness.refused(DAILY, tokens=101, cost=euros(1))).retry_after_s is None
        refusal = await harness.refused(DAILY, cost=euros(51))
        assert (refusal.dimension, refusal.currency) == ("budget", "EUR")
        assert refusal.retry_after_s is None

    async def test_after_the_wait_that_was_told_a_call_fits(self, harness: LimiterHarness) -> None:
        """A burst at a window's edge does not pass twice, and the wait is right."""
        harness.advance(59.0)
        for _ in range(10):
            await harness.settle(await harness.admitted(ORG))
        harness.advance(1.5)
        wait = (await harness.refused(ORG)).retry_after_s
        assert wait is not None
        assert wait > 0
        harness.advance(wait + 0.001)
        await harness.admitted(ORG)

    async def test_a_second_is_limited(self, harness: LimiterHarness) -> None:
        """Requests per second come back within two."""
        hasty = Bound("user/u", Limits(requests_per_second=2))
        for _ in range(2):
            await harness.settle(await harness.admitted(hasty))
        refusal = await harness.refused(hasty)
        assert vars_of(refusal) == ("user/u", "requests", "second", 2)
        assert refusal.retry_after_s is not None
        assert refusal.retry_after_s <= 2.0
        harness.advance(2.0)
        await harness.admitted(hasty)

    async def test_a_day_ends_at_midnight_and_a_month_with_its_last_day(
        self, harness: LimiterHarness
    ) -> None:
        """Calendar windows need no reset."""
        for _ in range(4):
            lease = await harness.admitted(DAILY, tokens=10, cost=euros(10))
            await harness.settle(lease, 10, euros(10))
        refusal = await harness.refused(DAILY, tokens=10, cost=euros(1))
        assert vars_of(refusal) == ("project/p", "requests", "day", 4)
        assert refusal.retry_after_s == DAY_S / 2
        harness.advance(DAY_S / 2)
        await harness.settle(await harness.admitted(DAILY, tokens=60, cost=euros(50)), 60, euros(1))
        refusal = await harness.refused(DAILY, tokens=1, cost=euros(1))
        assert vars_of(refusal) == ("project/p", "tokens", "month", 100)
        assert refusal.retry_after_s == DAY_S
        harness.advance(DAY_S)
        await harness.admitted(DAILY, tokens=100, cost=euros(50))

    async def test_a_call_counts_on_the_day_on_which_it_was_admitted(
        self, harness: LimiterHarness
    ) -> None:
        """Settling after midnight takes nothing from the new day."""
        harness.advance(DAY_S / 2 - 10)
        lease = await harness.admitted(DAILY, tokens=1, cost=euros(50))
        harness.advance(20)
        await harness.settle(lease, 1, euros(50))
        await harness.admitted(DAILY, tokens=1, cost=euros(50))

    async def test_an_unknown_price_is_refused_or_passes_uncounted(
        self, harness: LimiterHarness
    ) -> None:
        """Each budget says which; another currency is unknown too."""
        strict = Bound("key/strict", Limits(budget_per_month=5))
        easy = Bound("key/easy", Limits(budget_per_month=5, unpriced="allow"))
        assert (await harness.refused(strict)).dimension == "price"
        assert (await harness.refused(strict, cost=euros(1))).dimension == "price"
        for _ in range(9):
            await harness.settle(await harness.admitted(easy, cost=euros(1)), 1, euros(1))
        lease = await harness.admitted(easy, strict, cost=Money("USD", 5))
        await harness.settle(lease, 1, Money("USD", 5))
        assert (await harness.refused(easy, cost=Money("USD", 1))).dimension == "budget"

    async def test_what_was_settled_survives_a_crash_and_what_was_reserved_comes_back(
        self, harness: LimiterHarness
    ) -> None:
        """No overshoot and no phantom: a dead process holds nothing for long."""
        await harness.settle(await harness.admitted(DAILY, KEY, tokens=40, cost=euros(20)), 30)
        for _ in range(2):
            await harness.admitted(DAILY, KEY, tokens=30, cost=euros(20))
        await harness.crash()
        harness.outlive()
        assert (await harness.refused(DAILY, tokens=71, cost=euros(0))).dimension == "tokens"
        for _ in range(2):
            await harness.admitted(DAILY, KEY, tokens=35, cost=euros(20))

    async def test_calls_at_once_never_overshoot(self, harness: LimiterHarness) -> None:
        """Whatever the interleaving, the tightest bound holds exactly."""
        narrow = Bound("model/m", Limits(max_concurrency=5, requests_per_day=12))
        granted = 0
        for _ in range(4):
            decisions = await asyncio.gather(*(harness.reserve(narrow) for _ in range(8)))
            held = [each for each in decisions if isinstance(each, Reservation)]
            assert len(held) == min(5, 12 - granted)
            granted += len(held)
            for lease in held:
                harness.limiter.settle(lease, 0, harness.now)
            await harness.synced()
        assert granted == 12
