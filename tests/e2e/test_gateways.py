"""`mainspring up` with several gateway processes, behind TLS: watched, restarted, stopped."""

import os
import signal
import ssl
from collections.abc import Generator

import httpx
import psutil
import pytest

from tests.fixtures.certificates import Authority
from tests.fixtures.platform import Platform, eventually

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def authority() -> Authority:
    """Return whom the clients trust."""
    return Authority()


@pytest.fixture
def several(stopped: Platform, authority: Authority) -> Generator[Platform]:
    """A running platform of two gateways."""
    chain, key = authority.issue().write(stopped.home, "server")
    stopped.up(
        MAINSPRING_EMBEDDED_MODELS="false",
        MAINSPRING_GATEWAY_PROCESSES="2",
        MAINSPRING_GATEWAY_TLS_CERT_FILE=str(chain),
        MAINSPRING_GATEWAY_TLS_KEY_FILE=str(key),
    )
    yield stopped
    stopped.down()
    assert stopped.left_behind() == []


def test_several_gateways_serve_and_are_watched_each_by_itself(
    several: Platform, authority: Authority
) -> None:
    trust = ssl.create_default_context(cadata=authority.pem.decode())
    url = several.state().gateway_url
    assert url.startswith("https://127.0.0.1:")

    def answers() -> bool:
        """Ask on a connection of its own."""
        headers = {"authorization": f"Bearer {several.api_key}"}
        try:
            answer = httpx.get(f"{url}/v1/models", headers=headers, verify=trust)
        except httpx.TransportError:
            return False
        return answer.status_code == 200

    assert all(answers() for _ in range(10))
    before = several.pid("gateway-2")
    psutil.Process(before).kill()

    def is_back() -> bool:
        now = several.state().parts["gateway-2"]
        return now.state == "ready" and now.pid not in (None, before)

    eventually(is_back, within_s=60, what="the second gateway is back")
    several.note_processes()
    assert all(answers() for _ in range(10))
    old = {part: several.pid(part) for part in ("gateway", "gateway-2")}
    os.kill(several.state().pid, signal.SIGUSR2)

    def are_renewed() -> bool:
        parts = several.state().parts
        return all(
            parts[part].state == "ready" and parts[part].pid not in (None, pid)
            for part, pid in old.items()
        )

    eventually(are_renewed, within_s=90, what="both gateways were restarted")
    several.note_processes()
    assert all(answers() for _ in range(10))
    with several.control() as control:
        parts = control.get("/system/parts").raise_for_status().text
    assert "gateway-1.2" in parts
