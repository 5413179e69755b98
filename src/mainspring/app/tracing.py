"""Spans of control and worker: the gateway's rules of sampling, its exporter, its encoding.

They leave by OTLP, where a collector is named; nothing waits for one. Fails open: what cannot be
exported is counted, logged and gone, and a setting that cannot be used costs spans and no process.
"""

import hashlib
import logging
import socket
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

import mainspring
from mainspring.app.settings import TracedSettings
from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.watch.exporter import OtlpExporter
from mainspring.gateway.watch.trace import Trace, Tracing
from mainspring.infra.jobs.watching import StepWatch
from mainspring.infra.telemetry.tracing import within_span
from mainspring.kernel.errors import MainspringError
from mainspring.wire import attributes as names
from mainspring.wire.spans import Attribute, Span

_log = logging.getLogger(__name__)

MAX_STEPS: Final = 200
"""Steps of one run that have a span; a long run has thousands."""
_FAREWELL_S: Final = 2.0
_PUBLIC: Final = ("/api/", "/scim/", "/oauth2/")
_INTERNAL: Final = "/internal/"
_API: Final = "/api/v1"
_READ: Final = frozenset({b"traceparent", b"tracestate", b"x-trace-id", b"baggage"})
_CLIENT_LEFT: Final = 499


class Spans:
    """Makes the spans of one process, and has them exported where a collector is named."""

    def __init__(self, role: str, settings: TracedSettings) -> None:
        self._exporter = _exporter(role, settings)
        self.tracing = Tracing(spans=self._exporter is not None, ratio=settings.trace_ratio)

    @property
    def dropped(self) -> int:
        """Return how many spans no collector got."""
        return 0 if self._exporter is None else self._exporter.dropped

    def put(self, span: Span) -> None:
        """Take a span; quick, and never raises."""
        if self._exporter is not None:
            self._exporter.put([span])

    async def run(self) -> None:
        """Export until cancelled."""
        if self._exporter is not None:
            await self._exporter.run()

    async def close(self) -> None:
        """Export what waits, as far as the collector takes it at once."""
        if self._exporter is not None:
            await self._exporter.flush(_FAREWELL_S)
            await self._exporter.close()
            if self.dropped:
                _log.warning("%d spans did not reach the collector", self.dropped)


class Traced:
    """A span for each request of the control API; pure ASGI, inside the shell.

    Our own processes ask so often that their requests are told of only where they belong to a
    trace: the gateway passes those of its clients on.
    """

    def __init__(self, app: ASGIApp, spans: Spans) -> None:
        self._app = app
        self._spans = spans

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers = _headers(scope) if scope["type"] == "http" else None
        if headers is None:
            await self._app(scope, receive, send)
            return
        request_id: str = scope["state"]["request_id"]
        trace = self._spans.tracing.read(headers, request_id)
        started_at = time.time_ns()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            with within_span(_parent_of(trace)):
                await self._app(scope, receive, sending)
        except MainspringError as error:
            status = status or error.status
            raise
        except Exception:
            status = 500
            raise
        finally:
            if self._spans.tracing.spans:
                self._tell(scope, trace, started_at, status or _CLIENT_LEFT)

    def _tell(self, scope: Scope, trace: Trace, started_at: int, status: int) -> None:
        if not trace.sampled and status < 500:
            return
        method: str = scope["method"]
        route = _route_of(scope)
        attributes: dict[str, Attribute] = {
            names.HTTP_METHOD.name: method,
            names.HTTP_STATUS.name: status,
            names.REQUEST_ID.name: scope["state"]["request_id"],
        }
        if route is not None:
            attributes[names.HTTP_ROUTE.name] = route
        if trace.trace_id != trace.w3c_id:
            attributes[names.TRACE_NAME.name] = trace.trace_id
        if status >= 500:
            attributes[names.ERROR_TYPE.name] = str(status)
        self._spans.put(
            Span(
                trace_id=trace.w3c_id,
                span_id=trace.span_id,
                parent_id=trace.parent_id,
                name=method if route is None else f"{method} {route}",
                kind="server",
                start_ns=started_at,
                end_ns=time.time_ns(),
                error=str(status) if status >= 500 else None,
                attributes=attributes,
            )
        )


class TracedRuns:
    """A span for each run of a job that ends here, and below it one for each step it made.

    A run belongs to the trace of the request that started it. One that is taken over from a dead
    process tells of its end alone, with the steps that were not journalled by then.
    """

    def __init__(self, spans: Spans) -> None:
        self._spans = spans

    @contextmanager
    def run(self, job: str, run_id: str, parent: str | None) -> Generator[StepWatch]:
        """Tell of a run."""
        own = hashlib.blake2b(run_id.encode(), digest_size=16).hexdigest()
        headers = {} if parent is None else {b"traceparent": parent.encode("latin-1", "replace")}
        trace = self._spans.tracing.read(headers, own)
        steps = _Steps(self._spans, trace)
        attributes: dict[str, Attribute] = {names.JOB.name: job, names.RUN_ID.name: run_id}
        with (
            within_span(_parent_of(trace)),
            _told(self._spans, trace, f"job {job}", trace.span_id, trace.parent_id, attributes),
        ):
            yield steps


class _Steps:
    """The steps of one run."""

    def __init__(self, spans: Spans, trace: Trace) -> None:
        self._spans = spans
        self._trace = trace
        self._count = 0

    @contextmanager
    def step(self, name: str) -> Generator[None]:
        self._count += 1
        trace = self._trace
        if not self._spans.tracing.spans or self._count > MAX_STEPS:
            yield
            return
        # Of this attempt alone: a step that is taken over is another span.
        span_id = f"{time.time_ns() & 0xFFFF_FFFF_FFFF_FFFF ^ int(trace.span_id, 16) or 1:016x}"
        flags = "01" if trace.sampled else "00"
        with (
            within_span(f"00-{trace.w3c_id}-{span_id}-{flags}"),
            _told(self._spans, trace, f"step {name}", span_id, trace.span_id, {}),
        ):
            yield


@contextmanager
def _told(  # noqa: PLR0917 - what a span is made of, in its order
    spans: Spans,
    trace: Trace,
    name: str,
    span_id: str,
    parent_id: str | None,
    attributes: dict[str, Attribute],
) -> Generator[None]:
    """Tell of what the block did, once it has ended.

    One that was cancelled has not: the run goes on elsewhere.
    """
    started_at = time.time_ns()

    def tell(error: str | None) -> None:
        failed = {} if error is None else {names.ERROR_TYPE.name: error}
        spans.put(
            Span(
                trace_id=trace.w3c_id,
                span_id=span_id,
                parent_id=parent_id,
                name=name,
                start_ns=started_at,
                end_ns=time.time_ns(),
                error=error,
                attributes={**attributes, **failed},
            )
        )

    try:
        yield
    except Exception as failure:
        tell(type(failure).__name__)
        raise
    if trace.sampled:
        tell(None)


def _parent_of(trace: Trace) -> str | None:
    """Return the header that those get who are called within ``trace``.

    Where no spans are made it is the sender's own, so that nothing stands between two that are.
    """
    if trace.as_it_came is not None:
        return trace.as_it_came.decode("latin-1") or None
    return f"00-{trace.w3c_id}-{trace.span_id}-{'01' if trace.sampled else '00'}"


def _headers(scope: Scope) -> Mapping[bytes, bytes] | None:
    """Return what a request says of its trace; ``None`` if nothing is told of it."""
    path: str = scope["path"]
    if not path.startswith((*_PUBLIC, _INTERNAL)):
        return None
    found = {name: value for name, value in scope["headers"] if name in _READ}
    return found if path.startswith(_PUBLIC) or b"traceparent" in found else None


def _route_of(scope: Scope) -> str | None:
    """Return the template that a request's path fits; ids in paths would be names without end."""
    template: str | None = getattr(scope.get("route"), "path", None)
    # A route knows its path within its own router, and those of the API stand below this one.
    if template is None or template.startswith(_API) or not scope["path"].startswith(_API):
        return template
    return _API + template


def _exporter(role: str, settings: TracedSettings) -> OtlpExporter | None:
    if settings.otlp_endpoint is None:
        return None
    try:
        from mainspring.gateway.watch.otlp import OtlpEncoder  # noqa: PLC0415 - an extra
    except ModuleNotFoundError:
        _log.error("no spans are exported: that needs the package mainspring[otlp]")
        return None
    resource = {
        "service.name": f"mainspring-{role}",
        "service.version": mainspring.__version__,
        "service.instance.id": socket.gethostname(),
    }
    encoder = OtlpEncoder(resource, mainspring.__version__, settings.trace_names)
    try:
        return OtlpExporter(
            settings.otlp_endpoint, settings.otlp_headers, Sweeper(), encoder.encode
        )
    except ValueError as error:
        _log.error("no spans are exported: %s", error)
        return None
