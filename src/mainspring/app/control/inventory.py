"""What there is that could be used, for the audit of what is not."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import TypeVar

from mainspring.capabilities.catalog.api import CatalogService
from mainspring.capabilities.identity.api import KeyService
from mainspring.capabilities.metering.api import HeldKey, HeldModel, HeldUpstream, Target
from mainspring.kernel.paging import Page, PageRequest
from mainspring.kernel.scope import Scope

T = TypeVar("T")

_SELF = Scope.platform("idle-audit")
_AT_ONCE = 200


class PlatformInventory:
    """The catalogue and the keys."""

    def __init__(self, catalog: CatalogService, keys: KeyService) -> None:
        self._catalog = catalog
        self._keys = keys

    async def models(self) -> Sequence[HeldModel]:
        """Return every model that is in service."""
        found = await _all(lambda page: self._catalog.list_models(_SELF, page))
        return [
            HeldModel(
                id=model.id,
                name=model.name,
                org_id=model.org_id,
                targets=tuple(
                    Target(each.upstream_id, each.upstream_model) for each in model.targets
                ),
                changed_at=model.updated_at,
                created_at=model.created_at,
            )
            for model in found
            if model.lifecycle is None or not model.lifecycle.offline
        ]

    async def upstreams(self) -> Sequence[HeldUpstream]:
        """Return every upstream."""
        found = await _all(lambda page: self._catalog.list_upstreams(_SELF, page))
        return [
            HeldUpstream(id=each.id, name=each.name, created_at=each.created_at) for each in found
        ]

    async def unused_keys(
        self, scope: Scope, *, since: datetime, org_id: str | None, limit: int
    ) -> Sequence[HeldKey]:
        """Return keys, older than ``since``, not ended and not used since, oldest first."""
        found = await self._keys.unused(scope, since=since, org_id=org_id, limit=limit)
        return [
            HeldKey(
                id=key.id,
                name=key.name,
                org_id=key.org_id,
                project_id=key.project_id,
                created_at=key.created_at,
                last_used_at=key.last_used_at,
            )
            for key in found
        ]


async def _all(read: Callable[[PageRequest], Awaitable[Page[T]]]) -> list[T]:
    found: list[T] = []
    cursor: str | None = None
    while True:
        page = await read(PageRequest(limit=_AT_ONCE, cursor=cursor))
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found
