"""The use cases of the fleet."""

from collections.abc import Sequence

from mainspring.capabilities.fleet.domain import (
    FORGOTTEN_AFTER,
    SYSTEM_READ,
    Breaker,
    Part,
    breakers,
    current,
    part_of,
)
from mainspring.capabilities.fleet.ports import FleetStore
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.scope import PLATFORM_ORG, Scope
from mainspring.wire.records import Heartbeat

_SELF = Scope.platform("fleet")


class FleetService:
    """Which parts run."""

    def __init__(self, store: FleetStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def hear(self, heartbeats: Sequence[Heartbeat]) -> None:
        """Take note of heartbeats; of several by one part the last counts.

        Raises:
            DatabaseUnavailableError: if nothing was kept.
        """
        now = self._clock.now()
        latest = {heartbeat.instance_id: part_of(heartbeat, now) for heartbeat in heartbeats}
        if latest:
            async with self._store.begin(_SELF) as fleet:
                await fleet.put([latest[instance_id] for instance_id in sorted(latest)])

    async def list_parts(self, scope: Scope) -> list[Part]:
        """Return the parts; one that fell silent is ``lost`` until another takes its name.

        Raises:
            PermissionDeniedError: unless the caller may see the platform's parts.
        """
        scope = authorize(scope, SYSTEM_READ, org_id=PLATFORM_ORG)
        async with self._store.begin(scope) as fleet:
            parts = await fleet.parts()
        return current(parts, self._clock.now())

    async def list_breakers(self, scope: Scope, upstream_id: str | None = None) -> list[Breaker]:
        """Return how gateways find the targets they call, of one upstream or of all.

        Raises:
            PermissionDeniedError: unless the caller may see the platform's parts.
        """
        return breakers(await self.list_parts(scope), upstream_id)

    async def forget_silent(self) -> int:
        """Remove parts that have been silent for an hour. For housekeeping."""
        async with self._store.begin(_SELF) as fleet:
            return await fleet.forget(self._clock.now() - FORGOTTEN_AFTER)
