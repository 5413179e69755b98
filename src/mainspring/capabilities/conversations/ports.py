"""What conversations need from outside."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from mainspring.capabilities.conversations.domain import Link, Turn
from mainspring.kernel.scope import Scope


class TurnRepository(Protocol):
    """The turns as one transaction sees them; fails closed."""

    async def add(self, turns: Sequence[Turn]) -> int:
        """Keep the turns; return how many were not there yet."""
        ...

    async def links(
        self, project_id: str, turn_id: str, *, at_most: int, now: datetime
    ) -> list[Link]:
        """Return a turn of the project and those before it, newest first, without content."""
        ...

    async def turns(self, project_id: str, ids: Collection[str]) -> Sequence[Turn]:
        """Return those turns of the project."""
        ...

    async def bury(self, grave: Turn) -> bool:
        """Delete what a turn said, also one that has yet to arrive; tell whether it was there."""
        ...

    async def remove_of_organization(self, org_id: str) -> None:
        """Remove every turn of an organisation."""
        ...

    async def remove_expired(self, now: datetime, *, at_most: int) -> int:
        """Remove up to ``at_most`` turns whose time is over; return how many."""
        ...


class TurnStore(Protocol):
    """Opens transactions; they see and write what the scope may."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[TurnRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...
