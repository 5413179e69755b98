"""Master keys are changed while everything runs: by API, over real secrets in every place.

Requirements: S5
"""

from typing import Any

import httpx
import pytest
from sqlalchemy import text

from mainspring.app.control.wiring import Control
from mainspring.infra.secrets import Sealer, open_keys
from mainspring.snapshot.frame import decode_resource
from mainspring.snapshot.resources import Upstream
from mainspring.wire.records import HELD_KEYS, Heartbeat
from tests.fixtures.control import PLATFORM, Api

SECRETS = "/api/v1/secrets"


async def state(admin: httpx.AsyncClient) -> dict[str, Any]:
    answer = await admin.get(SECRETS)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def reseal(admin: httpx.AsyncClient) -> tuple[int, int]:
    """Go over all secrets; return how many were sealed anew, and how many cannot be read."""
    resealed = unreadable = 0
    cursor: str | None = None
    while True:
        params = {"cursor": cursor} if cursor else {}
        step = (await admin.post(f"{SECRETS}/resealing", params=params)).json()
        resealed += step["resealed"]
        unreadable += step["unreadable"]
        cursor = step["cursor"]
        if cursor is None:
            return resealed, unreadable


async def heard(control: Control, name: str, keys: str) -> None:
    """Let a part tell which keys it holds."""
    await control.fleet.hear(
        [
            Heartbeat(
                instance_id=name,
                role="gateway",
                name=name,
                state="ready",
                version="0.1.0",
                started_at_ms=0,
                details={HELD_KEYS: keys},
            )
        ]
    )


async def secrets_everywhere(api: Api, admin: httpx.AsyncClient) -> str:
    """Make a secret of each kind; return the id of the upstream."""
    upstream = await admin.post(
        "/api/v1/upstreams",
        json={"name": "rotated", "base_url": "http://127.0.0.1:1", "credential": "sk-rotated"},
        headers={"Idempotency-Key": "once"},
    )
    assert upstream.status_code == 201, upstream.text
    org_id, _ = await api.tenant("rotating")
    provider = await admin.post(
        f"/api/v1/organizations/{org_id}/identity-providers",
        json={
            "name": "rotated",
            "issuer": "https://rotating.test",
            "client_id": "c",
            "client_secret": "a provider's secret",
            "allowed_domains": ["rotating.test"],
        },
    )
    assert provider.status_code == 201, provider.text
    channel = await admin.post(
        f"/api/v1/organizations/{org_id}/notification-channels",
        json={
            "name": "rotated",
            "kind": "slack",
            "url": "https://hooks.slack.com/services/T0/B0/rotated",
        },
    )
    assert channel.status_code == 201, channel.text
    person = await api.member(org_id)
    factor = await person.client.post(
        "/api/v1/account/second-factor", json={"password": "correct horse battery staple"}
    )
    assert factor.status_code == 201, factor.text
    return str(upstream.json()["id"])


async def test_a_new_key_takes_over_step_by_step_and_the_old_one_goes(
    api: Api, admin: httpx.AsyncClient, control: Control
) -> None:
    upstream_id = await secrets_everywhere(api, admin)
    before = await state(admin)
    [old] = [key["id"] for key in before["keys"]]
    counts = {place["name"]: place["secrets"] for place in before["places"]}
    assert counts.keys() == {
        "upstream credentials",
        "signing keys",
        "identity providers",
        "notification channels",
        "second factors",
        "answers of repeated requests",
    }
    assert all(counts.values())

    await heard(control, "gw-1", old)
    introduced = (await admin.post(f"{SECRETS}/keys")).json()
    new = introduced["keys"][1]["id"]
    assert [key["seals"] for key in introduced["keys"]] == [True, False]
    assert introduced["keys"][1]["missing_at"] == ["gw-1"]
    assert (await admin.post(f"{SECRETS}/keys")).status_code == 409
    refused = await admin.post(f"{SECRETS}/keys/{new}/activation")
    assert (refused.status_code, "gw-1" in refused.json()["detail"]) == (409, True)
    assert control.sealer.key_id == old

    await heard(control, "gw-1", f"{old} {new}")
    assert (await admin.post(f"{SECRETS}/keys/{new}/activation")).status_code == 200
    assert control.sealer.key_id == new
    assert (await admin.delete(f"{SECRETS}/keys/{new}")).status_code == 409
    await heard(control, "gw-1", f"{new} {old}")
    assert (await admin.delete(f"{SECRETS}/keys/{old}")).status_code == 409

    # Halfway through somebody stops, and begins again.
    half = (await admin.post(f"{SECRETS}/resealing")).json()
    assert half["resealed"] == counts["upstream credentials"]
    assert await reseal(admin) == (sum(counts.values()) - half["resealed"], 0)
    assert await reseal(admin) == (0, 0)
    after = await state(admin)
    assert {key["id"]: key["secrets"] for key in after["keys"]} == {
        new: sum(counts.values()),
        old: 0,
    }
    assert (await admin.delete(f"{SECRETS}/keys/{old}")).status_code == 204

    # What is left is enough: a process that starts now reads everything.
    file = control.settings.master_key_file
    sealer = Sealer.of(open_keys(control.settings, file))
    assert sealer.key_ids == (new,)
    upstream = await control.catalog.find_upstream(PLATFORM, "rotated")
    assert upstream is not None
    assert upstream.credential is not None
    assert sealer.unseal(upstream.credential, f"upstream/{upstream_id}") == b"sk-rotated"
    frame = await control.feed.next_frame(None, wait_s=5)
    assert frame is not None
    [resource] = [
        decode_resource(each.kind, each.data)
        for each in frame.entries
        if each.kind == Upstream.kind and each.key == upstream_id and each.data is not None
    ]
    assert isinstance(resource, Upstream)
    assert resource.credential == upstream.credential
    again = await admin.post(
        "/api/v1/upstreams",
        json={"name": "rotated", "base_url": "http://127.0.0.1:1", "credential": "sk-rotated"},
        headers={"Idempotency-Key": "once"},
    )
    assert (again.status_code, again.json()["id"]) == (201, upstream_id)

    events = (await admin.get("/api/v1/audit/events", params={"limit": 200})).json()["items"]
    told = {each["action"] for each in events if each["action"].startswith("master_key.")}
    assert told == {
        "master_key.create",
        "master_key.activate",
        "master_key.reseal",
        "master_key.retire",
    }
    assert "sk-rotated" not in str(events)


async def test_a_secret_that_no_key_opens_is_counted_and_holds_up_no_other(
    api: Api, admin: httpx.AsyncClient, control: Control
) -> None:
    await secrets_everywhere(api, admin)
    async with control.database.session(PLATFORM) as session:
        await session.execute(text("UPDATE second_factors SET ciphertext = '\\x00'::bytea"))
    new = (await admin.post(f"{SECRETS}/keys")).json()["keys"][1]["id"]
    assert (await admin.post(f"{SECRETS}/keys/{new}/activation")).status_code == 200
    resealed, unreadable = await reseal(admin)
    assert (resealed > 3, unreadable) == (True, 1)
    waiting = {each["name"]: each["waiting"] for each in (await state(admin))["places"]}
    assert waiting.pop("second factors") == 1
    assert set(waiting.values()) == {0}


@pytest.mark.parametrize("cursor", ["x", "9999:a", "-1:", "0"])
async def test_a_cursor_that_is_none_is_refused(admin: httpx.AsyncClient, cursor: str) -> None:
    answer = await admin.post(f"{SECRETS}/resealing", params={"cursor": cursor})
    assert answer.status_code == 400


async def test_keys_that_cannot_be_read_are_not_changed(
    admin: httpx.AsyncClient, control: Control
) -> None:
    control.settings.master_key_file.chmod(0o644)
    answer = await admin.post(f"{SECRETS}/keys")
    assert (answer.status_code, answer.json()["code"]) == (503, "keys_unavailable")
    assert control.sealer.key_ids


async def test_a_tenants_people_see_no_master_key(api: Api) -> None:
    org_id, _ = await api.tenant("curious")
    person = await api.member(org_id)
    assert (await person.client.get(SECRETS)).status_code == 403
    assert (await person.client.post(f"{SECRETS}/keys")).status_code == 403
