"""What one gateway process must be told. Filled by ``app``; nothing here reads the environment."""

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from mainspring.infra.secrets import KeySettings
from mainspring.wire.attributes import NameSet


class GatewaySettingsError(Exception):
    """What the gateway was told cannot work; starting it again unchanged cannot help."""


class GatewaySettings(KeySettings, frozen=True, kw_only=True):
    """Settings of one gateway process; sizes in bytes, times in seconds.

    Without ``control_url`` the gateway serves ``snapshot_file`` as it is and keeps its records in
    the spool. ``internal_token_file`` is needed for control and for delegated identities,
    ``master_key_file`` (or another source of master keys) for upstreams with credentials.
    ``gateway_id`` names the gateway in records and must be unique among running gateways; so must
    ``spool_dir``.

    ``metrics_to_all`` opens ``/metrics`` to every client (the default answers only the machine
    itself). ``reuse_port`` lets several processes share one port. ``default_output_tokens`` is
    reserved against token limits for a request that names no maximum. ``cors_origins`` are the
    origins, separated by commas, whose pages may call the API from a browser (``*``: all).

    ``upstream_link_local`` ``allow`` lets upstreams have link-local addresses and those of a
    cloud's own services, which are refused otherwise, whatever name stands for them.

    ``max_upload_bytes`` bounds a form that is sent on while it arrives,
    ``max_message_bytes`` bounds one message over a WebSocket, ``realtime_session_s`` one
    realtime session.

    ``unix_socket`` is a path that is listened on as well, in plain HTTP, with the permissions
    ``unix_socket_mode`` (octal). With ``tls_cert_file`` (PEM) the port speaks TLS; without
    ``tls_key_file`` the key is in the same file. With ``tls_client_ca_file`` clients must show a
    certificate of these authorities, or may, as ``tls_client_auth`` says. The files are read again
    when they change. Peers in ``proxy_protocol_from`` (addresses and networks separated by commas,
    ``unix``) must begin with a PROXY header; what peers in ``trusted_proxies`` say in
    ``X-Forwarded-For`` is believed.

    ``admin_port`` is a second listener, on ``admin_host`` and in plain HTTP, of health and metrics
    alone, for whoever cannot come in by the first; ``None``: none, 0: any free port.
    ``lame_duck_s`` is how long the gateway, when it stops, still takes connections while it says
    that it is not ready.

    ``process_count`` processes share the port (``reuse_port``) and split every limit unless Redis
    counts; ``process_number`` says which this one is, from 1. ``sibling_ports`` are the admin ports
    of all of them, separated by commas: who is asked for metrics answers for all.

    ``limits_file`` keeps what was used per day and month over restarts; without it those windows
    begin empty. It belongs to one running gateway.

    ``idempotency_ttl_s`` is how long a call with an idempotency key is remembered;
    ``idempotency_bytes`` bounds the answers that are kept for it in this process (with Redis the
    server's own bound holds).

    ``cache_bytes`` bounds the answers that this process keeps where a policy has a cache (with
    Redis the server's own bound holds).

    ``redis_url`` is where several gateways count together; ``limits_degraded`` is what happens
    while it cannot be asked: ``local`` (each counts its ``1/gateway_count`` share), ``open`` or
    ``closed``. ``limits`` ``off`` leaves limiting to something else.

    Usage records wait for company for ``ship_interval_s`` at the most before control gets them.

    ``access_log`` is a file, ``stdout`` or ``stderr``; without it, or with ``off``, no request is
    logged.
    ``otlp_endpoint`` is the base URL of a collector that takes spans; ``otlp_headers`` go with them
    (``name=value``, separated by commas). With ``traces`` ``on`` control keeps spans too. Of the
    requests whose sender has not decided, the share ``trace_ratio`` (0 to 1) is sampled.
    ``trace_names`` chooses the names of attributes.

    ``response_spool_bytes`` bounds the stored responses that wait for control, and
    ``recent_responses_bytes`` those that are remembered to go on with at once.
    """

    spool_dir: Path
    snapshot_file: Path
    host: str = "127.0.0.1"
    port: int = 8080
    control_url: str | None = None
    internal_token_file: Path | None = None
    master_key_file: Path | None = None
    gateway_id: str = "gateway-1"
    drain_s: float = 20.0
    reuse_port: bool = False
    upstream_link_local: Literal["refuse", "allow"] = "refuse"
    max_body_bytes: int = 32 * 1024 * 1024
    max_upload_bytes: int = 512 * 1024 * 1024
    max_message_bytes: int = 16 * 1024 * 1024
    realtime_session_s: float = 3600.0
    max_client_connections: int = 16_384
    spool_total_bytes: int = 512 * 1024 * 1024
    default_output_tokens: int = 256
    metrics_to_all: bool = False
    cors_origins: str = ""
    unix_socket: Path | None = None
    unix_socket_mode: str = "600"
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    tls_client_ca_file: Path | None = None
    tls_client_auth: Literal["required", "optional"] = "required"
    tls_min_version: Literal["1.2", "1.3"] = "1.2"
    proxy_protocol_from: str = ""
    trusted_proxies: str = ""
    admin_host: str = "127.0.0.1"
    admin_port: int | None = None
    lame_duck_s: float = 0.0
    process_count: Annotated[int, msgspec.Meta(ge=1, le=128)] = 1
    process_number: int | None = None
    sibling_ports: str = ""
    limits_file: Path | None = None
    limits: Literal["on", "off"] = "on"
    redis_url: str | None = None
    limits_degraded: Literal["local", "open", "closed"] = "local"
    gateway_count: int = 1
    ship_interval_s: Annotated[float, msgspec.Meta(ge=0.01, le=60)] = 0.5
    access_log: str | None = None
    otlp_endpoint: str | None = None
    otlp_headers: str = ""
    traces: Literal["on", "off"] = "on"
    trace_ratio: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.1
    trace_names: NameSet = NameSet.CURRENT
    response_spool_bytes: int = 256 * 1024 * 1024
    recent_responses_bytes: int = 64 * 1024 * 1024
    idempotency_ttl_s: float = 86_400.0
    idempotency_bytes: int = 64 * 1024 * 1024
    cache_bytes: int = 128 * 1024 * 1024
