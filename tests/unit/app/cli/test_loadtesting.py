"""O8: what a load test reckons with, apart from any network."""

import json
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, strategies as st

from mainspring.app.cli.loadtesting.charts import Line, chart
from mainspring.app.cli.loadtesting.estimate import Demand, Question, demand_of, estimate
from mainspring.app.cli.loadtesting.exchange import Outcome
from mainspring.app.cli.loadtesting.figures import Report, Saturation, Stage
from mainspring.app.cli.loadtesting.histogram import Histogram
from mainspring.app.cli.loadtesting.page import page
from mainspring.app.cli.loadtesting.steps import Ladder, Tolerance, climb, saturation, verdict
from mainspring.app.cli.loadtesting.tally import MAX_CODES, Tally
from mainspring.app.cli.loadtesting.workload import (
    Bodies,
    Shaping,
    WorkloadError,
    poisson,
    read_prompts,
    read_trace,
)

TOLERANT = Tolerance(failures=0.01, latency_ms=None, ttft_ms=None)
AS_IS = Shaping(model=None, max_tokens=None, stream=None, unique=False)


def played(rate: float, *, capacity: float, seconds: float, fail: float = 0.0) -> Stage:
    """Return what one server that does ``capacity`` requests a second makes of a rate."""
    chance = Random(7)
    tally = Tally(0.0, expected_s=seconds)
    free = 0.0
    for due in poisson(rate, seconds, seed=1):
        free = max(free, due) + 1 / capacity
        tally.sent()
        error = "503" if chance.random() < fail else None
        tally.ended(
            Outcome(due=due, sent=due, ended=free, error=error, input_tokens=10, output_tokens=20)
        )
    return tally.stage(rate=rate, clients=None, now=free)


@given(st.lists(st.floats(1e-5, 1000), min_size=1, max_size=200), st.floats(0, 1))
def test_percentiles_are_never_too_low_and_at_most_one_per_cent_too_high(
    durations: list[float], share: float
) -> None:
    histogram = Histogram()
    for each in durations:
        histogram.add(each)
    exact = sorted(durations)[max(-int(-len(durations) * share // 1), 1) - 1]
    assert exact * (1 - 1e-9) <= histogram.percentile(share) <= exact * 1.0101


def test_arrivals_come_by_chance_at_their_rate_and_again_by_the_same_seed() -> None:
    moments = list(poisson(50, 100, seed=3))
    assert moments == list(poisson(50, 100, seed=3))
    assert moments != list(poisson(50, 100, seed=4))
    assert len(moments) == pytest.approx(5000, rel=0.05)
    gaps = sorted(later - earlier for earlier, later in pairwise(moments))
    # Of exponential gaps, 63 % are shorter than their mean.
    assert gaps[round(len(gaps) * 0.632)] == pytest.approx(1 / 50, rel=0.1)


def test_work_that_piles_up_is_seen_whatever_an_answer_takes() -> None:
    assert verdict(played(40, capacity=50, seconds=10), TOLERANT) is None
    assert verdict(played(80, capacity=50, seconds=10), TOLERANT) == "pile_up"
    overloaded = played(100, capacity=50, seconds=10)
    assert overloaded.keeping_up == pytest.approx(0.5, rel=0.1)
    assert overloaded.throughput == pytest.approx(50, rel=0.02)
    # Answered late, but as fast as asked: latency is no pile.
    slow = Tally(0.0, expected_s=10)
    for due in poisson(20, 10, seed=1):
        slow.sent()
        slow.ended(Outcome(due=due, sent=due, ended=due + 8))
    assert verdict(slow.stage(rate=20, clients=None, now=18), TOLERANT) is None


def test_bounds_on_failures_and_times_are_verdicts_too() -> None:
    assert verdict(played(40, capacity=50, seconds=10, fail=0.05), TOLERANT) == "failures"
    stage = played(40, capacity=50, seconds=10)
    tight = Tolerance(failures=0.01, latency_ms=stage.latency.p95 - 1, ttft_ms=None)
    assert verdict(stage, tight) == "latency"


async def test_a_climb_finds_where_it_is_too_much() -> None:
    ladder = Ladder(first=10, growth=2, most=1000, refine=3, step_s=10)
    tried: list[float] = []

    async def stage_at(rate: float, duration_s: float) -> Stage | None:
        tried.append(rate)
        return played(rate, capacity=50, seconds=duration_s)

    stages = await climb(ladder, TOLERANT, stage_at)
    assert tried[:4] == [10, 20, 40, 80]
    found = saturation(stages)
    assert found.highest_good is not None
    assert found.lowest_bad is not None
    assert 40 <= found.highest_good < 60 < found.lowest_bad * 1.15
    assert found.lowest_bad / found.highest_good < 1.2
    assert found.sustained <= 51
    assert found.reason == "pile_up"


async def test_a_climb_that_may_send_no_more_found_no_limit() -> None:
    ladder = Ladder(first=10, growth=2, most=20, refine=3, step_s=10)

    async def stage_at(rate: float, duration_s: float) -> Stage | None:
        return played(rate, capacity=50, seconds=duration_s)

    found = saturation(await climb(ladder, TOLERANT, stage_at))
    assert (found.highest_good, found.lowest_bad, found.reason) == (20, None, None)


def test_codes_of_failures_are_bounded() -> None:
    tally = Tally(0.0, expected_s=1)
    for number in range(MAX_CODES * 2):
        tally.sent()
        tally.ended(Outcome(due=0, sent=0, ended=0.1, error=f"code-{number}"))
    errors = tally.stage(rate=1, clients=None, now=1).errors
    assert (len(errors), errors["other"]) == (MAX_CODES + 1, MAX_CODES)


def test_prompts_are_lines_of_text_or_objects(tmp_path: Path) -> None:
    file = tmp_path / "prompts.jsonl"
    whole = {"messages": [{"role": "user", "content": "b"}], "temperature": 0}
    file.write_text(f'a\n\n{{"prompt": "c", "seed": 1}}\n{json.dumps(whole)}\n', "utf-8")
    asked = read_prompts(file)
    assert asked == [
        {"messages": [{"role": "user", "content": "a"}]},
        {"seed": 1, "messages": [{"role": "user", "content": "c"}]},
        whole,
    ]
    file.write_text('{"input": "no messages"}\n', "utf-8")
    with pytest.raises(WorkloadError, match=r"prompts.jsonl:1: a body needs messages"):
        read_prompts(file)
    file.write_text("\n", "utf-8")
    with pytest.raises(WorkloadError, match="no prompt"):
        read_prompts(file)


def test_traces_are_ordered_from_their_first_moment(tmp_path: Path) -> None:
    file = tmp_path / "trace.jsonl"

    def line(at: object, text: str) -> str:
        return json.dumps({"at": at, "body": {"messages": [{"role": "user", "content": text}]}})

    file.write_text(
        f"{line('2026-05-01T00:00:02Z', 'b')}\n{line('2026-05-01T00:00:00+00:00', 'a')}\n", "utf-8"
    )
    first, second = read_trace(file)
    assert (first.at_s, second.at_s) == (0, 2)
    assert first.body["messages"][0]["content"] == "a"
    file.write_text(line("2026-05-01T00:00:02", "b"), "utf-8")
    with pytest.raises(WorkloadError, match="no time zone"):
        read_trace(file)


def test_bodies_are_shaped_and_numbered() -> None:
    prompt: dict[str, Any] = {
        "messages": [{"role": "user", "content": "a"}],
        "max_completion_tokens": 9,
    }
    plain = Bodies([prompt], Shaping(model="m", max_tokens=5, stream=True, unique=False))
    assert json.loads(plain.next()) == {
        "messages": [{"role": "user", "content": "a"}],
        "model": "m",
        "max_tokens": 5,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    assert plain.next() == plain.next()
    unique = Bodies([prompt], Shaping(model="m", max_tokens=None, stream=False, unique=True))
    texts = [json.loads(unique.next())["messages"][0]["content"] for _ in range(2)]
    assert texts == ["[1] a", "[2] a"]
    assert json.loads(Bodies([prompt], AS_IS).next()) == prompt


def report_of(*stages: Stage, found: Saturation | None) -> Report:
    return Report(
        started_at="2026-05-01T00:00:00+00:00",
        url="http://gateway/v1",
        model="<script>alert(1)</script>",
        mode="steps",
        streamed=True,
        stages=list(stages),
        saturation=found,
        notes=["short_steps"],
    )


def demand(peak: float, output_tokens: float = 20) -> Demand:
    return Demand(
        since="2026-05-01T00:00:00+00:00",
        hours=24,
        requests=1000,
        mean=peak / 3,
        busiest_hour=peak,
        busiest_at=None,
        input_tokens=10,
        output_tokens=output_tokens,
    )


def test_replicas_follow_from_the_limit_the_reserve_and_the_weight() -> None:
    question = Question(replicas=2, reserve=0.25, spare=1, peak_factor=2, target=100)
    good, bad = (played(rate, capacity=50, seconds=10) for rate in (40, 80))
    limit = Saturation(sustained=40, highest_good=40, lowest_bad=80, reason="pile_up")
    found = estimate(report_of(good, bad, found=limit), demand(6), question)
    assert found is not None
    assert (found.basis, found.per_replica, found.weight) == ("limit", 20, 1)
    assert (found.usable, found.peak, found.headroom) == (30, 12, 0.6)
    # 15 of each replica's 20 are used: 12 need one and 100 need seven, and one to spare.
    assert (found.replicas_for_peak, found.replicas_for_target) == (2, 8)
    heavier = estimate(report_of(good, bad, found=limit), demand(6, output_tokens=40), question)
    assert heavier is not None
    assert (heavier.weight, heavier.per_replica, heavier.headroom) == (2, 10, 0.2)
    assert "weight" in heavier.assumptions


def test_without_a_limit_the_estimate_says_so() -> None:
    question = Question(replicas=1, reserve=0.0, spare=0, peak_factor=1, target=10)
    by_ledger = estimate(None, demand(4), question)
    assert by_ledger is not None
    assert (by_ledger.basis, by_ledger.replicas_for_target) == ("busiest_hour", 3)
    by_test = estimate(report_of(played(5, capacity=50, seconds=20), found=None), None, question)
    assert by_test is not None
    assert by_test.basis == "lower_bound"
    assert {"lower_bound", "linear", "same"} <= set(by_test.assumptions)
    assert estimate(None, demand(0), question) is None


def test_demand_is_read_from_the_sums_of_the_ledger() -> None:
    hours = [
        {"start": "2026-05-01T00:00:00Z", "requests": 360},
        {"start": "2026-05-01T01:00:00Z", "requests": 1440},
    ]
    totals = {
        "requests": 1800,
        "input_tokens": 1800,
        "cached_input_tokens": 3600,
        "output_tokens": 900,
        "reasoning_tokens": 900,
    }
    found = demand_of({"items": hours, "totals": totals}, since="s", hours=10)
    assert (found.mean, found.busiest_hour, found.busiest_at) == (0.05, 0.4, hours[1]["start"])
    assert (found.input_tokens, found.output_tokens) == (3, 1)


def test_a_page_holds_its_charts_and_nothing_that_runs_or_is_fetched() -> None:
    good, bad = (played(rate, capacity=50, seconds=10) for rate in (40, 80))
    shown = page(
        report_of(
            good,
            bad,
            found=Saturation(sustained=40, highest_good=40, lowest_bad=80, reason="pile_up"),
        )
    )
    assert shown.count("<svg") == 5
    assert "Saturated between 40 and 80" in shown
    assert "<script" not in shown
    assert "&lt;script&gt;" in shown
    assert "default-src 'none'" in shown
    assert len(shown) < 100_000


def test_a_chart_places_its_points_within_its_frame() -> None:
    drawn = chart("t", "x", "y", [Line("a", [(0, 0), (10, 5)]), Line("<b>", [(5, 2.5)])])
    assert "M64.0 236.0L704.0 34.0" in drawn
    assert "&lt;b&gt;" in drawn
    assert chart("t", "x", "y", [Line("a", [])]) == ""
    assert "NaN" not in chart("t", "x", "y", [Line("a", [(3, 0)])])
