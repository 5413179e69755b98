"""The use cases of the registry. It shows whoever may see a model what the model is."""

from collections.abc import Sequence
from typing import Final

from mainspring.capabilities.catalog.api import MODEL_READ, CatalogService, Model
from mainspring.capabilities.releases.domain import (
    RELEASE_WRITE,
    Specification,
)
from mainspring.capabilities.releases.domain.registry import (
    Comparison,
    ModelCard,
    RegistryEntry,
    RegistryFilter,
    compared,
    entry_of,
    matches,
)
from mainspring.capabilities.releases.domain.specification import checked_specification
from mainspring.capabilities.releases.ports import ReleaseStore
from mainspring.capabilities.releases.service.transitions import of_platform
from mainspring.kernel.authorize import reach
from mainspring.kernel.changes import check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import InvalidRequestError, PermissionDeniedError
from mainspring.kernel.existing import existing
from mainspring.kernel.paging import MAX_LIMIT, Page, PageRequest, encode_cursor
from mainspring.kernel.scope import Scope

_SELF: Final = Scope.platform("registry")
_MAX_SCANNED: Final = 1000
"""Models that one request looks at; the cursor goes on behind them."""


class RegistryService:
    """Cards of models, and search among them."""

    def __init__(self, store: ReleaseStore, catalog: CatalogService, clock: Clock) -> None:
        self._store = store
        self._catalog = catalog
        self._clock = clock

    async def search(
        self, scope: Scope, page: PageRequest, wanted: RegistryFilter, *, org_id: str | None = None
    ) -> Page[RegistryEntry]:
        """Return the models that match, oldest first.

        A page may hold fewer than were asked for although there are more: one request looks at a
        bounded number of models.
        """
        found: list[RegistryEntry] = []
        cursor, scanned = page.cursor, 0
        while scanned < _MAX_SCANNED:
            models = await self._catalog.list_models(
                scope, PageRequest(MAX_LIMIT, cursor), org_id=org_id
            )
            for entry in await self._entries(models.items):
                if not matches(entry, wanted):
                    continue
                found.append(entry)
                if len(found) == page.limit:
                    last = entry.model_id == models.items[-1].id and models.next_cursor is None
                    return Page(found, None if last else encode_cursor(entry.model_id))
            cursor = models.next_cursor
            scanned += len(models.items)
            if cursor is None:
                break
        return Page(found, cursor)

    async def get(self, scope: Scope, model_id: str) -> RegistryEntry:
        """Return the entry of one model.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        model = await self._catalog.get_model(scope, model_id)
        return (await self._entries([model]))[0]

    async def card(self, scope: Scope, model_id: str) -> tuple[Specification, int]:
        """Return a model's own card and its revision; 0 where it has none.

        Raises:
            NotFoundError: if there is no such model that the caller may see.
        """
        await self._catalog.get_model(scope, model_id)
        async with self._store.begin(_SELF) as releases:
            card = (await releases.cards([model_id])).get(model_id)
        return (Specification(), 0) if card is None else (card.specification, card.revision)

    async def compare(self, scope: Scope, model_ids: Sequence[str]) -> Comparison:
        """Return models side by side, in the order in which they are named.

        Raises:
            InvalidRequestError: if they are too few, too many, or named twice.
            NotFoundError: if there is one that the caller may not see.
        """
        if reach(scope, MODEL_READ) == frozenset():
            raise PermissionDeniedError(f"this needs the permission {MODEL_READ.name}")
        if len(set(model_ids)) != len(model_ids):
            raise InvalidRequestError("a model is named twice", param="model_id")
        if len(model_ids) > MAX_LIMIT:
            raise InvalidRequestError("these are too many", param="model_id")
        return compared([await self.get(scope, each) for each in model_ids[:9]])

    async def put_card(
        self,
        scope: Scope,
        model_id: str,
        specification: Specification,
        *,
        expected_revision: int | None = None,
    ) -> RegistryEntry:
        """Say what a model is, in place of what was said before.

        Raises:
            NotFoundError: if there is no such model.
            PreconditionFailedError: if the card is not at ``expected_revision`` any more.
        """
        scope = of_platform(scope, RELEASE_WRITE)
        now = self._clock.now()
        async with self._store.begin(scope) as releases:
            model = existing(await releases.catalog.model(model_id))
            old = (await releases.cards([model_id])).get(model_id)
            check_revision(expected_revision, 0 if old is None else old.revision)
            card = ModelCard(
                id=model_id,
                org_id=model.org_id,
                specification=checked_specification(specification),
                created_at=now if old is None else old.created_at,
                updated_at=now,
                revision=1 if old is None else old.revision + 1,
            )
            await releases.put_card(card)
            known = await releases.of_models([model_id])
        return entry_of(model, card, known.get(model_id, []))

    async def _entries(self, models: Sequence[Model]) -> list[RegistryEntry]:
        """Return the entries of models that the caller was found to see."""
        if not models:
            return []
        ids = [model.id for model in models]
        async with self._store.begin(_SELF) as releases:
            cards = await releases.cards(ids)
            known = await releases.of_models(ids)
        return [entry_of(model, cards.get(model.id), known.get(model.id, [])) for model in models]
