"""The routes of metering."""

from fastapi import APIRouter

from mainspring.capabilities.metering.http import (
    chargeback,
    costs,
    forecast,
    gpu,
    idle,
    reconciliation,
    usage,
)
from mainspring.capabilities.metering.http.usage import UsageRecordView, UsageSummaryView
from mainspring.infra.web import problems
from mainspring.kernel.errors import (
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)

router = APIRouter(
    tags=["usage"],
    responses=problems(
        InvalidRequestError, SignInRequiredError, PermissionDeniedError, NotFoundError
    ),
)
for part in (usage, costs, chargeback, forecast, reconciliation, gpu, idle):
    router.include_router(part.router)

__all__ = ["UsageRecordView", "UsageSummaryView", "router"]
