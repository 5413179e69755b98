"""A load test from its plan to its report."""

import asyncio
from collections.abc import Iterator, Sequence

import msgspec
import uvloop

from mainspring.app.cli.loadtesting.exchange import Target
from mainspring.app.cli.loadtesting.figures import Mode, Report, Stage
from mainspring.app.cli.loadtesting.generator import Bounds, Generator, Watcher
from mainspring.app.cli.loadtesting.steps import (
    Ladder,
    Tolerance,
    climb,
    saturation,
    verdict,
)
from mainspring.app.cli.loadtesting.workload import Bodies, Piece, poisson
from mainspring.kernel.clock import Clock

_LATE_MS = 50.0
_BUSY = 0.9
_SHORT = 0.25


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What to do: exactly one of ``rate``, ``clients`` and ``trace``, or ``ladder``."""

    bounds: Bounds
    rate: float | None = None
    clients: int | None = None
    trace: list[Piece] | None = None
    speed: float = 1.0
    """How many times as fast as it was recorded a trace is sent."""
    ladder: Ladder | None = None
    tolerance: Tolerance
    seed: int = 0
    streamed: bool
    warm_up: bool


class RefusedError(Exception):
    """Not even one request, sent before the test, was answered."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(f"{code}: {message}" if message else code)


async def carry_out(
    plan: Plan, target: Target, bodies: Bodies, clock: Clock, watcher: Watcher
) -> Report:
    """Run a load test and return what it found; the target is closed afterwards.

    Raises:
        RefusedError: if the request that is sent before it fails.
    """
    started_at = clock.now().isoformat()
    generator = Generator(target, watcher)
    try:
        if plan.warm_up:
            first = await generator.once(bodies.first())
            if first.error is not None:
                raise RefusedError(first.error, first.message)
        stages = await _stages(plan, generator, bodies)
    finally:
        await target.close()
    return Report(
        started_at=started_at,
        url=target.url,
        model=bodies.model,
        mode=_mode(plan),
        streamed=plan.streamed,
        stages=stages,
        saturation=saturation(stages) if plan.ladder is not None else None,
        notes=_notes(plan, stages),
    )


async def _stages(plan: Plan, generator: Generator, bodies: Bodies) -> list[Stage]:
    bounds = plan.bounds
    if plan.ladder is not None:
        left = bounds.requests

        async def stage_at(rate: float, duration_s: float) -> Stage | None:
            nonlocal left
            if rate * duration_s > left:
                return None
            within = msgspec.structs.replace(bounds, duration_s=duration_s, requests=left)
            due = _by_chance(rate, duration_s, plan.seed + left, bodies)
            stage = await generator.paced(due, within, rate=rate)
            left -= stage.requests
            return stage

        return await climb(plan.ladder, plan.tolerance, stage_at)
    if plan.trace is not None:
        due = ((piece.at_s / plan.speed, bodies.next()) for piece in plan.trace)
        stage = await generator.paced(due, bounds, rate=None)
    elif plan.clients is not None:
        stage = await generator.clients(plan.clients, bodies.next, bounds)
    else:
        rate = plan.rate or 1.0
        due = _by_chance(rate, bounds.duration_s, plan.seed, bodies)
        stage = await generator.paced(due, bounds, rate=rate)
    return [msgspec.structs.replace(stage, saturated_by=verdict(stage, plan.tolerance))]


def _by_chance(
    rate: float, duration_s: float, seed: int, bodies: Bodies
) -> Iterator[tuple[float, bytes]]:
    return ((at_s, bodies.next()) for at_s in poisson(rate, duration_s, seed))


def _mode(plan: Plan) -> Mode:
    if plan.ladder is not None:
        return "steps"
    if plan.trace is not None:
        return "trace"
    return "open" if plan.clients is None else "closed"


def _notes(plan: Plan, stages: Sequence[Stage]) -> list[str]:
    found: list[str] = []
    if any(each.lateness.p99 > _LATE_MS or each.generator_cpu > _BUSY for each in stages):
        found.append("generator")
    if any("not_sent" in each.errors for each in stages):
        found.append("not_sent")
    if any(each.without_usage for each in stages):
        found.append("without_usage")
    if plan.ladder is not None:
        step_ms = plan.ladder.step_s * 1000
        if any(each.latency.p50 > step_ms * _SHORT for each in stages if not each.saturated_by):
            found.append("short_steps")
        if stages and stages[-1].requests and saturation(stages).lowest_bad is None:
            found.append("not_saturated")
    elif stages and stages[0].requests >= plan.bounds.requests:
        found.append("bounded")
    return found


def run(plan: Plan, target: Target, bodies: Bodies, clock: Clock, watcher: Watcher) -> Report:
    """Run :func:`carry_out` on a loop of its own."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(carry_out(plan, target, bodies, clock, watcher))
