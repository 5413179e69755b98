"""Limits that are split among processes: the parts add up, and nothing is granted twice."""

from hypothesis import given, strategies as st

from mainspring.gateway.limits import Refusal, Reservation
from mainspring.gateway.limits.shares import SharingLimiter, exact_part
from mainspring.snapshot.limits import Bound
from mainspring.snapshot.resources import Limits

NOON = 1_769_774_400.0


@given(
    cap=st.integers(min_value=0, max_value=10**12),
    subject=st.text(max_size=20),
    count=st.integers(min_value=1, max_value=64),
)
def test_the_parts_add_up_to_the_limit(cap: int, subject: str, count: int) -> None:
    parts = [exact_part(cap, subject, number, count) for number in range(1, count + 1)]
    assert sum(parts) == cap
    assert max(parts) - min(parts) <= 1


def test_small_limits_do_not_all_fall_to_the_same_process() -> None:
    lucky = {
        number
        for subject in map(str, range(100))
        for number in (1, 2, 3)
        if exact_part(1, f"key/{subject}", number, 3)
    }
    assert lucky == {1, 2, 3}


def test_each_dimension_is_granted_once_by_all_together() -> None:
    for limits in (
        Limits(requests_per_minute=10),
        Limits(requests_per_day=10),
        Limits(max_concurrency=10),
        Limits(tokens_per_minute=100),
        Limits(tokens_per_month=100),
    ):
        bounds = (Bound("key/k", limits),)
        granted = 0
        for number in (1, 2, 3, 4):
            limiter = SharingLimiter(wall=lambda: NOON, number=number, count=4)
            while isinstance(limiter.reserve(bounds, 10, NOON, 60.0), Reservation):
                granted += 1
        # A call of 10 tokens does not fit into what is left of a part; nothing is overdrawn.
        assert granted == (8 if limits.tokens_per_minute or limits.tokens_per_month else 10)


def test_a_changed_limit_is_split_anew() -> None:
    limiter = SharingLimiter(wall=lambda: NOON, number=1, count=2)
    few = (Bound("key/k", Limits(requests_per_day=2)),)
    assert isinstance(limiter.reserve(few, 1, NOON, 60.0), Reservation)
    assert isinstance(limiter.reserve(few, 1, NOON, 60.0), Refusal)
    more = (Bound("key/k", Limits(requests_per_day=4)),)
    assert isinstance(limiter.reserve(more, 1, NOON, 60.0), Reservation)
    assert isinstance(limiter.reserve(more, 1, NOON, 60.0), Refusal)
