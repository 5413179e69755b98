"""Calendar quotas and budgets of this process: so much per day and per month."""

import time
from collections.abc import Callable, Iterable
from math import inf
from typing import Final, Literal

import msgspec

from mainspring.gateway.limits.ledger import MOST, Ledger, NoLedger
from mainspring.gateway.limits.port import Allowance, Refusal
from mainspring.kernel.money import Money
from mainspring.snapshot.limits import Bound, Quota, Window, calendar_window

_SWEEP_STEP = 2000
_REQUESTS: Final = 0
_TOKENS: Final = 1
_BUDGET: Final = 2
_KINDS: Final = {"requests": _REQUESTS, "tokens": _TOKENS, "budget": _BUDGET}


class Counter:
    """One subject's use of one quota in one window.

    ``used`` is durable; ``held`` is that and what is reserved, which is not.
    """

    __slots__ = ("ends_at", "held", "slot", "used")

    def __init__(self, slot: int, used: int, ends_at: float) -> None:
        self.slot = slot
        self.used = used
        self.held = used
        self.ends_at = ends_at


Entry = tuple[Counter, int, int]
"""A counter, its kind and its cap."""


class Calendar:
    """What a set of bounds is counted by, found once for all calls until a window ends."""

    __slots__ = ("budgeted", "currency", "ends_at", "entries", "starts_at", "told")

    def __init__(
        self, told: list[tuple[Bound, Quota, Counter]], starts_at: float, ends_at: float
    ) -> None:
        self.told = told
        """The bound and the quota of each counter, for refusals."""
        self.entries: tuple[Entry, ...] = tuple(
            (counter, _KINDS[quota.dimension], quota.cap) for _, quota, counter in told
        )
        self.starts_at = starts_at
        self.ends_at = ends_at
        currencies = {quota.currency for _, quota, _ in told if quota.dimension == "budget"}
        self.budgeted = bool(currencies)
        self.currency = currencies.pop() if len(currencies) == 1 else None
        """That of all budgets; ``None`` if they have several."""


class Hold(msgspec.Struct, frozen=True, gc=False):
    """What one lease holds: of each entry the amount of its kind."""

    entries: tuple[Entry, ...]
    amounts: tuple[int, int, int]
    """By kind."""


class Quotas:
    """Holds calendar quotas, all at once or none.

    ``wall`` gives Unix seconds: it names the days. A call counts in the window in which it was
    admitted, however long it runs.
    """

    def __init__(self, ledger: Ledger | None = None, wall: Callable[[], float] = time.time) -> None:
        self.wall = wall
        self._ledger: Ledger = NoLedger() if ledger is None else ledger
        self._counters: dict[tuple[str, str, str], Counter] = {}
        self._windows: dict[str, Window] = {}
        self._to_sweep: list[tuple[str, str, str]] = []

    def __len__(self) -> int:
        return len(self._counters)

    def open(self, bounds: Iterable[Bound], wall: float) -> Calendar:
        """Find what ``bounds`` are counted by at the Unix time ``wall``."""
        told: list[tuple[Bound, Quota, Counter]] = []
        starts_at, ends_at = -inf, inf
        for bound in bounds:
            for quota in bound.quotas:
                told.append((bound, quota, self._counter(bound.subject, quota, wall)))
                window = self._windows[quota.period]
                starts_at = max(starts_at, window.starts_at)
                ends_at = min(ends_at, window.ends_at)
        return Calendar(told, starts_at, ends_at)

    def take(
        self, calendar: Calendar, tokens: int, cost: Money | None, wall: float
    ) -> Hold | Refusal:
        """Reserve under every quota, or change nothing and say which refused."""
        entries = calendar.entries
        if calendar.budgeted and (cost is None or cost.currency != calendar.currency):
            countable = _countable(calendar, cost)
            if isinstance(countable, Refusal):
                return countable
            entries = countable
        amounts = (1, tokens, 0 if cost is None else cost.nanos)
        for entry in entries:
            counter, kind, cap = entry
            held = counter.held + amounts[kind]
            if held > cap:
                for earlier in entries[: entries.index(entry)]:
                    earlier[0].held -= amounts[earlier[1]]
                return _refused(calendar, counter, amounts[kind], wall)
            counter.held = held
        return Hold(entries, amounts)

    def settle(self, hold: Hold, tokens: int, cost: Money | None) -> None:
        """Turn what is reserved into what was used."""
        reserved = hold.amounts
        amounts = (1, tokens, 0 if cost is None else cost.nanos)
        durable = self._ledger.values
        for counter, kind, _ in hold.entries:
            amount = amounts[kind]
            counter.held += amount - reserved[kind]
            counter.used = used = counter.used + amount
            durable[counter.slot] = used if used < MOST else MOST  # noqa: FURB136 - no call

    def release(self, hold: Hold) -> None:
        """Give back what is reserved."""
        for counter, kind, _ in hold.entries:
            counter.held -= hold.amounts[kind]

    def sweep(self) -> bool:
        """Forget what is over, a bounded number at a time; tell whether there was something.

        A :class:`Calendar` may know a counter that was forgotten: its windows are over as well,
        but clocks have been known to go back, so none from before may be used any more.
        """
        wall = self.wall()
        if not self._to_sweep:
            self._to_sweep = list(self._counters)
        batch, self._to_sweep = self._to_sweep[:_SWEEP_STEP], self._to_sweep[_SWEEP_STEP:]
        forgot = False
        for name in batch:
            counter = self._counters[name]
            if counter.ends_at <= wall and counter.held == counter.used:
                self._ledger.free(counter.slot)
                del self._counters[name]
                forgot = True
        return forgot

    def tightest(
        self, calendar: Calendar, dimension: Literal["requests", "tokens"], wall: float
    ) -> Allowance | None:
        """Return the quota of which the least is left, for the answer's headers."""
        found: Allowance | None = None
        for _, quota, counter in calendar.told:
            if quota.dimension == dimension:
                left = quota.cap - counter.held
                if found is None or left < found.remaining:
                    found = Allowance(quota.cap, left, counter.ends_at - wall)
        return found

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


def _countable(calendar: Calendar, cost: Money | None) -> tuple[Entry, ...] | Refusal:
    """Return the entries that can count ``cost``, or the refusal of a budget that must and cannot.

    A budget that lets calls of unknown cost pass does not count them.
    """
    countable: list[Entry] = []
    for (bound, quota, _), entry in zip(calendar.told, calendar.entries, strict=True):
        if quota.dimension == "budget" and (cost is None or cost.currency != quota.currency):
            if quota.deny_unpriced:
                return Refusal(bound.subject, "price", quota.cap, None, period=quota.period)
        else:
            countable.append(entry)
    return tuple(countable)


def _refused(calendar: Calendar, full: Counter, amount: int, wall: float) -> Refusal:
    bound, quota, _ = next(told for told in calendar.told if told[2] is full)
    wait = None if amount > quota.cap else max(full.ends_at - wall, 0.0)
    return Refusal(
        bound.subject,
        quota.dimension,
        quota.cap,
        wait,
        period=quota.period,
        currency=quota.currency,
    )
