"""Health, metrics, and what this installation is."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import JSONResponse, Response

from mainspring import __version__
from mainspring.app.control.metrics import MEDIA_TYPE
from mainspring.app.control.preparation import Preparation
from mainspring.app.control.recognition import InternalCallers
from mainspring.app.settings import ControlSettings
from mainspring.capabilities.fleet.api import SYSTEM_READ
from mainspring.capabilities.oversight.api import EmergencyService
from mainspring.infra.db import Database
from mainspring.infra.feed import SnapshotFeed
from mainspring.infra.web import CurrentScope, View, for_the_signed_in, problems
from mainspring.kernel.authorize import reach
from mainspring.kernel.errors import NotReadyError, SignInRequiredError

_LOOPBACK = frozenset({"127.0.0.1", "::1"})


class OpenEmergency(View):
    """That somebody acts at once and alone."""

    id: str
    user_id: str
    role: str
    reason: str
    until: datetime


class SystemInfo(View):
    """What this installation is."""

    version: str = Field(examples=["0.1.0"])
    edition: str = Field(examples=["community"])
    gateway_url: str = Field(description="Where clients send their calls.")
    home: str | None = Field(description="The data directory; for platform administrators only.")
    break_glass: list[OpenEmergency] = Field(
        default=[],
        description="Who acts alone in an emergency now; for platform administrators only.",
    )


def system_routes(settings: ControlSettings, emergencies: EmergencyService) -> APIRouter:
    """Return the public route that describes the installation."""
    router = APIRouter(tags=["system"], responses=problems(SignInRequiredError))

    @router.get("/system/info", operation_id="get_system_info", openapi_extra=for_the_signed_in())
    async def get_system_info(scope: CurrentScope) -> SystemInfo:
        """Tell what this installation is and where its gateway listens."""
        sees_all = reach(scope, SYSTEM_READ) is None
        present = await emergencies.present() if sees_all else ()
        return SystemInfo(
            version=__version__,
            edition="community",
            gateway_url=settings.gateway_url,
            home=str(settings.home) if sees_all else None,
            break_glass=[OpenEmergency.model_validate(each) for each in present],
        )

    _ = get_system_info
    return router


def health_routes(
    *,
    preparation: Preparation,
    database: Database,
    feed: SnapshotFeed,
    metrics: Callable[[int], Awaitable[bytes]],
    callers: InternalCallers,
) -> APIRouter:
    """Return the routes for supervisors and scrapers; they are no part of the API.

    ``metrics`` makes the page of metrics, given the snapshot's version.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> Response:
        """Tell that the process answers; it may be unable to serve."""
        return JSONResponse({"status": "ok"})

    @router.get("/readyz")
    async def readyz() -> Response:
        """Tell whether it serves: migrated, bootstrapped, and the database answers."""
        if not preparation.done:
            return JSONResponse({"status": "starting", "waiting_for": preparation.waiting_for}, 503)
        try:
            await database.ping()
        except NotReadyError as error:
            return JSONResponse({"status": "degraded", "waiting_for": error.title}, 503)
        return JSONResponse({"status": "ready", "snapshot_version": max(feed.version, 0)})

    @router.get("/metrics")
    async def expose(request: Request) -> Response:
        """Show the metrics to this machine, and to whoever has the internal token."""
        if request.client is None or request.client.host not in _LOOPBACK:
            callers(request)
        page = await metrics(feed.version)
        return Response(page, media_type=MEDIA_TYPE)

    _ = (healthz, readyz, expose)
    return router
