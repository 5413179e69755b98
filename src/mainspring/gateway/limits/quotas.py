"""Calendar quotas and per-second rates of this process: what few subjects have."""

import time
from collections.abc import Callable
from math import inf
from typing import Final, Literal

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
from mainspring.snapshot.resources import Limits

_SWEEP_STEP = 2000
_REQUESTS: Final = 0
_TOKENS: Final = 1
_BUDGET: Final = 2
_KINDS: Final = {"requests": _REQUESTS, "tokens": _TOKENS, "budget": _BUDGET}


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
    """What one lease holds: amounts of counters, each with its kind, and requests of rates."""

    __slots__ = ("counted", "rates")

    def __init__(self) -> None:
        self.counted: list[tuple[Counter, int, int]] = []
        self.rates: list[tuple[Rate, int]] = []
        """Rates with the second in which a request was taken from them."""


class Desk:
    """The counters and the rate of one subject, found once for all calls until a window ends."""

    __slots__ = ("ends_at", "entries", "limits", "rate", "starts_at")

    def __init__(
        self,
        limits: Limits,
        entries: tuple[tuple[Counter, int, int, Quota], ...],
        rate: Rate | None,
        starts_at: float,
        ends_at: float,
    ) -> None:
        self.limits = limits
        self.entries = entries
        """Counter, kind, cap and quota of each."""
        self.rate = rate
        self.starts_at = starts_at
        self.ends_at = ends_at


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
        self._desks: dict[str, Desk] = {}
        self._windows: dict[str, Window] = {}
        self._to_sweep: list[tuple[str, str, str]] = []

    def __len__(self) -> int:
        return len(self._counters) + len(self._rates)

    def take(
        self, bounds: list[Bound], tokens: int, cost: Money | None, now: float
    ) -> Hold | Refusal:
        """Reserve under every quota and rate, or change nothing and say which refused."""
        wall = self._wall()
        hold = Hold()
        counted = hold.counted
        for bound in bounds:
            desk = self._desks.get(bound.subject)
            if (
                desk is None
                or desk.limits is not bound.limits
                or not desk.starts_at <= wall < desk.ends_at
            ):
                desk = self._open(bound, wall, int(now))
            rate = desk.rate
            if rate is not None:
                refusal = _take_one(rate, bound, now)
                if refusal is not None:
                    self.release(hold)
                    return refusal
                hold.rates.append((rate, rate.window))
            for counter, kind, cap, quota in desk.entries:
                if kind == _TOKENS:
                    amount = tokens
                elif kind == _REQUESTS:
                    amount = 1
                elif cost is not None and cost.currency == quota.currency:
                    amount = cost.nanos
                elif quota.deny_unpriced:
                    self.release(hold)
                    return Refusal(bound.subject, "price", cap, None, period=quota.period)
                else:
                    continue
                if counter.used + counter.reserved + amount > cap:
                    self.release(hold)
                    return _refused(bound, quota, counter, amount, wall)
                counter.reserved += amount
                counted.append((counter, kind, amount))
        return hold

    def settle(self, hold: Hold, tokens: int, cost: Money | None) -> None:
        """Turn what is reserved into what was used."""
        put = self._ledger.put
        for counter, kind, amount in hold.counted:
            counter.reserved -= amount
            if kind == _TOKENS:
                counter.used += tokens
            elif kind == _REQUESTS:
                counter.used += 1
            elif cost is not None:
                counter.used += cost.nanos
            put(counter.slot, counter.used)

    def release(self, hold: Hold) -> None:
        """Give back what is reserved."""
        for counter, _, amount in hold.counted:
            counter.reserved -= amount
        for rate, window in hold.rates:
            if rate.window == window:
                rate.requests -= 1
            elif rate.window == window + 1:
                rate.previous -= 1

    def sweep(self, now: float) -> None:
        """Forget what is over, a bounded number at a time."""
        second = int(now)
        for subject in [name for name, rate in self._rates.items() if rate.window < second - 1]:
            del self._rates[subject]
            self._desks.pop(subject, None)
        wall = self._wall()
        if not self._to_sweep:
            self._to_sweep = list(self._counters)
        batch, self._to_sweep = self._to_sweep[:_SWEEP_STEP], self._to_sweep[_SWEEP_STEP:]
        for name in batch:
            counter = self._counters[name]
            if counter.ends_at <= wall and not counter.reserved:
                self._ledger.free(counter.slot)
                del self._counters[name]
                self._desks.pop(name[0], None)

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

    def _open(self, bound: Bound, wall: float, second: int) -> Desk:
        """Find what a subject's limits are counted by."""
        rate = None
        if bound.limits.requests_per_second is not None:
            rate = self._rates.get(bound.subject)
            if rate is None:
                rate = self._rates[bound.subject] = Rate(second)
        entries: list[tuple[Counter, int, int, Quota]] = []
        starts_at, ends_at = -inf, inf
        for quota in bound.quotas:
            counter = self._counter(bound.subject, quota, wall)
            entries.append((counter, _KINDS[quota.dimension], quota.cap, quota))
            window = self._windows[quota.period]
            starts_at = max(starts_at, window.starts_at)
            ends_at = min(ends_at, window.ends_at)
        desk = Desk(bound.limits, tuple(entries), rate, starts_at, ends_at)
        self._desks[bound.subject] = desk
        return desk

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


def _take_one(rate: Rate, bound: Bound, now: float) -> Refusal | None:
    """Take a request from ``rate`` if there is room for it."""
    window = int(now)
    if rate.window != window:
        rate.roll(window)
    cap = bound.limits.requests_per_second
    if cap is not None and rate.requests + rate.previous * (1.0 - now % 1.0) + 1 > cap:
        wait = seconds_until_fits(1, cap, rate.requests, rate.previous, now, window_s=1.0)
        return Refusal(bound.subject, "requests", cap, wait, period="second")
    rate.requests += 1
    return None


def _refused(bound: Bound, quota: Quota, counter: Counter, amount: int, wall: float) -> Refusal:
    wait = None if amount > quota.cap else max(counter.ends_at - wall, 0.0)
    return Refusal(
        bound.subject,
        quota.dimension,
        quota.cap,
        wait,
        period=quota.period,
        currency=quota.currency,
    )
