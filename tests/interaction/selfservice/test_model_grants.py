"""Restricted models and their grants: by the API, and what gateways are told of them."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import httpx
import pytest
import pytest_asyncio

from mainspring.app.control.wiring import Control
from mainspring.capabilities.identity.api import KeyService, Role
from mainspring.capabilities.selfservice.api import GrantExpiry
from mainspring.capabilities.selfservice.store import PostgresGrantStore, PostgresRequestStore
from mainspring.infra.feed import read_frame
from mainspring.kernel.clock import ManualClock
from mainspring.kernel.ids import new_id
from mainspring.snapshot.table import SnapshotTable
from tests.fixtures.control import PLATFORM, Api, Person

pytestmark = pytest.mark.asyncio(loop_scope="module")

API = "/api/v1"


class Desk:
    """An organisation with a project, its administrator and a developer; and a restricted model."""

    def __init__(self, api: Api, admin: httpx.AsyncClient, control: Control) -> None:
        self.api = api
        self.admin = admin
        self.control = control
        self.org_id = self.project_id = ""
        self.model: dict[str, Any] = {}
        self.owner: Person
        self.developer: Person

    async def open(self) -> "Desk":
        self.org_id, self.project_id = await self.api.tenant(new_id("org"))
        self.owner = await self.api.member(self.org_id, Role.ORG_ADMIN)
        self.developer = await self.api.member(self.org_id, Role.DEVELOPER)
        return self

    async def new_model(self, **fields: object) -> dict[str, Any]:
        upstream = await self.control.catalog.find_upstream(PLATFORM, "embedded-llm")
        assert upstream is not None
        body = {
            "name": f"model-{new_id('mdl')[-12:]}",
            "targets": [{"upstream_id": upstream.id, "upstream_model": "x"}],
            "access": "restricted",
            **fields,
        }
        return await self.done("POST", "/models", 201, body)

    async def done(
        self, method: str, path: str, status: int = 200, body: object = None
    ) -> dict[str, Any]:
        answer = await self.admin.request(method, f"{API}{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else {}

    async def grant(self, **fields: object) -> dict[str, Any]:
        body = {
            "org_id": self.org_id,
            "project_id": self.project_id,
            "model_id": self.model["id"],
            **fields,
        }
        return await self.done("POST", "/model-grants", 201, body)

    async def table(self) -> SnapshotTable:
        """Return what gateways know."""
        table = SnapshotTable()
        frame = await read_frame(self.control.database)
        assert frame is not None
        table.apply(frame)
        return table

    async def is_granted(self, at: float | None = None) -> bool:
        """Tell whether gateways let the project call the model."""
        now = self.control.clock.now().timestamp() if at is None else at
        table = await self.table()
        return table.is_granted(self.model["id"], (self.project_id, self.org_id), now)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_desk(api: Api, admin: httpx.AsyncClient, control: Control) -> Desk:
    """Return an organisation whose people all tests are served by: hashing passwords is slow."""
    return await Desk(api, admin, control).open()


@pytest_asyncio.fixture(loop_scope="module")
async def desk(shared_desk: Desk) -> AsyncGenerator[Desk]:
    """Return the organisation with a restricted model of this test's own."""
    shared_desk.model = await shared_desk.new_model()
    yield shared_desk
    await shared_desk.admin.delete(f"{API}/models/{shared_desk.model['id']}")


async def test_a_grant_is_given_changed_and_taken_back(desk: Desk, clock: ManualClock) -> None:
    assert desk.model["access"] == "restricted"
    found = (await desk.table()).find_model(desk.model["name"], desk.org_id)
    assert (found and found.access, await desk.is_granted()) == ("restricted", False)
    made = await desk.grant(reason=" Pilot ")
    assert (made["reason"], made["model"], made["expires_at"]) == (
        "Pilot",
        desk.model["name"],
        None,
    )
    assert await desk.is_granted()
    ends = clock.now() + timedelta(hours=1)
    path = f"/model-grants/{made['id']}"
    changed = await desk.done("PATCH", path, body={"expires_at": ends.isoformat()})
    assert (changed["reason"], await desk.is_granted()) == ("Pilot", True)
    assert not await desk.is_granted(at=ends.timestamp())
    listed = await desk.done("GET", f"/model-grants?project_id={desk.project_id}")
    assert [each["id"] for each in listed["items"]] == [made["id"]]
    await desk.done("DELETE", path, 204)
    assert not await desk.is_granted()
    await desk.done("GET", path, 404)
    told = await desk.done("GET", f"/audit/events?object_id={made['id']}&org_id={desk.org_id}")
    actions = {each["action"] for each in told["items"]}
    assert actions == {"model_grant.create", "model_grant.update", "model_grant.delete"}


async def test_an_organisation_opens_nothing_to_itself(desk: Desk) -> None:
    mine = {"org_id": desk.org_id, "model_id": desk.model["id"]}
    for person in (desk.owner, desk.developer):
        refused = await person.client.post(f"{API}/model-grants", json=mine)
        assert refused.status_code == 403
    made = await desk.grant()
    path = f"{API}/model-grants/{made['id']}"
    seen = await desk.owner.client.get(path)
    assert (seen.status_code, (await desk.owner.client.delete(path)).status_code) == (200, 403)
    assert (await desk.owner.client.patch(path, json={"reason": "x"})).status_code == 403
    assert (await desk.developer.client.get(path)).status_code == 403
    restricted = await desk.owner.client.patch(
        f"{API}/models/{desk.model['id']}", json={"access": "open"}
    )
    assert restricted.status_code == 403
    assert await desk.is_granted()


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"project_id": "prj_none"}, 400, "project_id"),
        ({"model_id": "mdl_none"}, 404, None),
        ({"org_id": "org_none", "project_id": None}, 404, None),
        ({"expires_at": "2020-01-01T00:00:00Z"}, 400, "expires_at"),
        ({"expires_at": "2099-01-01T00:00:00"}, 422, None),
        ({"reason": "x" * 501}, 422, None),
    ],
)
async def test_what_leads_nowhere_is_refused(
    desk: Desk, fields: dict[str, Any], status: int, field: str | None
) -> None:
    body = {
        "org_id": desk.org_id,
        "project_id": desk.project_id,
        "model_id": desk.model["id"],
        **fields,
    }
    answer = await desk.admin.post(f"{API}/model-grants", json=body)
    assert answer.status_code == status, answer.text
    assert field is None or field in answer.text


async def test_a_model_or_project_of_another_organisation_is_refused(desk: Desk) -> None:
    other, project_id = await desk.api.tenant(new_id("org"))
    theirs = await desk.new_model(org_id=other)
    for wrong in ({"model_id": theirs["id"]}, {"project_id": project_id}):
        body = {"org_id": desk.org_id, "model_id": desk.model["id"], **wrong}
        answer = await desk.admin.post(f"{API}/model-grants", json=body)
        assert answer.status_code == 400, answer.text


async def test_one_grant_of_a_model_is_enough(desk: Desk) -> None:
    await desk.grant()
    body = {
        "org_id": desk.org_id,
        "project_id": desk.project_id,
        "model_id": desk.model["id"],
    }
    assert (await desk.admin.post(f"{API}/model-grants", json=body)).status_code == 409
    whole = await desk.grant(project_id=None)  # of all projects is another one
    assert (
        await desk.admin.post(f"{API}/model-grants", json={**body, "project_id": None})
    ).status_code == 409
    listed = await desk.done("GET", f"/model-grants?model_id={desk.model['id']}")
    assert whole["id"] in [each["id"] for each in listed["items"]]


async def test_grants_go_with_their_model_and_with_their_organisation(desk: Desk) -> None:
    other, _ = await desk.api.tenant(new_id("org"))
    first = await desk.grant()
    second = await desk.grant(org_id=other, project_id=None)
    await desk.done("DELETE", f"/organizations/{other}", 204)
    kept = (await desk.table()).to_frame().entries
    assert second["id"] not in {each.key for each in kept}
    assert first["id"] in {each.key for each in kept}
    await desk.done("DELETE", f"/models/{desk.model['id']}", 204)
    assert first["id"] not in {each.key for each in (await desk.table()).to_frame().entries}


async def test_what_is_over_is_swept_away(desk: Desk, clock: ManualClock) -> None:
    made = await desk.grant(expires_at=(clock.now() + timedelta(minutes=5)).isoformat())
    stores = PostgresRequestStore(desk.control.database), PostgresGrantStore(desk.control.database)
    keys: KeyService = desk.control.keys
    expiry = GrantExpiry(*stores, keys, clock)
    await expiry.end_due()
    await desk.done("GET", f"/model-grants/{made['id']}")
    clock.advance(300)
    assert await expiry.end_due() >= 1
    await desk.done("GET", f"/model-grants/{made['id']}", 404)
    assert made["id"] not in {each.key for each in (await desk.table()).to_frame().entries}


async def test_an_approved_request_opens_the_model_to_its_key_alone(desk: Desk) -> None:
    asked = await desk.developer.client.post(
        f"{API}/projects/{desk.project_id}/access-requests",
        json={"model_id": desk.model["id"], "purpose": "Summaries", "days": 30},
    )
    assert asked.status_code == 201, asked.text  # what is restricted can be asked for
    path = f"{API}/access-requests/{asked.json()['id']}"
    agreed = await desk.owner.client.post(f"{path}/decisions", json={"agrees": True})
    assert agreed.json()["state"] == "active", agreed.text
    taken = (await desk.developer.client.post(f"{path}/key")).json()
    key = (await desk.table()).find_key_by_id(taken["key_id"])
    assert key is not None
    assert (key.granted, key.models) == ((desk.model["id"],), (desk.model["name"],))
    assert not await desk.is_granted()  # the project's other keys got nothing by it
    # What was agreed to is what the key is good for: nobody widens or copies it by hand.
    mine = f"{API}/keys/{taken['key_id']}"
    wider: list[dict[str, Any]] = [
        {"models": None},
        {"expires_at": None},
        {"scopes": ["chat:write"]},
    ]
    for widened in wider:
        assert (await desk.owner.client.patch(mine, json=widened)).status_code == 409
    assert (await desk.developer.client.post(f"{mine}/rotate", json={})).status_code == 409
    renamed = await desk.developer.client.patch(mine, json={"name": "mine"})
    assert (renamed.status_code, renamed.json()["granted"]) == (200, [desk.model["id"]])
    ended = await desk.owner.client.post(f"{path}/revocation", json={"reason": "over"})
    assert ended.status_code == 200
    assert (await desk.table()).find_key_by_id(taken["key_id"]) is None
