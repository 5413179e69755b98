"""Plans for models, and the choice among their targets."""

import random
from collections.abc import Callable

from mainspring.gateway.upstreams import UpstreamRegistry, UpstreamRuntime
from mainspring.snapshot.resources import Model
from mainspring.snapshot.routing import choose_target

_MAX_PLANS = 20_000
_LEASE_MARGIN_S = 60.0


class Destination:
    """One target of a model with the upstream that serves it."""

    __slots__ = ("index", "protocol", "upstream", "upstream_model")

    def __init__(self, index: int, upstream: UpstreamRuntime, upstream_model: str) -> None:
        self.index = index
        self.upstream = upstream
        self.protocol = upstream.protocol
        self.upstream_model = upstream_model


class Plan:
    """A model as the pipeline uses it; valid until an upstream changes.

    ``lease_s`` is how long a call may take at the most, over all its attempts. ``bounded`` tells
    whether the model has limits of its own.
    """

    __slots__ = ("bounded", "destinations", "lease_s", "model", "price", "tasks", "unusable")

    def __init__(self, model: Model, destinations: dict[int, Destination]) -> None:
        self.model = model
        self.tasks = frozenset(model.tasks)
        self.bounded = model.limits is not None or model.key_limits is not None
        self.price = model.price
        self.destinations = destinations
        self.unusable = frozenset(range(len(model.targets))) - destinations.keys()
        totals = [each.upstream.resource.timeouts.total_s for each in destinations.values()]
        self.lease_s = sum(totals) + _LEASE_MARGIN_S


class Router:
    """Makes plans from the snapshot and chooses a destination for each attempt."""

    def __init__(
        self, upstreams: UpstreamRegistry, draw: Callable[[], float] = random.random
    ) -> None:
        self._upstreams = upstreams
        self._draw = draw
        self._plans: dict[str, Plan] = {}

    def plan(self, model: Model) -> Plan:
        """Return the plan for ``model``."""
        plan = self._plans.get(model.id)
        if plan is None or plan.model is not model:
            plan = self._make(model)
        return plan

    def choose(self, plan: Plan, tried: frozenset[int] = frozenset()) -> Destination | None:
        """Return where to send the next attempt; ``None`` if every target was tried."""
        destinations = plan.destinations
        if not tried and len(plan.model.targets) == 1:
            return destinations.get(0)
        chosen = choose_target(plan.model.targets, self._draw(), plan.unusable | tried)
        return None if chosen is None else destinations[chosen]

    def forget(self) -> None:
        """Drop every plan: upstreams have changed."""
        self._plans.clear()

    def _make(self, model: Model) -> Plan:
        destinations: dict[int, Destination] = {}
        for index, target in enumerate(model.targets):
            upstream = self._upstreams.get(target.upstream_id)
            if upstream is not None:
                destinations[index] = Destination(index, upstream, target.upstream_model)
        if len(self._plans) >= _MAX_PLANS:
            self._plans.clear()
        plan = self._plans[model.id] = Plan(model, destinations)
        return plan
