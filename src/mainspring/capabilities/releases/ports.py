"""What releases need from outside."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from mainspring.capabilities.catalog.api import CatalogRepository, Upstream
from mainspring.capabilities.releases.domain import (
    Amount,
    Arm,
    Decision,
    Key,
    Release,
    ReleaseEvent,
    ReleaseFilter,
)
from mainspring.capabilities.releases.domain.registry import ModelCard
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import ModelTarget


class ReleaseRepository(Protocol):
    """Releases and their history as one transaction sees them.

    Fails closed: any error undoes the whole transaction, and what was published with it.
    """

    @property
    def catalog(self) -> CatalogRepository:
        """Return the catalog in the same transaction: a model moves with its releases or not."""
        ...

    async def add(self, release: Release) -> None:
        """Keep a new release; ``ConflictError`` if the model has one of that version."""
        ...

    async def get(self, release_id: str) -> Release | None:
        """Return the release, if the scope sees it."""
        ...

    async def of_model(self, model_id: str) -> Sequence[Release]:
        """Return the releases of a model that were not withdrawn, oldest first."""
        ...

    async def of_models(self, model_ids: Sequence[str]) -> Mapping[str, Sequence[Release]]:
        """Return the releases of each model, oldest first."""
        ...

    async def cards(self, model_ids: Sequence[str]) -> Mapping[str, ModelCard]:
        """Return the cards of those models that have one."""
        ...

    async def put_card(self, card: ModelCard) -> None:
        """Keep a card, or its next revision.

        ``PreconditionFailedError`` if it changed meanwhile.
        """
        ...

    async def releases(
        self, which: ReleaseFilter, *, after: str | None, limit: int
    ) -> Sequence[Release]:
        """Return up to ``limit`` releases in the order of their ids."""
        ...

    async def replace(self, release: Release) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def remove(self, release_id: str) -> None:
        """Remove the release; its history stays."""
        ...

    async def note(self, event: ReleaseEvent) -> None:
        """Add to the history."""
        ...

    async def events(
        self, *, model_id: str | None, release_id: str | None, before: int | None, limit: int
    ) -> Sequence[ReleaseEvent]:
        """Return up to ``limit`` events, newest first."""
        ...


class CanaryRepository(ReleaseRepository, Protocol):
    """What watching canaries needs besides."""

    async def canaries(self, *, limit: int) -> Sequence[Release]:
        """Return up to ``limit`` canaries under way."""
        ...

    async def alone(self, release_id: str) -> bool:
        """Tell whether no other process decides about the release until this transaction ends."""
        ...

    async def count(self, amounts: Mapping[Key, Amount]) -> None:
        """Add to what is counted."""
        ...

    async def arms(self, release: Release, block: int) -> tuple[Arm, Arm]:
        """Return what was counted of the stable side and of the canary in a block of its step."""
        ...

    async def step_calls(self, release: Release) -> int:
        """Return the calls of the canary in its present step."""
        ...

    async def last_decision(self, release_id: str) -> Decision | None:
        """Return the newest decision about the release."""
        ...

    async def keep_decision(self, decision: Decision) -> None:
        """Keep a decision, in place of the one of its id if there is one."""
        ...

    async def decisions(
        self, release_id: str, *, before: str | None, limit: int
    ) -> Sequence[Decision]:
        """Return up to ``limit`` decisions, newest first."""
        ...

    async def forget_counts(self, before: datetime) -> int:
        """Remove what was counted in steps that began before; return how many numbers went."""
        ...


class CanaryStore(Protocol):
    """Opens transactions for watching canaries."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[CanaryRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...


class ReleaseStore(Protocol):
    """Opens transactions; they see and write what the scope may."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[ReleaseRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...


class TargetProbe(Protocol):
    """Asks a target's server whether it has the model; costs no tokens.

    Fails closed: a server that cannot be asked has not been verified.
    """

    async def look(self, upstream: Upstream, target: ModelTarget) -> str | None:
        """Return what is wrong, for people to read; ``None`` if the server has the model."""
        ...


class NoProbe:
    """Asks nobody; everything is as it should be."""

    async def look(self, upstream: Upstream, target: ModelTarget) -> str | None:
        """Return ``None``."""
        del upstream, target
        return None
