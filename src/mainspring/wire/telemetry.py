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
GATEWAY_UPSTREAM_WAITING = Metric(
    "mainspring_gateway_upstream_waiting",
    MetricType.GAUGE,
    "Calls that wait for a connection to an upstream, by upstream.",
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
GATEWAY_SPOOL_OLDEST = Metric(
    "mainspring_gateway_spool_oldest_seconds",
    MetricType.GAUGE,
    "Seconds that the oldest record in the spool has waited for control, to within five.",
)
GATEWAY_SPOOL_FULL = Metric(
    "mainspring_gateway_spool_full",
    MetricType.GAUGE,
    "1 while the spool takes no more records, and new calls are refused therefore.",
)
GATEWAY_SPOOL_LOST = Metric(
    "mainspring_gateway_spool_lost_total",
    MetricType.COUNTER,
    "Records that found no place, neither on the disk nor in memory.",
)
GATEWAY_LIMITS_DEGRADED = Metric(
    "mainspring_gateway_limits_degraded",
    MetricType.GAUGE,
    "1 while shared limits are decided by the degraded mode, as Redis is away.",
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
GATEWAY_TARGET_IN_FLIGHT = Metric(
    "mainspring_gateway_target_in_flight",
    MetricType.GAUGE,
    "Calls that a target works on now, by upstream and its model.",
    ("upstream", "model"),
)
GATEWAY_TARGET_LATENCY = Metric(
    "mainspring_gateway_target_latency_seconds",
    MetricType.GAUGE,
    "Moving average of a target's time to the first byte, by upstream and its model.",
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

CONTROL_DURATION = Metric(
    "mainspring_control_request_duration_seconds",
    MetricType.HISTOGRAM,
    "Seconds from a request to the control plane to the beginning of its answer, by method.",
    ("method",),
)
CONTROL_DATABASE_UP = Metric(
    "mainspring_control_database_up",
    MetricType.GAUGE,
    "1 while the control plane reaches its database.",
)
FLEET_PARTS = Metric(
    "mainspring_fleet_parts",
    MetricType.GAUGE,
    "Parts that the control plane hears of, by role and state; every control plane tells of all.",
    ("role", "state"),
)

TENANT_REQUESTS = Metric(
    "mainspring_tenant_requests_total",
    MetricType.COUNTER,
    "Calls that entered the ledger by this process, by organisation and result (ok, error, "
    "client_closed).",
    ("organization", "result"),
)
TENANT_TOKENS = Metric(
    "mainspring_tenant_tokens_total",
    MetricType.COUNTER,
    "Tokens that entered the ledger by this process, by organisation and direction (input, "
    "output).",
    ("organization", "direction"),
)
TENANT_COST = Metric(
    "mainspring_tenant_cost_total",
    MetricType.COUNTER,
    "Cost that entered the ledger by this process, in units of its currency, by organisation.",
    ("organization", "currency"),
)
TENANT_UNPRICED = Metric(
    "mainspring_tenant_unpriced_requests_total",
    MetricType.COUNTER,
    "Calls whose price was not known when they entered the ledger, by organisation.",
    ("organization",),
)
TENANT_DURATION = Metric(
    "mainspring_tenant_request_duration_seconds",
    MetricType.HISTOGRAM,
    "Seconds that calls took which entered the ledger by this process, by organisation.",
    ("organization",),
)
TENANT_INFO = Metric(
    "mainspring_tenant_info",
    MetricType.GAUGE,
    "1 for each organisation that is counted, with what it is called.",
    ("organization", "name"),
)

JOBS_RUNNING = Metric(
    "mainspring_jobs_running", MetricType.GAUGE, "Durable runs that this worker executes now."
)
JOBS_FINISHED = Metric(
    "mainspring_jobs_finished_total",
    MetricType.COUNTER,
    "Durable runs that this worker ended, by name and result (ok, failed).",
    ("name", "result"),
)
JOBS_WAITING = Metric(
    "mainspring_jobs_waiting",
    MetricType.GAUGE,
    "Durable runs that wait for a worker, by queue; every worker tells of all.",
    ("queue",),
)
SPANS_DROPPED = Metric(
    "mainspring_spans_dropped_total",
    MetricType.COUNTER,
    "Spans of control and workers that were lost because too many waited or they were refused, by "
    "where they were to go (exported, kept).",
    ("kind",),
)

PART_UP = Metric(
    "mainspring_part_up",
    MetricType.GAUGE,
    "1 while a supervised part serves, by its name and role.",
    ("name", "role"),
)
PART_RESTARTS = Metric(
    "mainspring_part_restarts_total",
    MetricType.COUNTER,
    "How often a supervised part ended and was started again.",
    ("name", "role"),
)
PART_START_SECONDS = Metric(
    "mainspring_part_start_seconds",
    MetricType.GAUGE,
    "Seconds from a part's last start until it served; for a runtime, the load of its model.",
    ("name", "role"),
)
PART_CPU = Metric(
    "mainspring_part_cpu_seconds_total",
    MetricType.COUNTER,
    "CPU seconds of a part's present process and those below it.",
    ("name", "role"),
)
PART_MEMORY = Metric(
    "mainspring_part_memory_bytes",
    MetricType.GAUGE,
    "Resident memory of a part's present process and those below it.",
    ("name", "role"),
)

HOST_CPU = Metric(
    "mainspring_host_cpu_seconds_total",
    MetricType.COUNTER,
    "CPU seconds of the machine, all cores together, by mode (user, system, iowait, idle, other).",
    ("mode",),
)
HOST_CORES = Metric("mainspring_host_cpus", MetricType.GAUGE, "Logical processors of the machine.")
HOST_LOAD = Metric(
    "mainspring_host_load1", MetricType.GAUGE, "Load of the machine over the last minute."
)
HOST_MEMORY = Metric(
    "mainspring_host_memory_bytes",
    MetricType.GAUGE,
    "Memory of the machine, by state (total, available).",
    ("state",),
)
HOST_DISK = Metric(
    "mainspring_host_disk_bytes",
    MetricType.GAUGE,
    "The file system of the data directory, by state (total, free).",
    ("state",),
)
HOST_NETWORK = Metric(
    "mainspring_host_network_bytes_total",
    MetricType.COUNTER,
    "Bytes over the machine's network interfaces, by direction (received, sent).",
    ("direction",),
)
GPUS = Metric(
    "mainspring_gpus", MetricType.GAUGE, "NVIDIA GPUs of the machine, 0 without a driver."
)
GPU_UTILIZATION = Metric(
    "mainspring_gpu_utilization_ratio",
    MetricType.GAUGE,
    "Share of the last moments in which a GPU computed, 0 to 1.",
    ("gpu", "name"),
)
GPU_MEMORY = Metric(
    "mainspring_gpu_memory_bytes",
    MetricType.GAUGE,
    "Memory of a GPU, by state (total, used).",
    ("gpu", "name", "state"),
)
GPU_TEMPERATURE = Metric(
    "mainspring_gpu_temperature_celsius", MetricType.GAUGE, "Temperature of a GPU.", ("gpu", "name")
)
GPU_POWER = Metric(
    "mainspring_gpu_power_watts", MetricType.GAUGE, "Power that a GPU draws.", ("gpu", "name")
)

BUILD_INFO = Metric(
    "mainspring_build_info",
    MetricType.GAUGE,
    "1, with the release and the role of the process.",
    ("version", "role"),
)
PROCESS_CPU = Metric("process_cpu_seconds_total", MetricType.COUNTER, "CPU seconds of the process.")
PROCESS_MEMORY = Metric(
    "process_resident_memory_bytes", MetricType.GAUGE, "Resident memory of the process."
)
PROCESS_DESCRIPTORS = Metric(
    "process_open_fds", MetricType.GAUGE, "Open file descriptors of the process."
)
PROCESS_START = Metric(
    "process_start_time_seconds", MetricType.GAUGE, "Unix time at which the process started."
)

CONTROL_BREAK_GLASS = Metric(
    "mainspring_control_break_glass_open",
    MetricType.GAUGE,
    "Emergencies in which somebody acts alone now: anything but 0 is worth a call.",
)
CONTROL_CHANGES_HELD = Metric(
    "mainspring_control_changes_held_total",
    MetricType.COUNTER,
    "Changes that were held back for a second person.",
)

LEDGER_DRIFTED = Metric(
    "mainspring_ledger_drifted_hours",
    MetricType.GAUGE,
    "Hours of gateways in the last two days whose own counts the ledger does not agree with, by "
    "direction (missing, surplus); every control plane tells of all.",
    ("direction",),
)

METRICS: tuple[Metric, ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Metric)
)
"""All registered metrics."""
