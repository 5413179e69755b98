"""What the fleet needs from outside."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from mainspring.capabilities.fleet.domain import Part
from mainspring.kernel.scope import Scope


class FleetRepository(Protocol):
    """The parts as one transaction sees them.

    Fails closed; a heartbeat that was lost is followed by the next one.
    """

    async def put(self, parts: Sequence[Part]) -> None:
        """Keep what the parts tell of themselves now."""
        ...

    async def parts(self) -> Sequence[Part]:
        """Return every part, by role and name."""
        ...

    async def forget(self, silent_since: datetime) -> int:
        """Remove the parts last heard of before that; return how many."""
        ...


class FleetStore(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[FleetRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...
