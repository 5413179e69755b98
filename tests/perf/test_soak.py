"""Long runs with faults and changes, shortened; the whole of them is `make nightly`."""

from pathlib import Path

import pytest

from benchmarks.soak import Outcome, Plan, Soak

pytestmark = pytest.mark.alone

GROWTH_AT_THE_START = 60e6
"""Bytes a minute that a young process may still grow by: caches and pools fill, and a short run
makes a steep line of little. The nightly run has the true bound."""
GROWTH = 0.2e6


def assert_whole(outcome: Outcome, *, most_growth: float) -> None:
    assert outcome.problems(most_growth=most_growth) == []
    assert outcome.served[1] > 1000
    assert outcome.records >= outcome.calls["steady"] > 0


@pytest.mark.timeout(240)
async def test_faults_and_outages_lose_nothing_in_a_short_run(tmp_path: Path) -> None:
    plan = Plan(seconds=20, steady_streams=10, outage_every_s=5.0)
    outcome = await Soak(plan, tmp_path).run()
    assert_whole(outcome, most_growth=GROWTH_AT_THE_START)
    assert outcome.calls["left"] > 10
    assert outcome.calls["faulty 200"] > 10
    assert outcome.calls["faulty 502"] > 0


def reload_plan(seconds: float, changes_per_s: float) -> Plan:
    return Plan(
        seconds=seconds,
        steady_streams=200,
        steady_callers=2,
        faulty_callers=0,
        leaving_callers=0,
        changes_per_s=changes_per_s,
        outage_every_s=seconds * 2,
        chunk_interval_s=0.25,
    )


@pytest.mark.timeout(240)
async def test_many_changes_while_200_streams_run_break_none_of_them(tmp_path: Path) -> None:
    outcome = await Soak(reload_plan(25, 60.0), tmp_path).run()
    assert_whole(outcome, most_growth=GROWTH_AT_THE_START)
    assert outcome.changes >= 400
    assert outcome.calls["steady"] >= 200


@pytest.mark.nightly
@pytest.mark.timeout(900)
async def test_thousands_of_changes_while_200_streams_run_leave_memory_flat(tmp_path: Path) -> None:
    outcome = await Soak(reload_plan(600, 20.0), tmp_path).run()
    assert_whole(outcome, most_growth=GROWTH)
    assert outcome.changes >= 1000


@pytest.mark.nightly
@pytest.mark.timeout(2400)
async def test_half_an_hour_of_faults_leaves_memory_flat(tmp_path: Path) -> None:
    assert_whole(await Soak(Plan(seconds=1800), tmp_path).run(), most_growth=GROWTH)
