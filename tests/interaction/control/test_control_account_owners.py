"""Who answers for a service account, and what becomes of it when they leave."""

from typing import Any

import httpx
import pytest

from mainspring.capabilities.identity.api import Role
from tests.fixtures.control import PLATFORM, Api, Person

API = "/api/v1"


async def made(person: Person, org_id: str, project_id: str, name: str) -> dict[str, Any]:
    body = {"name": name, "project_ids": [project_id]}
    answer = await person.client.post(f"{API}/organizations/{org_id}/service-accounts", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def own_id(person: Person) -> str:
    return str(person.session["user"]["id"])


async def test_an_account_stays_when_its_owner_leaves_and_is_flagged_until_taken_over(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Acme")
    leaver, keeper = await api.member(org_id), await api.member(org_id)
    account = await made(leaver, org_id, project_id, "nightly")
    assert (account["owner_id"], account["owner_left_at"]) == (own_id(leaver), None)
    kept = await made(keeper, org_id, project_id, "kept")
    assert (await admin.post(f"{API}/users/{own_id(leaver)}/disable")).status_code == 200

    path = f"{API}/organizations/{org_id}/service-accounts"
    left = (await keeper.client.get(path, params={"owner_left": True})).json()["items"]
    assert [(each["id"], each["owner_id"]) for each in left] == [(account["id"], own_id(leaver))]
    stayed = (await keeper.client.get(path, params={"owner_left": False})).json()["items"]
    assert [each["id"] for each in stayed] == [kept["id"]]
    # It is the organisation's: what runs by it goes on.
    async with api.client() as program:
        token = await program.post(
            "/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(account["id"], account["secret"]),
        )
    assert token.status_code == 200, token.text
    query = {"object_id": account["id"], "org_id": org_id}
    events: list[dict[str, Any]]
    events = (await admin.get(f"{API}/audit/events", params=query)).json()["items"]
    [told] = [each for each in events if each["after"] and each["after"].get("owner_left_at")]
    assert told["action"] == "service_account.update"

    one = f"{API}/service-accounts/{account['id']}"
    refused = await keeper.client.patch(one, json={"owner_id": own_id(leaver)})
    assert (refused.status_code, "owner_id" in refused.text) == (400, True)
    taken = (await keeper.client.patch(one, json={"owner_id": own_id(keeper)})).json()
    assert (taken["owner_id"], taken["owner_left_at"]) == (own_id(keeper), None)
    # An account that opens again makes nobody the owner of what was taken over.
    assert (await admin.post(f"{API}/users/{own_id(leaver)}/enable")).status_code == 200
    assert (await keeper.client.get(one)).json()["owner_id"] == own_id(keeper)


@pytest.mark.parametrize("way", ["removed", "suspended"])
async def test_whoever_leaves_the_organisation_alone_has_left_its_accounts(
    api: Api, admin: httpx.AsyncClient, way: str
) -> None:
    org_id, project_id = await api.tenant("Acme")
    other, others_project = await api.tenant("Other")
    leaver = await api.member(org_id)
    await api.control.members.put(PLATFORM, other, own_id(leaver), Role.ORG_ADMIN)
    here = await made(leaver, org_id, project_id, "here")
    there = await made(leaver, other, others_project, "there")
    if way == "removed":
        await api.control.members.remove(PLATFORM, org_id, own_id(leaver))
    else:
        token = await api.control.directory_tokens.create(PLATFORM, org_id, name="d")
        async with api.client(Authorization=f"Bearer {token.secret}") as directory:
            email = leaver.session["user"]["email"]
            body = {
                "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
                "userName": email,
                "emails": [{"value": email, "primary": True}],
                "active": True,
            }
            taken_in = await directory.post("/scim/v2/Users", json=body)
            assert taken_in.status_code == 201, taken_in.text
            closed = await directory.put(
                f"/scim/v2/Users/{taken_in.json()['id']}", json={**body, "active": False}
            )
            assert closed.status_code == 200, closed.text
    states = {
        each["name"]: each["owner_left_at"] is not None
        for place in (org_id, other)
        for each in (await admin.get(f"{API}/organizations/{place}/service-accounts")).json()[
            "items"
        ]
    }
    assert states == {here["name"]: True, there["name"]: False}
