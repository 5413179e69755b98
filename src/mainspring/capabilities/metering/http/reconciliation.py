"""What gateways counted, beside what the ledger has."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from mainspring.capabilities.metering.api import (
    Agreement,
    Reconciliation,
    ReconciliationService,
)
from mainspring.capabilities.metering.domain import USAGE_READ, differences
from mainspring.capabilities.metering.http.asked import Since, Until
from mainspring.infra.web import CurrentScope, PageParams, View, needs, provided

router = APIRouter()
Reconciling = Annotated[ReconciliationService, Depends(provided(ReconciliationService))]


class CountView(View):
    """Calls and tokens, of every kind."""

    calls: int
    tokens: int


class ModelDifferenceView(View):
    """A model whose calls or tokens differ."""

    model: str
    counted: CountView
    booked: CountView


class ReconciliationView(View):
    """An hour of one process of a gateway."""

    gateway_id: str
    epoch: str = Field(description="The process: what it counted dies with it.")
    since: datetime
    until: datetime = Field(description="Where the hour ended, or the process last told of it.")
    state: Agreement = Field(
        description="`waiting`: not compared yet, or records are on their way; `matched`; "
        "`drifted`."
    )
    delivered: bool = Field(description="Whether every record of these calls reached control.")
    counted: CountView = Field(description="By the gateway's own metrics.")
    booked: CountView | None = Field(description="In the ledger; unset before the comparison.")
    differences: list[ModelDifferenceView]
    checked_at: datetime | None

    @classmethod
    def of(cls, hour: Reconciliation) -> "ReconciliationView":
        """Return the view of an hour."""
        return cls.model_validate(
            {
                "gateway_id": hour.gateway_id,
                "epoch": hour.epoch,
                "since": hour.since,
                "until": hour.until,
                "state": hour.state,
                "delivered": hour.delivered,
                "counted": hour.total_counted,
                "booked": hour.total_booked,
                "differences": differences(hour),
                "checked_at": hour.checked_at,
            }
        )


class ReconciliationPage(View):
    """Some hours, newest first."""

    items: list[ReconciliationView]
    next_cursor: str | None


@router.get(
    "/usage/reconciliation",
    operation_id="list_reconciliations",
    openapi_extra=needs(USAGE_READ),
)
async def list_reconciliations(
    *,
    reconciling: Reconciling,
    scope: CurrentScope,
    page: PageParams,
    since: Since = None,
    until: Until = None,
    state: Annotated[Agreement | None, Query()] = None,
    gateway_id: Annotated[str | None, Query(max_length=200)] = None,
) -> ReconciliationPage:
    """List what gateways counted by their own metrics beside what the ledger has of it.

    Every hour is compared a few minutes after its end, and again for two days while it differs.
    For callers who may see the usage of the whole platform.
    """
    found = await reconciling.list_hours(
        scope, page, since=since, until=until, state=state, gateway_id=gateway_id
    )
    return ReconciliationPage(
        items=[ReconciliationView.of(each) for each in found.items],
        next_cursor=found.next_cursor,
    )
