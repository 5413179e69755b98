"""Spans of control and worker: the gateway's rules of sampling, its exporter, its encoding.

They leave by OTLP, where a collector is named, and those of work for one tenant are kept in the
platform's own store beside the gateway's; nothing waits for either. Fails open: what cannot be
exported or kept is counted, logged and gone, and a setting that cannot be used costs spans and no
process.
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
from mainspring.app.span_store import Ingest, SpanStore
from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.watch.exporter import OtlpExporter
from mainspring.gateway.watch.trace import Trace, Tracing
from mainspring.infra.jobs.watching import StepWatch
from mainspring.infra.telemetry.tracing import Beneficiary, learning, within_span
from mainspring.kernel.errors import MainspringError
from mainspring.wire import attributes as names
from mainspring.wire.observations import TraceRecord
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
    """Makes the spans of one process; has them exported where a collector is named, and kept."""

    def __init__(self, role: str, settings: TracedSettings, ingest: Ingest) -> None:
        self._role = role
        self._exporter = _exporter(role, settings)
        self._store = SpanStore(role, ingest) if settings.traces == "on" else None
        made = self._exporter is not None or self._store is not None
        self.tracing = Tracing(spans=made, ratio=settings.trace_ratio)

    @property
    def dropped(self) -> dict[str, int]:
        """Return how many spans no collector got, and how many were not kept."""
        return {
            "exported": 0 if self._exporter is None else self._exporter.dropped,
            "kept": 0 if self._store is None else self._store.dropped,
        }

    def account(self) -> "Account":
        """Return where the spans of one request or run are told."""
        return Account(self._role, self._exporter, self._store)

    async def run(self) -> None:
        """Export until cancelled."""
        if self._exporter is not None:
            await self._exporter.run()

    async def keep(self) -> None:
        """Keep until cancelled."""
        if self._store is not None:
            await self._store.run()

    async def flush(self) -> None:
        """Export and keep what waits, as far as it is taken at once."""
        if self._store is not None:
            await self._store.flush(_FAREWELL_S)
        if self._exporter is not None:
            await self._exporter.flush(_FAREWELL_S)

    async def close(self) -> None:
        """Flush, and let go of the collector."""
        await self.flush()
        if self._exporter is not None:
            await self._exporter.close()
            if self._exporter.dropped:
                _log.warning("%d spans did not reach the collector", self._exporter.dropped)


class Account:
    """The spans of one request or run, which are kept if it was done for one tenant alone.

    For whom that was is known when it has ended; a collector gets the spans at once.
    """

    def __init__(self, role: str, exporter: OtlpExporter | None, store: SpanStore | None) -> None:
        self.beneficiary = Beneficiary()
        self._role = role
        self._exporter = exporter
        self._store = store
        self._told: list[Span] = []

    def put(self, span: Span) -> None:
        """Take a span; quick, and never raises."""
        if self._exporter is not None:
            self._exporter.put([span])
        if self._store is not None:
            self._told.append(span)

    def close(self, request_id: str) -> None:
        """Have what was told kept, under ``request_id``, if one tenant may see it."""
        tenant = self.beneficiary.tenant
        if self._store is None or tenant is None or not self._told:
            return
        self._store.put(
            TraceRecord(
                request_id=request_id,
                org_id=tenant[0],
                project_id=tenant[1],
                service=self._role,
                spans=self._told,
            )
        )


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
        account = self._spans.account()
        started_at = time.time_ns()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            with within_span(_parent_of(trace)), learning(account.beneficiary):
                await self._app(scope, receive, sending)
        except MainspringError as error:
            status = status or error.status
            raise
        except Exception:
            status = 500
            raise
        finally:
            if self._spans.tracing.spans:
                self._tell(account, scope, trace, started_at, status or _CLIENT_LEFT)

    def _tell(
        self, account: Account, scope: Scope, trace: Trace, started_at: int, status: int
    ) -> None:
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
        account.put(
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
        account.close(scope["state"]["request_id"])


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
        account = self._spans.account()
        steps = _Steps(account, trace, told=self._spans.tracing.spans)
        attributes: dict[str, Attribute] = {names.JOB.name: job, names.RUN_ID.name: run_id}
        try:
            with (
                within_span(_parent_of(trace)),
                learning(account.beneficiary),
                _told(account, trace, f"job {job}", trace.span_id, trace.parent_id, attributes),
            ):
                yield steps
        finally:
            account.close(run_id)


class _Steps:
    """The steps of one run."""

    def __init__(self, account: Account, trace: Trace, *, told: bool) -> None:
        self._account = account
        self._trace = trace
        self._is_told = told
        self._count = 0

    @contextmanager
    def step(self, name: str) -> Generator[None]:
        self._count += 1
        trace = self._trace
        if not self._is_told or self._count > MAX_STEPS:
            with learning(self._account.beneficiary):
                yield
            return
        # Of this attempt alone: a step that is taken over is another span.
        span_id = f"{time.time_ns() & 0xFFFF_FFFF_FFFF_FFFF ^ int(trace.span_id, 16) or 1:016x}"
        flags = "01" if trace.sampled else "00"
        with (
            within_span(f"00-{trace.w3c_id}-{span_id}-{flags}"),
            learning(self._account.beneficiary),
            _told(self._account, trace, f"step {name}", span_id, trace.span_id, {}),
        ):
            yield


@contextmanager
def _told(  # noqa: PLR0917 - what a span is made of, in its order
    account: Account,
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
        account.put(
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
