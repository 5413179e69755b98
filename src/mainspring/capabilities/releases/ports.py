"""What releases need from outside."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from mainspring.capabilities.catalog.api import CatalogRepository, Upstream
from mainspring.capabilities.releases.domain import Release, ReleaseEvent, ReleaseFilter
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
