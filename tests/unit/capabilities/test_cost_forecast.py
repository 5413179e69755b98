"""O6: the forecast of a month's costs, and the days that are unlike others."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mainspring.capabilities.metering.domain import CostReport, CostRow, CostSum, forecast_of
from mainspring.capabilities.metering.domain.forecast import CurrencyForecast

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)  # a Wednesday
WEEK = (100, 110, 120, 130, 140, 20, 10)
"""Costs from Monday on; all of a week cost 630."""


def told(costs: dict[date, int]) -> CurrencyForecast:
    """Return the forecast that follows from costs by day."""
    rows = [
        CostRow(start=datetime.combine(day, datetime.min.time(), UTC), costs={"USD": nanos})
        for day, nanos in costs.items()
        if nanos
    ]
    report = CostReport(
        since=NOW - timedelta(days=84),
        until=NOW,
        interval="day",
        by=(),
        items=rows,
        totals=CostSum(),
    )
    [found] = forecast_of(report, NOW).currencies
    return found


def weeks(days: int) -> dict[date, int]:
    """Return the costs of so many whole days before today."""
    today = NOW.date()
    before = [today - timedelta(days=each) for each in range(days, 0, -1)]
    return {day: WEEK[day.weekday()] * 1000 for day in before}


def test_a_month_like_those_before_will_cost_what_its_weekdays_do() -> None:
    found = told(weeks(84))
    whole = sum(WEEK[date(2026, 5, day).weekday()] for day in range(1, 32)) * 1000
    so_far = sum(WEEK[date(2026, 5, day).weekday()] for day in range(1, 20)) * 1000
    assert (found.so_far, found.expected, found.low, found.high) == (so_far, whole, whole, whole)
    assert [each.unlike for each in found.days] == [None] * 28
    assert all(each.expected == each.cost for each in found.days)
    assert found.days[-1].start.date() == date(2026, 5, 19)


def test_what_today_cost_already_is_not_counted_twice() -> None:
    usual = told(weeks(84)).expected
    assert usual is not None
    assert told(weeks(84) | {NOW.date(): 50_000}).expected == usual
    # More than a whole Wednesday costs is more for the month, by the difference.
    assert told(weeks(84) | {NOW.date(): 500_000}).expected == usual + 500_000 - 120_000


def test_a_wild_day_is_told_and_moves_no_forecast() -> None:
    usual = told(weeks(84))
    wild, dead = date(2026, 4, 29), date(2026, 5, 12)
    costs = weeks(84) | {wild: 2_000_000, dead: 0}
    found = told(costs)
    unlike = {each.start.date(): each.unlike for each in found.days if each.unlike}
    assert unlike == {wild: "more", dead: "less"}
    assert usual.expected is not None
    assert found.expected == usual.expected - 110_000  # what the dead day did not cost
    [judged] = [each for each in found.days if each.start.date() == wild]
    assert judged.expected == 120_000


def test_a_week_end_is_not_unlike_a_week() -> None:
    jittered = {
        day: nanos + (index * 37 % 11 - 5) * 1000
        for index, (day, nanos) in enumerate(weeks(84).items())
    }
    found = told(jittered)
    assert [each.start for each in found.days if each.unlike] == []
    assert found.expected is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < found.expected < found.high


@pytest.mark.parametrize("days", [0, 1, 13])
def test_nothing_is_expected_of_too_little_history(days: int) -> None:
    found = told(weeks(days) | {NOW.date(): 5})
    assert (found.expected, found.low, found.high) == (None, None, None)
    assert found.so_far == 5 + sum(
        nanos for day, nanos in weeks(days).items() if day.month == NOW.month
    )
    assert all(each.expected is None for each in found.days)


def test_two_weeks_are_enough() -> None:
    found = told(weeks(14))
    assert found.expected is not None
    assert len(found.days) == 14
