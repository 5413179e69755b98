"""Service accounts: tokens by client credentials, from the endpoint to the gateway."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest

from mainspring.app.control.wiring import Control
from mainspring.capabilities.oauth.domain import LEAD, OVERLAP, ROTATE_EVERY
from mainspring.kernel.clock import ManualClock
from tests.fixtures.control import Api
from tests.interaction.federation.conftest import Platform

Client = httpx.AsyncClient


async def account_of(
    admin: Client, org_id: str, *projects: str, **fields: object
) -> dict[str, Any]:
    answer = await admin.post(
        f"/api/v1/organizations/{org_id}/service-accounts",
        json={"name": "nightly", "project_ids": list(projects), **fields},
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def ask(client: Client, account: dict[str, Any], **fields: str) -> httpx.Response:
    """Ask for a token with the credentials in the header."""
    return await client.post(
        "/oauth2/token",
        data={"grant_type": "client_credentials", **fields},
        auth=(account["id"], account["secret"]),
    )


@pytest.fixture
async def account(api: Api, admin: Client) -> dict[str, Any]:
    """Return an account of a tenant of this test's own, with its secret."""
    return await account_of(admin, *await api.tenant("Acme"))


async def test_a_token_is_issued_and_says_what_the_standards_ask(
    account: dict[str, Any], stranger: Client
) -> None:
    answer = await ask(stranger, account)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 600)
    assert told["scope"] == "model:call models:read"
    metadata = (await stranger.get("/.well-known/oauth-authorization-server")).json()
    assert metadata["token_endpoint"] == metadata["issuer"] + "/oauth2/token"
    keys = (await stranger.get("/.well-known/jwks.json")).json()["keys"]
    head = jwt.get_unverified_header(told["access_token"])
    assert (head["typ"], head["alg"]) == ("at+jwt", "ES256")
    [key] = [each for each in keys if each["kid"] == head["kid"]]
    assert "d" not in key
    claims = jwt.decode(
        told["access_token"],
        jwt.PyJWK(key).key,
        ["ES256"],
        audience="mainspring",
        issuer=metadata["issuer"],
    )
    assert (claims["sub"], claims["client_id"]) == (account["id"], account["id"])
    assert claims["exp"] - claims["iat"] == 600


async def test_the_form_may_carry_the_credentials_and_narrow_the_scope(
    account: dict[str, Any], stranger: Client
) -> None:
    fields = {
        "grant_type": "client_credentials",
        "client_id": account["id"],
        "client_secret": account["secret"],
        "scope": "models:read",
    }
    answer = await stranger.post("/oauth2/token", data=fields)
    assert (answer.status_code, answer.json()["scope"]) == (200, "models:read")
    wider = await stranger.post("/oauth2/token", data={**fields, "scope": "models:read admin"})
    assert (wider.status_code, wider.json()["error"]) == (400, "invalid_scope")


async def test_what_is_wrong_with_a_question_is_told_in_the_standards_words(
    account: dict[str, Any], stranger: Client
) -> None:
    good = {"grant_type": "client_credentials"}
    wrong = (account["id"], "msc-wrong")
    other = ("svc_other", account["secret"])
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({"data": good, "auth": wrong}, 401, "invalid_client"),
        ({"data": good, "auth": other}, 401, "invalid_client"),
        ({"data": good}, 401, "invalid_client"),
        ({"data": good, "headers": {"authorization": "Basic !"}}, 401, "invalid_client"),
        ({"data": good, "headers": {"authorization": "Bearer x"}}, 401, "invalid_client"),
        ({"data": {"grant_type": "password"}}, 400, "unsupported_grant_type"),
        ({"content": b""}, 400, "unsupported_grant_type"),
        ({"content": b"grant_type=a&grant_type=b"}, 400, "invalid_request"),
        ({"content": b"\xff"}, 400, "invalid_request"),
        (
            {
                "data": {**good, "client_secret": account["secret"]},
                "auth": (account["id"], account["secret"]),
            },
            400,
            "invalid_request",
        ),
    ]
    for question, status, error in cases:
        answer = await stranger.post("/oauth2/token", **question)
        assert (answer.status_code, answer.json()["error"]) == (status, error), question
        assert account["secret"] not in answer.text
    refused = await stranger.post("/oauth2/token", data=good, auth=wrong)
    assert refused.headers["www-authenticate"].startswith("Basic")


async def test_secrets_rotate_with_an_overlap(
    account: dict[str, Any], admin: Client, stranger: Client, clock: ManualClock
) -> None:
    path = f"/api/v1/service-accounts/{account['id']}/secrets"
    made = await admin.post(path, json={"others_end_in_s": 300})
    assert made.status_code == 201, made.text
    newer = {**account, "secret": made.json()["secret"]}
    first = await ask(stranger, account)
    assert first.status_code == 200
    # A token does not outlive the secret that it was got by.
    assert first.json()["expires_in"] == 300
    assert (await ask(stranger, newer)).json()["expires_in"] == 600
    clock.advance(301)
    assert (await ask(stranger, account)).status_code == 401
    assert (await ask(stranger, newer)).status_code == 200
    listed = (await admin.get(path)).json()["items"]
    assert [each["expires_at"] is None for each in listed] == [False, True]
    assert all("secret" not in each and "digest" not in each for each in listed)
    for _ in range(4):
        assert (await admin.post(path, json={})).status_code == 201
    assert (await admin.post(path, json={})).status_code == 409


async def test_a_suspended_or_expired_account_gets_no_tokens(
    api: Api, admin: Client, stranger: Client, clock: ManualClock
) -> None:
    ends = (clock.now() + timedelta(minutes=5)).isoformat()
    account = await account_of(admin, *await api.tenant("Acme"), expires_at=ends)
    assert (await ask(stranger, account)).json()["expires_in"] == 300
    one = f"/api/v1/service-accounts/{account['id']}"
    assert (await admin.patch(one, json={"suspended": True})).status_code == 200
    assert (await ask(stranger, account)).status_code == 401
    assert (await admin.patch(one, json={"suspended": False})).status_code == 200
    assert (await ask(stranger, account)).status_code == 200
    clock.advance(301)
    assert (await ask(stranger, account)).status_code == 401


async def test_the_signing_key_is_replaced_in_good_time(
    account: dict[str, Any], stranger: Client, control: Control, clock: ManualClock
) -> None:
    async def published() -> list[str]:
        keys = (await stranger.get("/.well-known/jwks.json")).json()["keys"]
        return [each["kid"] for each in keys]

    async def signs() -> str:
        token = (await ask(stranger, account)).json()["access_token"]
        return str(jwt.get_unverified_header(token)["kid"])

    [first] = await published()
    await control.issuing.tend()
    assert await published() == [first]
    clock.advance(ROTATE_EVERY.total_seconds() + 1)
    await control.issuing.tend()
    # The next key is known to everybody before it signs.
    _, second = await published()
    assert await signs() == first
    clock.advance(LEAD.total_seconds() + 1)
    assert await signs() == second
    await control.issuing.tend()
    assert await published() == [first, second]
    clock.advance(OVERLAP.total_seconds() + 1)
    await control.issuing.tend()
    assert await published() == [second]


async def test_projects_of_others_and_unknown_scopes_are_refused(api: Api, admin: Client) -> None:
    org_id, project_id = await api.tenant("Acme")
    _, foreign = await api.tenant("Other")
    path = f"/api/v1/organizations/{org_id}/service-accounts"
    for fields in (
        {"project_ids": [foreign]},
        {"project_ids": ["prj_x"]},
        {"project_ids": [project_id], "scopes": ["everything"]},
        {"project_ids": [project_id], "name": "Not A Slug"},
    ):
        answer = await admin.post(path, json={"name": "a", **fields})
        assert answer.status_code == 400, answer.text


async def test_a_machine_calls_and_its_end_is_heard_at_the_gateway(platform: Platform) -> None:
    second = await platform.made(f"/organizations/{platform.org_id}/projects", name="Lab")
    account = await account_of(
        platform.client, platform.org_id, platform.project_id, second, models=["scripted"]
    )
    async with httpx.AsyncClient(base_url=platform.served.url) as client:
        answer = await ask(client, account)
        token = str(answer.json()["access_token"])
        await platform.until_served(token, within_s=5)
        assert (await platform.call(token, x_project_id=second)).status_code == 200
        assert (await platform.call(token, x_project_id="prj_other")).status_code == 403
        record = await platform.record()
        assert (record["actor_id"], record["project_id"]) == (account["id"], platform.project_id)

        path = f"/api/v1/service-accounts/{account['id']}"
        newer = (await platform.client.post(f"{path}/secrets", json={})).json()
        other = (await ask(client, {**account, "secret": newer["secret"]})).json()["access_token"]
        await platform.until_served(other, within_s=5)
        old = (await platform.client.get(f"{path}/secrets")).json()["items"][0]
        gone = await platform.client.delete(f"{path}/secrets/{old['id']}")
        assert gone.status_code == 204
        await platform.until_served(token, 401, within_s=5)
        # The other secret's token stays, also for a gateway that has lost control.
        assert (await platform.call(other)).status_code == 200
        assert (await ask(client, account)).status_code == 401

        assert (await platform.client.delete(path)).status_code == 204
        await platform.until_served(other, 401, within_s=5)


async def test_replacing_the_signing_key_ends_every_token(platform: Platform) -> None:
    account = await account_of(platform.client, platform.org_id, platform.project_id)
    async with httpx.AsyncClient(base_url=platform.served.url) as client:
        token = str((await ask(client, account)).json()["access_token"])
        await platform.until_served(token, within_s=5)
        done = await platform.client.post("/api/v1/signing-keys/rotate")
        assert done.status_code == 204
        await platform.until_served(token, 401, within_s=5)
        async with asyncio.timeout(10):
            fresh = str((await ask(client, account)).json()["access_token"])
            await platform.until_served(fresh)
