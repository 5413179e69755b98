"""Asking for a model: rules, approvals, the key that is issued, and its end."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio

from mainspring.app.control.wiring import Control
from mainspring.capabilities.identity.api import Role
from mainspring.capabilities.selfservice.api import GrantExpiry, RequestService
from mainspring.capabilities.selfservice.store import PostgresGrantStore, PostgresRequestStore
from mainspring.infra.feed import read_frame
from mainspring.kernel.clock import ManualClock
from mainspring.kernel.errors import ConflictError
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import Actor, ActorKind, Scope
from mainspring.snapshot.resources import ApiKey
from mainspring.snapshot.table import SnapshotTable
from tests.fixtures.control import PLATFORM, Api, Person

pytestmark = pytest.mark.asyncio(loop_scope="module")

API = "/api/v1"
SECURITY = {"name": "security", "approvers": ["role:security"]}
COST = {"name": "cost", "approvers": ["role:finance", "role:org_admin"], "need": "all"}


class Desk:
    """An organisation with people of every kind, and a model to ask for."""

    def __init__(self, api: Api, admin: httpx.AsyncClient, control: Control) -> None:
        self.api = api
        self.admin = admin
        self.control = control
        self.org_id = self.project_id = ""
        self.model: dict[str, Any] = {}
        self.people: dict[str, Person] = {}

    async def open(self, *roles: str) -> "Desk":
        self.org_id, self.project_id = await self.api.tenant(new_id("org"))
        for role in roles:
            self.people[role] = await self.api.member(self.org_id, role)
        return self

    async def new_model(self, **fields: object) -> dict[str, Any]:
        name = f"model-{new_id('mdl')[-12:]}"
        made = await self.admin.post(
            f"{API}/upstreams", json={"name": name, "base_url": "http://127.0.0.1:9"}
        )
        target = {"upstream_id": made.json()["id"], "upstream_model": "x", "tags": ["gpu-large"]}
        answer = await self.admin.post(
            f"{API}/models", json={"name": name, "targets": [target], **fields}
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def rule(self, **fields: object) -> dict[str, Any]:
        answer = await self.people[Role.ORG_ADMIN].client.post(
            f"{API}/access-rules",
            json={"name": new_id("arl"), "org_id": self.org_id, **fields},
        )
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def ask(self, role: str = Role.DEVELOPER, **fields: object) -> httpx.Response:
        body = {"model_id": self.model["id"], "purpose": "Summaries", **fields}
        client = self.people[role].client
        return await client.post(f"{API}/projects/{self.project_id}/access-requests", json=body)

    async def asked(self, role: str = Role.DEVELOPER, **fields: object) -> dict[str, Any]:
        answer = await self.ask(role, **fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def say(self, role: str, request: dict[str, Any], agrees: bool = True) -> httpx.Response:
        body = {"agrees": agrees, "comment": "" if agrees else "not for that"}
        return await self.post(role, request, "decisions", **body)

    async def post(
        self, role: str, request: dict[str, Any], what: str, **body: object
    ) -> httpx.Response:
        path = f"{API}/access-requests/{request['id']}/{what}"
        return await self.people[role].client.post(path, json=body or None)

    async def listed(self, role: str, **params: str) -> list[str]:
        path = f"{API}/organizations/{self.org_id}/access-requests"
        answer = await self.people[role].client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()["items"]]

    async def clear(self) -> None:
        """Remove the rules, and take back what waits."""
        client = self.people[Role.ORG_ADMIN].client
        rules = await client.get(f"{API}/access-rules", params={"org_id": self.org_id})
        for rule in rules.json()["items"]:
            await self.admin.delete(f"{API}/access-rules/{rule['id']}")
        by_id = {each.session["user"]["id"]: role for role, each in self.people.items()}
        path = f"{API}/organizations/{self.org_id}/access-requests"
        for request in (await client.get(path, params={"state": "pending"})).json()["items"]:
            await self.post(by_id[request["requester_id"]], request, "withdrawal")

    async def at_gateways(self, key_id: str) -> ApiKey | None:
        table = SnapshotTable()
        frame = await read_frame(self.control.database)
        assert frame is not None
        table.apply(frame)
        return table.find_key_by_id(key_id)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_desk(api: Api, admin: httpx.AsyncClient, control: Control) -> Desk:
    """Return an organisation whose people all tests are served by: hashing passwords is slow."""
    roles = (Role.ORG_ADMIN, Role.SECURITY, Role.FINANCE, Role.DEVELOPER, Role.VIEWER)
    return await Desk(api, admin, control).open(*roles)


@pytest_asyncio.fixture(loop_scope="module")
async def desk(shared_desk: Desk) -> AsyncGenerator[Desk]:
    """Return the organisation with a model of this test's own, and without others' rules."""
    shared_desk.model = await shared_desk.new_model(price={"input": "1", "output": "2"})
    yield shared_desk
    await shared_desk.clear()


async def test_a_wish_becomes_a_key_once_everybody_has_agreed(
    desk: Desk, clock: ManualClock, admin: httpx.AsyncClient
) -> None:
    rule = await desk.rule(steps=[SECURITY, COST])
    asked = await desk.asked(
        days=30, tokens_per_month=3_000_000, limits={"requests_per_minute": 60}
    )
    assert (asked["state"], asked["rules"]) == ("pending", [rule["name"]])
    assert (asked["cost"], asked["currency"]) == (6_000_000_000, "USD")
    assert [step["name"] for step in asked["steps"]] == ["security", "cost"]
    early = await desk.say(Role.FINANCE, asked)
    assert early.status_code == 403  # security has not spoken yet
    assert await desk.listed(Role.SECURITY, view="to_decide") == [asked["id"]]
    assert await desk.listed(Role.FINANCE, view="to_decide") == []

    assert (await desk.say(Role.SECURITY, asked)).json()["state"] == "pending"
    again = await desk.say(Role.SECURITY, asked)
    assert again.status_code == 403
    assert (await desk.say(Role.FINANCE, asked)).json()["state"] == "pending"
    not_yet = await desk.post(Role.DEVELOPER, asked, "key")
    assert not_yet.status_code == 409
    granted = (await desk.say(Role.ORG_ADMIN, asked)).json()
    assert (granted["state"], granted["key_id"]) == ("active", None)
    people = [each["approver"] for step in granted["steps"] for each in step["decisions"]]
    assert people == ["role:security", "role:finance", "role:org_admin"]

    for role in (Role.ORG_ADMIN, Role.SECURITY):
        assert (await desk.post(role, asked, "key")).status_code == 403
    taken = (await desk.post(Role.DEVELOPER, asked, "key")).json()
    key = await desk.at_gateways(taken["key_id"])
    assert key is not None
    assert (key.models, key.limits and key.limits.requests_per_minute) == (
        (desk.model["name"],),
        60,
    )
    assert key.expires_at == int((clock.now() + timedelta(days=30)).timestamp())
    assert key.actor_id == asked["requester_id"]
    second = (await desk.post(Role.DEVELOPER, asked, "key")).json()
    assert await desk.at_gateways(taken["key_id"]) is None
    assert await desk.at_gateways(second["key_id"]) is not None
    read = await desk.people[Role.DEVELOPER].client.get(f"{API}/access-requests/{asked['id']}")
    assert read.json()["key_id"] == second["key_id"]
    assert second["secret"] not in read.text
    events = await admin.get(
        f"{API}/audit/events", params={"object_id": asked["id"], "org_id": desk.org_id}
    )
    actors = {each["actor_id"] for each in events.json()["items"]}
    security = desk.people[Role.SECURITY].session["user"]["id"]
    assert {security, asked["requester_id"]} <= actors
    assert second["secret"] not in events.text


async def test_nobody_decides_what_they_asked_for_themselves(desk: Desk) -> None:
    asked = await desk.asked(Role.ORG_ADMIN)
    assert [step["name"] for step in asked["steps"]] == ["owner"]  # no rule concerns it
    own = await desk.say(Role.ORG_ADMIN, asked)
    assert (own.status_code, own.json()["code"]) == (403, "permission_denied")
    assert await desk.listed(Role.ORG_ADMIN, view="to_decide") == []
    for role in (Role.DEVELOPER, Role.VIEWER):
        assert (await desk.say(role, asked)).status_code == 404
    desk.people["second"] = await desk.api.member(desk.org_id, Role.ORG_ADMIN)
    assert (await desk.say("second", asked)).json()["state"] == "active"


async def test_a_token_is_nobody_who_decides_or_asks(desk: Desk, admin: httpx.AsyncClient) -> None:
    asked = await desk.asked()
    decided = await admin.post(
        f"{API}/access-requests/{asked['id']}/decisions", json={"agrees": True}
    )
    assert decided.status_code == 403
    wish = await admin.post(
        f"{API}/projects/{desk.project_id}/access-requests",
        json={"model_id": desk.model["id"], "purpose": "x"},
    )
    assert wish.status_code == 403


async def test_who_disagrees_says_why_and_ends_it(desk: Desk) -> None:
    await desk.rule(steps=[SECURITY])
    asked = await desk.asked()
    silent = await desk.post(Role.SECURITY, asked, "decisions", agrees=False)
    assert silent.status_code == 400
    denied = (await desk.say(Role.SECURITY, asked, agrees=False)).json()
    assert (denied["state"], denied["reason"]) == ("denied", "not for that")
    assert (await desk.say(Role.SECURITY, asked)).status_code == 409
    assert (await desk.post(Role.DEVELOPER, asked, "key")).status_code == 409
    assert (await desk.asked())["state"] == "pending"  # another try


async def test_rules_look_at_model_tag_data_cost_length_and_project(desk: Desk) -> None:
    await desk.rule(name="trial", position=1, models=["model-*"])
    await desk.rule(name="length", position=2, more_than_days=90, steps=[SECURITY])
    await desk.rule(name="data", position=3, data_classes=["restricted"], denies="never leaves")
    await desk.rule(name="cost", position=4, min_cost="5.00", steps=[COST])
    await desk.rule(name="tag", position=5, tags=["gpu-huge"], steps=[SECURITY])
    await desk.rule(name="off", position=6, enabled=False, denies="no")
    platform = await desk.admin.post(
        f"{API}/access-rules",
        json={"name": new_id("arl"), "position": 0, "models": ["other-*"], "denies": "no"},
    )
    assert platform.status_code == 201

    cheap = await desk.asked(days=30, tokens_per_month=1_000_000)
    assert (cheap["state"], cheap["rules"], cheap["steps"]) == ("active", ["trial"], [])
    assert (await desk.post(Role.DEVELOPER, cheap, "key")).status_code == 200
    dear = await desk.asked(days=120, tokens_per_month=2_500_000)
    assert (dear["rules"], [step["name"] for step in dear["steps"]]) == (
        ["trial", "length", "cost"],
        ["security", "cost"],
    )
    repeated = await desk.ask(days=1)
    assert repeated.status_code == 409
    await desk.post(Role.DEVELOPER, dear, "withdrawal")
    unknown_volume = await desk.asked(days=30)
    assert unknown_volume["rules"] == ["trial", "cost"]
    refused = await desk.ask(data_class="restricted")
    assert (refused.status_code, "never leaves" in refused.json()["detail"]) == (403, True)
    endless = await desk.asked(
        Role.ORG_ADMIN, model_id=(await desk.new_model())["id"], tokens_per_month=1
    )
    assert endless["rules"] == ["trial", "length", "cost"]  # without a price and without an end


async def test_steps_of_one_name_in_two_rules_are_both_gone_to(desk: Desk) -> None:
    await desk.rule(position=1, steps=[SECURITY])
    await desk.rule(position=2, steps=[SECURITY, {**SECURITY, "approvers": ["role:finance"]}][1:])
    await desk.rule(position=3, steps=[SECURITY])
    asked = await desk.asked()
    assert [(step["name"], step["approvers"]) for step in asked["steps"]] == [
        ("security", ["role:security"]),
        ("security+2", ["role:finance"]),
    ]


async def test_a_grant_ends_by_itself_and_a_wish_that_waits_lapses(
    desk: Desk, control: Control, clock: ManualClock
) -> None:
    await desk.rule(more_than_days=10, steps=[SECURITY])
    await desk.rule(models=[desk.model["name"]])
    short = await desk.asked(days=5)
    taken = (await desk.post(Role.DEVELOPER, short, "key")).json()
    waiting = await desk.asked(Role.ORG_ADMIN, days=11)

    # Later is another clock's affair: browsers that idle for days are signed out.
    later = ManualClock(clock.now() + timedelta(days=5, seconds=-1))
    store = PostgresRequestStore(control.database)
    grants = PostgresGrantStore(control.database)
    expiry = GrantExpiry(store, grants, control.keys, later)
    asking = RequestService(
        store,
        control.tenancy,
        control.catalog,
        keys=control.keys,
        standings=control.access,
        clock=later,
    )

    def scope(role: str) -> Scope:
        user_id = desk.people[role].session["user"]["id"]
        return msgspec.structs.replace(PLATFORM, actor=Actor(ActorKind.USER, user_id))

    async def state(request: dict[str, Any]) -> str:
        return (await desk.admin.get(f"{API}/access-requests/{request['id']}")).json()["state"]

    await expiry.end_due()
    assert await state(short) == "active"
    later.advance(2)
    with pytest.raises(ConflictError):
        await asking.take_key(scope(Role.DEVELOPER), short["id"])
    assert await expiry.end_due() >= 1
    assert await expiry.end_due() == 0
    assert (await state(short), await state(waiting)) == ("ended", "pending")
    assert await desk.at_gateways(taken["key_id"]) is None
    later.advance(26 * 86_400)
    with pytest.raises(ConflictError, match="lapsed"):
        await asking.decide(scope(Role.SECURITY), waiting["id"], agrees=True)
    assert await expiry.end_due() >= 1
    assert await state(waiting) == "lapsed"


async def test_a_grant_is_renewed_by_the_same_rules(desk: Desk, clock: ManualClock) -> None:
    rule = await desk.rule()
    first = await desk.asked(days=10)
    taken = (await desk.post(Role.DEVELOPER, first, "key")).json()
    await desk.people[Role.ORG_ADMIN].client.patch(
        f"{API}/access-rules/{rule['id']}", json={"steps": [SECURITY]}
    )
    by_others = await desk.post(Role.VIEWER, first, "renewals", purpose="more", days=20)
    assert by_others.status_code == 404
    asked = await desk.post(Role.DEVELOPER, first, "renewals", purpose="more", days=20)
    assert (asked.status_code, asked.json()["renews"]) == (201, first["id"])
    done = (await desk.say(Role.SECURITY, asked.json())).json()
    assert done["state"] == "renewed"
    ends = clock.now() + timedelta(days=30)
    key = await desk.at_gateways(taken["key_id"])
    assert key is not None
    assert key.expires_at is not None
    assert abs(key.expires_at - ends.timestamp()) < 2
    read = await desk.admin.get(f"{API}/access-requests/{first['id']}")
    assert read.json()["until"] == done["until"]
    over = await desk.post(Role.DEVELOPER, asked.json(), "key")
    assert over.status_code == 409  # the first one's grant has the key


async def test_what_was_granted_is_given_back_or_taken_away(desk: Desk) -> None:
    await desk.rule()
    own = await desk.asked()
    key = (await desk.post(Role.DEVELOPER, own, "key")).json()["key_id"]
    assert (await desk.post(Role.VIEWER, own, "withdrawal")).status_code == 404
    back = await desk.post(Role.DEVELOPER, own, "withdrawal")
    assert (back.json()["state"], await desk.at_gateways(key)) == ("withdrawn", None)
    assert (await desk.post(Role.DEVELOPER, own, "withdrawal")).status_code == 409

    other = await desk.asked()
    key = (await desk.post(Role.DEVELOPER, other, "key")).json()["key_id"]
    for role in (Role.DEVELOPER, Role.FINANCE):
        refused = await desk.post(role, other, "revocation", reason="x")
        assert refused.status_code == 403
    gone = await desk.post(Role.SECURITY, other, "revocation", reason="leaked")
    assert (gone.json()["state"], gone.json()["reason"]) == ("revoked", "leaked")
    assert await desk.at_gateways(key) is None
    assert (await desk.post(Role.DEVELOPER, other, "key")).status_code == 409


async def test_people_talk_under_a_request_that_concerns_them(desk: Desk) -> None:
    await desk.rule(steps=[SECURITY])
    asked = await desk.asked()
    for role, status in (
        (Role.SECURITY, 200),
        (Role.DEVELOPER, 200),
        (Role.FINANCE, 200),  # reads all of them
        (Role.VIEWER, 404),
    ):
        told = await desk.post(role, asked, "comments", text="Why this one?")
        assert told.status_code == status, role
    read = (await desk.admin.get(f"{API}/access-requests/{asked['id']}")).json()
    assert [each["text"] for each in read["comments"]] == ["Why this one?"] * 3
    assert (await desk.listed(Role.DEVELOPER, view="mine"))[0] == asked["id"]
    assert await desk.listed(Role.VIEWER) == []
    assert asked["id"] not in await desk.listed(Role.FINANCE, state="denied")


async def test_another_organisation_sees_and_decides_nothing(
    desk: Desk, api: Api, control: Control
) -> None:
    rule = await desk.rule(steps=[SECURITY])
    asked = await desk.asked()
    elsewhere = await Desk(api, desk.admin, control).open(Role.ORG_ADMIN, Role.SECURITY)
    elsewhere.model = desk.model
    for role in (Role.ORG_ADMIN, Role.SECURITY):
        client = elsewhere.people[role].client
        base = f"{API}/access-requests/{asked['id']}"
        answers = [
            await client.get(base),
            await client.post(f"{base}/decisions", json={"agrees": True}),
            await client.post(f"{base}/comments", json={"text": "x"}),
            await client.post(f"{base}/withdrawal"),
            await client.post(f"{base}/revocation", json={"reason": "x"}),
            await client.post(f"{base}/key"),
            await client.get(f"{API}/organizations/{desk.org_id}/access-requests"),
            await client.get(f"{API}/access-rules", params={"org_id": desk.org_id}),
            await client.post(f"{API}/access-rules", json={"name": "x", "org_id": desk.org_id}),
            await client.delete(f"{API}/access-rules/{rule['id']}"),
            await client.post(
                f"{API}/projects/{desk.project_id}/access-requests",
                json={"model_id": desk.model["id"], "purpose": "x"},
            ),
        ]
        assert {answer.status_code for answer in answers} == {404}
    private = await desk.new_model(org_id=desk.org_id)
    hidden = await elsewhere.ask(Role.ORG_ADMIN, model_id=private["id"])
    assert hidden.status_code == 404
    strange = await elsewhere.people[Role.ORG_ADMIN].client.post(
        f"{API}/access-rules",
        json={"name": "x", "org_id": elsewhere.org_id, "project_ids": [desk.project_id]},
    )
    assert strange.status_code == 400


async def test_who_left_takes_no_key(desk: Desk) -> None:
    await desk.rule()
    desk.people["leaver"] = await desk.api.member(desk.org_id, Role.DEVELOPER)
    asked = await desk.asked("leaver")
    await desk.people[Role.ORG_ADMIN].client.delete(
        f"{API}/organizations/{desk.org_id}/members/{asked['requester_id']}"
    )
    assert (await desk.post("leaver", asked, "key")).status_code == 404


async def test_bad_rules_are_refused_with_the_field(desk: Desk) -> None:
    path = f"{API}/access-rules"
    client = desk.people[Role.ORG_ADMIN].client
    for body, status in (
        ({"steps": [{"name": "x", "approvers": ["role:"]}]}, 422),
        ({"steps": [SECURITY, SECURITY]}, 400),
        ({"steps": [SECURITY], "denies": "no"}, 400),
        ({"models": ["a*b"]}, 400),
        ({"data_classes": ["secret"]}, 422),
    ):
        answer = await client.post(path, json={"name": "rule", "org_id": desk.org_id, **body})
        assert answer.status_code == status, body
    made = await desk.rule(name="twice")
    again = await client.post(path, json={"name": "twice", "org_id": desk.org_id})
    assert again.status_code == 409
    of_platform = await client.post(path, json={"name": "everybody"})
    assert of_platform.status_code == 403
    stale = await client.patch(
        f"{API}/access-rules/{made['id']}", json={"position": 5}, headers={"If-Match": '"9"'}
    )
    assert stale.status_code == 412
    wide = await desk.ask(days=4000)
    assert wide.status_code == 422
    by_developer = await desk.people[Role.DEVELOPER].client.post(
        path, json={"name": "mine", "org_id": desk.org_id}
    )
    assert by_developer.status_code == 403
