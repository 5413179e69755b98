"""Tokens of a real, certified OpenID provider, from the provider to the ledger's record."""

import asyncio

import httpx

from tests.fixtures.oidc import RESOURCE, OidcProvider
from tests.interaction.federation.conftest import Platform


async def believe(platform: Platform, provider: OidcProvider, **fields: object) -> str:
    """Have the provider's tokens believed; return the issuer's id."""
    return await platform.made(
        f"/organizations/{platform.org_id}/token-issuers",
        name="corporate",
        issuer=provider.issuer,
        audience=RESOURCE,
        **{"grants": [{"project_id": platform.project_id}], **fields},
    )


async def issuer_of(platform: Platform, issuer_id: str) -> dict[str, object]:
    answer = await platform.client.get(f"/api/v1/token-issuers/{issuer_id}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_a_person_and_a_machine_call_with_the_providers_tokens(
    platform: Platform, provider: OidcProvider
) -> None:
    await believe(
        platform, provider, grants=[{"project_id": platform.project_id, "group": "engineering"}]
    )
    token = await provider.person_token("ada")
    await platform.until_served(token)
    bob = await platform.call(await provider.person_token("bob"))
    assert (bob.status_code, bob.json()["error"]["code"]) == (403, "project_not_allowed")
    machine = await platform.call(await provider.machine_token())
    assert machine.status_code == 403
    record = await platform.record()
    assert (record["actor_id"], record["project_id"]) == ("corporate/ada", platform.project_id)


async def test_a_provider_that_changed_its_keys_is_followed_at_once(
    platform: Platform, provider: OidcProvider
) -> None:
    issuer_id = await believe(platform, provider)
    old = await provider.machine_token()
    await platform.until_served(old)
    before = await issuer_of(platform, issuer_id)
    await provider.rotate()
    new = await provider.machine_token()
    # The keys are not due for minutes: it is the gateway that asks for them, and tells its
    # callers to come back in a second. It is never asked for more often than each five seconds.
    first = await platform.call(new)
    assert (first.status_code, first.json()["error"]["code"]) == (503, "signing_key_unknown")
    assert first.headers["retry-after"] == "1"
    async with asyncio.timeout(30):
        while (answer := await platform.call(new)).status_code != 200:
            assert answer.status_code in {401, 503}
            await asyncio.sleep(0.1)
    after = await issuer_of(platform, issuer_id)
    assert after["key_ids"] == [provider.keys[0].key_id]
    assert before["key_ids"] != after["key_ids"]
    assert (await platform.call(old)).status_code in {401, 503}


async def test_while_the_provider_is_down_its_tokens_stay_good(
    platform: Platform, provider: OidcProvider
) -> None:
    issuer_id = await believe(platform, provider)
    token = await provider.machine_token()
    await platform.until_served(token)
    provider.stop()
    url = f"/api/v1/token-issuers/{issuer_id}/refresh"
    async with asyncio.timeout(30):
        while True:
            answer = await platform.client.post(url)
            assert answer.status_code == 200
            if answer.json()["problem"] is not None:
                break
            await asyncio.sleep(0.5)
    told = answer.json()
    assert told["problem"] == "no answer (ConnectError)"
    assert told["key_ids"] == [provider.keys[0].key_id]
    assert (await platform.call(token)).status_code == 200
    # A gateway that starts now knows the keys as well.
    await platform.stand.gateway.stop(0.1)
    await platform.stand.start_linked()
    await platform.until_served(token)


async def test_the_gateway_goes_on_with_control_away(
    platform: Platform, provider: OidcProvider
) -> None:
    await believe(platform, provider)
    token = await provider.machine_token()
    await platform.until_served(token)
    stand = platform.stand
    await stand.gateway.stop(0.1)
    stand.configure(control_url="http://127.0.0.1:9")
    await stand.start_linked()
    assert (await platform.call(token)).status_code == 200


async def test_removing_the_issuer_ends_its_tokens_within_moments(
    platform: Platform, provider: OidcProvider
) -> None:
    issuer_id = await believe(platform, provider)
    token = await provider.machine_token()
    await platform.until_served(token)
    answer = await platform.client.delete(f"/api/v1/token-issuers/{issuer_id}")
    assert answer.status_code == 204
    await platform.until_served(token, 401, within_s=5)


async def test_a_provider_that_calls_itself_otherwise_is_not_believed(
    platform: Platform, provider: OidcProvider
) -> None:
    issuer_id = await platform.made(
        f"/organizations/{platform.org_id}/token-issuers",
        name="corporate",
        issuer=f"http://localhost:{provider.port}",
        audience=RESOURCE,
    )
    async with asyncio.timeout(20):
        while (told := await issuer_of(platform, issuer_id))["problem"] is None:  # noqa: ASYNC110 - polled
            await asyncio.sleep(0.05)
    assert told["problem"] == "the provider's metadata names another issuer"
    assert told["key_ids"] == []


async def test_made_up_keys_cost_one_question_and_end_in_a_refusal(
    platform: Platform, provider: OidcProvider
) -> None:
    await believe(platform, provider)
    token = await provider.machine_token()
    await platform.until_served(token)
    head, body, signature = token.split(".")
    del head
    forged = f"eyJhbGciOiJSUzI1NiIsImtpZCI6Im1hZGUtdXAifQ.{body}.{signature}"
    assert (await platform.call(forged)).status_code == 503
    async with httpx.AsyncClient(base_url=platform.stand.url) as client:
        async with asyncio.timeout(20):
            while True:
                answer = await client.get(
                    "/v1/models", headers={"authorization": f"Bearer {forged}"}
                )
                if answer.status_code == 401:
                    break
                await asyncio.sleep(0.2)
    assert (await platform.call(token)).status_code == 200
