"""In which order days are searched for calls, and by what."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as some

from mainspring.capabilities.calls.domain import CallFilter
from mainspring.capabilities.calls.store.search import by_terms, days_at_a_time

LAST = date(2026, 3, 31)
NOW = datetime(2026, 3, 31, tzinfo=UTC)


@given(some.integers(0, 400))
def test_every_day_is_searched_once_and_the_newest_first(days: int) -> None:
    first = LAST - timedelta(days=days)
    ranges = list(days_at_a_time(first, LAST))
    searched = [
        end - timedelta(days=back)
        for begin, end in ranges
        for back in range((end - begin).days + 1)
    ]
    assert searched == [LAST - timedelta(days=back) for back in range(days + 1)]
    assert len(ranges) <= 11


def test_days_are_searched_alone_at_first_and_then_ever_more_at_once() -> None:
    lengths = [(end - begin).days + 1 for begin, end in days_at_a_time(date(2026, 3, 1), LAST)]
    assert lengths == [1, 1, 2, 4, 8, 15]


def test_no_days_are_no_ranges() -> None:
    assert list(days_at_a_time(LAST + timedelta(days=1), LAST)) == []


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, False),
        ({"text": "refund"}, True),
        ({"metadata": {"ticket": "T-1"}}, True),
        ({"model": "gpt-9"}, True),
        ({"status": 504}, True),
        ({"min_duration_ms": 9000.0}, True),
        ({"session_id": "s-1", "model": "gpt-9"}, False),
        ({"session_id": "s-1", "text": "refund"}, True),
        ({"failed": True, "project_id": "prj_1"}, False),
    ],
)
def test_terms_serve_what_no_index_of_the_calls_does(asked: dict[str, Any], expected: bool) -> None:
    assert by_terms(CallFilter(since=NOW, until=NOW, **asked)) is expected
