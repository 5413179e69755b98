"""A gateway's metrics."""

from collections.abc import Mapping, Sequence

import msgspec

from mainspring.gateway.admin.metrics import GatewayMetrics
from mainspring.infra.telemetry.process import add_process
from mainspring.wire import exposition, telemetry
from mainspring.wire.exposition import MetricsPage, Sample

CONTENT_TYPE = exposition.CONTENT_TYPE.encode()


class TargetFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one target: its circuit (0 closed, 1 half open, 2 open) and history."""

    upstream: str
    model: str
    circuit: int
    opened: int
    in_flight: int
    latency_ms: float


class UpstreamFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an upstream's pool: open connections, and calls that wait for one."""

    open: int
    waiting: int


class SpoolFacts(msgspec.Struct, frozen=True, kw_only=True):
    """How the spool of records stands."""

    waiting_bytes: int
    oldest_s: float
    full: bool
    lost: int


class ProcessFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The figures that are read, not counted, when metrics are asked for."""

    client_connections: int
    websockets: int = 0
    upstreams: Mapping[str, UpstreamFacts]
    snapshot_version: int
    control_connected: bool
    spool: SpoolFacts
    limits_degraded: bool
    targets: Sequence[TargetFacts] = ()
    watch_dropped: Mapping[str, int] = {}


def expose(metrics: GatewayMetrics, facts: ProcessFacts) -> bytes:
    """Return every metric of a gateway; each is registered in ``wire.telemetry``."""
    page = MetricsPage()
    _add_traffic(page, metrics)
    _add_state(page, metrics, facts)
    _add_upstreams(page, facts)
    add_process(page, role="gateway")
    return page.encode()


def _add_traffic(page: MetricsPage, metrics: GatewayMetrics) -> None:
    series = metrics.series.items()
    page.samples(
        telemetry.GATEWAY_REQUESTS,
        [
            ((operation, model, f"{status}xx"), count)
            for (operation, model), each in series
            for status, count in enumerate(each.by_status)
            if count
        ],
    )
    page.histograms(
        telemetry.GATEWAY_DURATION, [(labels, each.duration) for labels, each in series]
    )
    page.histograms(telemetry.GATEWAY_TTFT, [(labels, each.ttft) for labels, each in series])
    page.samples(telemetry.GATEWAY_TOKENS, _tokens(metrics))
    page.by_label(telemetry.GATEWAY_REFUSALS, metrics.refusals)
    page.single(telemetry.GATEWAY_CANCELLED, metrics.client_closed)
    page.by_label(telemetry.GATEWAY_RETRIES, metrics.retries)
    page.by_label(telemetry.GATEWAY_FALLBACKS, metrics.fallbacks)
    page.by_label(telemetry.GATEWAY_HEDGES, metrics.hedges)
    page.single(telemetry.GATEWAY_DEGRADED, metrics.degraded)
    page.by_label(telemetry.GATEWAY_SHADOWS, metrics.shadows)
    page.by_label(telemetry.GATEWAY_IDEMPOTENCY, metrics.idempotency)
    page.by_label(telemetry.GATEWAY_CACHE, metrics.cache)


def _add_state(page: MetricsPage, metrics: GatewayMetrics, facts: ProcessFacts) -> None:
    page.single(telemetry.GATEWAY_IN_FLIGHT, metrics.in_flight)
    page.single(telemetry.GATEWAY_CONNECTIONS, facts.client_connections)
    page.single(telemetry.GATEWAY_WEBSOCKETS, facts.websockets)
    page.single(telemetry.GATEWAY_SNAPSHOT_VERSION, facts.snapshot_version)
    page.single(telemetry.GATEWAY_CONTROL_CONNECTED, int(facts.control_connected))
    page.single(telemetry.GATEWAY_LIMITS_DEGRADED, int(facts.limits_degraded))
    page.single(telemetry.GATEWAY_SPOOL_BYTES, facts.spool.waiting_bytes)
    page.single(telemetry.GATEWAY_SPOOL_OLDEST, facts.spool.oldest_s)
    page.single(telemetry.GATEWAY_SPOOL_FULL, int(facts.spool.full))
    page.single(telemetry.GATEWAY_SPOOL_LOST, facts.spool.lost)
    page.by_label(telemetry.GATEWAY_WATCH_DROPPED, facts.watch_dropped)


def _add_upstreams(page: MetricsPage, facts: ProcessFacts) -> None:
    pools, targets = facts.upstreams, facts.targets
    page.by_label(
        telemetry.GATEWAY_UPSTREAM_CONNECTIONS, {name: each.open for name, each in pools.items()}
    )
    page.by_label(
        telemetry.GATEWAY_UPSTREAM_WAITING, {name: each.waiting for name, each in pools.items()}
    )
    page.samples(
        telemetry.GATEWAY_TARGET_CIRCUIT,
        [((each.upstream, each.model), each.circuit) for each in targets],
    )
    page.samples(
        telemetry.GATEWAY_CIRCUIT_OPENED,
        [((each.upstream, each.model), each.opened) for each in targets],
    )
    page.samples(
        telemetry.GATEWAY_TARGET_IN_FLIGHT,
        [((each.upstream, each.model), each.in_flight) for each in targets],
    )
    page.samples(
        telemetry.GATEWAY_TARGET_LATENCY,
        [((each.upstream, each.model), each.latency_ms / 1000) for each in targets],
    )


def _tokens(metrics: GatewayMetrics) -> list[Sample]:
    totals: dict[tuple[str, str], int] = {}
    for (_, model), each in metrics.series.items():
        for direction, count in (("input", each.input_tokens), ("output", each.output_tokens)):
            totals[model, direction] = totals.get((model, direction), 0) + count
    return list(totals.items())
