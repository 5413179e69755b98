"""Places where sealed secrets rest, so that all of them can be sealed anew by a new master key."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Sealed


class SealedRow(msgspec.Struct, frozen=True):
    """One secret at rest: where it lies in its place, and the context it is sealed for."""

    key: str
    sealed: Sealed
    context: str


class SealedPlace(Protocol):
    """A table's sealed column, as rows."""

    @property
    def name(self) -> str:
        """Return what operators call these secrets."""
        ...

    async def rows(self, scope: Scope, *, after: str, limit: int) -> Sequence[SealedRow]:
        """Return up to ``limit`` secrets behind the key ``after``, in the order of their keys."""
        ...

    async def replace(self, scope: Scope, row: SealedRow, sealed: Sealed) -> bool:
        """Put ``sealed`` in the place of what ``row`` holds; ``False`` if that has changed."""
        ...
