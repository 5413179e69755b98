"""Metrics in Prometheus' text format."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from mainspring.gateway.admin.metrics import DURATION_BUCKETS_S, GatewayMetrics, Histogram
from mainspring.wire import telemetry
from mainspring.wire.telemetry import Metric

CONTENT_TYPE = b"text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[tuple[str, ...], int | float]
"""Label values in the metric's order, and the figure."""


class TargetFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one target: its circuit (0 closed, 1 half open, 2 open) and history."""

    upstream: str
    model: str
    circuit: int
    opened: int


class ProcessFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The figures that are read, not counted, when metrics are asked for."""

    client_connections: int
    websockets: int = 0
    upstream_connections: Mapping[str, int]
    snapshot_version: int
    control_connected: bool
    spool_bytes: int
    targets: Sequence[TargetFacts] = ()
    watch_dropped: Mapping[str, int] = {}


def expose(metrics: GatewayMetrics, facts: ProcessFacts) -> bytes:
    """Return every metric of a gateway; each is registered in ``wire.telemetry``."""
    series = metrics.series.items()
    text = [
        _simple(
            telemetry.GATEWAY_REQUESTS,
            [
                ((operation, model, f"{status}xx"), count)
                for (operation, model), each in series
                for status, count in enumerate(each.by_status)
                if count
            ],
        ),
        _histogram(
            telemetry.GATEWAY_DURATION, [(labels, each.duration) for labels, each in series]
        ),
        _histogram(telemetry.GATEWAY_TTFT, [(labels, each.ttft) for labels, each in series]),
        _simple(telemetry.GATEWAY_TOKENS, _tokens(metrics)),
        _single(telemetry.GATEWAY_IN_FLIGHT, metrics.in_flight),
        _single(telemetry.GATEWAY_CONNECTIONS, facts.client_connections),
        _single(telemetry.GATEWAY_WEBSOCKETS, facts.websockets),
        _simple(
            telemetry.GATEWAY_UPSTREAM_CONNECTIONS,
            [((name,), count) for name, count in facts.upstream_connections.items()],
        ),
        _single(telemetry.GATEWAY_SNAPSHOT_VERSION, facts.snapshot_version),
        _single(telemetry.GATEWAY_CONTROL_CONNECTED, int(facts.control_connected)),
        _single(telemetry.GATEWAY_SPOOL_BYTES, facts.spool_bytes),
        _by_one(telemetry.GATEWAY_WATCH_DROPPED, facts.watch_dropped),
        _by_one(telemetry.GATEWAY_REFUSALS, metrics.refusals),
        _single(telemetry.GATEWAY_CANCELLED, metrics.client_closed),
        _simple(
            telemetry.GATEWAY_TARGET_CIRCUIT,
            [((each.upstream, each.model), each.circuit) for each in facts.targets],
        ),
        _simple(
            telemetry.GATEWAY_CIRCUIT_OPENED,
            [((each.upstream, each.model), each.opened) for each in facts.targets],
        ),
        _by_one(telemetry.GATEWAY_RETRIES, metrics.retries),
        _by_one(telemetry.GATEWAY_FALLBACKS, metrics.fallbacks),
        _by_one(telemetry.GATEWAY_HEDGES, metrics.hedges),
        _single(telemetry.GATEWAY_DEGRADED, metrics.degraded),
        _by_one(telemetry.GATEWAY_SHADOWS, metrics.shadows),
        _by_one(telemetry.GATEWAY_IDEMPOTENCY, metrics.idempotency),
        _by_one(telemetry.GATEWAY_CACHE, metrics.cache),
    ]
    return "".join(text).encode()


def _tokens(metrics: GatewayMetrics) -> list[Sample]:
    totals: dict[tuple[str, str], int] = {}
    for (_, model), each in metrics.series.items():
        for direction, count in (("input", each.input_tokens), ("output", each.output_tokens)):
            totals[model, direction] = totals.get((model, direction), 0) + count
    return list(totals.items())


def _head(metric: Metric) -> str:
    return f"# HELP {metric.name} {metric.help}\n# TYPE {metric.name} {metric.type}\n"


def _single(metric: Metric, value: float) -> str:
    return _simple(metric, [((), value)])


def _by_one(metric: Metric, counts: Mapping[str, int]) -> str:
    return _simple(metric, [((label,), count) for label, count in counts.items()])


def _simple(metric: Metric, samples: Iterable[Sample]) -> str:
    lines = [f"{metric.name}{_labels(metric, values)} {value}\n" for values, value in samples]
    return _head(metric) + "".join(lines)


def _histogram(metric: Metric, samples: Iterable[tuple[tuple[str, ...], Histogram]]) -> str:
    lines: list[str] = []
    for values, histogram in samples:
        count = 0
        bounds = [*map(str, DURATION_BUCKETS_S), "+Inf"]
        for bound, in_bucket in zip(bounds, histogram.counts, strict=True):
            count += in_bucket
            labels = _labels(metric, values, f'le="{bound}"')
            lines.append(f"{metric.name}_bucket{labels} {count}\n")
        labels = _labels(metric, values)
        lines.append(f"{metric.name}_sum{labels} {histogram.total}\n")
        lines.append(f"{metric.name}_count{labels} {count}\n")
    return _head(metric) + "".join(lines)


def _labels(metric: Metric, values: tuple[str, ...], *more: str) -> str:
    pairs = [
        f'{name}="{_escape(value)}"' for name, value in zip(metric.labels, values, strict=True)
    ]
    pairs.extend(more)
    return "{" + ",".join(pairs) + "}" if pairs else ""


def _escape(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
