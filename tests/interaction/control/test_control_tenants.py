"""Organisations, projects and keys by the API, and what gateways hear of them."""

import hashlib
from typing import Any

import httpx

from mainspring.app.control.wiring import Control
from mainspring.capabilities.identity.api import Role
from mainspring.infra.feed import read_frame
from mainspring.kernel.clock import ManualClock
from mainspring.snapshot.resources import ApiKey, Limits, Organization, Project
from mainspring.snapshot.table import SnapshotTable
from tests.fixtures.control import Api


async def gateway_view(control: Control) -> SnapshotTable:
    """Return what a gateway that starts now would know."""
    table = SnapshotTable()
    frame = await read_frame(control.database)
    assert frame is not None
    table.apply(frame)
    return table


async def new_organization(admin: httpx.AsyncClient, **body: object) -> dict[str, Any]:
    answer = await admin.post("/api/v1/organizations", json={"name": "Research", **body})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_an_organisation_is_created_read_changed_and_removed(
    control: Control, admin: httpx.AsyncClient
) -> None:
    made = await new_organization(admin, slug="research", limits={"requests_per_minute": 60})
    assert (made["name"], made["slug"], made["suspended"]) == ("Research", "research", False)
    path = f"/api/v1/organizations/{made['id']}"
    assert (await admin.get(path)).json() == made

    changed = (await admin.patch(path, json={"name": "R&D", "suspended": True})).json()
    assert (changed["name"], changed["suspended"]) == ("R&D", True)
    assert changed["limits"] == made["limits"]
    told = (await gateway_view(control)).organizations[made["id"]]
    assert told == Organization(
        id=made["id"], name="R&D", suspended=True, limits=Limits(requests_per_minute=60)
    )

    unlimited = (await admin.patch(path, json={"limits": None})).json()
    assert unlimited["limits"] is None
    assert (await admin.delete(path)).status_code == 204
    assert (await admin.get(path)).status_code == 404
    assert made["id"] not in (await gateway_view(control)).organizations


async def test_a_removed_organisation_takes_its_projects_keys_and_models_along(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Doomed")
    key = (await admin.post(f"/api/v1/projects/{project_id}/keys", json={"name": "k"})).json()
    upstream = (await admin.get("/api/v1/upstreams")).json()["items"][0]
    target = {"upstream_id": upstream["id"], "upstream_model": "m"}
    made = await admin.post(
        "/api/v1/models", json={"name": "own", "org_id": org_id, "targets": [target]}
    )
    assert made.status_code == 201
    assert (await gateway_view(api.control)).find_key(key["secret"]) is not None

    assert (await admin.delete(f"/api/v1/organizations/{org_id}")).status_code == 204

    view = await gateway_view(api.control)
    assert view.find_key(key["secret"]) is None
    assert view.find_model("own", org_id) is None
    assert project_id not in view.projects
    assert (await admin.get(f"/api/v1/keys/{key['id']}")).status_code == 404


async def test_a_slug_is_taken_once_and_is_made_from_the_name(admin: httpx.AsyncClient) -> None:
    first = await new_organization(admin, name="Forschung & Lehre")
    assert first["slug"] == "forschung-lehre"
    again = await admin.post("/api/v1/organizations", json={"name": "Forschung Lehre"})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    han = await new_organization(admin, name="研究部")
    assert han["name"] == "研究部"
    assert han["slug"].startswith("t-")


async def test_a_change_on_an_outdated_etag_is_refused(admin: httpx.AsyncClient) -> None:
    made = await new_organization(admin)
    path = f"/api/v1/organizations/{made['id']}"
    etag = (await admin.get(path)).headers["etag"]
    first = await admin.patch(path, json={"name": "One"}, headers={"If-Match": etag})
    assert first.status_code == 200
    assert first.headers["etag"] != etag
    second = await admin.patch(path, json={"name": "Two"}, headers={"If-Match": etag})
    assert (second.status_code, second.json()["code"]) == (412, "precondition_failed")
    assert (await admin.get(path)).json()["name"] == "One"
    foreign = await admin.patch(path, json={"name": "Two"}, headers={"If-Match": '"abc"'})
    assert foreign.status_code == 412
    garbled = await admin.patch(path, json={"name": "Two"}, headers={"If-Match": "abc"})
    assert (garbled.status_code, garbled.json()["code"]) == (400, "invalid_request")


async def test_a_list_is_read_by_cursor_without_gaps(admin: httpx.AsyncClient) -> None:
    made = [(await new_organization(admin, name=f"Org {number}"))["id"] for number in range(7)]
    seen: list[str] = []
    cursor: str | None = None
    pages = 0
    while pages == 0 or cursor:
        query: dict[str, str | int] = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await admin.get("/api/v1/organizations", params=query)).json()
        assert len(page["items"]) <= 3
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        pages += 1
    assert pages == 3  # the default organisation and seven more
    assert seen[1:] == made
    refused = await admin.get("/api/v1/organizations", params={"cursor": "not-one"})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_request")


async def test_a_project_belongs_to_its_organisation(
    control: Control, admin: httpx.AsyncClient
) -> None:
    organization = await new_organization(admin)
    projects = f"/api/v1/organizations/{organization['id']}/projects"
    made = (await admin.post(projects, json={"name": "Chat bot"})).json()
    assert (made["slug"], made["org_id"]) == ("chat-bot", organization["id"])
    assert (await admin.get(projects)).json()["items"] == [made]
    taken = await admin.post(projects, json={"name": "Other", "slug": "chat-bot"})
    assert taken.status_code == 409
    path = f"/api/v1/projects/{made['id']}"
    assert (await admin.patch(path, json={"suspended": True})).json()["suspended"] is True
    assert (await gateway_view(control)).projects[made["id"]] == Project(
        id=made["id"], org_id=organization["id"], name="Chat bot", suspended=True
    )
    nowhere = await admin.post("/api/v1/organizations/org_none/projects", json={"name": "x"})
    assert nowhere.status_code == 404


async def test_a_keys_secret_is_shown_once_and_published_as_its_digest(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Keys")
    expires_at = clock.now().replace(microsecond=0).isoformat()
    past = await admin.post(
        f"/api/v1/projects/{project_id}/keys", json={"name": "ci", "expires_at": expires_at}
    )
    assert past.status_code == 400
    answer = await admin.post(
        f"/api/v1/projects/{project_id}/keys",
        json={"name": "ci", "models": ["a", "a", "b"], "limits": {"max_concurrency": 2}},
    )
    created = answer.json()
    secret = created.pop("secret")
    assert len(secret) == len("msk-") + 43
    assert created["hint"] == f"{secret[:7]}…"
    assert created["models"] == ["a", "b"]

    listed = await admin.get(f"/api/v1/projects/{project_id}/keys")
    one = await admin.get(f"/api/v1/keys/{created['id']}")
    assert listed.json()["items"] == [created]
    assert one.json() == created
    assert secret not in listed.text + one.text
    told = (await gateway_view(api.control)).find_key(secret)
    assert told is not None
    assert told.actor_id.startswith("tok_")
    assert told == ApiKey(
        id=created["id"],
        digest=hashlib.sha256(secret.encode()).digest(),
        org_id=org_id,
        project_id=project_id,
        actor_id=told.actor_id,
        name="ci",
        models=("a", "b"),
        limits=Limits(max_concurrency=2),
    )


async def test_a_revoked_key_is_gone_from_gateways_and_stays_in_the_list(
    api: Api, admin: httpx.AsyncClient
) -> None:
    _, project_id = await api.tenant("Keys")
    keys = f"/api/v1/projects/{project_id}/keys"
    created = (await admin.post(keys, json={"name": "ci"})).json()
    assert (await admin.delete(f"/api/v1/keys/{created['id']}")).status_code == 204
    assert (await gateway_view(api.control)).find_key(created["secret"]) is None
    [listed] = (await admin.get(keys)).json()["items"]
    assert listed["revoked_at"] is not None
    assert (await admin.delete(f"/api/v1/keys/{created['id']}")).status_code == 204
    assert (await admin.get(keys)).json()["items"] == [listed]


async def test_a_key_is_changed_in_place_and_gateways_follow(
    api: Api, admin: httpx.AsyncClient
) -> None:
    _, project_id = await api.tenant("Changed keys")
    keys = f"/api/v1/projects/{project_id}/keys"
    created = (await admin.post(keys, json={"name": "k", "models": ["a"]})).json()
    path = f"/api/v1/keys/{created['id']}"
    etag = (await admin.get(path)).headers["etag"]
    wanted: dict[str, Any] = {"models": None, "scopes": ["chat:write"], "name": "n"}
    changed = await admin.patch(path, json=wanted, headers={"If-Match": etag})
    assert {name: changed.json()[name] for name in wanted} == wanted
    told = (await gateway_view(api.control)).find_key(created["secret"])
    assert told is not None
    assert (told.models, told.scopes, told.name) == (None, ("chat:write",), "n")

    late = await admin.patch(path, json={"name": "late"}, headers={"If-Match": etag})
    assert late.status_code == 412
    refused: list[dict[str, Any]] = [
        {"scopes": []},
        {"scopes": ["none"]},
        {"expires_at": "2001-01-01T00:00:00Z"},
    ]
    for wrong in refused:
        assert (await admin.patch(path, json=wrong)).status_code in (400, 422), wrong
    etag = (await admin.get(path)).headers["etag"]
    assert (await admin.post(f"{path}/rotate", json={"overlap_s": 60})).status_code == 201
    # Whoever saw the key before its rotation does not undo its end.
    undone = await admin.patch(path, json={"expires_at": None}, headers={"If-Match": etag})
    assert undone.status_code == 412
    assert (await admin.delete(path)).status_code == 204
    assert (await admin.patch(path, json={"name": "again"})).status_code == 409


async def test_a_member_uses_the_organisation_and_does_not_govern_it(api: Api) -> None:
    org_id, project_id = await api.tenant("Members")
    person = await api.member(org_id, Role.DEVELOPER)
    made = await person.client.post(f"/api/v1/projects/{project_id}/keys", json={"name": "mine"})
    assert made.status_code == 201
    refused = await person.client.patch(f"/api/v1/organizations/{org_id}", json={"name": "Mine"})
    assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
    assert "organization:write" in refused.json()["detail"]
    for path in ("/api/v1/system/parts", "/api/v1/upstreams"):
        assert (await person.client.get(path)).status_code == 403
    assert (await person.client.get("/api/v1/system/info")).json()["home"] is None
