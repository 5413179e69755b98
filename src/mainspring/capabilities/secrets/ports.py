"""What this capability needs from outside."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from mainspring.kernel.scope import Scope


class LivingParts(Protocol):
    """Tells which running parts unseal secrets. Fails closed: unknown is an error."""

    async def held_keys(self) -> Mapping[str, Sequence[str]]:
        """Return the ids of the master keys that each running part holds, by the part's name."""
        ...


class Trail(Protocol):
    """Where it is told what was done about keys."""

    async def note(
        self,
        scope: Scope,
        *,
        action: str,
        object_kind: str,
        object_id: str | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Tell of something that changes no row."""
        ...
