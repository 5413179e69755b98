"""Recorded calls against limits: which would have been refused, had these limits held.

Counted as gateways count, with what calls used in the end in the place of what they reserved at
first. Counters are empty before the first call that is read.
"""

import heapq
from collections.abc import Iterable
from typing import Final

import msgspec

from mainspring.kernel.errors import BudgetExceededError, RateLimitedError
from mainspring.snapshot.limits import (
    Bound,
    Quota,
    bounds_of,
    bounds_of_model,
    calendar_window,
)
from mainspring.snapshot.replay import Finding, Recorded, Settings, finding

_RATES: Final = (
    ("requests_per_second", 1.0, "requests"),
    ("requests_per_minute", 60.0, "requests"),
    ("tokens_per_minute", 60.0, "tokens"),
)


class Crossed(msgspec.Struct, frozen=True):
    """The limit that a call would not have fitted under."""

    subject: str
    limit: str
    cap: int
    code: str


class _Rate:
    """Fixed windows, of which the one before still counts for the share that it covers."""

    __slots__ = ("current", "previous", "window")

    def __init__(self) -> None:
        self.window = -1
        self.current = 0
        self.previous = 0

    def estimate(self, at: float, length: float) -> float:
        window = int(at // length)
        if window != self.window:
            self.previous = self.current if window == self.window + 1 else 0
            self.current = 0
            self.window = window
        return self.current + self.previous * (1.0 - (at % length) / length)


class Counters:
    """What calls have used, by subject and limit. Calls come in the order of their arrival."""

    def __init__(self) -> None:
        self._rates: dict[tuple[str, str], _Rate] = {}
        self._quotas: dict[tuple[str, str, str], int] = {}
        self._running: dict[str, list[float]] = {}

    def admit(self, call: Recorded, bounds: Iterable[Bound]) -> Crossed | None:
        """Count a call under all of ``bounds``; where one refuses it, it counts nowhere."""
        bounds = tuple(bounds)
        for bound in bounds:
            crossed = self._crossed(call, bound)
            if crossed is not None:
                return crossed
        for bound in bounds:
            self._count(call, bound)
        return None

    def _crossed(self, call: Recorded, bound: Bound) -> Crossed | None:
        limits = bound.limits
        for name, length, unit in _RATES:
            cap: int | None = getattr(limits, name)
            if cap is None:
                continue
            used = self._rate(bound.subject, name).estimate(call.at, length)
            if used + _demand(call, unit) > cap:
                return Crossed(bound.subject, name, cap, RateLimitedError.code)
        if limits.max_concurrency is not None:
            running = self._running.setdefault(bound.subject, [])
            while running and running[0] <= call.at:
                heapq.heappop(running)
            if len(running) >= limits.max_concurrency:
                return Crossed(
                    bound.subject, "max_concurrency", limits.max_concurrency, RateLimitedError.code
                )
        for quota in bound.quotas:
            demand = _quota_demand(call, quota)
            if self._quotas.get(_window(bound, quota, call.at), 0) + demand > quota.cap:
                budget = quota.dimension == "budget"
                code = BudgetExceededError.code if budget else RateLimitedError.code
                name = f"{quota.dimension}_per_{quota.period}"
                return Crossed(bound.subject, name, quota.cap, code)
        return None

    def _count(self, call: Recorded, bound: Bound) -> None:
        for name, _, unit in _RATES:
            if getattr(bound.limits, name) is not None:
                self._rate(bound.subject, name).current += _demand(call, unit)
        if bound.limits.max_concurrency is not None:
            heapq.heappush(self._running[bound.subject], call.at + call.duration_s)
        for quota in bound.quotas:
            window = _window(bound, quota, call.at)
            self._quotas[window] = self._quotas.get(window, 0) + _quota_demand(call, quota)

    def _rate(self, subject: str, name: str) -> _Rate:
        return self._rates.setdefault((subject, name), _Rate())


def judge_limits(
    calls: Iterable[Recorded], present: Settings, proposed: Settings, *, refused: frozenset[str]
) -> list[Finding]:
    """Tell which calls, given in the order of their arrival, other limits would have refused.

    Only bounds that differ between the two are counted. ``refused`` are the ids of requests that
    would have been refused anyway, and so would not have used anything.
    """
    now, then = Counters(), Counters()
    known: dict[tuple[str, ...], tuple[tuple[Bound, ...], tuple[Bound, ...]]] = {}
    found: list[Finding] = []
    for call in calls:
        who = (call.org_id, call.project_id, call.key_id or "", call.actor_id, call.model)
        pair = known.get(who)
        if pair is None:
            pair = known[who] = _differing(call, present, proposed)
        if pair == ((), ()):
            continue
        before = now.admit(call, pair[0])
        if call.request_id in refused:
            continue
        after = then.admit(call, pair[1])
        if after is not None and before is None:
            found.append(finding(call, "refused", reason=after.code, detail=_told(after)))
        elif before is not None and after is None:
            found.append(finding(call, "allowed", reason=before.code, detail=_told(before)))
    return found


def _differing(
    call: Recorded, present: Settings, proposed: Settings
) -> tuple[tuple[Bound, ...], tuple[Bound, ...]]:
    now = {each.subject: each for each in _bounds(call, present)}
    then = {each.subject: each for each in _bounds(call, proposed)}
    differ = {name for name in now.keys() | then.keys() if now.get(name) != then.get(name)}
    return (
        tuple(each for name, each in now.items() if name in differ),
        tuple(each for name, each in then.items() if name in differ),
    )


def _bounds(call: Recorded, settings: Settings) -> tuple[Bound, ...]:
    organization = settings.organization(call.org_id)
    project = settings.project(call.project_id)
    if organization is None or project is None:
        return ()
    bounds = bounds_of(organization, project, settings.key(call.key_id), call.actor_id)
    model = settings.model(call.model, call.org_id)
    return bounds if model is None else bounds + bounds_of_model(model, call.key_id)


def _demand(call: Recorded, unit: str) -> int:
    return 1 if unit == "requests" else call.tokens


def _quota_demand(call: Recorded, quota: Quota) -> int:
    if quota.dimension == "budget":
        return (call.cost or 0) if call.currency == quota.currency else 0
    return _demand(call, quota.dimension)


def _window(bound: Bound, quota: Quota, at: float) -> tuple[str, str, str]:
    return bound.subject, quota.name, calendar_window(quota.period, at).name


def _told(crossed: Crossed) -> str:
    return f"{crossed.limit} {crossed.cap} of {crossed.subject}"
