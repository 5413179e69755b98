"""Whether a canary goes on, waits or goes back: a pure function of what was counted."""

import math
from enum import StrEnum
from typing import Final

import msgspec

from mainspring.capabilities.releases.domain.statistics import (
    mean_bounds,
    proportion_bounds,
    quantile_bounds,
    quantile_of,
)
from mainspring.capabilities.releases.domain.values import CanaryPlan, Guard, ScoreGuard


class Verdict(StrEnum):
    """What is done about a canary."""

    HOLD = "hold"
    ADVANCE = "advance"
    PROMOTE = "promote"
    ROLL_BACK = "roll_back"


class Moments(msgspec.Struct, frozen=True, omit_defaults=True):
    """Scores: how many, their sum, the sum of their squares."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0


class Arm(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was counted of one side: attempts, those that failed, and times by bin."""

    calls: int = 0
    errors: int = 0
    ttft: dict[int, int] = {}
    duration: dict[int, int] = {}
    scores: Moments = Moments()


class Figure(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One comparison: what was seen on both sides, the bounds, and how they were weighed.

    ``worse`` is proven; ``doubtful`` looks so. Bounds face each other: the stable side's towards
    the canary, and the canary's towards the stable side.
    """

    measure: str
    stable: float | None
    canary: float | None
    stable_bound: float | None
    canary_bound: float | None
    allowed: float | None
    stable_count: int
    canary_count: int
    worse: bool = False
    doubtful: bool = False


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """A verdict, the reason in a word, and the figures that it stands on."""

    verdict: Verdict
    reason: str
    alpha: float
    figures: tuple[Figure, ...] = ()


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Where a canary is: step and block of its plan, for how long, and its calls in this step."""

    step: int
    block: int
    held_s: float
    step_calls: int


ARMS: Final = ("stable", "canary")


def block_of(held_s: float, window_s: float) -> int:
    """Return which block of counting a moment of a step falls into."""
    return max(int(held_s // window_s), 0)


def judge(guard: Guard, plan: CanaryPlan, stable: Arm, canary: Arm, moment: Moment) -> Judgement:
    """Decide about a canary.

    It goes back when a regression beyond what the guard allows is proven. It goes on when its step
    was held long enough, has calls enough, and nothing looks worse than is allowed. Else it waits.

    The error that the guard's confidence leaves is shared out over steps and blocks (a half of the
    rest to each next one, roughly: 1/2, 1/6, 1/12, …, whose sum is 1), and evenly over the
    measures that are looked at and the two sides. So the chance that a canary which is no worse
    than allowed goes back, ever and however often this is asked, is at most ``1 - confidence``.
    """
    share = _share(moment.step) * _share(moment.block)
    measures = _measures(guard)
    alpha = (1 - guard.confidence) * share / max(len(measures), 1) / 2
    figures: tuple[Figure, ...] = ()
    if guard.enabled and canary.calls >= guard.min_calls:
        figures = tuple(_figure(name, guard, stable, canary, alpha) for name in measures)
        for figure in figures:
            if figure.worse:
                return Judgement(
                    verdict=Verdict.ROLL_BACK, reason=figure.measure, alpha=alpha, figures=figures
                )
    verdict, reason = _onwards(plan, moment)
    if verdict is not Verdict.HOLD and guard.enabled:
        doubt = _doubt(guard, stable, canary, figures)
        if doubt is not None:
            verdict, reason = Verdict.HOLD, doubt
    return Judgement(verdict=verdict, reason=reason, alpha=alpha, figures=figures)


def _onwards(plan: CanaryPlan, moment: Moment) -> tuple[Verdict, str]:
    """Return what the plan says, if nothing stands against it."""
    step = plan.steps[min(moment.step, len(plan.steps) - 1)]
    last = moment.step >= len(plan.steps) - 1
    if not (plan.promote if last else plan.advance):
        return Verdict.HOLD, "waits_for_somebody"
    if moment.held_s < step.hold_s:
        return Verdict.HOLD, "holds_the_step"
    if moment.step_calls < step.min_calls:
        return Verdict.HOLD, "few_calls"
    return (Verdict.PROMOTE if last else Verdict.ADVANCE), "healthy"


def _doubt(guard: Guard, stable: Arm, canary: Arm, figures: tuple[Figure, ...]) -> str | None:
    """Return why a canary does not go on although it was held long enough."""
    if canary.calls < guard.min_calls:
        return "few_calls"
    if stable.calls == 0:
        return "nothing_to_compare"
    return "doubtful" if any(figure.doubtful for figure in figures) else None


def _share(number: int) -> float:
    return 1 / ((number + 1) * (number + 2))


def _measures(guard: Guard) -> tuple[str, ...]:
    given = {
        "errors": guard.max_error_increase,
        "ttft": guard.max_ttft_ratio,
        "duration": guard.max_duration_ratio,
        "score": guard.score,
    }
    return tuple(name for name, bound in given.items() if bound is not None)


def _figure(name: str, guard: Guard, stable: Arm, canary: Arm, alpha: float) -> Figure:
    if name == "errors":
        return _errors(guard.max_error_increase or 0.0, stable, canary, alpha)
    if name == "score" and guard.score is not None:
        return _score(guard.score, stable, canary, alpha)
    if name == "ttft":
        return _times(name, guard, stable.ttft, canary.ttft, alpha)
    return _times(name, guard, stable.duration, canary.duration, alpha)


def _errors(margin: float, stable: Arm, canary: Arm, alpha: float) -> Figure:
    low, _ = proportion_bounds(canary.errors, canary.calls, alpha)
    _, high = proportion_bounds(stable.errors, stable.calls, alpha)
    seen = stable.errors / stable.calls if stable.calls else None
    mine = canary.errors / canary.calls if canary.calls else None
    return Figure(
        measure="errors",
        stable=seen,
        canary=mine,
        stable_bound=high,
        canary_bound=low,
        allowed=margin,
        stable_count=stable.calls,
        canary_count=canary.calls,
        worse=low > high + margin,
        doubtful=mine is not None and seen is not None and mine > seen + margin,
    )


def _times(
    name: str, guard: Guard, stable: dict[int, int], canary: dict[int, int], alpha: float
) -> Figure:
    ratio = (guard.max_ttft_ratio if name == "ttft" else guard.max_duration_ratio) or 1.0
    quantile, slack = guard.latency_quantile, guard.latency_slack_ms
    low, _ = quantile_bounds(canary, quantile, alpha)
    _, high = quantile_bounds(stable, quantile, alpha)
    seen, mine = quantile_of(stable, quantile), quantile_of(canary, quantile)
    return Figure(
        measure=name,
        stable=seen,
        canary=mine,
        stable_bound=_finite(high),
        canary_bound=low,
        allowed=ratio,
        stable_count=sum(stable.values()),
        canary_count=sum(canary.values()),
        worse=low > high * ratio + slack,
        # One bin more: what lies in neighbouring bins may be the same.
        doubtful=seen is not None and mine is not None and mine > seen * 1.05 * ratio + slack,
    )


def _score(wanted: ScoreGuard, stable: Arm, canary: Arm, alpha: float) -> Figure:
    before, now = stable.scores, canary.scores
    enough = min(before.count, now.count) >= wanted.min_scores
    low, _ = _mean_bounds(before, alpha, wanted.min_scores)
    _, high = _mean_bounds(now, alpha, wanted.min_scores)
    seen = before.total / before.count if before.count else None
    mine = now.total / now.count if now.count else None
    return Figure(
        measure="score",
        stable=seen,
        canary=mine,
        stable_bound=_finite(low),
        canary_bound=_finite(high),
        allowed=wanted.max_drop,
        stable_count=before.count,
        canary_count=now.count,
        worse=enough and high < low - wanted.max_drop,
        doubtful=enough and mine is not None and seen is not None and mine < seen - wanted.max_drop,
    )


def _mean_bounds(scores: Moments, alpha: float, planned: int) -> tuple[float, float]:
    return mean_bounds(scores.count, scores.total, scores.squares, alpha, planned=planned)


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
