"""The way of one call through its targets: what was tried, why, and where it may go next.

A call whose model has one healthy target needs none of this and makes none of it.
"""

from collections import deque
from collections.abc import Callable

from mainspring.gateway.routing import DataGuard, Destination, Plan, Router
from mainspring.kernel.errors import (
    InvalidRequestError,
    MainspringError,
    OverloadedError,
    PermissionDeniedError,
    RateLimitedError,
    UpstreamUnreachableError,
)
from mainspring.snapshot.routing import Choice, RequestFacts
from mainspring.wire.decisions import AttemptNote, Candidate, Decision

MAX_MODELS = 8
"""Models that one call goes through at the most, its own included."""
MAX_NOTES = 16
"""Attempts that a decision tells of."""
_DEMANDS = frozenset({"region", "tags", "task"})


class Attempt:
    """One attempt, or one search that found no target."""

    __slots__ = ("cause", "choice", "destination", "ended_at", "plan", "result", "started_at")

    def __init__(
        self,
        plan: Plan,
        choice: Choice,
        destination: Destination | None,
        cause: str,
        started_at: float,
    ) -> None:
        self.plan = plan
        self.choice = choice
        self.destination = destination
        self.cause = cause
        self.started_at = started_at
        self.ended_at = started_at
        self.result = "" if destination is not None else "no_target"

    def note(self, received_at: float) -> AttemptNote:
        """Return what the record tells of it."""
        choice = self.choice
        excluded = dict(choice.excluded)
        return AttemptNote(
            model=self.plan.model.name,
            strategy=choice.strategy,
            track=choice.track,
            track_reason=choice.track_reason,
            draw=choice.draw,
            candidates=tuple(
                Candidate(target.upstream_id, target.upstream_model, excluded.get(index))
                for index, target in enumerate(self.plan.model.targets)
            ),
            chosen=choice.index,
            cause=self.cause,
            result=self.result,
            at_ms=(self.started_at - received_at) * 1000,
            duration_ms=(self.ended_at - self.started_at) * 1000,
        )


class Route:
    """Finds target after target for one call, within one deadline.

    First the targets of the model that was asked for, as its retry policy allows, then in order its
    fallback models, each with its own targets and policy. No model is entered twice.
    """

    __slots__ = (
        "_attempts",
        "_find_plan",
        "_guard",
        "_next",
        "_queue",
        "_router",
        "_tried",
        "_visited",
        "asked",
        "deadline",
        "facts",
        "plan",
        "trail",
    )

    def __init__(
        self,
        router: Router,
        plan: Plan,
        facts: RequestFacts,
        received_at: float,
        find_plan: Callable[[str], Plan | None],
        *,
        guard: DataGuard | None = None,
    ) -> None:
        """Begin at ``plan``; ``find_plan`` returns that of a fallback the caller may use.

        ``guard`` says where its calls may be served.
        """
        self._guard = guard
        self._router = router
        self._find_plan = find_plan
        self.asked = plan
        self.plan = plan
        self.facts = facts
        self.deadline = received_at + plan.deadline_s
        self.trail: list[Attempt] = []
        self._attempts = 0
        self._tried: set[int] = set()
        self._visited = {plan.model.id}
        self._queue: deque[str] = deque(plan.model.fallbacks)
        self._next: Attempt | None = None

    def begun(self, destination: Destination, choice: Choice, now: float) -> Attempt:
        """Take note of a first attempt that was made before there was a route."""
        made = Attempt(self.plan, choice, destination, "first", now)
        self._enter(made)
        return made

    def find(self, now: float, *, own_only: bool = False, cause: str = "retry") -> bool:
        """Look for a further target and hold it; tell whether there is one."""
        if self._next is not None:
            return True
        if now >= self.deadline:
            return False
        plan = self.plan
        if self._attempts < plan.retry.max_attempts:
            cause = cause if self._attempts else "first"
            if self._look(plan, now, cause, self._tried):
                return True
            if plan.retry.same_target_after_ms is not None and self._tried and not own_only:
                return self._look(plan, now, "again", ())
        return not own_only and self._fall_back(now)

    def take(self) -> Attempt | None:
        """Return the attempt that :meth:`find` holds."""
        made, self._next = self._next, None
        if made is not None:
            self._enter(made)
        return made

    def leave_model(self) -> None:
        """Ask no further target of the present model: the call may not be there."""
        self._attempts = self.plan.retry.max_attempts

    def nothing_left(self, now: float) -> MainspringError:
        """Return what a caller is told when no target could even be asked."""
        plan = self.asked
        name = plan.model.name
        refusal = None if self._guard is None else self._guard.refusal(plan)
        if refusal is not None:
            return refusal
        reasons = {reason for each in self.trail for _, reason in each.choice.excluded}
        waits = [
            each.available_in(now)
            for each in plan.healths
            if each is not None and each.obstacle is not None
        ]
        if not waits and reasons and reasons <= {*_DEMANDS, "shadow", "track"}:
            return InvalidRequestError(
                f"no server of the model {name!r} has what was asked for by header"
            )
        if not waits and reasons and reasons <= {*_DEMANDS, "shadow", "track", "subject"}:
            return PermissionDeniedError(f"no server of the model {name!r} serves this caller")
        if not waits:
            return UpstreamUnreachableError(f"no server of the model {name!r} can be used")
        wait = max(min(waits), 1.0)
        if "circuit_open" in reasons or "probing" in reasons:
            return OverloadedError(
                f"the servers of the model {name!r} failed too often and are left alone for now",
                retry_after_s=wait,
            )
        return RateLimitedError(
            f"the servers of the model {name!r} asked to be left alone for now", retry_after_s=wait
        )

    def decision(self, received_at: float, *, degraded: bool) -> Decision | None:
        """Return what the record tells; ``None`` where there was nothing to choose."""
        trail = self.trail
        if len(trail) == 1 and not degraded:
            choice = trail[0].choice
            if len(choice.considered) == 1 and not choice.excluded:
                return None
        return Decision(
            tuple(each.note(received_at) for each in trail[:MAX_NOTES]), degraded=degraded
        )

    # Within

    def _look(self, plan: Plan, now: float, cause: str, tried: set[int] | tuple[()]) -> bool:
        facts = self.facts if self._guard is None else self._guard.facts(plan, self.facts)
        choice = self._router.choose(plan, now, facts, tried)
        if choice.index is None:
            if not self._tried and len(self.trail) < MAX_NOTES:
                self.trail.append(Attempt(plan, choice, None, cause, now))
            return False
        self._next = Attempt(plan, choice, plan.destinations[choice.index], cause, now)
        return True

    def _fall_back(self, now: float) -> bool:
        while self._queue and len(self._visited) < MAX_MODELS:
            plan = self._find_plan(self._queue.popleft())
            if plan is None or plan.model.id in self._visited:
                continue
            self._visited.add(plan.model.id)
            self._queue.extend(plan.model.fallbacks)
            self.plan = plan
            self._attempts = 0
            self._tried = set()
            if self._look(plan, now, "fallback", ()):
                return True
        return False

    def _enter(self, made: Attempt) -> None:
        self._attempts += 1
        self._tried.add(made.choice.index or 0)
        if len(self.trail) < MAX_NOTES:
            self.trail.append(made)
