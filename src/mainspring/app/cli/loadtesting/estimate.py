"""How much more could be carried, and how many replicas a rate needs: reckoned from what was seen.

The reckoning is a straight line: so many replicas carry so many times what one carries. What it
takes for granted is told with it, by key: see the texts ``capacity.assumption.*``.
"""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Any, Literal

import msgspec

from mainspring.app.cli.loadtesting.figures import Report, Stage

Basis = Literal["limit", "lower_bound", "busiest_hour"]
"""A rate beyond which it was too much; one that was carried; the same, by the ledger."""

_HOUR_S = 3600


class Demand(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger counted, per second."""

    since: str
    hours: float
    requests: int
    mean: float
    busiest_hour: float
    busiest_at: str | None
    input_tokens: float
    """Of one request, in the mean, whether cached or not."""
    output_tokens: float


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be reckoned."""

    replicas: int
    """So many answered when it was measured."""
    reserve: float
    """Share of each replica that is to stay free."""
    spare: int
    """Replicas that may fail without anybody noticing."""
    peak_factor: float
    """How many times the mean of its busiest hour the busiest moment is."""
    target: float | None
    """Requests per second."""


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it. Rates are requests per second."""

    basis: Basis
    per_replica: float
    """What one carries at most, so far as is known."""
    replicas: int
    usable: float
    """What all of them carry with the reserve kept free."""
    weight: float
    """How many times as heavy real requests are as those of the test."""
    peak: float | None
    """The busiest moment, as the ledger and the peak factor have it."""
    headroom: float | None
    """Share of what is usable that is free at the busiest moment; negative: it does not suffice."""
    replicas_for_peak: int | None
    target: float | None
    replicas_for_target: int | None
    assumptions: list[str]


def demand_of(report: Mapping[str, Any], *, since: str, hours: float) -> Demand:
    """Return what ``GET /api/v1/costs?interval=hour`` counted over so many hours."""
    rows: Sequence[Mapping[str, Any]] = report["items"]
    totals: Mapping[str, Any] = report["totals"]
    requests = int(totals["requests"])
    busiest = max(rows, key=lambda row: row["requests"], default=None)
    inputs = sum(
        int(totals.get(name, 0))
        for name in ("input_tokens", "cached_input_tokens", "cache_write_tokens")
    )
    outputs = sum(int(totals.get(name, 0)) for name in ("output_tokens", "reasoning_tokens"))
    return Demand(
        since=since,
        hours=round(hours, 2),
        requests=requests,
        mean=requests / (hours * _HOUR_S),
        busiest_hour=int(busiest["requests"]) / _HOUR_S if busiest else 0.0,
        busiest_at=str(busiest["start"]) if busiest else None,
        input_tokens=inputs / requests if requests else 0.0,
        output_tokens=outputs / requests if requests else 0.0,
    )


def estimate(report: Report | None, demand: Demand | None, question: Question) -> Estimate | None:
    """Return what follows from a load test, the ledger, or both; ``None`` if nothing does."""
    assumptions = ["linear", "same"]
    weight = 1.0
    if report is not None:
        basis, carried = _carried(report)
        if basis == "lower_bound":
            assumptions.append("lower_bound")
        if _limited(report):
            assumptions.append("limited")
        if demand is not None:
            weight = _weight(report, demand)
            assumptions.append("weight" if weight > 1 else "no_weight")
    elif demand is not None:
        basis, carried = "busiest_hour", demand.busiest_hour
        assumptions.append("busiest_hour")
    else:
        return None
    per_replica = carried / question.replicas / weight
    if per_replica <= 0:
        return None
    free = per_replica * (1 - question.reserve)
    peak = headroom = None
    if demand is not None:
        peak = demand.busiest_hour * question.peak_factor
        headroom = round(1 - peak / (free * question.replicas), 4)
        assumptions.append("peak")
    return Estimate(
        basis=basis,
        per_replica=round(per_replica, 4),
        replicas=question.replicas,
        usable=round(free * question.replicas, 4),
        weight=round(weight, 3),
        peak=None if peak is None else round(peak, 4),
        headroom=headroom,
        replicas_for_peak=None if peak is None else _needed(peak, free, question.spare),
        target=question.target,
        replicas_for_target=(
            None if question.target is None else _needed(question.target, free, question.spare)
        ),
        assumptions=assumptions,
    )


def _carried(report: Report) -> tuple[Basis, float]:
    """Return how many answers a second there were at most, and whether more were too much."""
    found = report.saturation
    if found is not None and found.lowest_bad is not None and found.sustained:
        return "limit", found.sustained
    good = [each for each in report.stages if not each.saturated_by] or report.stages
    return "lower_bound", max((each.throughput for each in good), default=0.0)


def _limited(report: Report) -> bool:
    """Tell whether most failures were refusals by a limit."""
    limited = _failures(report.stages, "429")
    return limited > 0 and limited * 2 > _failures(report.stages, "")


def _failures(stages: Sequence[Stage], prefix: str) -> int:
    return sum(
        count for each in stages for code, count in each.errors.items() if code.startswith(prefix)
    )


def _weight(report: Report, demand: Demand) -> float:
    """Return how much more of tokens real requests have, in whichever kind it is most."""
    told = [each for each in report.stages if each.done > each.without_usage]
    answers = sum(each.done - each.without_usage for each in told)
    if not answers:
        return 1.0
    inputs = sum(each.input_tokens for each in told) / answers
    outputs = sum(each.output_tokens for each in told) / answers
    ratios = [1.0]
    if inputs:
        ratios.append(demand.input_tokens / inputs)
    if outputs:
        ratios.append(demand.output_tokens / outputs)
    return max(ratios)


def _needed(rate: float, free: float, spare: int) -> int:
    return max(ceil(rate / free - 1e-9), 1) + spare
