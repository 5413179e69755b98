"""Silences."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, Field

from mainspring.capabilities.alerts.api import Silence, SilenceService
from mainspring.capabilities.alerts.domain import ALERT_READ, ALERT_WRITE
from mainspring.capabilities.alerts.http.matchers import MatcherBody, as_matchers
from mainspring.infra.web import (
    Body,
    CurrentScope,
    PageParams,
    View,
    needs,
    problems,
    provided,
)
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(tags=["alerts"], responses=problems(SignInRequiredError, PermissionDeniedError))
Silences = Annotated[SilenceService, Depends(provided(SilenceService))]
Past = Annotated[bool, Query(description="Those that are over as well.")]


class NewSilence(Body):
    """Which alerts nobody wants to hear of, until when, and why."""

    matchers: Annotated[tuple[MatcherBody, ...], Field(min_length=1, max_length=20)] = Field(
        description="All of them must hold. At least one says what a label is."
    )
    until: AwareDatetime = Field(examples=["2026-11-23T06:00:00Z"])
    reason: str = Field(min_length=1, max_length=500, examples=["Planned move of the database"])
    starts_at: AwareDatetime | None = Field(None, description="Left out: now.")


class SilenceView(View):
    """A silence."""

    id: str = Field(examples=["sil_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str | None = Field(description="`null`: the platform's own.")
    matchers: list[MatcherBody]
    starts_at: datetime
    until: datetime
    reason: str
    created_by: str = Field(description="Who asked for it.")
    created_at: datetime


class SilencePage(View):
    """Some silences."""

    items: list[SilenceView]
    next_cursor: str | None


@router.get(
    "/silences",
    operation_id="list_silences",
    openapi_extra=needs(ALERT_READ),
    response_model=SilencePage,
)
async def list_silences(
    silences: Silences, scope: CurrentScope, page: PageParams, *, with_past: Past = False
) -> Page[Silence]:
    """List the platform's silences, newest first."""
    return await silences.list_of(scope, None, page, with_past=with_past)


@router.post(
    "/silences",
    operation_id="create_silence",
    openapi_extra=needs(ALERT_WRITE),
    status_code=201,
    response_model=SilenceView,
    responses=problems(InvalidRequestError, ConflictError),
)
async def create_silence(silences: Silences, scope: CurrentScope, body: NewSilence) -> Silence:
    """Keep the platform's channels quiet of some alerts for a time."""
    return await _create(silences, scope, None, body)


@router.get(
    "/organizations/{org_id}/silences",
    operation_id="list_organization_silences",
    openapi_extra=needs(ALERT_READ),
    response_model=SilencePage,
    responses=problems(NotFoundError),
)
async def list_organization_silences(
    *,
    silences: Silences,
    scope: CurrentScope,
    org_id: str,
    page: PageParams,
    with_past: Past = False,
) -> Page[Silence]:
    """List an organisation's silences, newest first."""
    return await silences.list_of(scope, org_id, page, with_past=with_past)


@router.post(
    "/organizations/{org_id}/silences",
    operation_id="create_organization_silence",
    openapi_extra=needs(ALERT_WRITE),
    status_code=201,
    response_model=SilenceView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def create_organization_silence(
    silences: Silences, scope: CurrentScope, org_id: str, body: NewSilence
) -> Silence:
    """Keep an organisation's channels quiet of some alerts for a time."""
    return await _create(silences, scope, org_id, body)


@router.get(
    "/silences/{silence_id}",
    operation_id="get_silence",
    openapi_extra=needs(ALERT_READ),
    response_model=SilenceView,
    responses=problems(NotFoundError),
)
async def get_silence(silences: Silences, scope: CurrentScope, silence_id: str) -> Silence:
    """Read one silence."""
    return await silences.get(scope, silence_id)


@router.post(
    "/silences/{silence_id}/end",
    operation_id="end_silence",
    openapi_extra=needs(ALERT_WRITE),
    response_model=SilenceView,
    responses=problems(NotFoundError),
)
async def end_silence(silences: Silences, scope: CurrentScope, silence_id: str) -> Silence:
    """End a silence now; it stays to be looked up."""
    return await silences.end(scope, silence_id)


async def _create(
    silences: SilenceService, scope: CurrentScope, org_id: str | None, body: NewSilence
) -> Silence:
    return await silences.create(
        scope,
        org_id,
        matchers=as_matchers(body.matchers),
        until=body.until,
        reason=body.reason,
        starts_at=body.starts_at,
    )
