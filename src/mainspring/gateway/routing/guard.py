"""Which targets a caller's data policies leave, worked out once for every plan."""

from collections.abc import Mapping
from typing import Final

import msgspec

from mainspring.gateway.routing.plan import Destination, Plan
from mainspring.kernel.errors import DataPolicyError
from mainspring.snapshot.data_policy import HOSTING, Place, Statement, breach
from mainspring.snapshot.route_policy import SHADOW
from mainspring.snapshot.routing import RequestFacts

_MAX_PLANS: Final = 1000


class DataGuard:
    """The data policies that hold for one caller. It lives no longer than a snapshot's callers."""

    def __init__(self, statements: tuple[Statement, ...]) -> None:
        self._statements = statements
        self._known: dict[Plan, Mapping[int, str]] = {}

    def barred(self, plan: Plan) -> Mapping[int, str]:
        """Return the targets that may not serve this caller, by position, and why."""
        known = self._known.get(plan)
        if known is None:
            if len(self._known) >= _MAX_PLANS:
                self._known.clear()
            found = {
                index: breached[1]
                for index, each in plan.destinations.items()
                if (breached := breach(self._statements, _place(each))) is not None
            }
            known = self._known[plan] = found
        return known

    def facts(self, plan: Plan, facts: RequestFacts) -> RequestFacts:
        """Return ``facts`` with the targets of ``plan`` that are barred."""
        barred = self.barred(plan)
        return msgspec.structs.replace(facts, barred=barred) if barred else facts

    def permits(self, destination: Destination) -> bool:
        """Tell whether a server may see this caller's calls."""
        return breach(self._statements, _place(destination)) is None

    def refusal(self, plan: Plan) -> DataPolicyError | None:
        """Return why no target of ``plan`` may serve, if that is so."""
        serving = [each for each in plan.destinations.values() if each.target.track != SHADOW]
        breaches = [breach(self._statements, _place(each)) for each in serving]
        told = [each for each in breaches if each is not None]
        if not told or len(told) < len(breaches):
            return None
        statement, reason = told[0]
        policy = statement.policy
        if reason == HOSTING:
            allowed = f"servers of the kinds {', '.join(policy.hosting or ()) or 'none'}"
        else:
            allowed = f"the regions {', '.join(policy.regions or ()) or 'none'}"
        return DataPolicyError(
            f"the data policy of the {statement.owner} allows {allowed}, and no server of the model"
            f" {plan.model.name!r} is among them",
            policy=statement.owner,
            reason=reason,
        )


def _place(destination: Destination) -> Place:
    upstream = destination.upstream.resource
    return Place(destination.target.region or upstream.region, upstream.hosting)
