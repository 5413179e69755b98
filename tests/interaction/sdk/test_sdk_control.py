"""The SDK against a control plane that listens, on a real database.

Requirements: U3
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import TypeVar

import httpx
import pytest

from mainspring_sdk import AsyncMainspring, Mainspring, RetryPolicy, etag_of
from mainspring_sdk.errors import (
    ConflictError,
    IdempotencyConflictError,
    NotFoundError,
    PreconditionFailedError,
    SignInRequiredError,
    ValidationFailedError,
)
from mainspring_sdk.models import LimitsBody, LivePartsEvent, RoutingBody, TargetBody
from tests.fixtures.control import Served

T = TypeVar("T")


class Losing(httpx.AsyncBaseTransport):
    """Delivers requests, and loses the first answers."""

    def __init__(self, losses: int) -> None:
        self.losses = losses
        self.sent = 0
        self._inner = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent += 1
        answer = await self._inner.handle_async_request(request)
        if self.sent <= self.losses:
            await answer.aread()
            await answer.aclose()
            raise httpx.ReadError("the answer was lost")
        return answer

    async def aclose(self) -> None:
        await self._inner.aclose()


def token(served: Served) -> str:
    """Return the local administrator's token."""
    return served.admin()["Authorization"].removeprefix("Bearer ")


@pytest.fixture
async def client(served: Served) -> AsyncGenerator[AsyncMainspring]:
    """Return a client for asyncio of the control plane."""
    async with AsyncMainspring(served.url, token(served)) as made:
        yield made


async def blocking(served: Served, use: Callable[[Mainspring], T]) -> T:
    """Return what ``use`` finds with a blocking client, in a thread of its own."""

    def work() -> T:
        with Mainspring(served.url, token(served)) as made:
            return use(made)

    return await asyncio.to_thread(work)


async def test_a_tenant_lives_and_ends(client: AsyncMainspring) -> None:
    organization = await client.organizations.create(
        name="Research", limits=LimitsBody(requests_per_minute=600)
    )
    assert organization.slug == "research"
    assert organization.limits == LimitsBody(requests_per_minute=600)
    project = await client.organizations.projects.create(organization.id, name="Reports")
    key = await client.projects.keys.create(project.id, name="nightly", models=["tiny"])
    assert key.secret.startswith("msk-")
    assert (await client.keys.get(key.id)).hint == key.hint
    await client.keys.revoke(key.id)
    assert (await client.keys.get(key.id)).revoked_at is not None
    await client.organizations.delete(organization.id)
    with pytest.raises(NotFoundError) as caught:
        await client.projects.get(project.id)
    assert caught.value.code == "not_found"
    assert caught.value.request_id is not None


async def test_the_blocking_client_does_the_same(served: Served) -> None:
    def use(client: Mainspring) -> list[str]:
        organization = client.organizations.create(name="Research")
        for number in range(5):
            client.organizations.projects.create(organization.id, name=f"Project {number}")
        found = client.organizations.projects.list(organization.id, limit=2)
        assert [len(page.items) for page in found.pages()] == [2, 2, 1]
        return [project.name for project in found]

    assert await blocking(served, use) == [f"Project {number}" for number in range(5)]


async def test_a_list_is_read_page_by_page(client: AsyncMainspring) -> None:
    organization = await client.organizations.create(name="Research")
    for number in range(5):
        await client.organizations.projects.create(organization.id, name=f"Project {number}")
    projects = client.organizations.projects.list(organization.id, limit=2)
    assert [project.name async for project in projects] == [f"Project {n}" for n in range(5)]


async def test_a_model_is_described_as_the_platform_understands_it(
    client: AsyncMainspring,
) -> None:
    upstream = await client.upstreams.create(
        name="pool", base_url="https://models.example.com", credential="sk-1"
    )
    assert upstream.has_credential
    model = await client.models.create(
        name="writer",
        targets=[TargetBody(upstream_id=upstream.id, upstream_model="qwen3-32b", weight=3)],
        tasks=["chat"],
    )
    assert model.targets == [
        TargetBody(upstream_id=upstream.id, upstream_model="qwen3-32b", weight=3)
    ]
    changed = await client.models.update(model.id, routing=RoutingBody(strategy="latency"))
    assert changed.routing.strategy == "latency"
    assert changed.routing.retry == RoutingBody().retry
    assert [each.name async for each in client.models.list() if each.id == model.id] == ["writer"]


async def test_nobody_overwrites_what_they_never_read(client: AsyncMainspring) -> None:
    organization = await client.organizations.create(name="Research")
    first = await client.organizations.get(organization.id)
    second = await client.organizations.update(organization.id, name="One", if_match=first)
    assert etag_of(first) != etag_of(second)
    with pytest.raises(PreconditionFailedError):
        await client.organizations.update(organization.id, name="Two", if_match=first)
    raw = await client.organizations.with_raw_response.update(
        organization.id, name="Two", if_match=second
    )
    assert raw.parse().name == "Two"
    assert raw.etag == etag_of(raw.parse())


async def test_a_creation_whose_answers_are_lost_happens_once(served: Served) -> None:
    losing = Losing(2)
    async with httpx.AsyncClient(transport=losing) as http:
        client = AsyncMainspring(
            served.url, token(served), http_client=http, retry=RetryPolicy(first_s=0.01)
        )
        organization = await client.organizations.create(name="Research")
        assert losing.sent == 3
        found = [each.id async for each in client.organizations.list() if each.name == "Research"]
    assert found == [organization.id]


async def test_a_key_that_comes_back_with_another_request_is_refused(
    client: AsyncMainspring,
) -> None:
    once = await client.organizations.create(name="One", idempotency_key="k-1")
    again = await client.organizations.with_raw_response.create(name="One", idempotency_key="k-1")
    assert again.parse().id == once.id
    assert again.headers["idempotency-replayed"] == "true"
    with pytest.raises(IdempotencyConflictError):
        await client.organizations.create(name="Two", idempotency_key="k-1")


async def test_a_refusal_names_the_field_and_the_next_step(client: AsyncMainspring) -> None:
    with pytest.raises(ValidationFailedError) as caught:
        await client.organizations.create(name="")
    assert [each.field for each in caught.value.errors] == ["body.name"]
    assert caught.value.next_step
    organization = await client.organizations.create(name="One", slug="one")
    with pytest.raises(ConflictError):
        await client.organizations.create(name="Other", slug=organization.slug)


async def test_a_wrong_token_is_told_so(served: Served) -> None:
    async with AsyncMainspring(served.url, "mst-wrong") as stranger:
        with pytest.raises(SignInRequiredError) as caught:
            await stranger.system.info.get()
    assert "mst-wrong" not in str(caught.value)
    assert caught.value.status == 401


async def test_live_events_arrive_typed(client: AsyncMainspring, served: Served) -> None:
    async with client.live.follow() as events, asyncio.timeout(20):
        async for event in events:
            if isinstance(event, LivePartsEvent):
                break

    def use(blocked: Mainspring) -> list[object]:
        with blocked.live.follow() as found:
            return [next(iter(found))]

    [first] = await blocking(served, use)
    assert first is not None
