"""Fixtures of releases: one site for a module, with servers for the old and the new version."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import httpx
import pytest
import pytest_asyncio
import uvloop

from mainspring.kernel.ids import new_id
from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.site import Site, open_site

OLD, NEW = "old words", "new words"


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Name the loop that gateways run on."""
    return {"uvloop": uvloop.new_event_loop}


class Stage:
    """A site with two gateways, and an upstream for each version."""

    def __init__(self, site: Site, old: ScriptedUpstream, new: ScriptedUpstream) -> None:
        self.site = site
        self.old, self.new = old, new
        self.key = ""
        self.project_id = ""
        self.upstreams: dict[str, str] = {}
        self.http = httpx.AsyncClient(timeout=20)

    async def prepare(self) -> None:
        """Make the tenant and the upstreams."""
        self.project_id, self.key = await self.site.tenant(new_id("org"))
        for name, upstream in (("old", self.old), ("new", self.new)):
            made = await self.site.create("/upstreams", name=name, base_url=upstream.url)
            self.upstreams[name] = made["id"]

    async def model(self, **fields: object) -> dict[str, Any]:
        """Make a model that the old server serves."""
        targets = [{"upstream_id": self.upstreams["old"], "upstream_model": "scripted"}]
        return await self.site.create("/models", name=new_id("mdl"), targets=targets, **fields)

    async def register(self, model: Mapping[str, Any], **fields: object) -> dict[str, Any]:
        """Register the version 2, which the new server serves."""
        body: dict[str, object] = {
            "version": "2",
            "targets": [{"upstream_id": self.upstreams["new"], "upstream_model": "scripted"}],
            "specification": {"licence": "Apache-2.0"},
        }
        return await self.site.create(f"/models/{model['id']}/releases", **(body | fields))

    async def step(self, release: Mapping[str, Any], name: str, **body: object) -> dict[str, Any]:
        """Take a step, and see that it is taken."""
        answer = await self.site.admin.post(f"/releases/{release['id']}/{name}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def refused(self, release: Mapping[str, Any], name: str, **body: object) -> str:
        """Take a step that is refused; return the error's code."""
        answer = await self.site.admin.post(f"/releases/{release['id']}/{name}", json=body)
        assert answer.status_code >= 400, answer.text
        return answer.json()["code"]

    async def candidate(self, **fields: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """Make a model with a deployed release."""
        model = await self.model()
        # A name of its own there: what gateways know of a target outlives a model.
        name = new_id("mdl")
        self.new.models += (name,)
        targets = [{"upstream_id": self.upstreams["new"], "upstream_model": name}]
        release = await self.register(model, **{"targets": targets, **fields})
        await self.step(release, "verify")
        return model, await self.step(release, "deploy")

    async def call(
        self, model: Mapping[str, Any], gateway: int = 0, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Call the model."""
        return await self.http.post(
            f"{self.site.url(gateway)}/v1/chat/completions",
            json={"model": model["name"], "messages": [{"role": "user", "content": "hi"}]},
            headers={"Authorization": f"Bearer {self.key}", **(headers or {})},
        )

    async def words(
        self, model: Mapping[str, Any], gateway: int = 0, headers: Mapping[str, str] | None = None
    ) -> str:
        """Call the model; return what it says."""
        answer = await self.call(model, gateway, headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["choices"][0]["message"]["content"].strip()

    async def history(self, model: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return what happened to the model's releases, oldest first."""
        answer = await self.site.admin.get(
            "/release-events", params={"model_id": model["id"], "limit": 200}
        )
        return answer.json()["items"][::-1]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(
    module_database_dsn: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Stage]:
    """Return a site with two gateways and two model servers."""
    directory = tmp_path_factory.mktemp("releases")
    async with contextlib.AsyncExitStack() as stack:
        old = await stack.enter_async_context(ScriptedUpstream(Reply(content=OLD)))
        new = await stack.enter_async_context(ScriptedUpstream(Reply(content=NEW)))
        site = await stack.enter_async_context(open_site(module_database_dsn, directory, old))
        await site.add_gateway()
        opened = Stage(site, old, new)
        await opened.prepare()
        await site.has_caught_up()
        yield opened
        await opened.http.aclose()
