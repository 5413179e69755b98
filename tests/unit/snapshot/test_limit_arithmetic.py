import pytest
from hypothesis import given, strategies as st

from mainspring.snapshot.limits import (
    Bound,
    bounds_of,
    previous_share,
    seconds_until_fits,
    window_at,
)
from mainspring.snapshot.resources import ApiKey, Limits, Organization, Project

ORG = Organization(id="org_1", name="o", limits=Limits(requests_per_minute=5))
PROJECT = Project(id="prj_1", org_id="org_1", name="p")
KEY = ApiKey(
    id="key_1", digest=b"", org_id="org_1", project_id="prj_1", actor_id="a", name="k",
    limits=Limits(max_concurrency=1),
)  # fmt: skip


def test_only_subjects_with_limits_are_bounds() -> None:
    assert bounds_of(ORG, PROJECT, KEY) == (
        Bound("organization/org_1", Limits(requests_per_minute=5)),
        Bound("key/key_1", Limits(max_concurrency=1)),
    )
    assert bounds_of(Organization(id="o", name="o", limits=Limits()), PROJECT, None) == ()


def test_what_exceeds_the_limit_alone_never_fits() -> None:
    assert seconds_until_fits(11, 10, 0, 0, 0.0) is None


@given(
    st.integers(1, 50),
    st.integers(50, 100),
    st.integers(0, 100),
    st.integers(0, 100),
    st.floats(0, 600, allow_nan=False),
)
def test_after_the_stated_wait_it_fits_and_much_earlier_it_does_not(
    demand: int, limit: int, current: int, previous: int, now: float
) -> None:
    def used(later: float) -> float:
        windows = window_at(later) - window_at(now)
        if windows == 0:
            return current + previous * previous_share(later)
        return current * previous_share(later) if windows == 1 else 0.0

    wait = seconds_until_fits(demand, limit, current, previous, now)
    assert wait is not None
    assert used(now + wait + 1e-6) + demand <= limit + 1e-4
    if wait > 1.0:
        assert used(now + wait - 1.0) + demand > limit - 1e-4


@pytest.mark.parametrize(("now", "share"), [(0.0, 1.0), (30.0, 0.5), (75.0, 0.75)])
def test_the_share_of_the_previous_window_fades_through_the_present_one(
    now: float, share: float
) -> None:
    assert previous_share(now) == pytest.approx(share)
