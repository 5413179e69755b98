"""Which master keys the running parts hold, by what they tell of themselves."""

from collections.abc import Mapping, Sequence

from mainspring.capabilities.fleet.api import FleetService, Part
from mainspring.kernel.scope import Scope
from mainspring.wire.records import HELD_KEYS

_SELF = Scope.platform("master keys")
_GONE = frozenset({"stopped", "lost"})


class KeysOfParts:
    """Asks the fleet. A part that is silent does not count: it reads the keys when it starts."""

    def __init__(self, fleet: FleetService) -> None:
        self._fleet = fleet

    async def held_keys(self) -> Mapping[str, Sequence[str]]:
        """Return the ids of the keys that each running part holds, by the part's name."""
        return {
            _name(part): str(part.details[HELD_KEYS]).split()
            for part in await self._fleet.list_parts(_SELF)
            if part.state not in _GONE and HELD_KEYS in part.details
        }


def _name(part: Part) -> str:
    """Return a name that no other part has: control planes all have the same."""
    same = part.name == part.instance_id
    return part.name if same else f"{part.name} ({part.instance_id})"
