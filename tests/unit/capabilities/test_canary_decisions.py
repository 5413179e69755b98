"""What is decided about canaries: rarely wrong, however often one looks, and quick when it counts.

Every draw has a seed: the rates below are those of the same runs each time.
"""

import math
import random

import pytest
from hypothesis import given, settings, strategies as st

from mainspring.capabilities.releases.domain import (
    Arm,
    CanaryPlan,
    CanaryStep,
    Guard,
    Moment,
    Moments,
    ScoreGuard,
    Verdict,
    judge,
)
from mainspring.capabilities.releases.domain.statistics import (
    bin_ceiling,
    bin_floor,
    bin_of,
    mean_bounds,
    proportion_bounds,
    quantile_bounds,
    quantile_of,
)

PLAN = CanaryPlan(steps=(CanaryStep(10, 60.0, 50), CanaryStep(50, 60.0, 50)))
EARLY = Moment(step=0, block=0, held_s=1.0, step_calls=0)


class Side:
    """One side of a simulated canary, which grows."""

    def __init__(
        self, chance: random.Random, *, errors: float, median_ms: float, score: float = 0.8
    ) -> None:
        self._chance = chance
        self._rate, self._median, self._score = errors, median_ms, score
        self.calls = self.errors = self.scores = 0
        self.total = self.squares = 0.0
        self.ttft: dict[int, int] = {}

    def grow(self, calls: int) -> None:
        draw = self._chance
        for _ in range(calls):
            self.calls += 1
            if draw.random() < self._rate:
                self.errors += 1
                continue
            number = bin_of(self._median * math.exp(draw.gauss(0, 0.6)))
            self.ttft[number] = self.ttft.get(number, 0) + 1
            value = float(draw.random() < self._score)
            self.scores += 1
            self.total += value
            self.squares += value * value

    def arm(self) -> Arm:
        return Arm(
            calls=self.calls,
            errors=self.errors,
            ttft=dict(self.ttft),
            duration=dict(self.ttft),
            scores=Moments(self.scores, self.total, self.squares),
        )


def rolled_back(
    seed: int, guard: Guard, stable: tuple[float, float, float], canary: tuple[float, float, float]
) -> tuple[str, int] | None:
    """Look 25 times at a growing canary; return why and after how many calls it went back."""
    chance = random.Random(seed)
    before = Side(chance, errors=stable[0], median_ms=stable[1], score=stable[2])
    now = Side(chance, errors=canary[0], median_ms=canary[1], score=canary[2])
    for _ in range(25):
        before.grow(60)
        now.grow(20)
        judgement = judge(guard, PLAN, before.arm(), now.arm(), EARLY)
        if judgement.verdict is Verdict.ROLL_BACK:
            return judgement.reason, now.calls
    return None


@pytest.mark.parametrize("errors", [0.001, 0.05, 0.3])
def test_noise_rolls_back_no_more_canaries_than_the_guard_says(errors: float) -> None:
    guard = Guard(confidence=0.95, score=ScoreGuard("helpful"))
    same = (errors, 200.0, 0.8)
    runs = 60
    wrong = sum(rolled_back(seed, guard, same, same) is not None for seed in range(runs))
    assert wrong <= 0.05 * runs


def test_even_at_the_very_edge_of_what_is_allowed_few_go_back() -> None:
    guard = Guard(confidence=0.9, max_error_increase=0.05, max_ttft_ratio=None)
    edge = [rolled_back(seed, guard, (0.05, 200.0, 0.8), (0.1, 200.0, 0.8)) for seed in range(60)]
    assert sum(each is not None for each in edge) <= 6


def test_a_canary_that_fails_a_third_of_its_calls_goes_back_within_a_hundred() -> None:
    found = [
        rolled_back(seed, Guard(), (0.01, 200.0, 0.8), (0.33, 200.0, 0.8)) for seed in range(30)
    ]
    assert {each[0] for each in found if each is not None} == {"errors"}
    assert sorted(each[1] for each in found if each is not None)[28] <= 100
    assert all(found)


def test_a_canary_that_takes_three_times_as_long_goes_back() -> None:
    guard = Guard(latency_slack_ms=0.0)
    found = [rolled_back(seed, guard, (0.01, 200.0, 0.8), (0.01, 600.0, 0.8)) for seed in range(20)]
    reasons = [each[0] for each in found if each is not None]
    assert len(reasons) == 20
    assert set(reasons) <= {"ttft", "duration"}


def test_a_canary_whose_answers_please_less_goes_back() -> None:
    guard = Guard(score=ScoreGuard("helpful", max_drop=0.05, min_scores=50))
    found = [rolled_back(seed, guard, (0.01, 200.0, 0.9), (0.01, 200.0, 0.4)) for seed in range(20)]
    assert [each is not None and each[0] == "score" for each in found] == [True] * 20


def test_a_total_failure_is_proven_by_a_handful_of_calls() -> None:
    stable = Arm(calls=200, errors=0)
    assert judge(Guard(), PLAN, stable, Arm(calls=9, errors=9), EARLY).verdict is Verdict.HOLD
    judgement = judge(Guard(), PLAN, stable, Arm(calls=10, errors=10), EARLY)
    assert (judgement.verdict, judgement.reason) == (Verdict.ROLL_BACK, "errors")
    [errors] = [each for each in judgement.figures if each.measure == "errors"]
    assert (errors.stable, errors.canary, errors.worse) == (0.0, 1.0, True)
    off = judge(Guard(enabled=False), PLAN, stable, Arm(calls=10, errors=10), EARLY)
    assert off.verdict is Verdict.HOLD


def test_a_healthy_canary_goes_on_when_its_step_is_over() -> None:
    fine = Arm(calls=500, errors=2)

    def verdict(held_s: float, calls: int, step: int = 0, plan: CanaryPlan = PLAN) -> object:
        moment = Moment(step=step, block=0, held_s=held_s, step_calls=calls)
        found = judge(Guard(), plan, fine, fine, moment)
        return found.verdict, found.reason

    assert verdict(59.0, 500) == (Verdict.HOLD, "holds_the_step")
    assert verdict(60.0, 49) == (Verdict.HOLD, "few_calls")
    assert verdict(60.0, 50) == (Verdict.ADVANCE, "healthy")
    assert verdict(60.0, 50, step=1) == (Verdict.HOLD, "waits_for_somebody")
    alone = CanaryPlan(steps=PLAN.steps, promote=True)
    assert verdict(60.0, 50, step=1, plan=alone) == (Verdict.PROMOTE, "healthy")


def test_what_looks_worse_but_is_not_proven_waits() -> None:
    moment = Moment(step=0, block=0, held_s=60.0, step_calls=60)
    found = judge(Guard(), PLAN, Arm(calls=500, errors=5), Arm(calls=60, errors=4), moment)
    assert (found.verdict, found.reason) == (Verdict.HOLD, "doubtful")
    nothing = judge(Guard(), PLAN, Arm(), Arm(calls=60), moment)
    assert (nothing.verdict, nothing.reason) == (Verdict.HOLD, "nothing_to_compare")


def test_the_chance_of_error_is_shared_out_over_steps_and_windows() -> None:
    def alpha(step: int, block: int) -> float:
        moment = Moment(step=step, block=block, held_s=0.0, step_calls=0)
        return judge(Guard(confidence=0.95), PLAN, Arm(), Arm(), moment).alpha

    # Three measures, two sides.
    whole = 6 * sum(alpha(step, block) for step in range(200) for block in range(200))
    assert 0.045 < whole <= 0.05


@settings(max_examples=200, deadline=None, derandomize=True)
@given(total=st.integers(1, 5000), data=st.data(), alpha=st.floats(1e-6, 0.5))
def test_bounds_hold_what_was_seen_and_narrow_with_evidence(
    total: int, data: st.DataObject, alpha: float
) -> None:
    hits = data.draw(st.integers(0, total))
    low, high = proportion_bounds(hits, total, alpha)
    assert 0.0 <= low <= hits / total <= high <= 1.0
    wider = proportion_bounds(hits, total, alpha / 10)
    assert wider[0] <= low + 1e-9
    assert wider[1] >= high - 1e-9
    more = proportion_bounds(hits * 100, total * 100, alpha)
    assert more[1] - more[0] <= high - low + 1e-9


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    times=st.lists(st.floats(0.1, 1e6), min_size=1, max_size=300),
    quantile=st.sampled_from([0.5, 0.9, 0.95]),
)
def test_quantile_bounds_hold_the_quantile_that_was_seen(
    times: list[float], quantile: float
) -> None:
    bins: dict[int, int] = {}
    for each in times:
        assert bin_floor(bin_of(each)) <= each * 1.0001
        assert each <= bin_ceiling(bin_of(each)) * 1.0001
        bins[bin_of(each)] = bins.get(bin_of(each), 0) + 1
    low, high = quantile_bounds(bins, quantile, 0.01)
    seen = quantile_of(bins, quantile)
    assert seen is not None
    assert low <= seen <= high


def test_a_quantile_is_covered_at_every_size_at_once() -> None:
    missed = 0
    for seed in range(60):
        chance = random.Random(seed)
        bins: dict[int, int] = {}
        for size in range(1, 601):
            number = bin_of(chance.expovariate(1 / 100.0))
            bins[number] = bins.get(number, 0) + 1
            if size % 30 == 0:
                low, high = quantile_bounds(bins, 0.95, 0.05)
                if not low <= 100.0 * math.log(20) <= high:
                    missed += 1
                    break
    assert missed <= 3


def test_means_are_bounded_from_the_second_value_on() -> None:
    assert mean_bounds(1, 1.0, 1.0, 0.05, planned=50) == (-math.inf, math.inf)
    low, high = mean_bounds(1000, 500.0, 500.0, 0.05, planned=50)
    assert low < 0.5 < high
    assert high - low < 0.2
