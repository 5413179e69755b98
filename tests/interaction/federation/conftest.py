"""A platform in parts: a control plane that listens, a gateway that follows it, a real provider."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvloop

from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import ScriptedUpstream
from tests.fixtures.control import (
    Served,
    admin,
    api,
    clock,
    control,
    control_settings,
    serving,
    stranger,
)
from tests.fixtures.gateway import Stand
from tests.fixtures.oidc import OidcProvider
from tests.fixtures.prepared import started_database_dsn

__all__ = ["admin", "api", "clock", "control", "started_database_dsn", "stranger"]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Name the loop that gateways run on."""
    return {"uvloop": uvloop.new_event_loop}


class Platform:
    """A served control plane with a tenant and a model, and a gateway that follows it."""

    def __init__(self, served: Served, stand: Stand, client: httpx.AsyncClient) -> None:
        self.served = served
        self.stand = stand
        self.client = client
        self.org_id = ""
        self.project_id = ""

    async def prepare(self, upstream: ScriptedUpstream) -> None:
        """Make the tenant and the model."""
        self.org_id = await self.made("/organizations", name="Acme")
        self.project_id = await self.made(f"/organizations/{self.org_id}/projects", name="Shop")
        server = await self.made("/upstreams", name="scripted", base_url=upstream.url)
        target = {"upstream_id": server, "upstream_model": "scripted"}
        await self.made("/models", name="scripted", targets=[target])

    async def made(self, path: str, **body: object) -> str:
        """Create something by the API; return its id."""
        answer = await self.client.post(f"/api/v1{path}", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def call(self, token: str, **headers: str) -> httpx.Response:
        """Call the model at the gateway."""
        shown = {name.replace("_", "-"): value for name, value in headers.items()}
        async with httpx.AsyncClient(base_url=self.stand.url, timeout=20) as client:
            return await client.post(
                "/v1/chat/completions",
                json={"model": "scripted", "messages": [{"role": "user", "content": "hello"}]},
                headers={"authorization": f"Bearer {token}", **shown},
            )

    async def record(self) -> dict[str, Any]:
        """Wait for the first record of the ledger; return it."""
        path = f"/api/v1/usage/records?org_id={self.org_id}"
        async with asyncio.timeout(15):
            while True:
                items = (await self.client.get(path)).json()["items"]
                if items:
                    return dict(items[-1])
                await asyncio.sleep(0.05)

    async def until_served(self, token: str, status: int = 200, within_s: float = 20.0) -> None:
        """Call until the answer is ``status``.

        Raises:
            TimeoutError: if it is not in time.
        """
        async with asyncio.timeout(within_s):
            while (await self.call(token)).status_code != status:  # noqa: ASYNC110 - no event tells
                await asyncio.sleep(0.05)


@pytest.fixture
async def upstream() -> AsyncIterator[ScriptedUpstream]:
    """Return a model server that follows a script."""
    async with ScriptedUpstream() as scripted:
        yield scripted


@pytest.fixture
async def provider() -> AsyncIterator[OidcProvider]:
    """Return a running OpenID provider."""
    made = OidcProvider()
    await made.start()
    yield made
    made.stop()


@pytest.fixture
async def platform(
    database_dsn: str, tmp_path: Path, upstream: ScriptedUpstream
) -> AsyncGenerator[Platform]:
    """Return a control plane and a gateway that follows it."""
    settings = control_settings(tmp_path / "home", database_dsn, oidc_network="loopback")
    async with serving(settings) as served:
        stand = Stand(tmp_path / "gateway", SnapshotBuilder())
        stand.directory.mkdir()
        stand.configure(
            control_url=served.url, internal_token_file=served.settings.internal_token_file
        )
        await stand.start_linked()
        async with httpx.AsyncClient(
            base_url=served.url, headers=served.admin(), timeout=20
        ) as client:
            made = Platform(served, stand, client)
            await made.prepare(upstream)
            yield made
        await stand.close()
