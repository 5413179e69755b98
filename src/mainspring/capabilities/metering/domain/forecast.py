"""What a month will have cost, and which days were unlike others: a plain method, told in the docs.

A day is expected to be like the same weekdays of the eight weeks before it: their mean without the
lowest and the highest where there are four or more. How far days usually are from what was expected
is their median distance (times 1.4826, which makes it a standard deviation where chance is normal):
one wild day moves neither. A day is unlike others where it is more than four times that far away
and at least a quarter of what was expected.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from math import sqrt
from statistics import median
from typing import Final, Literal

import msgspec

from mainspring.capabilities.metering.domain.costs import CostReport

LOOKED_BACK: Final = 56
"""Days before a day that say what is expected of it."""

SHOWN: Final = 28
"""Whole days that are judged, the last of them yesterday."""

_LEAST: Final = 14
"""Days of history without which nothing is expected."""

_WEEK: Final = 7
_TRIMMED_FROM: Final = 4
_NORMAL: Final = 1.4826
_UNLIKE: Final = 4.0
_OF_EXPECTED: Final = 0.25
_EIGHTY: Final = 1.2816
"""So many standard deviations to each side hold 80 of 100."""


class DayCost(msgspec.Struct, frozen=True, kw_only=True):
    """One whole day, by UTC. Amounts are billionths of the currency.

    ``expected`` is ``None`` where there was too little before it; ``unlike`` says that it cost far
    more or less than expected.
    """

    start: datetime
    cost: int
    expected: int | None
    unlike: Literal["more", "less"] | None


class CurrencyForecast(msgspec.Struct, frozen=True, kw_only=True):
    """One currency's month, by UTC, and the days before today.

    ``expected`` is what the whole month will have cost, between ``low`` and ``high`` in 80 of 100
    months if days go on as they were; all are ``None`` where there is too little history.
    """

    currency: str
    so_far: int
    expected: int | None
    low: int | None
    high: int | None
    days: list[DayCost]


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """What the present month will have cost, currency by currency."""

    month: str
    made_at: datetime
    currencies: list[CurrencyForecast]


def forecast_of(report: CostReport, now: datetime) -> Forecast:
    """Return the forecast that follows from sums by day up to ``now``."""
    today = now.date()
    series: dict[str, dict[date, int]] = {}
    for row in report.items:
        if row.start is not None:
            for currency, nanos in row.costs.items():
                series.setdefault(currency, {})[row.start.date()] = nanos
    return Forecast(
        month=f"{today:%Y-%m}",
        made_at=now,
        currencies=[_currency(name, series[name], today) for name in sorted(series)],
    )


def _currency(name: str, costs: Mapping[date, int], today: date) -> CurrencyForecast:
    first = min(costs)
    whole = [first + timedelta(days=each) for each in range((today - first).days)]
    values = [costs.get(day, 0) for day in whole]
    days = [
        _judged(whole[index], values[index], values[max(0, index - LOOKED_BACK) : index])
        for index in range(max(0, len(whole) - SHOWN), len(whole))
    ]
    month = today.replace(day=1)
    so_far = sum(nanos for day, nanos in costs.items() if day >= month)
    expected = low = high = None
    past = values[-LOOKED_BACK:]
    if len(past) >= _LEAST:
        ahead = (_next_month(month) - today).days
        levels = [_level(past, each) for each in range(ahead)]
        rest = sum(levels) - min(costs.get(today, 0), levels[0])
        usual = _usual_distance(past) * sqrt(ahead) * _EIGHTY
        expected = so_far + round(rest)
        low, high = max(so_far, expected - round(usual)), expected + round(usual)
    return CurrencyForecast(
        currency=name, so_far=so_far, expected=expected, low=low, high=high, days=days
    )


def _judged(day: date, cost: int, past: Sequence[int]) -> DayCost:
    start = datetime.combine(day, time(), UTC)
    if len(past) < _LEAST:
        return DayCost(start=start, cost=cost, expected=None, unlike=None)
    expected = _level(past, 0)
    distance = abs(cost - expected)
    far = distance > _UNLIKE * _usual_distance(past) and distance > _OF_EXPECTED * expected
    return DayCost(
        start=start,
        cost=cost,
        expected=round(expected),
        unlike=("more" if cost > expected else "less") if far else None,
    )


def _level(past: Sequence[int], ahead: int) -> float:
    """Return what is expected ``ahead`` days after the first that is not in ``past``."""
    same = sorted(past[len(past) - _WEEK + ahead % _WEEK :: -_WEEK])
    if len(same) >= _TRIMMED_FROM:
        same = same[1:-1]
    return sum(same) / len(same)


def _usual_distance(past: Sequence[int]) -> float:
    levels = [_level(past, each) for each in range(_WEEK)]
    # The last of ``past`` is the day before the one of levels[0].
    distances = [
        abs(value - levels[(index - len(past)) % _WEEK]) for index, value in enumerate(past)
    ]
    return _NORMAL * median(distances)


def _next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
