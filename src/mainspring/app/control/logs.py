"""The logs of this machine, searched."""

import asyncio
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, Field

from mainspring.app.log_files import LogQuery, LogSearch, Place
from mainspring.capabilities.fleet.api import SYSTEM_READ
from mainspring.infra.web import CurrentScope, PageParams, View, needs, problems
from mainspring.kernel.authorize import authorize
from mainspring.kernel.errors import (
    InvalidRequestError,
    PermissionDeniedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import decode_cursor, encode_cursor
from mainspring.kernel.scope import PLATFORM_ORG


class LogLine(View):
    """One line of a log."""

    at: str = Field(examples=["2026-01-31T10:12:13.123+00:00"])
    level: str = Field(examples=["warning"])
    source: str = Field(description="The part that said it.", examples=["gateway"])
    logger: str
    message: str
    request_id: str | None
    trace_id: str | None
    exception: str | None
    facts: dict[str, Any] = Field(description="What else the line tells.")


class LogLines(View):
    """Lines, newest first."""

    items: list[LogLine]
    next_cursor: str | None
    kept_here: bool = Field(
        description="Whether the machine that answers keeps logs at all; in a cluster, what "
        "gathers the output of the pods does."
    )
    looked_until: str | None = Field(
        description="Where the search ended before the logs did: the time it had got to. Name a "
        "later `since`, or narrow it."
    )


def log_routes(directory: Path) -> APIRouter:
    """Return the route that searches the logs in ``directory``."""
    router = APIRouter(
        tags=["system"], responses=problems(SignInRequiredError, PermissionDeniedError)
    )

    @router.get(
        "/system/logs",
        operation_id="search_logs",
        openapi_extra=needs(SYSTEM_READ),
        responses=problems(InvalidRequestError),
    )
    async def search_logs(  # noqa: PLR0917 - what may be looked for
        scope: CurrentScope,
        page: PageParams,
        request_id: Annotated[str | None, Query(max_length=64)] = None,
        trace_id: Annotated[str | None, Query(max_length=64)] = None,
        source: Annotated[list[str] | None, Query(max_length=16)] = None,
        level: Literal["debug", "info", "warning", "error", "critical"] = "debug",
        text: Annotated[str, Query(max_length=200)] = "",
        since: AwareDatetime | None = None,
        until: AwareDatetime | None = None,
    ) -> LogLines:
        """Search the logs of the machine that answers, newest lines first."""
        authorize(scope, SYSTEM_READ, org_id=PLATFORM_ORG)
        query = LogQuery(
            request_id=request_id,
            trace_id=trace_id,
            sources=tuple(source or ()),
            level=level,
            text=text,
            since=since,
            until=until,
        )
        after = decode_cursor(page.cursor, list[Place]) or []
        found = await asyncio.to_thread(LogSearch(directory, query).page, page.limit, after)
        return LogLines(
            items=[LogLine.model_validate(entry) for entry in found.entries],
            next_cursor=None if found.places is None else encode_cursor(found.places),
            kept_here=found.kept_here,
            looked_until=found.looked_until,
        )

    _ = search_logs
    return router
