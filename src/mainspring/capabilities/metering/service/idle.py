"""The audit of what nobody uses."""

from datetime import timedelta

from mainspring.capabilities.metering.domain import CostQuery
from mainspring.capabilities.metering.domain.idle import (
    MAX_IDLE_DAYS,
    MAX_IDLE_KEYS,
    MAX_USES,
    MIN_IDLE_DAYS,
    Holdings,
    Idle,
    IdleReport,
    Used,
    idle_key,
    idle_models,
    idle_upstreams,
)
from mainspring.capabilities.metering.ports import GpuStore, Inventory, UsageStore
from mainspring.capabilities.metering.service.narrowing import narrowed
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.scope import Scope


class IdleService:
    """Looks for models, targets, upstreams and keys without use."""

    def __init__(
        self,
        store: UsageStore,
        gpus: GpuStore,
        inventory: Inventory,
        tenancy: TenancyService,
        clock: Clock,
    ) -> None:
        self._store = store
        self._gpus = gpus
        self._inventory = inventory
        self._tenancy = tenancy
        self._clock = clock

    async def report(self, scope: Scope, *, days: int, org_id: str | None = None) -> IdleReport:
        """Return what was not used for ``days``.

        Within an organisation that is its own keys and models; upstreams, and what all share, are
        the platform's.

        Raises:
            InvalidRequestError: if ``days`` is not 1 to 92.
            NotFoundError: if the caller sees no such organisation.
            PermissionDeniedError: if the caller may not see usage there.
        """
        if not MIN_IDLE_DAYS <= days <= MAX_IDLE_DAYS:
            raise InvalidRequestError(f"days is {MIN_IDLE_DAYS} to {MAX_IDLE_DAYS}", param="days")
        scope, seen = await narrowed(self._tenancy, scope, org_id, None)
        until = self._clock.now()
        since = until - timedelta(days=days)
        query = CostQuery(
            since=since, until=until, by=("model", "upstream", "upstream_model"), org_id=seen
        )
        async with self._store.begin(scope) as ledger:
            parts = await ledger.costs(query, limit=MAX_USES)
        used = {
            Used(str(group["model"]), group["upstream_id"], group["upstream_model"])
            for group in (part.group for part in parts if part.counts["requests"])
        }
        async with self._gpus.begin(scope) as gpus:
            holdings = Holdings(
                await gpus.prices(), await gpus.idle(since=since, until=until), until
            )
        models = await self._inventory.models()
        items: list[Idle] = []
        if seen is None:
            items += idle_upstreams(await self._inventory.upstreams(), used, since, holdings)
        else:
            models = [model for model in models if model.org_id == seen]
        items += idle_models(models, used, since, holdings)
        keys = await self._inventory.unused_keys(
            scope, since=since, org_id=seen, limit=MAX_IDLE_KEYS + 1
        )
        items += [idle_key(key) for key in keys[:MAX_IDLE_KEYS]]
        return IdleReport(
            since=since,
            until=until,
            items=items,
            idle_hours=holdings.all_idle(),
            more_keys=len(keys) > MAX_IDLE_KEYS,
        )
