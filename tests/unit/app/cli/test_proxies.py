"""What the command line says to this machine goes past every proxy."""

import socket
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from mainspring.app.cli.connection import (
    GatewayAccess,
    control_client,
    gateway_client,
    is_here,
)
from mainspring.app.cli.output import CommandError


class _Answering(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert self.headers["Authorization"] == "Bearer mst-secret"
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its base names it so
        """Say nothing: the test says what matters."""


@pytest.fixture
def here() -> Generator[str]:
    """Serve ``{}`` on this machine to whoever shows the token; return the address."""
    with HTTPServer(("127.0.0.1", 0), _Answering) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _nobody_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name a proxy that refuses every connection."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        proxy = f"http://127.0.0.1:{closed.getsockname()[1]}"
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_a_platform_of_this_machine_is_reached_past_the_proxy(
    here: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAINSPRING_URL", here)
    monkeypatch.setenv("MAINSPRING_TOKEN", "mst-secret")
    with control_client() as control:
        assert control.get("/organizations") == {}
    with gateway_client(GatewayAccess(here, "mst-secret")) as gateway:
        assert gateway.get("/v1/models").json() == {}


def test_a_platform_elsewhere_is_reached_as_the_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MAINSPRING_URL", "http://platform.invalid")
    monkeypatch.setenv("MAINSPRING_TOKEN", "mst-secret")
    with control_client() as control, pytest.raises(CommandError, match="refused"):
        control.get("/organizations")  # by the proxy: the name is looked up by nobody


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://127.0.0.1:8090", True),
        ("http://127.8.9.1", True),
        ("http://[::1]:8090", True),
        ("https://localhost", True),
        ("http://10.0.0.1", False),
        ("https://localhost.example.com", False),
    ],
)
def test_this_machine_is_told_from_others(url: str, expected: bool) -> None:
    assert is_here(url) is expected
