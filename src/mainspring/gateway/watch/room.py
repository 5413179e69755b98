"""Everything that watches one gateway, as its settings and its projects want it."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from typing import Any

import mainspring
from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.exchange import Exchange, Handler
from mainspring.gateway.meter.keeper import SpoolKeeper
from mainspring.gateway.settings import GatewaySettings
from mainspring.gateway.watch.access_log import AccessLog
from mainspring.gateway.watch.calls import CallMaker
from mainspring.gateway.watch.exchange import WatchedExchange, with_watch
from mainspring.gateway.watch.exporter import OtlpExporter
from mainspring.gateway.watch.spans import SpanMaker, SpanSink
from mainspring.gateway.watch.store import ObservationStore, observation_spool
from mainspring.gateway.watch.trace import Tracing
from mainspring.gateway.watch.watcher import Outlet, Watcher
from mainspring.snapshot.capture import captures
from mainspring.snapshot.resources import Project, Upstream

Work = Callable[[], Coroutine[Any, Any, None]]


class ExporterMissingError(Exception):
    """Spans are to be exported, and what encodes them is not installed."""


class WatchRoom:
    """Owns what watches. Where nothing wants to know how answers end, they are not watched."""

    def __init__(
        self, settings: GatewaySettings, upstreams: Mapping[str, Upstream], sweeper: Sweeper
    ) -> None:
        """Open what the settings name; ``upstreams`` is the snapshot's own view.

        Raises:
            OSError: if the access log's file cannot be opened.
            SpoolError: if the observations' spool cannot be used.
            ValueError: if the collector's address or headers cannot be used.
            ExporterMissingError: if spans are to be exported and the package for it is missing.
        """
        self._exporter = _make_exporter(settings, sweeper)
        wanted = settings.access_log not in {None, "", "off"}
        self._access_log = AccessLog(str(settings.access_log)) if wanted else None
        self.store = ObservationStore(observation_spool(settings.spool_dir))
        sinks: list[SpanSink] = [self.store] if settings.traces == "on" else []
        if self._exporter is not None:
            sinks.append(self._exporter)
        self.tracing = Tracing(spans=bool(sinks), ratio=settings.trace_ratio)
        outlets: list[Outlet] = [CallMaker(self.store)]
        if sinks:
            outlets.append(SpanMaker(upstreams, sinks))
        self.watcher = Watcher(outlets, self._access_log)
        self._captures = False

    @property
    def exchange(self) -> type[Exchange]:
        """Return what requests become: a watched exchange only if the end of one matters."""
        watched = self._access_log is not None or self._captures
        return WatchedExchange if watched else Exchange

    def over(self, handle: Handler) -> Handler:
        """Return ``handle``, with those exchanges watched that can be."""
        return with_watch(self.watcher.take, handle)

    def follow(self, projects: Iterable[Project]) -> None:
        """Take note of what projects want to be kept of their calls."""
        self._captures = any(captures(project) for project in projects)

    def works(self) -> Iterator[tuple[str, Work]]:
        """Return what has to run for as long as the gateway does."""
        yield "watcher", self.watcher.run
        yield "observations keeper", SpoolKeeper(self.store.spool, self.store.arrived).run
        if self._access_log is not None:
            yield "access log", self._access_log.run
        if self._exporter is not None:
            yield "span exporter", self._exporter.run

    def dropped(self) -> dict[str, int]:
        """Return what was dropped, by kind."""
        access_log = self._access_log
        exporter = self._exporter
        return {
            "requests": self.watcher.dropped,
            "log_lines": 0 if access_log is None else access_log.dropped,
            "exported_spans": 0 if exporter is None else exporter.dropped,
            "contents": self.watcher.left_out,
            "observations": self.store.dropped,
        }

    async def flush(self, deadline_s: float) -> None:
        """Tell of what has ended by now, within ``deadline_s``."""
        self.watcher.work_off()
        if self._exporter is not None:
            await self._exporter.flush(deadline_s)
            await self._exporter.close()
        if self._access_log is not None:
            # A reader that takes nothing: its lines are lost, the gateway stops.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(deadline_s):
                    await self._access_log.flush()
            self._access_log.close()


def _make_exporter(settings: GatewaySettings, sweeper: Sweeper) -> OtlpExporter | None:
    if settings.otlp_endpoint is None:
        return None
    try:
        from mainspring.gateway.watch.otlp import OtlpEncoder  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as error:
        raise ExporterMissingError(
            "exporting spans needs the package opentelemetry-proto: install mainspring[otlp]"
        ) from error
    resource = {
        "service.name": "mainspring-gateway",
        "service.version": mainspring.__version__,
        "service.instance.id": settings.gateway_id,
    }
    encoder = OtlpEncoder(resource, mainspring.__version__, settings.trace_names)
    return OtlpExporter(settings.otlp_endpoint, settings.otlp_headers, sweeper, encoder.encode)
