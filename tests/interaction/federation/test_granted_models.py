"""A grant that is given or taken back by the API holds at a gateway within moments."""

import time

import openai
import pytest

from tests.interaction.federation.conftest import Platform

API = "/api/v1"


async def test_a_restricted_model_opens_and_closes_at_a_gateway_that_follows(
    platform: Platform,
) -> None:
    client = platform.client
    made = await client.post(f"{API}/projects/{platform.project_id}/keys", json={"name": "k"})
    key = str(made.json()["secret"])
    await platform.until_served(key)
    [model] = [
        each
        for each in (await client.get(f"{API}/models")).json()["items"]
        if each["name"] == "scripted"
    ]
    answer = await client.patch(f"{API}/models/{model['id']}", json={"access": "restricted"})
    assert answer.status_code == 200, answer.text
    await platform.until_served(key, 404, within_s=5)
    sdk = platform.stand.openai(key)
    assert "scripted" not in [each.id async for each in sdk.models.list()]
    given = await platform.made(
        "/model-grants",
        org_id=platform.org_id,
        project_id=platform.project_id,
        model_id=model["id"],
    )
    await platform.until_served(key, within_s=5)
    assert "scripted" in [each.id async for each in sdk.models.list()]
    began = time.monotonic()
    assert (await client.delete(f"{API}/model-grants/{given}")).status_code == 204
    await platform.until_served(key, 404, within_s=5)
    assert time.monotonic() - began < 5
    with pytest.raises(openai.NotFoundError):
        await sdk.chat.completions.create(
            model="scripted", messages=[{"role": "user", "content": "hello"}]
        )
