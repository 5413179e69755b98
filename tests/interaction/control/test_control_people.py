"""Accounts, members, groups, roles and invitations: who may give what, and how it ends."""

from typing import Any

import httpx

from mainspring.app.control.wiring import Control
from mainspring.capabilities.identity.api import Role
from mainspring.infra.feed import read_frame
from mainspring.kernel.clock import ManualClock
from mainspring.kernel.ids import new_id
from mainspring.snapshot.table import SnapshotTable
from tests.fixtures.control import PASSWORD, Api, Person

API = "/api/v1"


async def gateway_view(control: Control) -> SnapshotTable:
    """Return what a gateway that starts now would know."""
    table = SnapshotTable()
    frame = await read_frame(control.database)
    assert frame is not None
    table.apply(frame)
    return table


def user_id(person: Person) -> str:
    return str(person.session["user"]["id"])


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def invited(client: httpx.AsyncClient, org_id: str, **body: object) -> dict[str, Any]:
    answer = await client.post(f"{API}/organizations/{org_id}/invitations", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def token_of(invitation: dict[str, Any]) -> str:
    return str(invitation["link"]).partition("#token=")[2]


async def test_an_account_is_created_found_changed_and_signs_in(
    api: Api, admin: httpx.AsyncClient
) -> None:
    body = {
        "email": "Grace@Example.com",
        "name": "Grace",
        "password": PASSWORD,
        "platform_roles": ["finance"],
    }
    made = (await admin.post(f"{API}/users", json=body)).json()
    assert (made["email"], made["platform_roles"]) == ("grace@example.com", ["finance"])
    assert "password" not in str(made)
    assert code(await admin.post(f"{API}/users", json=body)) == (409, "conflict")
    found = (await admin.get(f"{API}/users", params={"email": "GRACE@example.com"})).json()
    assert found["items"] == [made]
    path = f"{API}/users/{made['id']}"
    read = await admin.get(path)
    assert read.json() == made
    changed = await admin.patch(
        path,
        json={"name": "Grace Hopper", "platform_roles": ["security"]},
        headers={"If-Match": read.headers["etag"]},
    )
    assert changed.json()["platform_roles"] == ["security"]
    outdated = await admin.patch(path, json={"name": "x"}, headers=dict(read.headers))
    assert outdated.status_code == 200
    stale = await admin.patch(path, json={"name": "x"}, headers={"If-Match": read.headers["etag"]})
    assert code(stale) == (412, "precondition_failed")
    grace = await api.sign_in("grace@example.com")
    assert (await grace.client.get(f"{API}/system/parts")).status_code == 200
    assert code(await grace.client.post(f"{API}/users", json=body)) == (403, "permission_denied")


async def test_disabling_a_person_ends_everything_that_they_hold(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Leavers")
    leaver, colleague = await api.member(org_id), await api.member(org_id)
    keys = f"{API}/projects/{project_id}/keys"
    held = (await leaver.client.post(keys, json={"name": "held"})).json()
    kept = (await colleague.client.post(keys, json={"name": "kept"})).json()
    token = (await leaver.client.post(f"{API}/tokens", json={"name": "t"})).json()["secret"]
    invitation = await invited(leaver.client, org_id, email="friend@example.com")
    before = await gateway_view(api.control)
    assert before.find_key(held["secret"]) is not None

    ended = await admin.post(f"{API}/users/{user_id(leaver)}/disable")

    assert ended.json() == {"sessions": 1, "tokens": 1, "keys": 1, "invitations": 1}
    after = await gateway_view(api.control)
    assert after.find_key(held["secret"]) is None
    assert after.find_key(kept["secret"]) is not None
    assert (await leaver.client.get(f"{API}/sessions/current")).status_code == 401
    async with api.client(Authorization=f"Bearer {token}") as by_token:
        assert (await by_token.get(f"{API}/tokens")).status_code == 401
    async with api.client() as friend:
        opened = await friend.post(f"{API}/invitations/open", json={"token": token_of(invitation)})
        assert code(opened) == (401, "invitation_invalid")
        credentials = {"email": leaver.session["user"]["email"], "password": PASSWORD}
        assert code(await friend.post(f"{API}/sessions", json=credentials)) == (
            401,
            "account_disabled",
        )
        wrong = {**credentials, "password": "not the password"}
        assert code(await friend.post(f"{API}/sessions", json=wrong)) == (
            401,
            "invalid_credentials",
        )
    assert (await admin.post(f"{API}/users/{user_id(leaver)}/enable")).json()["disabled_at"] is None
    again = await api.sign_in(leaver.session["user"]["email"])
    assert (await again.client.get(keys)).status_code == 200
    assert (await gateway_view(api.control)).find_key(held["secret"]) is None


async def test_lost_credentials_end_and_the_account_stays_open(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, _ = await api.tenant("Lost")
    person = await api.member(org_id)
    ended = await admin.post(f"{API}/users/{user_id(person)}/revoke")
    assert ended.json()["sessions"] == 1
    assert (await person.client.get(f"{API}/sessions/current")).status_code == 401
    await api.sign_in(person.session["user"]["email"])


async def test_the_last_administrator_can_neither_be_disabled_nor_demoted(
    api: Api, admin: httpx.AsyncClient
) -> None:
    first = await _administrator(admin, "first@example.com")
    disable = f"{API}/users/{first}/disable"
    assert code(await admin.post(disable)) == (409, "conflict")
    demoted = await admin.patch(f"{API}/users/{first}", json={"platform_roles": []})
    assert code(demoted) == (409, "conflict")
    second = await _administrator(admin, "second@example.com")
    assert (await admin.post(disable)).status_code == 200
    assert code(await admin.post(f"{API}/users/{second}/disable")) == (409, "conflict")
    assert api.control is not None


async def _administrator(admin: httpx.AsyncClient, email: str) -> str:
    body = {"email": email, "name": "A", "password": PASSWORD, "platform_roles": ["platform_admin"]}
    return str((await admin.post(f"{API}/users", json=body)).json()["id"])


async def test_nobody_is_a_member_of_an_organisation_that_is_not_there(
    admin: httpx.AsyncClient,
) -> None:
    nowhere = new_id("org")
    answer = await admin.get(f"{API}/organizations/{nowhere}/members")
    assert code(answer) == (404, "not_found")


async def test_security_ends_accounts_and_creates_none(api: Api, admin: httpx.AsyncClient) -> None:
    body = {"email": "s@example.com", "name": "S", "password": PASSWORD}
    await admin.post(f"{API}/users", json={**body, "platform_roles": ["security"]})
    security = await api.sign_in("s@example.com")
    org_id, _ = await api.tenant("Watched")
    person = await api.member(org_id)
    assert (await security.client.post(f"{API}/users/{user_id(person)}/disable")).status_code == 200
    for refused in (
        await security.client.post(f"{API}/users", json={**body, "email": "x@example.com"}),
        await security.client.patch(f"{API}/organizations/{org_id}", json={"name": "x"}),
        await security.client.post(f"{API}/users/{user_id(person)}/enable"),
    ):
        assert code(refused) == (403, "permission_denied")


async def test_an_organisation_does_not_raise_what_the_platform_grants_it(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Granted")
    organization, project = f"{API}/organizations/{org_id}", f"{API}/projects/{project_id}"
    await admin.patch(organization, json={"limits": {"requests_per_day": 100}})
    owner = (await api.member(org_id)).client
    for change in ({"limits": None}, {"user_limits": None}, {"suspended": False}):
        refused = await owner.patch(organization, json=change)
        assert code(refused) == (403, "permission_denied"), change
        assert "organization:limit" in refused.json()["detail"]
    assert (await owner.patch(organization, json={"name": "Renamed"})).status_code == 200
    both = await owner.patch(organization, json={"name": "x", "limits": None})
    assert both.status_code == 403
    narrower = await owner.patch(project, json={"limits": {"requests_per_day": 50}})
    assert narrower.status_code == 200
    wider = await owner.patch(project, json={"limits": {"requests_per_day": 101}})
    assert code(wider) == (400, "invalid_request")
    assert wider.json()["errors"][0]["field"] == "limits.requests_per_day"
    other = await owner.patch(project, json={"limits": {"tokens_per_day": 10**6}})
    assert other.status_code == 200  # the organisation has no bound there
    projects = f"{organization}/projects"
    made = await owner.post(projects, json={"name": "p", "limits": {"requests_per_day": 1000}})
    assert code(made) == (400, "invalid_request")
    await admin.patch(project, json={"limits": {"requests_per_day": 50}})
    keys = f"{project}/keys"
    too_wide = await owner.post(keys, json={"name": "k", "limits": {"requests_per_day": 51}})
    assert code(too_wide) == (400, "invalid_request")
    fitting = await owner.post(keys, json={"name": "k", "limits": {"requests_per_day": 50}})
    assert fitting.status_code == 201


async def test_a_projects_administrator_runs_it_and_does_not_widen_it(api: Api) -> None:
    org_id, project_id = await api.tenant("Projects")
    _, elsewhere = await api.tenant("Elsewhere")
    owner = await api.member(org_id)
    person = await api.member(org_id, Role.GUEST)
    project = f"{API}/projects/{project_id}"
    other = (
        await owner.client.post(f"{API}/organizations/{org_id}/projects", json={"name": "Other"})
    ).json()
    assert (await person.client.get(project)).status_code == 403
    put = await owner.client.put(
        f"{project}/members/{user_id(person)}", json={"role": "project_admin"}
    )
    assert put.status_code == 204
    seen = (await person.client.get(f"{API}/sessions/current")).json()["organizations"]
    assert [each["id"] for each in seen[0]["projects"]] == [project_id]
    listed = (await person.client.get(f"{API}/organizations/{org_id}/projects")).json()
    assert [each["id"] for each in listed["items"]] == [project_id]
    assert (await person.client.patch(project, json={"name": "Mine"})).status_code == 200
    for change in ({"limits": None}, {"suspended": False}):
        assert code(await person.client.patch(project, json=change)) == (403, "permission_denied")
    assert (await person.client.post(f"{project}/keys", json={"name": "k"})).status_code == 201
    assert (await person.client.get(f"{API}/projects/{other['id']}")).status_code == 403
    assert (await person.client.get(f"{API}/projects/{elsewhere}")).status_code == 404
    listed = await person.client.get(f"{project}/members")
    assert [each["role"] for each in listed.json()["items"]] == ["project_admin"]
    invitation = await invited(
        person.client,
        org_id,
        email="new@example.com",
        project_id=project_id,
        project_role="developer",
    )
    assert invitation["role"] == "guest"
    more = {"email": "new@example.com", "role": "developer"}
    refused = await person.client.post(f"{API}/organizations/{org_id}/invitations", json=more)
    assert code(refused) == (403, "permission_denied")
    removed = await owner.client.delete(f"{project}/members/{user_id(person)}")
    assert removed.status_code == 204
    assert (await person.client.get(project)).status_code == 403


async def test_nobody_gives_or_takes_more_than_they_have(api: Api) -> None:
    org_id, _ = await api.tenant("Ladder")
    owner = await api.member(org_id)
    roles = f"{API}/organizations/{org_id}/roles"
    own = {"name": "people-keeper", "permissions": ["member:read", "member:write", "role:write"]}
    assert (await owner.client.post(roles, json=own)).status_code == 201
    keeper = await api.member(org_id, Role.GUEST)
    members = f"{API}/organizations/{org_id}/members"
    await owner.client.put(f"{members}/{user_id(keeper)}", json={"role": "people-keeper"})
    other = await api.member(org_id, Role.GUEST)

    def put(person: Person, role: str) -> Any:  # noqa: ANN401 - an awaitable answer
        return keeper.client.put(f"{members}/{user_id(person)}", json={"role": role})

    assert code(await put(keeper, "org_admin")) == (403, "permission_denied")
    assert code(await put(owner, "guest")) == (403, "permission_denied")
    assert code(await keeper.client.delete(f"{members}/{user_id(owner)}")) == (
        403,
        "permission_denied",
    )
    assert code(await put(other, "developer")) == (403, "permission_denied")
    wider = {"name": "wider", "permissions": ["key:write"]}
    assert code(await keeper.client.post(roles, json=wider)) == (403, "permission_denied")
    grown = await keeper.client.patch(
        f"{roles}/people-keeper", json={"permissions": ["member:write", "key:write"]}
    )
    assert code(grown) == (403, "permission_denied")
    group = {"name": "g", "roles": [{"role": "org_admin"}]}
    groups = f"{API}/organizations/{org_id}/groups"
    assert code(await keeper.client.post(groups, json=group)) == (403, "permission_denied")
    admins = (await owner.client.post(groups, json=group)).json()
    joined = await keeper.client.put(f"{API}/groups/{admins['id']}/members/{user_id(keeper)}")
    assert code(joined) == (403, "permission_denied")
    platform = {"name": "p", "permissions": ["upstream:write"]}
    assert code(await owner.client.post(roles, json=platform)) == (400, "invalid_request")
    everything = {"name": "p", "permissions": ["*"]}
    assert code(await owner.client.post(roles, json=everything)) == (400, "invalid_request")
    for role in ("platform_admin", "project_admin", "unheard-of"):
        answer = await owner.client.put(f"{members}/{user_id(other)}", json={"role": role})
        assert code(answer) == (400, "invalid_request"), role


async def test_a_role_of_ones_own_holds_changes_and_goes_when_nobody_has_it(api: Api) -> None:
    org_id, project_id = await api.tenant("Own roles")
    owner = await api.member(org_id)
    roles = f"{API}/organizations/{org_id}/roles"
    body = {"name": "auditor", "description": "Looks.", "permissions": ["key:read", "role:read"]}
    made = (await owner.client.post(roles, json=body)).json()
    assert (made["built_in"], made["permissions"]) == (False, ["key:read", "role:read"])
    assert code(await owner.client.post(roles, json=body)) == (409, "conflict")
    taken = await owner.client.post(roles, json={**body, "name": "developer"})
    assert code(taken) == (400, "invalid_request")
    auditor = await api.member(org_id, Role.GUEST)
    path = f"{API}/organizations/{org_id}/members/{user_id(auditor)}"
    await owner.client.put(path, json={"role": "auditor"})
    keys = f"{API}/projects/{project_id}/keys"
    assert (await auditor.client.get(keys)).status_code == 200
    listed = (await auditor.client.get(roles)).json()["items"]
    assert listed[-1]["name"] == "auditor"
    assert "platform_admin" not in [each["name"] for each in listed]
    await owner.client.patch(f"{roles}/auditor", json={"permissions": ["role:read"]})
    assert (await auditor.client.get(keys)).status_code == 403
    assert code(await owner.client.delete(f"{roles}/auditor")) == (409, "conflict")
    await owner.client.put(path, json={"role": "viewer"})
    assert (await owner.client.delete(f"{roles}/auditor")).status_code == 204
    assert (await owner.client.delete(f"{roles}/auditor")).status_code == 404


async def test_a_group_gives_its_roles_to_whoever_is_in_it(api: Api) -> None:
    org_id, project_id = await api.tenant("Groups")
    _, foreign = await api.tenant("Foreign")
    owner, person = await api.member(org_id), await api.member(org_id, Role.GUEST)
    groups = f"{API}/organizations/{org_id}/groups"
    away = {"name": "x", "roles": [{"role": "developer", "project_id": foreign}]}
    assert code(await owner.client.post(groups, json=away)) == (400, "invalid_request")
    body = {"name": "Builders", "roles": [{"role": "developer", "project_id": project_id}]}
    group = (await owner.client.post(groups, json=body)).json()
    keys = f"{API}/projects/{project_id}/keys"
    assert (await person.client.get(keys)).status_code == 403
    inside = f"{API}/groups/{group['id']}/members"
    assert (await owner.client.put(f"{inside}/{user_id(person)}")).status_code == 204
    assert (await owner.client.put(f"{inside}/{user_id(person)}")).status_code == 204
    assert (await person.client.post(keys, json={"name": "k"})).status_code == 201
    [listed] = (await owner.client.get(inside)).json()["items"]
    assert (listed["user_id"], listed["role"]) == (user_id(person), None)
    assert (await owner.client.delete(f"{inside}/{user_id(person)}")).status_code == 204
    assert (await person.client.get(keys)).status_code == 403
    await owner.client.put(f"{inside}/{user_id(person)}")
    changed = await owner.client.patch(f"{API}/groups/{group['id']}", json={"roles": []})
    assert changed.json()["roles"] == []
    assert (await person.client.get(keys)).status_code == 403
    assert (await owner.client.delete(f"{API}/groups/{group['id']}")).status_code == 204
    assert (await owner.client.get(f"{API}/groups/{group['id']}")).status_code == 404


async def test_whoever_leaves_an_organisation_leaves_its_projects_groups_and_keys(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("First")
    other_id, other_project = await api.tenant("Second")
    owner, person = await api.member(org_id), await api.member(org_id, Role.DEVELOPER)
    await admin.put(
        f"{API}/organizations/{other_id}/members/{user_id(person)}", json={"role": "developer"}
    )
    await owner.client.put(
        f"{API}/projects/{project_id}/members/{user_id(person)}", json={"role": "viewer"}
    )
    left = await person.client.post(f"{API}/projects/{project_id}/keys", json={"name": "a"})
    kept = await person.client.post(f"{API}/projects/{other_project}/keys", json={"name": "b"})
    members = f"{API}/organizations/{org_id}/members"
    assert (await owner.client.delete(f"{members}/{user_id(person)}")).status_code == 204
    assert (await person.client.get(f"{API}/projects/{project_id}")).status_code == 404
    view = await gateway_view(api.control)
    assert view.find_key(left.json()["secret"]) is None
    assert view.find_key(kept.json()["secret"]) is not None
    assert (await owner.client.delete(f"{members}/{user_id(person)}")).status_code == 404
    # An id is nobody's consent: others come by invitation, or by the platform's hand.
    back = await owner.client.put(f"{members}/{user_id(person)}", json={"role": "guest"})
    assert code(back) == (404, "not_found")


async def test_an_invitation_makes_an_account_once(
    api: Api, stranger: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Inviting")
    owner = await api.member(org_id)
    made = await invited(
        owner.client,
        org_id,
        email="Grace@example.com",
        role="viewer",
        project_id=project_id,
        project_role="developer",
    )
    token = token_of(made)
    listed = await owner.client.get(f"{API}/organizations/{org_id}/invitations")
    assert token not in listed.text
    offer = (await stranger.post(f"{API}/invitations/open", json={"token": token})).json()
    assert offer == {
        "organization": "Inviting",
        "email": "grace@example.com",
        "role": "viewer",
        "has_account": False,
    }
    weak = {"token": token, "name": "Grace", "password": "aaaaaaaaaaaa"}
    assert code(await stranger.post(f"{API}/invitations/accept", json=weak)) == (
        400,
        "invalid_request",
    )
    good = {"token": token, "name": "Grace", "password": PASSWORD}
    accepted = await stranger.post(f"{API}/invitations/accept", json=good)
    assert accepted.status_code == 201
    assert accepted.json()["organizations"][0]["id"] == org_id
    assert (await stranger.get(f"{API}/sessions/current")).status_code == 200
    async with api.client() as late:
        for path, body in (("open", {"token": token}), ("accept", good)):
            again = await late.post(f"{API}/invitations/{path}", json=body)
            assert code(again) == (401, "invitation_invalid")
        expiring = await invited(owner.client, org_id, email="late@example.com", days=1)
        withdrawn = await invited(owner.client, org_id, email="late@example.com")
        await owner.client.delete(f"{API}/invitations/{withdrawn['id']}")
        clock.advance(24 * 3600)
        for dead in (expiring, withdrawn):
            answer = await late.post(f"{API}/invitations/open", json={"token": token_of(dead)})
            assert code(answer) == (401, "invitation_invalid")


async def test_whoever_has_an_account_joins_as_themselves(api: Api) -> None:
    first_id, _ = await api.tenant("Here")
    second_id, _ = await api.tenant("There")
    owner, person = await api.member(second_id), await api.member(first_id, Role.VIEWER)
    email = person.session["user"]["email"]
    made = await invited(owner.client, second_id, email=email, role="developer")
    token = token_of(made)
    async with api.client() as anyone:
        offer = await anyone.post(f"{API}/invitations/open", json={"token": token})
        assert offer.json()["has_account"] is True
        taken = {"token": token, "name": "Thief", "password": "another password"}
        assert code(await anyone.post(f"{API}/invitations/accept", json=taken)) == (409, "conflict")
    other = await api.member(first_id)
    stolen = await other.client.post(f"{API}/invitations/join", json={"token": token})
    assert code(stolen) == (401, "invitation_invalid")
    joined = await person.client.post(f"{API}/invitations/join", json={"token": token})
    assert joined.status_code == 200
    session = (await person.client.get(f"{API}/sessions/current")).json()
    assert {each["id"] for each in session["organizations"]} == {first_id, second_id}


async def test_access_is_explained_by_every_role_that_was_looked_at(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Explained")
    other_id, _ = await api.tenant("Hidden")
    owner, person = await api.member(org_id), await api.member(org_id, Role.GUEST)
    await admin.put(
        f"{API}/organizations/{other_id}/members/{user_id(person)}", json={"role": "org_admin"}
    )
    await owner.client.put(
        f"{API}/projects/{project_id}/members/{user_id(person)}", json={"role": "developer"}
    )
    question = {
        "actor": user_id(person),
        "permission": "key:write",
        "resource": project_id,
    }
    explain = f"{API}/access/explain"
    told = (await owner.client.get(explain, params=question)).json()
    assert told["allowed"] is True
    assert [(e["role"], e["covers"], e["permits"]) for e in told["considered"]] == [
        ("guest", True, False),
        ("developer", True, True),
    ]
    assert "Hidden" not in str(told)
    assert other_id not in str(told)
    mine = (await person.client.get(explain, params=question)).json()
    assert [e["role"] for e in mine["considered"]] == ["guest", "org_admin", "developer"]
    above = (await owner.client.get(explain, params={**question, "resource": org_id})).json()
    assert above["allowed"] is False
    platform = {**question, "resource": "platform"}
    assert code(await owner.client.get(explain, params=platform)) == (403, "permission_denied")
    assert (await person.client.get(explain, params=platform)).json()["allowed"] is False
    unknown = {**question, "permission": "no:such"}
    assert code(await owner.client.get(explain, params=unknown)) == (400, "invalid_request")
    foreign = {**question, "actor": user_id(owner), "resource": other_id}
    for asker in (owner.client, (await api.member(org_id)).client):
        assert code(await asker.get(explain, params=foreign)) == (404, "not_found")
    await admin.post(f"{API}/users/{user_id(person)}/disable")
    closed = (await owner.client.get(explain, params=question)).json()
    assert (closed["allowed"], closed["disabled"]) == (False, True)
