"""A key that is made, changed or revoked is known at a running gateway within 200 ms."""

import asyncio
import statistics
import time
from typing import Any

import httpx
import pytest

from tests.interaction.federation.conftest import Platform

pytestmark = pytest.mark.alone

API = "/api/v1"
ROUNDS = 9
WITHIN_MS = 200.0

Seen = tuple[int, list[str]]


class Watch:
    """Takes the time from the request of a change until the gateway goes by it."""

    def __init__(self, control: httpx.AsyncClient, gateway: httpx.AsyncClient) -> None:
        self._control = control
        self._gateway = gateway
        self.took_ms: dict[str, list[float]] = {"POST": [], "PATCH": [], "DELETE": []}

    async def change(
        self, method: str, path: str, wanted: Seen, *, secret: str = "", **body: object
    ) -> dict[str, Any]:
        """Make a change, and wait until the gateway says to the key what is ``wanted``."""
        began = time.monotonic()
        answer = await self._control.request(method, f"{API}{path}", json=body or None)
        assert answer.is_success, answer.text
        told: dict[str, Any] = answer.json() if answer.content else {}
        async with asyncio.timeout(20):
            while await self._says(secret or told["secret"]) != wanted:  # noqa: ASYNC110 - no event tells
                await asyncio.sleep(0.002)
        self.took_ms[method].append((time.monotonic() - began) * 1000)
        return told

    async def _says(self, secret: str) -> Seen:
        """Return the gateway's status, and the models that it offers the key."""
        shown = {"authorization": f"Bearer {secret}"}
        answer = await self._gateway.get("/v1/models", headers=shown)
        models: list[dict[str, Any]] = answer.json()["data"] if answer.is_success else []
        return answer.status_code, [str(each["id"]) for each in models]


async def test_a_change_of_a_key_reaches_a_running_gateway_within_200_ms(
    platform: Platform,
) -> None:
    made_at = f"/projects/{platform.project_id}/keys"
    async with httpx.AsyncClient(base_url=platform.stand.url, timeout=20) as gateway:
        watch = Watch(platform.client, gateway)
        # The first round pays for connections and statements that are prepared once.
        for number in range(ROUNDS + 1):
            made = await watch.change(
                "POST", made_at, (200, ["scripted"]), name=f"{number}", models=["scripted"]
            )
            key, secret = f"/keys/{made['id']}", str(made["secret"])
            await watch.change("PATCH", key, (200, []), secret=secret, models=[])
            await watch.change("DELETE", key, (401, []), secret=secret)
    medians = {method: statistics.median(took[1:]) for method, took in watch.took_ms.items()}
    assert max(medians.values()) < WITHIN_MS, watch.took_ms
