"""Raising the rate until it is too much, and then looking for where that began."""

from collections.abc import Awaitable, Callable, Sequence

import msgspec

from mainspring.app.cli.loadtesting.figures import Saturation, Stage

MAX_STEPS = 30

_FEWEST = 20
"""Requests that a step needs for its verdict to be worth something."""

_KEEPING_UP = 0.85
"""Answers come this much more slowly than requests: work piles up, allowing for chance."""


class Ladder(msgspec.Struct, frozen=True, kw_only=True):
    """How to climb."""

    first: float
    """Requests per second."""
    growth: float
    most: float
    refine: int
    """Steps between the last that was good and the first that was not."""
    step_s: float


class Tolerance(msgspec.Struct, frozen=True, kw_only=True):
    """What is still good."""

    failures: float
    """Share of requests."""
    latency_ms: float | None
    """For 95 of 100 answers."""
    ttft_ms: float | None
    """Likewise, to the first token."""


def verdict(stage: Stage, tolerance: Tolerance) -> str | None:
    """Return why ``stage`` was too much, or ``None``."""
    if stage.failed > tolerance.failures * stage.requests:
        return "failures"
    if stage.requests >= _FEWEST and stage.keeping_up < _KEEPING_UP:
        return "pile_up"
    if tolerance.latency_ms is not None and stage.latency.p95 > tolerance.latency_ms:
        return "latency"
    if tolerance.ttft_ms is not None and stage.ttft.p95 > tolerance.ttft_ms:
        return "ttft"
    return None


async def climb(
    ladder: Ladder,
    tolerance: Tolerance,
    stage_at: Callable[[float, float], Awaitable[Stage | None]],
) -> list[Stage]:
    """Return the stages of a climb, each with its verdict.

    ``stage_at`` runs one at a rate for so many seconds, or returns ``None`` where nothing more may
    be sent.
    """
    stages: list[Stage] = []

    async def tried(rate: float) -> bool | None:
        """Tell whether a rate is good; ``None`` where it could not be tried."""
        found = await stage_at(rate, max(ladder.step_s, _FEWEST / rate))
        if found is None:
            return None
        reason = verdict(found, tolerance)
        stages.append(msgspec.structs.replace(found, saturated_by=reason))
        return reason is None

    good, bad, rate = 0.0, 0.0, ladder.first
    while len(stages) < MAX_STEPS:
        well = await tried(rate)
        if well is None:
            return stages
        if not well:
            bad = rate
            break
        good = rate
        if rate >= ladder.most:
            break
        rate = min(rate * ladder.growth, ladder.most)
    if not good or not bad:
        return stages
    for _ in range(ladder.refine):
        rate = (good * bad) ** 0.5
        well = await tried(rate)
        if well is None:
            break
        good, bad = (rate, bad) if well else (good, rate)
    return stages


def saturation(stages: Sequence[Stage]) -> Saturation:
    """Return where it was too much, of stages that have their verdicts."""
    bad = sorted((each for each in stages if each.saturated_by), key=_rate)
    lowest = bad[0] if bad else None
    good = [
        each
        for each in stages
        if not each.saturated_by and (lowest is None or _rate(each) < _rate(lowest))
    ]
    best = max(good, key=_rate) if good else None
    return Saturation(
        sustained=best.throughput if best else 0.0,
        highest_good=_rate(best) if best else None,
        lowest_bad=_rate(lowest) if lowest else None,
        reason=lowest.saturated_by if lowest else None,
    )


def _rate(stage: Stage) -> float:
    return stage.rate or 0.0
