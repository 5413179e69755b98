"""The FastAPI application: every router in its place."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from mainspring import __version__
from mainspring.app.control.answers import install_error_answers
from mainspring.app.control.console import Console
from mainspring.app.control.doctor import doctor_routes
from mainspring.app.control.document import PATH, install_document
from mainspring.app.control.effective import setting_routes
from mainspring.app.control.exposition import ControlExposition
from mainspring.app.control.four_eyes import FourEyes
from mainspring.app.control.idempotency import Idempotency
from mainspring.app.control.internal import internal_routes
from mainspring.app.control.internal_batches import batch_routes
from mainspring.app.control.internal_files import file_routes
from mainspring.app.control.internal_responses import response_routes
from mainspring.app.control.live import live_routes
from mainspring.app.control.logs import log_routes
from mainspring.app.control.playground import playground_routes
from mainspring.app.control.rates import RateLimits
from mainspring.app.control.refusals import Refusals
from mainspring.app.control.shell import Shell
from mainspring.app.control.system import health_routes, system_routes
from mainspring.app.control.wiring import CONSOLE_FILES, Control
from mainspring.app.environment import environment
from mainspring.app.home import Home
from mainspring.app.settings import ControlSettings
from mainspring.app.tracing import Traced
from mainspring.capabilities.alerts import http as alerts
from mainspring.capabilities.audit import http as audit
from mainspring.capabilities.calls import http as calls
from mainspring.capabilities.catalog import http as catalog
from mainspring.capabilities.datasets import http as datasets
from mainspring.capabilities.federation import http as federation
from mainspring.capabilities.fleet import http as fleet
from mainspring.capabilities.identity import http as identity
from mainspring.capabilities.metering import http as metering
from mainspring.capabilities.oauth import http as oauth
from mainspring.capabilities.oversight import http as oversight
from mainspring.capabilities.policy import http as policy
from mainspring.capabilities.releases import http as releases
from mainspring.capabilities.secrets import http as secrets
from mainspring.capabilities.selfservice import http as selfservice
from mainspring.capabilities.slo import http as slo
from mainspring.capabilities.tenancy import http as tenancy
from mainspring.capabilities.vendors import http as vendors
from mainspring.infra.web.provide import STATE_NAME

_PREFIX: Final = "/api/v1"


def control_application(control: Control, *, console: Path = CONSOLE_FILES) -> ASGIApp:
    """Return the whole control plane as one ASGI application."""
    app = fastapi_application(control, console=console)
    control.held_requests.bind(app)
    watched = FourEyes(
        app,
        requests=control.held_requests,
        changes=control.changes,
        emergencies=control.emergencies,
        audit=control.audit,
        authenticate=control.authenticate,
        metrics=control.metrics,
    )
    once = Idempotency(watched, register=control.idempotency, authenticate=control.authenticate)
    limited = RateLimits(
        once,
        counter=control.request_counter,
        clock=control.clock,
        per_principal=control.settings.requests_per_minute,
        at_doors=control.settings.sign_ins_per_minute,
    )
    traced = Traced(limited, control.spans)
    return Shell(traced, metrics=control.metrics, preparation=control.preparation)


def fastapi_application(control: Control, *, console: Path = CONSOLE_FILES) -> FastAPI:
    """Return the application without its shell, for those who want its document only."""
    app = FastAPI(
        title="Mainspring control API",
        version=__version__,
        openapi_url=PATH,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    setattr(app.state, STATE_NAME, control.services)
    install_error_answers(app, on_refusal=Refusals(control.audit).note)
    install_document(app)
    app.router.routes.extend(_routes_of_capabilities())
    app.include_router(_routes_of_this_part(control))
    app.include_router(
        internal_routes(
            callers=control.internal_callers,
            feed=control.feed,
            metering=control.metering,
            reconciliation=control.reconciliation,
            calls=control.calls,
            fleet=control.fleet,
            federation=control.federation,
            metrics=control.metrics,
            stopping=control.stopping,
        )
    )
    app.include_router(response_routes(control.internal_callers, control.conversations))
    app.include_router(batch_routes(control.internal_callers, control.behalf, control.batches))
    app.include_router(file_routes(control.internal_callers, control.behalf, control.files))
    app.include_router(
        health_routes(
            preparation=control.preparation,
            database=control.database,
            feed=control.feed,
            metrics=ControlExposition(
                control.metrics,
                control.tenant_metrics,
                control.fleet,
                control.preparation,
                emergencies=control.emergencies,
                reconciliation=control.reconciliation,
                spans=control.spans,
            ).page,
            callers=control.internal_callers,
        )
    )
    # What no route takes is the console's, and unknown paths of the API are refused there.
    app.router.default = Console(console)
    return app


def control_document() -> dict[str, Any]:
    """Return the OpenAPI document without a database, for docs, clients and drift checks."""
    with tempfile.TemporaryDirectory() as directory:
        home = Path(directory)
        control = Control(
            ControlSettings(
                home=home,
                host="127.0.0.1",
                port=0,
                database_url="postgresql://nobody@localhost/nothing",
                internal_token_file=home / "internal.token",
                master_key_file=home / "master.key",
                session_key_file=home / "session.key",
                setup_link_file=home / "setup-link",
                admin_token_file=home / "admin-token",
                first_key_file=home / "first-key",
                gateway_url="http://127.0.0.1:8080",
            )
        )
        return fastapi_application(control, console=home).openapi()


@cache
def _routes_of_capabilities() -> list[BaseRoute]:
    """Return routes that find their services in the state of the application that they serve.

    So they are the same in all applications of a process, and made once: each is a function whose
    parameters are analysed, and there are hundreds.
    """
    routes = APIRouter()
    for capability in (
        identity,
        tenancy,
        catalog,
        vendors,
        policy,
        releases,
        metering,
        calls,
        datasets,
        fleet,
        federation,
        oauth,
        audit,
        selfservice,
        oversight,
        secrets,
        slo,
        alerts,
    ):
        routes.include_router(capability.router, prefix=_PREFIX)
    routes.include_router(oauth.standard_routes)
    routes.include_router(identity.scim_routes)
    return routes.routes


def _routes_of_this_part(control: Control) -> APIRouter:
    """Return what the control plane tells of itself, and what it does across capabilities."""
    routes = APIRouter(prefix=_PREFIX)
    routes.include_router(system_routes(control.settings, control.emergencies))
    routes.include_router(setting_routes(environment()))
    routes.include_router(doctor_routes(environment(), control.clock))
    routes.include_router(log_routes(Home(control.settings.home).log_file.parent))
    routes.include_router(
        live_routes(
            authenticate=control.authenticate,
            metering=control.metering,
            fleet=control.fleet,
            stopping=control.stopping,
        )
    )
    routes.include_router(playground_routes(control.playground))
    return routes
