"""The chargeback report: a month's costs for whoever pays them, as CSV, XLSX or PDF."""

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response

from mainspring.capabilities.metering.api import Chargeback, CostService
from mainspring.capabilities.metering.domain import USAGE_READ
from mainspring.capabilities.metering.domain.focus import amount
from mainspring.capabilities.metering.http.asked import OrgId
from mainspring.capabilities.metering.http.tables import csv_of
from mainspring.infra.web import CurrentScope, needs, provided
from mainspring.wire.texts import Language

router = APIRouter()

Form = Literal["csv", "xlsx", "pdf"]

_MEDIA: dict[Form, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_COLUMNS = (
    "month",
    "org_id",
    "organization",
    "project_id",
    "project",
    "key_id",
    "key",
    "model",
    "requests",
    "tokens",
    "unpriced",
    "currency",
    "cost",
)


@router.get(
    "/costs/chargeback",
    operation_id="export_chargeback",
    openapi_extra=needs(USAGE_READ),
    response_class=Response,
    responses={
        200: {
            "description": "A line for each project, key, model and currency.",
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                _MEDIA["xlsx"]: {"schema": {"type": "string", "format": "binary"}},
                _MEDIA["pdf"]: {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
)
async def export_chargeback(
    *,
    costs: Annotated[CostService, Depends(provided(CostService))],
    scope: CurrentScope,
    month: Annotated[
        str | None,
        Query(
            max_length=7,
            examples=["2026-10"],
            description="By UTC; by default the one before this. While it lasts, so far.",
        ),
    ] = None,
    org_id: OrgId = None,
    format: Annotated[Form, Query()] = "csv",  # noqa: A002 - its name outside
    lang: Annotated[Language, Query(description="Of headings; CSV has names of fields.")] = "en",
) -> Response:
    """Export what a month cost, by project, key and model, for whoever pays for it.

    Amounts in CSV are exact; XLSX shows them to six decimals, PDF to four. Calls without a known
    price are counted as `unpriced` and are in no amount. A report has at most 10,000 sums.
    """
    report = await costs.chargeback(scope, month=month, org_id=org_id)
    body = await asyncio.to_thread(_rendered, report, format, lang)
    name = f"chargeback-{report.month}.{format}"
    return Response(
        body,
        media_type=_MEDIA[format],
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


def _rendered(report: Chargeback, form: Form, lang: Language) -> bytes | str:
    # What draws is loaded when it is first wanted: it is large, and few want it.
    if form == "xlsx":
        from mainspring.capabilities.metering.http.chargeback_workbook import (  # noqa: PLC0415 - large, few want it
            workbook,
        )

        return workbook(report, lang)
    if form == "pdf":
        from mainspring.capabilities.metering.http.chargeback_document import (  # noqa: PLC0415 - large, few want it
            document,
        )

        return document(report, lang)
    return csv_of(
        _COLUMNS,
        (
            {
                **{name: getattr(line, name) for name in _COLUMNS if name not in {"month", "cost"}},
                "month": report.month,
                "cost": None if line.nanos is None else amount(line.nanos),
            }
            for line in report.lines
        ),
    )
