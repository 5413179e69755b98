"""Whoever leaves is refused at the gateway with every provider's token, within moments."""

import asyncio
from typing import Any

import httpx

from tests.fixtures.oidc import REDIRECT, RESOURCE, OidcProvider, sign_in
from tests.interaction.federation.conftest import Platform

API = "/api/v1"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"


async def believed(platform: Platform, provider: OidcProvider) -> None:
    """Have the provider's tokens believed at the gateway."""
    await platform.made(
        f"/organizations/{platform.org_id}/token-issuers",
        name="corporate",
        issuer=provider.issuer,
        audience=RESOURCE,
        grants=[{"project_id": platform.project_id}],
    )


async def linked(platform: Platform, provider: OidcProvider, login: str) -> str:
    """Have a person sign in to the console by the provider; return the id of their account."""
    body = {
        "name": "console",
        "issuer": provider.issuer,
        "client_id": "web",
        "client_secret": "web-secret",
    }
    made = (await platform.client.post(f"{API}/identity-providers", json=body)).json()
    provider.stop()
    provider.redirect_uris = (made["redirect_uri"], REDIRECT)
    await provider.start()
    async with (
        httpx.AsyncClient(base_url=platform.served.url, timeout=30) as browser,
        httpx.AsyncClient(timeout=30) as pages,
    ):
        begun = await browser.get(f"{API}/sso/{made['id']}/sign-in")
        done = await browser.get(await sign_in(pages, begun.headers["location"], login))
        assert "error" not in done.headers["location"], done.headers["location"]
        session: dict[str, Any] = (await browser.get(f"{API}/sessions/current")).json()
    return str(session["user"]["id"])


async def test_a_person_who_is_disabled_is_refused_with_the_providers_token(
    platform: Platform, provider: OidcProvider
) -> None:
    await believed(platform, provider)
    user_id = await linked(platform, provider, "ada")
    ada, bob = await provider.person_token("ada"), await provider.person_token("bob")
    await platform.until_served(ada)
    await platform.until_served(bob)
    answer = await platform.client.post(f"{API}/users/{user_id}/disable")
    assert answer.status_code == 200, answer.text
    await platform.until_served(ada, 401, within_s=5)
    assert (await platform.call(bob)).status_code == 200
    # A gateway that starts now knows as well.
    await platform.stand.gateway.stop(0.1)
    await platform.stand.start_linked()
    await platform.until_served(bob)
    assert (await platform.call(ada)).status_code == 401
    await platform.client.post(f"{API}/users/{user_id}/enable")
    await platform.until_served(ada, within_s=5)
    # Lost credentials: what was made until now ends, what is made from now on is good.
    await platform.client.post(f"{API}/users/{user_id}/revoke")
    await platform.until_served(ada, 401, within_s=5)
    async with asyncio.timeout(30):
        while (await platform.call(await provider.person_token("ada"))).status_code != 200:  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0.2)
    assert (await platform.call(ada)).status_code == 401


async def test_whoever_the_directory_closes_is_refused(
    platform: Platform, provider: OidcProvider
) -> None:
    await believed(platform, provider)
    token = await provider.person_token("bob")
    await platform.until_served(token)
    made = await platform.client.post(
        f"{API}/organizations/{platform.org_id}/directory-tokens", json={"name": "d"}
    )
    shown = {"Authorization": f"Bearer {made.json()['secret']}"}
    async with httpx.AsyncClient(
        base_url=f"{platform.served.url}/scim/v2", headers=shown, timeout=30
    ) as scim:
        body = {"schemas": [USER], "userName": "Bob@corp.example", "externalId": "bob"}
        person = await scim.post("/Users", json=body)
        assert person.status_code == 201, person.text

        async def turn(*, active: bool) -> None:
            operation = {"op": "replace", "path": "active", "value": active}
            sent = {"schemas": [PATCH], "Operations": [operation]}
            answer = await scim.patch(f"/Users/{person.json()['id']}", json=sent)
            assert answer.status_code == 200, answer.text

        await turn(active=False)
        await platform.until_served(token, 401, within_s=5)
        await turn(active=True)
        await platform.until_served(token, within_s=5)
