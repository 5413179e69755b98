"""What calls cost: as JSON, as a table, and in the columns that FinOps tools read."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from mainspring.capabilities.metering.api import (
    PARQUET,
    CostReport,
    CostService,
    Dimension,
    Interval,
    parquet_of,
)
from mainspring.capabilities.metering.domain import USAGE_READ
from mainspring.capabilities.metering.domain.focus import (
    FOCUS_COLUMNS,
    FOCUS_DIMENSIONS,
    focus_lines,
)
from mainspring.capabilities.metering.http.asked import OrgId, ProjectId, Since, Until
from mainspring.capabilities.metering.http.tables import columns_of, csv_of, lines_of
from mainspring.infra.web import CurrentScope, View, needs, provided

router = APIRouter()
Costs = Annotated[CostService, Depends(provided(CostService))]

_CSV = "text/csv; charset=utf-8"


class CostSumView(View):
    """Sums over some calls."""

    requests: int
    errors: int = Field(description="Outcomes other than `ok` and `client_closed`.")
    unpriced: int = Field(description="Calls for which no price was known: not among `costs`.")
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cache_write_tokens: int
    images: int
    characters: int
    seconds: float
    searches: int
    costs: dict[str, int] = Field(
        description="Billionths of each currency.", examples=[{"USD": 12_500_000_000}]
    )
    saved: dict[str, int] = Field(
        description="What answers from the cache had cost when they were made, likewise."
    )
    gpu: dict[str, int] = Field(
        description="What of `costs` are shares of GPU hours, likewise; they are booked late."
    )


class CostRowView(CostSumView):
    """The calls of one group."""

    start: datetime | None = Field(description="Where the interval begins, if there is one.")
    group: dict[str, str | None] = Field(
        examples=[{"project_id": "prj_0193f2c4a7be5d0f6c1a9e3b7d42c8f1", "model": "gpt-4o"}],
        description="What the calls have in common, by the field of their records.",
    )
    names: dict[str, str] = Field(
        examples=[{"project_id": "Search"}],
        description="What those things are called now, as far as they exist.",
    )


class CostReportView(View):
    """Sums by group, by time and then the largest first, and over all of them."""

    since: datetime
    until: datetime
    interval: Interval | None
    by: list[Dimension]
    items: list[CostRowView]
    totals: CostSumView


@router.get(
    "/costs",
    operation_id="summarize_costs",
    openapi_extra=needs(USAGE_READ),
    response_model=CostReportView,
    responses={
        200: {
            "description": "The sums; as a table, a line for each group and currency.",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        }
    },
)
async def summarize_costs(
    *,
    costs: Costs,
    scope: CurrentScope,
    since: Since = None,
    until: Until = None,
    group_by: Annotated[
        list[Dimension] | None,
        Query(max_length=4, description="Up to four; each repeats the parameter."),
    ] = None,
    interval: Annotated[
        Interval | None, Query(description="Splits the sums by time, in UTC.")
    ] = None,
    org_id: OrgId = None,
    project_id: ProjectId = None,
    key_id: Annotated[str | None, Query(max_length=64)] = None,
    actor_id: Annotated[str | None, Query(max_length=64)] = None,
    model: Annotated[str | None, Query(max_length=500)] = None,
    format: Annotated[Literal["json", "csv"], Query()] = "json",  # noqa: A002 - its name outside
) -> CostReport | Response:
    """Sum up what calls used and cost, by whatever tells them apart.

    One question covers at most 366 days (31 by the hour) and 10,000 sums.
    """
    report = await costs.report(
        scope,
        since=since,
        until=until,
        by=group_by or (),
        interval=interval,
        org_id=org_id,
        project_id=project_id,
        key_id=key_id,
        actor_id=actor_id,
        model=model,
    )
    if format == "csv":
        return _table("costs", columns_of(report), lines_of(report))
    return report


@router.get(
    "/costs/focus",
    operation_id="export_focus_costs",
    openapi_extra=needs(USAGE_READ),
    response_class=Response,
    responses={
        200: {
            "description": "A line for each day, project, key, model and currency.",
            "content": {
                "text/csv": {"schema": {"type": "string"}},
                PARQUET: {"schema": {"type": "string", "format": "binary"}},
            },
        }
    },
)
async def export_focus_costs(
    *,
    costs: Costs,
    scope: CurrentScope,
    since: Since = None,
    until: Until = None,
    org_id: OrgId = None,
    project_id: ProjectId = None,
    format: Annotated[Literal["csv", "parquet"], Query()] = "csv",  # noqa: A002 - its name outside
) -> Response:
    """Export costs in the columns of FOCUS 1.2, which FinOps tools read.

    Calls without a known price have no cost and are left out: `GET /costs` counts them. Parquet has
    what was counted as well, in columns that begin with `x_`.
    """
    report = await costs.report(
        scope,
        since=since,
        until=until,
        by=FOCUS_DIMENSIONS,
        interval="day",
        org_id=org_id,
        project_id=project_id,
    )
    if format == "parquet":
        return Response(
            await asyncio.to_thread(parquet_of, report),
            media_type=PARQUET,
            headers={"content-disposition": 'attachment; filename="focus.parquet"'},
        )
    return _table("focus", FOCUS_COLUMNS, focus_lines(report))


def _table(name: str, columns: Sequence[str], lines: Iterable[Mapping[str, object]]) -> Response:
    return Response(
        csv_of(columns, lines),
        media_type=_CSV,
        headers={"content-disposition": f'attachment; filename="{name}.csv"'},
    )
