"""A creation that is sent twice happens once."""

import asyncio

import httpx
from sqlalchemy import text

from mainspring.kernel.clock import ManualClock
from mainspring.kernel.scope import Scope
from tests.fixtures.control import Api

ORGANIZATIONS = "/api/v1/organizations"


def key(value: str) -> dict[str, str]:
    return {"Idempotency-Key": value}


async def test_a_repeated_creation_gets_the_first_answer_and_creates_nothing(
    admin: httpx.AsyncClient,
) -> None:
    body = {"name": "Research"}
    first = await admin.post(ORGANIZATIONS, json=body, headers=key("a"))
    again = await admin.post(ORGANIZATIONS, json=body, headers=key("a"))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert len((await admin.get(ORGANIZATIONS)).json()["items"]) == 2  # and the default one


async def test_a_secret_is_shown_again_to_its_owner_and_rests_sealed(
    api: Api, admin: httpx.AsyncClient
) -> None:
    _, project_id = await api.tenant("Keys")
    path = f"/api/v1/projects/{project_id}/keys"
    first = await admin.post(path, json={"name": "ci"}, headers=key("k"))
    again = await admin.post(path, json={"name": "ci"}, headers=key("k"))
    secret = first.json()["secret"]
    assert again.json()["secret"] == secret
    async with api.control.database.session(Scope.platform("test")) as session:
        rows = await session.execute(text("SELECT answer FROM idempotent_requests"))
        assert secret.encode() not in rows.scalar_one()


async def test_a_key_belongs_to_one_request_of_one_caller(
    api: Api, admin: httpx.AsyncClient
) -> None:
    assert (await admin.post(ORGANIZATIONS, json={"name": "A"}, headers=key("k"))).is_success
    other = await admin.post(ORGANIZATIONS, json={"name": "B"}, headers=key("k"))
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    org_id, project_id = await api.tenant("Other")
    person = await api.member(org_id)
    mine = await person.client.post(
        f"/api/v1/projects/{project_id}/keys", json={"name": "A"}, headers=key("k")
    )
    assert mine.status_code == 201


async def test_of_many_at_once_one_creates(admin: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(
        *(admin.post(ORGANIZATIONS, json={"name": "One"}, headers=key("k")) for _ in range(8))
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert len((await admin.get(ORGANIZATIONS)).json()["items"]) == 2


async def test_a_refused_request_gives_its_key_back(admin: httpx.AsyncClient) -> None:
    refused = await admin.post(ORGANIZATIONS, json={"nam": "x"}, headers=key("k"))
    assert refused.status_code == 422
    assert (await admin.post(ORGANIZATIONS, json={"name": "x"}, headers=key("k"))).is_success


async def test_a_key_is_forgotten_after_a_day(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    first = await admin.post(ORGANIZATIONS, json={"name": "A"}, headers=key("k"))
    assert first.is_success
    clock.advance(24 * 3600 + 1)
    await api.control.idempotency.forget_old()
    second = await admin.post(ORGANIZATIONS, json={"name": "B"}, headers=key("k"))
    assert second.status_code == 201


async def test_a_key_must_be_one_and_strangers_have_none(
    admin: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    for wrong in ("", "a b", "x" * 201):
        refused = await admin.post(ORGANIZATIONS, json={"name": "x"}, headers=key(wrong))
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid_request")
    closed = await stranger.post(ORGANIZATIONS, json={"name": "x"}, headers=key("k"))
    assert closed.status_code == 401
