"""The page of metrics that a control plane shows."""

import asyncio
from collections import Counter

from mainspring.app.control.metrics import ControlMetrics
from mainspring.app.control.preparation import Preparation
from mainspring.app.control.tenant_metrics import TenantMetrics
from mainspring.app.tracing import Spans
from mainspring.capabilities.fleet.api import FleetService
from mainspring.capabilities.metering.api import ReconciliationService
from mainspring.capabilities.oversight.api import EmergencyService
from mainspring.kernel.errors import NotReadyError
from mainspring.kernel.scope import Scope
from mainspring.wire import telemetry
from mainspring.wire.exposition import MetricsPage

_SELF = Scope.platform("metrics")
_DEADLINE_S = 2.0


class ControlExposition:
    """Puts together what this process counted and what the database tells."""

    def __init__(
        self,
        own: ControlMetrics,
        tenants: TenantMetrics,
        fleet: FleetService,
        preparation: Preparation,
        *,
        emergencies: EmergencyService,
        reconciliation: ReconciliationService,
        spans: Spans,
    ) -> None:
        self._own = own
        self._tenants = tenants
        self._fleet = fleet
        self._preparation = preparation
        self._emergencies = emergencies
        self._reconciliation = reconciliation
        self._spans = spans

    async def page(self, snapshot_version: int) -> bytes:
        """Return the page; without a database it lacks only what that would tell."""
        page = MetricsPage()
        self._own.add_to(
            page,
            snapshot_version=snapshot_version,
            parts=await self._parts(),
            emergencies=self._emergencies.known_open,
        )
        page.by_label(telemetry.SPANS_DROPPED, self._spans.dropped)
        page.by_label(telemetry.LEDGER_DRIFTED, await self._drifted())
        await self._tenants.add_to(page)
        return page.encode()

    async def _drifted(self) -> dict[str, int]:
        if not self._preparation.done:
            return {}
        try:
            async with asyncio.timeout(_DEADLINE_S):
                hours = await self._reconciliation.drifted()
        except (NotReadyError, TimeoutError):
            return {}
        missing = sum(hour.missing for hour in hours)
        return {"missing": missing, "surplus": len(hours) - missing}

    async def _parts(self) -> Counter[tuple[str, str]] | None:
        if not self._preparation.done:
            return None
        try:
            async with asyncio.timeout(_DEADLINE_S):
                parts = await self._fleet.list_parts(_SELF)
        except (NotReadyError, TimeoutError):
            return None
        return Counter((part.role, part.state) for part in parts)
