"""Everything that watches one gateway, as its settings want it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any

import mainspring
from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.exchange import Handler
from mainspring.gateway.settings import GatewaySettings
from mainspring.gateway.watch.access_log import AccessLog
from mainspring.gateway.watch.exchange import with_watch
from mainspring.gateway.watch.exporter import OtlpExporter
from mainspring.gateway.watch.spans import SpanMaker
from mainspring.gateway.watch.trace import Tracing
from mainspring.gateway.watch.watcher import Outlet, Watcher
from mainspring.snapshot.resources import Upstream

Work = Callable[[], Coroutine[Any, Any, None]]


class ExporterMissingError(Exception):
    """Spans are to be exported, and what encodes them is not installed."""


class WatchRoom:
    """Owns what watches; where nothing does, requests are served as if it did not exist."""

    def __init__(
        self, settings: GatewaySettings, upstreams: Mapping[str, Upstream], sweeper: Sweeper
    ) -> None:
        """Open what the settings name; ``upstreams`` is the snapshot's own view.

        Raises:
            OSError: if the access log's file cannot be opened.
            ValueError: if the collector's address or headers cannot be used.
            ExporterMissingError: if spans are to be exported and the package for it is missing.
        """
        self._exporter = _make_exporter(settings, sweeper)
        sinks = [] if self._exporter is None else [self._exporter]
        self.tracing = Tracing(spans=bool(sinks), ratio=settings.trace_ratio)
        self._access_log = AccessLog(settings.access_log) if settings.access_log else None
        outlets: list[Outlet] = []
        if self._access_log is not None:
            outlets.append(self._access_log)
        if sinks:
            outlets.append(SpanMaker(upstreams, sinks))
        self._watcher = Watcher(outlets)
        self.watches = bool(outlets)

    def over(self, handle: Handler) -> Handler:
        """Return ``handle``, watched if anything watches."""
        return with_watch(self._watcher.take, handle) if self.watches else handle

    def works(self) -> Iterator[tuple[str, Work]]:
        """Return what has to run for as long as the gateway does."""
        if self.watches:
            yield "watcher", self._watcher.run
        if self._access_log is not None:
            yield "access log", self._access_log.run
        if self._exporter is not None:
            yield "span exporter", self._exporter.run

    def dropped(self) -> dict[str, int]:
        """Return what was dropped, by kind."""
        access_log = self._access_log
        exporter = self._exporter
        return {
            "requests": self._watcher.dropped,
            "log_lines": 0 if access_log is None else access_log.dropped,
            "exported_spans": 0 if exporter is None else exporter.dropped,
        }

    async def close(self, deadline_s: float) -> None:
        """Tell of what has ended by now, within ``deadline_s``, and close."""
        self._watcher.work_off()
        if self._exporter is not None:
            await self._exporter.flush(deadline_s)
            await self._exporter.close()
        if self._access_log is not None:
            try:
                async with asyncio.timeout(deadline_s):
                    await self._access_log.flush()
            except TimeoutError:
                return  # a reader that takes nothing: its lines are lost, the gateway stops
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
