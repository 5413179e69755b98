"""Calendar quotas and per-second rates of this process: what few subjects have."""

import time
from collections.abc import Callable
from typing import Literal

from mainspring.gateway.limits.ledger import Ledger, NoLedger
from mainspring.gateway.limits.port import Refusal
from mainspring.kernel.money import Money
from mainspring.snapshot.limits import (
    Bound,
    Quota,
    Window,
    calendar_window,
    seconds_until_fits,
)

_SWEEP_STEP = 2000


class Counter:
    """One subject's use of one quota in one window; ``used`` is durable, ``reserved`` is not."""

    __slots__ = ("ends_at", "reserved", "slot", "used")

    def __init__(self, slot: int, used: int, ends_at: float) -> None:
        self.slot = slot
        self.used = used
        self.reserved = 0
        self.ends_at = ends_at


class Rate:
    """Requests of the present second and of the one before."""

    __slots__ = ("previous", "requests", "window")

    def __init__(self, window: int) -> None:
        self.window = window
        self.requests = 0
        self.previous = 0

    def roll(self, window: int) -> None:
        """Go to ``window``."""
        if window > self.window:
            self.previous = self.requests if window == self.window + 1 else 0
            self.requests = 0
            self.window = window


class Hold:
    """What one lease holds: of a counter, or one request of a rate."""

    __slots__ = ("amount", "counter", "dimension", "rate", "window")

    def __init__(
        self,
        dimension: Literal["requests", "tokens", "budget"],
        amount: int,
        counter: Counter | None = None,
        rate: Rate | None = None,
    ) -> None:
        self.dimension = dimension
        self.amount = amount
        self.counter = counter
        self.rate = rate
        self.window = 0 if rate is None else rate.window


class Left:
    """The tightest quota of a dimension: what is left of it after this call."""

    __slots__ = ("cap", "left", "reset_s")

    def __init__(self, cap: int, left: int, reset_s: float) -> None:
        self.cap = cap
        self.left = left
        self.reset_s = reset_s


class Quotas:
    """Holds calendar quotas and per-second rates, all at once or none.

    ``wall`` gives Unix seconds: it names the days. A call counts in the window in which it was
    admitted, however long it runs.
    """

    def __init__(self, ledger: Ledger | None = None, wall: Callable[[], float] = time.time) -> None:
        self._ledger: Ledger = NoLedger() if ledger is None else ledger
        self._wall = wall
        self._counters: dict[tuple[str, str, str], Counter] = {}
        self._rates: dict[str, Rate] = {}
        self._windows: dict[str, Window] = {}
        self._to_sweep: list[tuple[str, str, str]] = []

    def __len__(self) -> int:
        return len(self._counters) + len(self._rates)

    def hold(
        self, bounds: list[Bound], tokens: int, cost: Money | None, now: float
    ) -> list[Hold] | Refusal:
        """Find room under every quota and rate; nothing is taken before :meth:`take`."""
        wall = self._wall()
        holds: list[Hold] = []
        for bound in bounds:
            cap = bound.limits.requests_per_second
            if cap is not None:
                rate = self._rate(bound.subject, now)
                estimate = rate.requests + rate.previous * (1.0 - now % 1.0)
                if estimate + 1 > cap:
                    wait = seconds_until_fits(
                        1, cap, rate.requests, rate.previous, now, window_s=1.0
                    )
                    return Refusal(bound.subject, "requests", cap, wait, period="second")
                holds.append(Hold("requests", 1, rate=rate))
            for quota in bound.quotas:
                amount = 1 if quota.dimension == "requests" else tokens
                if quota.dimension == "budget":
                    if cost is None or cost.currency != quota.currency:
                        if quota.deny_unpriced:
                            return Refusal(
                                bound.subject, "price", quota.cap, None, period=quota.period
                            )
                        continue
                    amount = cost.nanos
                counter = self._counter(bound.subject, quota, wall)
                if counter.used + counter.reserved + amount > quota.cap:
                    wait = None if amount > quota.cap else max(counter.ends_at - wall, 0.0)
                    return Refusal(
                        bound.subject,
                        quota.dimension,
                        quota.cap,
                        wait,
                        period=quota.period,
                        currency=quota.currency,
                    )
                holds.append(Hold(quota.dimension, amount, counter))
        return holds

    def take(self, holds: list[Hold]) -> None:
        """Reserve what :meth:`hold` found."""
        for hold in holds:
            if hold.counter is not None:
                hold.counter.reserved += hold.amount
            elif hold.rate is not None:
                hold.rate.requests += 1

    def settle(self, holds: list[Hold], tokens: int, cost: Money | None) -> None:
        """Turn what is reserved into what was used."""
        for hold in holds:
            counter = hold.counter
            if counter is None:
                continue
            counter.reserved -= hold.amount
            if hold.dimension == "requests":
                counter.used += 1
            elif hold.dimension == "tokens":
                counter.used += tokens
            else:
                counter.used += 0 if cost is None else cost.nanos
            self._ledger.put(counter.slot, counter.used)

    def release(self, holds: list[Hold]) -> None:
        """Give back what is reserved."""
        for hold in holds:
            rate = hold.rate
            if hold.counter is not None:
                hold.counter.reserved -= hold.amount
            elif rate is not None and rate.window == hold.window:
                rate.requests -= 1
            elif rate is not None and rate.window == hold.window + 1:
                rate.previous -= 1

    def sweep(self, now: float) -> None:
        """Forget what is over, a bounded number at a time."""
        second = int(now)
        for subject in [name for name, rate in self._rates.items() if rate.window < second - 1]:
            del self._rates[subject]
        wall = self._wall()
        if not self._to_sweep:
            self._to_sweep = list(self._counters)
        batch, self._to_sweep = self._to_sweep[:_SWEEP_STEP], self._to_sweep[_SWEEP_STEP:]
        for name in batch:
            counter = self._counters[name]
            if counter.ends_at <= wall and not counter.reserved:
                self._ledger.free(counter.slot)
                del self._counters[name]

    def tightest(
        self, bounds: list[Bound], dimension: Literal["requests", "tokens"]
    ) -> Left | None:
        """Return the quota of which the least is left, for the answer's headers."""
        found: Left | None = None
        wall = self._wall()
        for bound in bounds:
            for quota in bound.quotas:
                if quota.dimension == dimension:
                    counter = self._counter(bound.subject, quota, wall)
                    left = quota.cap - counter.used - counter.reserved
                    if found is None or left < found.left:
                        found = Left(quota.cap, left, counter.ends_at - wall)
        return found

    def _rate(self, subject: str, now: float) -> Rate:
        window = int(now)
        rate = self._rates.get(subject)
        if rate is None:
            rate = self._rates[subject] = Rate(window)
        elif rate.window != window:
            rate.roll(window)
        return rate

    def _counter(self, subject: str, quota: Quota, wall: float) -> Counter:
        window = self._windows.get(quota.period)
        if window is None or not window.starts_at <= wall < window.ends_at:
            window = self._windows[quota.period] = calendar_window(quota.period, wall)
        key = (subject, quota.name, window.name)
        counter = self._counters.get(key)
        if counter is None:
            slot, used = self._ledger.open("|".join(key), window.ends_at)
            counter = self._counters[key] = Counter(slot, used, window.ends_at)
        return counter
