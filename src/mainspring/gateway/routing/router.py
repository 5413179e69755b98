"""Plans for models, and the choice among their targets."""

import random
from collections.abc import Callable, Collection, Iterator
from typing import Final

from mainspring.gateway.routing.health import TargetHealth
from mainspring.gateway.routing.plan import Destination, Plan
from mainspring.gateway.upstreams import UpstreamRegistry
from mainspring.snapshot.resources import Model
from mainspring.snapshot.routing import NO_FACTS, Choice, RequestFacts, decide

_MAX_PLANS: Final = 20_000

TargetKey = tuple[str, str]
"""An upstream's id and what a model is called there."""


class Router:
    """Makes plans from the snapshot, chooses targets, and remembers how they fare.

    What is known of a target outlives the plans: a new version of a model begins with it. It is
    forgotten with the upstream.
    """

    def __init__(
        self, upstreams: UpstreamRegistry, draw: Callable[[], float] = random.random
    ) -> None:
        """Choose by ``draw``, which returns numbers in ``[0, 1)``."""
        self.draw = draw
        self._upstreams = upstreams
        self._plans: dict[str, Plan] = {}
        self._healths: dict[TargetKey, TargetHealth] = {}

    def plan(self, model: Model) -> Plan:
        """Return the plan for ``model``."""
        plan = self._plans.get(model.id)
        if plan is None or plan.model is not model:
            plan = self._make(model)
        return plan

    def choose(
        self, plan: Plan, now: float, facts: RequestFacts = NO_FACTS, tried: Collection[int] = ()
    ) -> Choice:
        """Return where to send the next attempt, and why."""
        fades = plan.model.routing.strategy == "latency"
        for health in plan.healths:
            if health is not None:
                health.look(now)
                if fades:
                    health.fade(now)
        draw = self.draw
        return decide(plan.model, plan.healths, facts, draw=draw(), second_draw=draw(), tried=tried)

    def forget(self, upstream_ids: Collection[str]) -> None:
        """Drop every plan, and what is known of these upstreams: they have changed."""
        self._plans.clear()
        for key in [key for key in self._healths if key[0] in upstream_ids]:
            del self._healths[key]

    def seen(self) -> Iterator[tuple[str, str, TargetHealth]]:
        """Go through the targets that were called: upstream's id, model there, state."""
        for (upstream_id, upstream_model), health in self._healths.items():
            if self._upstreams.get(upstream_id) is not None:
                yield upstream_id, upstream_model, health

    def healths(self) -> Iterator[tuple[str, str, TargetHealth]]:
        """Go through the targets that were called: upstream's name, model there, state."""
        for (upstream_id, upstream_model), health in self._healths.items():
            upstream = self._upstreams.get(upstream_id)
            if upstream is not None:
                yield upstream.resource.name, upstream_model, health

    def _make(self, model: Model) -> Plan:
        destinations: dict[int, Destination] = {}
        for index, target in enumerate(model.targets):
            upstream = self._upstreams.get(target.upstream_id)
            if upstream is None:
                continue
            key = (target.upstream_id, target.upstream_model)
            health = self._healths.get(key)
            if health is None:
                if len(self._healths) >= _MAX_PLANS:
                    self._healths.clear()
                health = self._healths[key] = TargetHealth(model.routing.breaker, self.draw)
            else:
                health.follow(model.routing.breaker)
            destinations[index] = Destination(index, target, upstream, health)
        if len(self._plans) >= _MAX_PLANS:
            self._plans.clear()
        plan = self._plans[model.id] = Plan(model, destinations)
        return plan
