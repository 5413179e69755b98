"""The registry of every metric that a process of ours may expose.

A metric that is emitted and not registered fails a test, and so does one that is registered and
never emitted. Names follow Prometheus' rules and, where one exists, the OpenTelemetry GenAI
semantic convention. Label sets are closed: a value outside them becomes ``other``.
"""

from enum import StrEnum

import msgspec


class MetricType(StrEnum):
    """Prometheus' metric types that we use."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Metric(msgspec.Struct, frozen=True):
    """One metric: its name, what it says and in which unit, and its labels."""

    name: str
    type: MetricType
    help: str
    labels: tuple[str, ...] = ()


GATEWAY_REQUESTS = Metric(
    "mainspring_gateway_requests_total",
    MetricType.COUNTER,
    "Requests answered, by operation, model and status class.",
    ("operation", "model", "status"),
)
GATEWAY_DURATION = Metric(
    "gen_ai_server_request_duration_seconds",
    MetricType.HISTOGRAM,
    "Seconds from a request's arrival to the end of its answer.",
    ("operation", "model"),
)
GATEWAY_TTFT = Metric(
    "gen_ai_server_time_to_first_token_seconds",
    MetricType.HISTOGRAM,
    "Seconds from a request's arrival to the first byte of its answer's body.",
    ("operation", "model"),
)
GATEWAY_TOKENS = Metric(
    "gen_ai_client_token_usage_total",
    MetricType.COUNTER,
    "Tokens served, by model and direction (input, output).",
    ("model", "direction"),
)
GATEWAY_IN_FLIGHT = Metric(
    "mainspring_gateway_requests_in_flight", MetricType.GAUGE, "Requests being served now."
)
GATEWAY_CONNECTIONS = Metric(
    "mainspring_gateway_client_connections", MetricType.GAUGE, "Open client connections."
)
GATEWAY_WEBSOCKETS = Metric(
    "mainspring_gateway_websockets",
    MetricType.GAUGE,
    "Open WebSockets of clients, which are among the connections.",
)
GATEWAY_UPSTREAM_CONNECTIONS = Metric(
    "mainspring_gateway_upstream_connections",
    MetricType.GAUGE,
    "Open connections to upstreams, by upstream.",
    ("upstream",),
)
GATEWAY_SNAPSHOT_VERSION = Metric(
    "mainspring_gateway_snapshot_version", MetricType.GAUGE, "Version of the snapshot being served."
)
GATEWAY_CONTROL_CONNECTED = Metric(
    "mainspring_gateway_control_connected",
    MetricType.GAUGE,
    "1 while the snapshot stream from control is open.",
)
GATEWAY_SPOOL_BYTES = Metric(
    "mainspring_gateway_spool_bytes", MetricType.GAUGE, "Bytes of records waiting for control."
)
GATEWAY_WATCH_DROPPED = Metric(
    "mainspring_gateway_watch_dropped_total",
    MetricType.COUNTER,
    "What was not told of requests because too much of it waited, by kind (requests, log_lines, "
    "exported_spans, contents, observations).",
    ("kind",),
)
GATEWAY_REFUSALS = Metric(
    "mainspring_gateway_refusals_total",
    MetricType.COUNTER,
    "Requests refused before an upstream was asked, by error code.",
    ("code",),
)
GATEWAY_CANCELLED = Metric(
    "mainspring_gateway_client_closed_total",
    MetricType.COUNTER,
    "Requests whose client left before the end of the answer.",
)
GATEWAY_TARGET_CIRCUIT = Metric(
    "mainspring_gateway_target_circuit",
    MetricType.GAUGE,
    "Circuit of a target: 0 closed, 1 half open, 2 open; by upstream and its model.",
    ("upstream", "model"),
)
GATEWAY_CIRCUIT_OPENED = Metric(
    "mainspring_gateway_target_circuit_opened_total",
    MetricType.COUNTER,
    "How often the circuit of a target opened, by upstream and its model.",
    ("upstream", "model"),
)
GATEWAY_RETRIES = Metric(
    "mainspring_gateway_retries_total",
    MetricType.COUNTER,
    "Attempts after the first on the targets of a model, by model.",
    ("model",),
)
GATEWAY_FALLBACKS = Metric(
    "mainspring_gateway_fallbacks_total",
    MetricType.COUNTER,
    "Requests that went on to a fallback model, by the model that was asked for.",
    ("model",),
)
GATEWAY_HEDGES = Metric(
    "mainspring_gateway_hedges_total",
    MetricType.COUNTER,
    "Second attempts beside a slow first one, by result (won, lost).",
    ("result",),
)
GATEWAY_DEGRADED = Metric(
    "mainspring_gateway_degraded_total",
    MetricType.COUNTER,
    "Requests answered by the text for when everything failed.",
)
GATEWAY_SHADOWS = Metric(
    "mainspring_gateway_shadow_calls_total",
    MetricType.COUNTER,
    "Copies of requests sent to shadow targets, by result (ok, failed, skipped).",
    ("result",),
)
GATEWAY_IDEMPOTENCY = Metric(
    "mainspring_gateway_idempotent_calls_total",
    MetricType.COUNTER,
    "Calls with an idempotency key, by result (first, replayed, refused).",
    ("result",),
)
GATEWAY_CACHE = Metric(
    "mainspring_gateway_cache_calls_total",
    MetricType.COUNTER,
    "Calls under a policy with a cache, by result (hit, miss, bypass).",
    ("result",),
)

RUNTIME_REQUESTS = Metric(
    "mainspring_runtime_requests_total",
    MetricType.COUNTER,
    "Requests that an embedded runtime answered, by HTTP status.",
    ("status",),
)
RUNTIME_TOKENS = Metric(
    "mainspring_runtime_tokens_total",
    MetricType.COUNTER,
    "Tokens that an embedded runtime worked through; it stands still when the engine does.",
)
RUNTIME_WAITING = Metric(
    "mainspring_runtime_requests_waiting",
    MetricType.GAUGE,
    "Requests in work or waiting for the engine of an embedded runtime.",
)

CONTROL_REQUESTS = Metric(
    "mainspring_control_requests_total",
    MetricType.COUNTER,
    "Requests that the control plane answered, by method and status class.",
    ("method", "status"),
)
CONTROL_IN_FLIGHT = Metric(
    "mainspring_control_requests_in_flight",
    MetricType.GAUGE,
    "Requests that the control plane is answering now, open streams included.",
)
CONTROL_RECORDS = Metric(
    "mainspring_control_records_total",
    MetricType.COUNTER,
    "Records received from gateways, by result (accepted, duplicate).",
    ("result",),
)
CONTROL_SNAPSHOT_VERSION = Metric(
    "mainspring_control_snapshot_version",
    MetricType.GAUGE,
    "The newest version of the snapshot that this process has heard of.",
)

METRICS: tuple[Metric, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Metric)
)
"""All registered metrics."""
