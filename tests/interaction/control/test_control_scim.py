"""SCIM 2.0: an organisation's directory says who belongs to it."""

import asyncio
from typing import Any, cast

import httpx
import httpx2
import pytest
from pydantic import BaseModel
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import CheckResult, Status, check_server

from mainspring.kernel.scope import PLATFORM_ORG, Actor, ActorKind, Scope
from tests.fixtures.control import PLATFORM, Api, Served

API = "/api/v1"
SCIM = "/scim/v2"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


async def token_of(admin: httpx.AsyncClient, org_id: str) -> str:
    answer = await admin.post(f"{API}/organizations/{org_id}/directory-tokens", json={"name": "d"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["secret"])


async def directory(api: Api, admin: httpx.AsyncClient, org_id: str) -> httpx.AsyncClient:
    """Return the client that an organisation's directory would use."""
    secret = await token_of(admin, org_id)
    return api.client(Authorization=f"Bearer {secret}")


async def added(client: httpx.AsyncClient, who: str, **more: object) -> dict[str, Any]:
    body = {
        "schemas": [USER],
        "userName": who,
        "emails": [{"value": f"{who}@corp.example", "primary": True}],
        **more,
    }
    answer = await client.post(f"{SCIM}/Users", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["content-type"].startswith("application/scim+json")
    return dict(answer.json())


async def patched(client: httpx.AsyncClient, url: str, *operations: object) -> httpx.Response:
    body = {"schemas": [PATCH], "Operations": list(operations)}
    return await client.patch(url, json=body)


async def account(admin: httpx.AsyncClient, email: str) -> dict[str, Any]:
    found = (await admin.get(f"{API}/users", params={"email": email})).json()["items"]
    return dict(found[0])


_NAMES_OF_MEMBERS = ["check_add_attribute", "check_replace_attribute"]
"""The checks that are wrong about a group's members; fewer or more: look at them again."""


@pytest.mark.timeout(300)
async def test_the_conformance_checker_finds_nothing_about_groups(served: Served) -> None:
    assert await _checked(served, ["Group"], at_least=40) == _NAMES_OF_MEMBERS


@pytest.mark.nightly
@pytest.mark.timeout(900)
async def test_the_conformance_checker_finds_nothing(served: Served) -> None:
    assert await _checked(served, None, at_least=133) == _NAMES_OF_MEMBERS


async def _checked(served: Served, kinds: list[str] | None, *, at_least: int) -> list[str]:
    """Have the checker find nothing; return the checks in which it is wrong."""
    async with httpx.AsyncClient(base_url=served.url, headers=served.admin(), timeout=30) as admin:
        org = (await admin.post(f"{API}/organizations", json={"name": "Scim"})).json()
        secret = await token_of(admin, org["id"])

    def check() -> list[CheckResult]:
        with httpx2.Client(
            base_url=f"{served.url}{SCIM}",
            headers={"Authorization": f"Bearer {secret}"},
            timeout=30,
        ) as client:
            return check_server(SyncSCIMClient(client), resource_types=kinds)

    results = await asyncio.to_thread(check)
    found = [each for each in results if each.status not in {Status.SUCCESS, Status.COMPLIANT}]
    bad = [each for each in found if not _minds_names_of_members(each)]
    assert "\n".join(f"{each.title}: {each.reason}" for each in bad) == ""
    assert sum(each.status is Status.SUCCESS for each in results) >= at_least
    return [str(each.title) for each in found]


def _minds_names_of_members(result: CheckResult) -> bool:
    """Tell whether the checker minds only that a member of a group comes back with a name.

    ``members.display`` is read-only in the schema that this service publishes, so its value is the
    service's to tell (RFC 7643, section 7); the checker compares whole members all the same, with
    those that it sent, which have none. Directories show these names to people.
    """
    if result.title not in _NAMES_OF_MEMBERS:
        return False
    data = cast("dict[str, Any]", result.data)
    told = cast("list[BaseModel]", data.get("modify_actual", ()))
    nameless = [each.model_copy(update={"display": None}) for each in told]
    return data.get("urn") == "members" and bool(told) and nameless == data.get("expected")


async def test_a_person_comes_changes_and_goes(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, project_id = await api.tenant("Comers")
    async with await directory(api, admin, org_id) as scim:
        made = await added(scim, "grace", name={"givenName": "Grace", "familyName": "Hopper"})
        url = f"{SCIM}/Users/{made['id']}"
        person = await account(admin, "grace@corp.example")
        assert (person["name"], person["managed_by"]) == ("Grace Hopper", org_id)
        members = (await admin.get(f"{API}/organizations/{org_id}/members")).json()["items"]
        assert [(each["email"], each["role"]) for each in members] == [
            ("grace@corp.example", "guest")
        ]
        # She holds a key and a token, as somebody who signed in would.
        await api.control.members.put(PLATFORM, org_id, person["id"], "developer")
        token = await personal_token(api, person["id"])
        async with api.client(Authorization=f"Bearer {token}") as grace:
            key = await grace.post(f"{API}/projects/{project_id}/keys", json={"name": "k"})
            assert key.status_code == 201
            off = {"op": "replace", "path": "active", "value": False}
            assert (await patched(scim, url, off)).json()["active"] is False
            assert (await grace.get(f"{API}/tokens")).status_code == 401
        keys = (await admin.get(f"{API}/projects/{project_id}/keys")).json()["items"]
        assert keys[0]["revoked_at"] is not None
        assert (await account(admin, "grace@corp.example"))["disabled_at"] is not None
        on = {"op": "Replace", "value": {"active": True, "displayName": "Rear Admiral"}}
        assert (await patched(scim, url, on)).json()["active"] is True
        person = await account(admin, "grace@corp.example")
        assert (person["disabled_at"], person["name"]) == (None, "Rear Admiral")
        assert (await scim.delete(url)).status_code == 204
        assert (await scim.get(url)).status_code == 404
        assert (await account(admin, "grace@corp.example"))["disabled_at"] is not None
        members = (await admin.get(f"{API}/organizations/{org_id}/members")).json()["items"]
        assert members == []
        again = await added(scim, "grace")
        assert again["id"] != made["id"]
        assert (await account(admin, "grace@corp.example"))["disabled_at"] is None


async def personal_token(api: Api, user_id: str) -> str:
    scope = Scope(org_id=PLATFORM_ORG, actor=Actor(ActorKind.USER, user_id))
    return (await api.control.tokens.create(scope, name="t")).secret


async def test_what_somebody_else_closed_stays_closed(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, _ = await api.tenant("Closers")
    async with await directory(api, admin, org_id) as scim:
        made = await added(scim, "mallory")
        url = f"{SCIM}/Users/{made['id']}"
        person = await account(admin, "mallory@corp.example")
        await admin.post(f"{API}/users/{person['id']}/disable")
        for value in (False, True):
            await patched(scim, url, {"op": "replace", "path": "active", "value": value})
        await scim.delete(url)
        await added(scim, "mallory")
        assert (await account(admin, "mallory@corp.example"))["disabled_at"] is not None


async def test_groups_give_the_roles_of_those_that_take_them_in(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, _ = await api.tenant("Groupers")
    async with await directory(api, admin, org_id) as scim:
        ada, bob = await added(scim, "ada"), await added(scim, "bob")
        body = {
            "schemas": [GROUP],
            "displayName": "eng",
            "members": [{"value": ada["id"]}, {"value": bob["id"]}],
        }
        group = (await scim.post(f"{SCIM}/Groups", json=body)).json()
        url = f"{SCIM}/Groups/{group['id']}"
        assert {each["value"] for each in group["members"]} == {ada["id"], bob["id"]}
        shown = (await scim.get(f"{SCIM}/Users/{ada['id']}")).json()
        assert [each["display"] for each in shown["groups"]] == ["eng"]
        here = {"name": "Engineers", "external_name": "eng", "roles": [{"role": "developer"}]}
        path = f"{API}/organizations/{org_id}/groups"
        made = (await admin.post(path, json=here)).json()

        async def inside() -> set[str]:
            found = await admin.get(f"{API}/groups/{made['id']}/members")
            return {each["email"].partition("@")[0] for each in found.json()["items"]}

        assert await inside() == {"ada", "bob"}
        removal = {"op": "remove", "path": f'members[value eq "{bob["id"]}"]'}
        assert (await patched(scim, url, removal)).status_code == 200
        assert await inside() == {"ada"}
        person = await account(admin, "ada@corp.example")
        kept = await admin.delete(f"{API}/groups/{made['id']}/members/{person['id']}")
        assert kept.status_code == 409
        query = {"actor": person["id"], "permission": "key:write", "resource": org_id}
        explained = (await admin.get(f"{API}/access/explain", params=query)).json()
        assert explained["allowed"] is True
        renamed = {"op": "replace", "path": "displayName", "value": "other"}
        await patched(scim, url, renamed)
        assert await inside() == set()
        await admin.patch(f"{API}/groups/{made['id']}", json={"external_name": "other"})
        assert await inside() == {"ada"}
        stranger = {"op": "add", "path": "members", "value": [{"value": "dus_nobody"}]}
        assert (await patched(scim, url, stranger)).status_code == 400
        assert (await scim.delete(url)).status_code == 204
        assert await inside() == set()


async def test_lists_are_filtered_and_paged_and_changes_are_guarded(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, _ = await api.tenant("Listers")
    async with await directory(api, admin, org_id) as scim:
        made = [await added(scim, f"p{n}", externalId=f"x{n}", title=f"t{n % 2}") for n in range(5)]

        async def found(**query: str | int) -> tuple[int, list[str]]:
            answer = await scim.get(f"{SCIM}/Users", params=query)
            assert answer.status_code == 200, answer.text
            content = answer.json()
            return content["totalResults"], [each["id"] for each in content.get("Resources", [])]

        ids = [each["id"] for each in made]
        assert await found(startIndex=2, count=2) == (5, ids[1:3])
        assert await found(count=0) == (5, [])
        assert await found(filter='userName eq "P3"') == (1, [ids[3]])
        assert await found(filter='externalId eq "x1"') == (1, [ids[1]])
        assert await found(filter='title eq "t1" and userName sw "p"') == (2, [ids[1], ids[3]])
        assert await found(filter='emails[value ew "corp.example"]', count=1) == (5, [ids[0]])
        assert (await scim.get(f"{SCIM}/Users", params={"filter": "userName is"})).json()[
            "scimType"
        ] == "invalidFilter"
        url = f"{SCIM}/Users/{ids[0]}"
        read = await scim.get(url)
        version = read.headers["etag"]
        assert version == read.json()["meta"]["version"]
        same = await scim.get(url, headers={"If-None-Match": version})
        assert (same.status_code, same.content) == (304, b"")
        named = {"op": "replace", "path": "title", "value": "new"}
        body = {"schemas": [PATCH], "Operations": [named]}
        assert (await scim.patch(url, json=body, headers={"If-Match": version})).status_code == 200
        stale = await scim.patch(url, json=body, headers={"If-Match": version})
        assert (stale.status_code, stale.json()["status"]) == (412, "412")
        taken = {"schemas": [USER], "userName": "P1", "emails": [{"value": "z@corp.example"}]}
        conflict = await scim.post(f"{SCIM}/Users", json=taken)
        assert (conflict.status_code, conflict.json()["scimType"]) == (409, "uniqueness")
        only = (await scim.get(url, params={"attributes": "userName"})).json()
        assert set(only) == {"schemas", "id", "userName"}


async def test_a_directory_reaches_nothing_but_its_own_organisation(
    api: Api, admin: httpx.AsyncClient
) -> None:
    mine, _ = await api.tenant("Mine")
    other, _ = await api.tenant("Other")
    outsider = await api.member(other)
    member = await api.member(mine, "viewer")
    async with (
        await directory(api, admin, mine) as scim,
        await directory(api, admin, other) as theirs,
        api.client() as stranger,
    ):
        nobody = await stranger.get(f"{SCIM}/Users")
        assert (nobody.status_code, nobody.json()["status"]) == (401, "401")
        wrong = await stranger.get(f"{SCIM}/Users", headers={"Authorization": "Bearer msd-x"})
        assert wrong.status_code == 401
        assert (await scim.get(f"{API}/organizations")).status_code == 401
        emails = [{"value": outsider.session["user"]["email"]}]
        taken = await scim.post(
            f"{SCIM}/Users", json={"schemas": [USER], "userName": "o", "emails": emails}
        )
        assert taken.status_code == 409
        theirs_made = await added(theirs, "zoe")
        url = f"{SCIM}/Users/{theirs_made['id']}"
        for answer in (
            await scim.get(url),
            await scim.delete(url),
            await patched(scim, url, {"op": "replace", "path": "active", "value": False}),
        ):
            assert answer.status_code == 404
        assert (await scim.get(f"{SCIM}/Users")).json()["totalResults"] == 0
        # Of an account that was here before it governs the place in the organisation only.
        email = member.session["user"]["email"]
        body = {"schemas": [USER], "userName": "m", "emails": [{"value": email}]}
        adopted = (await scim.post(f"{SCIM}/Users", json=body)).json()
        off = {"op": "replace", "path": "active", "value": False}
        await patched(scim, f"{SCIM}/Users/{adopted['id']}", off)
        assert (await account(admin, email))["disabled_at"] is None
        assert (await member.client.get(f"{API}/organizations/{mine}")).status_code == 404
        on = {"op": "replace", "path": "active", "value": True}
        await patched(scim, f"{SCIM}/Users/{adopted['id']}", on)
        assert (await member.client.get(f"{API}/organizations/{mine}")).status_code == 200
        tokens = f"{API}/organizations/{mine}/directory-tokens"
        [held] = (await admin.get(tokens)).json()["items"]
        assert (await admin.delete(f"{tokens}/{held['id']}")).status_code == 204
        assert (await scim.get(f"{SCIM}/Users")).status_code == 401
