"""What the catalog needs from outside."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from mainspring.capabilities.catalog.domain import Model, Upstream
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Resource, Sealed


class CatalogRepository(Protocol):
    """Upstreams and models as one transaction sees them.

    Fails closed: any error undoes the whole transaction, and what was published with it.
    """

    async def add_upstream(self, upstream: Upstream) -> None:
        """Keep a new upstream; ``ConflictError`` if its name is taken."""
        ...

    async def upstream(self, upstream_id: str) -> Upstream | None:
        """Return the upstream, if the scope sees it."""
        ...

    async def upstream_by_name(self, name: str) -> Upstream | None:
        """Return the platform's upstream of that name."""
        ...

    async def upstreams(self, *, after: str | None, limit: int) -> Sequence[Upstream]:
        """Return up to ``limit`` upstreams in the order of their ids."""
        ...

    async def replace_upstream(self, upstream: Upstream) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def remove_upstream(self, upstream_id: str) -> None:
        """Remove it; ``ConflictError`` while a model leads to it."""
        ...

    async def add_model(self, model: Model) -> None:
        """Keep a new model; ``ConflictError`` if its name is taken where it is visible."""
        ...

    async def model(self, model_id: str) -> Model | None:
        """Return the model, if the scope sees it."""
        ...

    async def model_by_name(self, name: str, org_id: str | None) -> Model | None:
        """Return the model of that name that belongs to exactly that organisation (or to all)."""
        ...

    async def alias_taken(self, model: Model) -> str | None:
        """Return an alias of ``model`` that another one of the same owner has."""
        ...

    async def models(self, *, org_id: str | None, after: str | None, limit: int) -> Sequence[Model]:
        """Return up to ``limit`` models in the order of their ids.

        ``org_id`` keeps those that this organisation may call: its own and the shared ones.
        """
        ...

    async def replace_model(self, model: Model) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def remove_model(self, model_id: str) -> None:
        """Remove it."""
        ...

    async def remove_models_of(self, org_id: str) -> Sequence[str]:
        """Remove the models that belong to exactly that organisation; return their ids."""
        ...

    async def known_upstreams(self, upstream_ids: Iterable[str]) -> Mapping[str, str]:
        """Return the names of those upstreams that the scope sees, by id."""
        ...

    async def upstream_regions(self, upstream_ids: Iterable[str]) -> Mapping[str, str | None]:
        """Return the regions of those upstreams that the scope sees, by id."""
        ...

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits; call it last."""
        ...


class CatalogStore(Protocol):
    """Opens transactions; they see and write what the scope may."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[CatalogRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...


class ModelDependents(Protocol):
    """Another capability that holds things of a model.

    Fails closed: if it cannot let go, the model stays. It must be idempotent, because a removal
    that failed later is repeated as a whole.
    """

    async def release_model(self, scope: Scope, model_id: str) -> None:
        """Let go of everything of the model, within ``scope``, and tell gateways so."""
        ...


class CredentialSealer(Protocol):
    """Encrypts credentials; fails closed: what cannot be sealed is not kept."""

    def seal(self, plaintext: bytes, context: str) -> Sealed:
        """Return ``plaintext`` encrypted and bound to ``context``."""
        ...

    def unseal(self, sealed: Sealed, context: str) -> bytes:
        """Return the plaintext; ``UnsealError`` if no key that is held here opens it."""
        ...
