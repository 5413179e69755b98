"""Saying whose tokens are believed: by the API, with each tenant kept to its own."""

from typing import Any

import httpx
import pytest

from mainspring.app.control.wiring import Control
from mainspring.testing.tokens import TestKey, key_set
from tests.fixtures.control import Api

KEYS = key_set(TestKey()).decode()


def issuer(**fields: object) -> dict[str, Any]:
    return {
        "name": "corporate",
        "issuer": "https://login.example.com",
        "audience": "mainspring",
        "keys": KEYS,
        **fields,
    }


async def test_an_issuer_lives_and_ends(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, project_id = await api.tenant("Acme")
    path = f"/api/v1/organizations/{org_id}/token-issuers"
    made = await admin.post(path, json=issuer(grants=[{"project_id": project_id, "group": "a"}]))
    assert made.status_code == 201, made.text
    told = made.json()
    assert told["key_ids"] == ["key-1"]
    assert told["grants"] == [
        {
            "project_id": project_id,
            "group": "a",
            "scopes": ["model:call", "models:read"],
            "models": None,
        }
    ]
    one = f"/api/v1/token-issuers/{told['id']}"
    assert (await admin.get(one)).json() == told
    assert (await admin.get(path)).json()["items"] == [told]
    stale = await admin.patch(one, json={"audience": "x"}, headers={"If-Match": '"r9"'})
    assert stale.status_code == 412
    changed = await admin.patch(
        one,
        json={"audience": "other", "scope_claim": "scope", "leeway_s": 0},
        headers={"If-Match": made.headers["etag"]},
    )
    assert changed.status_code == 200
    assert changed.json() == {
        **told,
        "audience": "other",
        "scope_claim": "scope",
        "leeway_s": 0,
        "updated_at": changed.json()["updated_at"],
    }
    newer = await admin.patch(one, json={"keys": key_set(TestKey(key_id="key-2")).decode()})
    assert newer.json()["key_ids"] == ["key-2"]
    assert (await admin.post(f"{one}/refresh")).json()["key_ids"] == ["key-2"]
    assert (await admin.delete(one)).status_code == 204
    assert (await admin.get(one)).status_code == 404


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "Not A Slug"}, "name"),
        ({"algorithms": ["HS256"]}, "algorithms"),
        ({"algorithms": ["none"]}, "algorithms"),
        ({"keys": "{}"}, "keys"),
        ({"keys": '{"keys":[{"kty":"oct","k":"c2VjcmV0"}]}'}, "keys"),
        ({"keys": None, "issuer": "http://login.example.com"}, "issuer"),
        ({"keys": None, "issuer": "not a URL"}, "issuer"),
        ({"keys": None, "jwks_uri": "file:///etc/passwd"}, "jwks_uri"),
        ({"jwks_uri": "https://login.example.com/keys"}, "jwks_uri"),
        ({"grants": [{"project_id": "prj_unknown"}]}, "grants"),
        ({"grants": [{"project_id": "prj_x", "scopes": ["everything"]}]}, "grants"),
        ({"user_claim": "with blank"}, "user_claim"),
    ],
)
async def test_what_cannot_be_is_refused_with_the_field(
    api: Api, admin: httpx.AsyncClient, fields: dict[str, Any], field: str
) -> None:
    org_id, _ = await api.tenant("Acme")
    answer = await admin.post(
        f"/api/v1/organizations/{org_id}/token-issuers", json=issuer(**fields)
    )
    assert answer.status_code == 400, answer.text
    assert answer.json()["errors"][0]["field"] == field


async def test_a_tenant_sees_and_changes_its_own_issuers_only(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Acme")
    other_id, _ = await api.tenant("Other")
    path = f"/api/v1/organizations/{org_id}/token-issuers"
    made = (await admin.post(path, json=issuer())).json()
    stranger = (await api.member(other_id)).client
    one = f"/api/v1/token-issuers/{made['id']}"
    for method, url in (
        ("GET", path),
        ("POST", path),
        ("GET", one),
        ("PATCH", one),
        ("DELETE", one),
        ("POST", f"{one}/refresh"),
    ):
        body = issuer(name="x") if url == path else {"audience": "x"}
        answer = await stranger.request(method, url, json=body if method != "GET" else None)
        assert answer.status_code == 404, (method, url, answer.text)
    # Nor may it lead its own tokens into a project of another.
    own = await stranger.post(
        f"/api/v1/organizations/{other_id}/token-issuers",
        json=issuer(name="y", issuer="https://other.test", grants=[{"project_id": project_id}]),
    )
    assert (own.status_code, own.json()["errors"][0]["field"]) == (400, "grants")


async def test_nobody_takes_over_another_organisations_provider(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, _ = await api.tenant("Acme")
    other_id, _ = await api.tenant("Other")
    first = (await api.member(org_id)).client
    second = (await api.member(other_id)).client
    answer = await first.post(f"/api/v1/organizations/{org_id}/token-issuers", json=issuer())
    assert answer.status_code == 201
    theirs = f"/api/v1/organizations/{other_id}/token-issuers"
    taken = await second.post(theirs, json=issuer(audience="another"))
    assert (taken.status_code, taken.json()["code"]) == (409, "conflict")
    # The platform may say that one provider serves both, for different audiences.
    assert (await admin.post(theirs, json=issuer())).status_code == 409
    assert (await admin.post(theirs, json=issuer(audience="another"))).status_code == 201


async def test_an_organisations_end_is_that_of_its_issuers(
    api: Api, admin: httpx.AsyncClient, control: Control
) -> None:
    org_id, _ = await api.tenant("Acme")
    path = f"/api/v1/organizations/{org_id}/token-issuers"
    made = (await admin.post(path, json=issuer())).json()
    assert (await admin.delete(f"/api/v1/organizations/{org_id}")).status_code == 204
    assert (await admin.get(f"/api/v1/token-issuers/{made['id']}")).status_code == 404
    frame = await control.feed.next_frame(None, wait_s=5)
    assert frame is not None
    left = {entry.key for entry in frame.entries if entry.kind == "token_issuer"}
    assert left == set()
