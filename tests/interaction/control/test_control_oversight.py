"""U1, S3: what is risky needs a second person, and an emergency that does not is seen."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from mainspring.app.control.application import fastapi_application
from mainspring.app.control.wiring import CONSOLE_FILES, Control
from mainspring.capabilities.identity.api import Role
from mainspring.capabilities.oversight.domain.changes import DEFAULT_ACTIONS
from mainspring.kernel.clock import ManualClock
from mainspring.kernel.scope import Scope
from tests.fixtures.calls import operations
from tests.fixtures.commands import run, told
from tests.fixtures.control import Api, Person, Served
from tests.fixtures.oversight import own_id, staff

API = "/api/v1"
PLATFORM = Scope.platform("test")
ACTIONS = ["delete_organization", "update_user:platform_roles", "create_organization"]


@pytest.fixture
def demand(clock: ManualClock) -> Callable[[httpx.AsyncClient], Awaitable[None]]:
    async def turn_on(admin: httpx.AsyncClient) -> None:
        body = {"enabled": True, "actions": ACTIONS, "hours": 24}
        answer = await admin.put(f"{API}/four-eyes", json=body)
        assert answer.status_code == 200, answer.text
        clock.advance(2)

    return turn_on


Demand = Callable[[httpx.AsyncClient], Awaitable[None]]


async def held(answer: httpx.Response) -> str:
    """Return the id of the change that an answer says is waiting."""
    assert answer.status_code == 202, answer.text
    problem = answer.json()
    assert problem["code"] == "change_pending"
    return problem["change_id"]


async def decide(
    person: Person, change_id: str, what: str = "approval", comment: str = "fine"
) -> httpx.Response:
    return await person.client.post(f"{API}/changes/{change_id}/{what}", json={"comment": comment})


async def test_nothing_waits_until_somebody_says_so(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, _ = await api.tenant("Plain")
    assert (await admin.get(f"{API}/four-eyes")).json()["enabled"] is False
    assert (await admin.delete(f"{API}/organizations/{org_id}")).status_code == 204


async def test_a_second_person_lets_it_happen_in_the_name_of_the_first(
    api: Api, admin: httpx.AsyncClient, demand: Demand
) -> None:
    await demand(admin)
    org_id, _ = await api.tenant("Doomed")
    author, other = await staff(api), await staff(api)
    path = f"{API}/organizations/{org_id}"
    change_id = await held(await author.client.delete(path, headers={"X-Change-Reason": "over"}))
    assert (await admin.get(path)).status_code == 200
    assert await held(await author.client.delete(path, headers={"X-Change-Reason": "x"}))
    shown = (await other.client.get(f"{API}/changes/{change_id}")).json()
    assert (shown["operation"], shown["path"]) == ("delete_organization", path)
    assert (shown["reason"], shown["author_id"], shown["needs"]) == ("over", own_id(author), 1)
    done = (await decide(other, change_id)).json()
    assert (done["state"], done["status"], done["decided_by"]) == ("executed", 204, own_id(other))
    assert (await admin.get(path)).status_code == 404
    assert (await decide(other, change_id)).status_code == 409
    query = {"object_id": org_id, "action": "organization.delete"}
    [event] = (await admin.get(f"{API}/audit/events", params=query)).json()["items"]
    assert (event["actor_id"], event["on_behalf_of"]) == (own_id(author), own_id(other))
    told_of = (await admin.get(f"{API}/audit/events", params={"object_id": change_id})).json()
    assert {each["actor_id"] for each in told_of["items"]} == {own_id(author), own_id(other)}
    assert {each["after"].get("sealed") for each in told_of["items"]} <= {None, "[redacted]"}


async def test_a_reason_may_follow_and_is_kept_as_it_was_written(
    api: Api, admin: httpx.AsyncClient, demand: Demand
) -> None:
    await demand(admin)
    org_id, _ = await api.tenant("Doomed")
    author = await staff(api)
    path = f"{API}/organizations/{org_id}"
    change_id = await held(await author.client.delete(path))
    for reason in ("合同已终止", "another"):
        headers = {b"X-Change-Reason": reason.encode()}
        assert await held(await author.client.delete(path, headers=headers)) == change_id
    shown = (await author.client.get(f"{API}/changes/{change_id}")).json()
    assert (shown["reason"], shown["state"]) == ("合同已终止", "pending")


async def test_nobody_approves_their_own_by_any_of_their_credentials(
    api: Api, admin: httpx.AsyncClient, demand: Demand
) -> None:
    author, other = await staff(api), await staff(api)
    token = (await author.client.post(f"{API}/tokens", json={"name": "t"})).json()["secret"]
    await demand(admin)
    by_token = api.client(Authorization=f"Bearer {token}")
    change_id = await held(await author.client.post(f"{API}/organizations", json={"name": "N"}))
    for credential in (author.client, by_token):
        answer = await credential.post(f"{API}/changes/{change_id}/approval", json={})
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    again = await by_token.post(f"{API}/organizations", json={"name": "N"})
    assert await held(again) == change_id
    # Who may not decide, and what is nobody's, do not either.
    org_id, _ = await api.tenant("Aside")
    stranger = await api.member(org_id)
    assert (await decide(stranger, change_id)).status_code == 403
    assert (await admin.post(f"{API}/changes/{change_id}/approval", json={})).status_code == 403
    finance = await staff(api, "finance")
    assert (await decide(finance, change_id)).status_code == 403
    assert (await decide(other, change_id, "rejection", "no")).json()["state"] == "rejected"
    assert (await decide(other, change_id)).status_code == 409
    mine = (await author.client.get(f"{API}/changes")).json()["items"]
    assert [each["id"] for each in mine] == [change_id]
    assert (await stranger.client.get(f"{API}/changes")).json()["items"] == []


async def test_what_a_token_of_nobodys_asks_for_needs_two_people(
    api: Api, admin: httpx.AsyncClient, demand: Demand
) -> None:
    await demand(admin)
    people = [await staff(api), await staff(api)]
    change_id = await held(await admin.post(f"{API}/organizations", json={"name": "Machine"}))
    first = (await decide(people[0], change_id)).json()
    assert (first["state"], first["needs"]) == ("pending", 2)
    assert (await decide(people[0], change_id)).status_code == 409
    assert (await decide(people[1], change_id)).json()["state"] == "executed"
    names = [each["name"] for each in (await admin.get(f"{API}/organizations")).json()["items"]]
    assert "Machine" in names


async def test_only_the_members_that_are_named_make_a_request_wait(
    api: Api, admin: httpx.AsyncClient, demand: Demand
) -> None:
    await demand(admin)
    author, other = await staff(api), await staff(api)
    path = f"{API}/users/{own_id(other)}"
    assert (await author.client.patch(path, json={"name": "New"})).status_code == 200
    change_id = await held(await author.client.patch(path, json={"platform_roles": []}))
    withdrawn = await author.client.post(f"{API}/changes/{change_id}/withdrawal")
    assert withdrawn.json()["state"] == "withdrawn"
    # A body that cannot be read may name anything; nobody is asked to approve it.
    unread = await author.client.patch(path, content=b"{")
    assert (unread.status_code, unread.json()["code"]) == (400, "malformed_json")
    # Who may not do it at all is told so at once, and nothing waits.
    org_id, _ = await api.tenant("Elsewhere")
    member = await api.member(org_id, Role.DEVELOPER)
    assert (await member.client.post(f"{API}/organizations", json={"name": "x"})).status_code == 403


async def test_a_change_expires_fails_and_survives_a_restart(
    control: Control, api: Api, admin: httpx.AsyncClient, demand: Demand, clock: ManualClock
) -> None:
    author, other = await staff(api), await staff(api)
    await demand(admin)
    lasting = await held(
        await author.client.post(f"{API}/organizations", json={"name": "Kept", "slug": "kept"})
    )
    # Another control plane on the same database knows nothing but what is kept.
    fresh = Control(control.settings, clock=clock)
    try:
        await fresh.preparation.run()
        assert (await fresh.changes.get(PLATFORM, lasting)).state == "pending"
        assert "create_organization" in await fresh.changes.rules()
    finally:
        await fresh.close()
    await api.control.tenancy.create_organization(PLATFORM, name="Kept", slug="kept")
    failed = (await decide(other, lasting)).json()
    assert (failed["state"], failed["status"], failed["code"]) == ("failed", 409, "conflict")
    late = await held(await author.client.post(f"{API}/organizations", json={"name": "Late"}))
    orphan = await held(await author.client.post(f"{API}/organizations", json={"name": "Orphan"}))
    await control.accounts.disable_user(PLATFORM, own_id(author))
    gone = (await decide(other, orphan)).json()
    assert (gone["state"], gone["code"]) == ("failed", "permission_denied")
    clock.advance(timedelta(hours=25).total_seconds())
    assert (await control.changes.end_overdue()) == 1
    assert (await control.changes.get(PLATFORM, late)).state == "expired"


async def test_the_rule_itself_is_changed_by_two(
    api: Api, admin: httpx.AsyncClient, demand: Demand, clock: ManualClock
) -> None:
    author, other = await staff(api), await staff(api)
    wrong = {"enabled": True, "actions": ["no_such_thing"]}
    assert (await admin.put(f"{API}/four-eyes", json=wrong)).status_code == 400
    wrong = {"enabled": True, "actions": ["approve_change"]}
    assert (await admin.put(f"{API}/four-eyes", json=wrong)).status_code == 400
    await demand(admin)
    change_id = await held(await author.client.put(f"{API}/four-eyes", json={"enabled": False}))
    assert (await decide(other, change_id)).json()["state"] == "executed"
    clock.advance(2)
    assert (await author.client.post(f"{API}/organizations", json={"name": "N"})).status_code == 201


async def test_who_breaks_the_glass_acts_alone_for_a_time_and_everybody_sees_it(
    control: Control,
    api: Api,
    admin: httpx.AsyncClient,
    demand: Demand,
    clock: ManualClock,
) -> None:
    await demand(admin)
    officer, other = await staff(api, "security"), await staff(api)
    create = (f"{API}/organizations", {"name": "Now"})
    assert (await officer.client.post(create[0], json=create[1])).status_code == 403
    short = await officer.client.post(f"{API}/break-glass", json={"reason": "help"})
    assert short.status_code == 422
    body = {"reason": "Nobody else can be reached.", "minutes": 10}
    assert (await admin.post(f"{API}/break-glass", json=body)).status_code == 403
    opened = await officer.client.post(f"{API}/break-glass", json=body)
    assert opened.status_code == 201, opened.text
    emergency_id = opened.json()["id"]
    assert (await officer.client.post(f"{API}/break-glass", json=body)).status_code == 409
    assert (await officer.client.post(create[0], json=create[1])).status_code == 201
    # Everybody who looks sees it.
    [seen] = (await admin.get(f"{API}/system/info")).json()["break_glass"]
    assert (seen["id"], seen["user_id"], seen["reason"]) == (
        emergency_id,
        own_id(officer),
        body["reason"],
    )
    async with api.internal() as scraper:
        page = (await scraper.get("/metrics")).text
    assert "mainspring_control_break_glass_open 1\n" in page
    query = {"object_id": emergency_id}
    events = (await admin.get(f"{API}/audit/events", params=query)).json()["items"]
    assert [each["action"] for each in events] == ["break_glass.use", "emergency.create"]
    assert events[0]["after"]["operation"] == "create_organization"
    review = {"verdict": "justified", "text": "right so"}
    path = f"{API}/break-glass/{emergency_id}"
    assert (await other.client.post(f"{path}/review", json=review)).status_code == 409
    # A token that is narrower than its owner stays so.
    narrow = await officer.client.post(
        f"{API}/tokens", json={"name": "n", "scopes": ["audit:read"]}
    )
    by_token = api.client(Authorization=f"Bearer {narrow.json()['secret']}")
    assert (await by_token.post(create[0], json={"name": "B"})).status_code == 403
    clock.advance(11 * 60)
    assert (await officer.client.post(create[0], json={"name": "Then"})).status_code == 403
    assert (await admin.get(f"{API}/system/info")).json()["break_glass"] == []
    await control.emergencies.end_overdue()
    assert (await officer.client.post(f"{path}/review", json=review)).status_code == 403
    reviewed = (await other.client.post(f"{path}/review", json=review)).json()
    assert (reviewed["verdict"], reviewed["reviewed_by"]) == ("justified", own_id(other))
    assert (reviewed["ended_by"], reviewed["uses"]) == (None, 2)
    assert (await other.client.post(f"{path}/review", json=review)).status_code == 409
    [listed] = (await other.client.get(f"{API}/break-glass")).json()["items"]
    assert listed == reviewed
    # And again: what is over does not stand in the way; somebody else ends it.
    again = (await officer.client.post(f"{API}/break-glass", json=body)).json()
    ended = await other.client.post(f"{API}/break-glass/{again['id']}/end")
    assert ended.json()["ended_by"] == own_id(other)
    assert (await officer.client.post(create[0], json={"name": "Z"})).status_code == 403


FILE = """
organizations:
  - slug: default
    limits: {requests_per_minute: 7}
"""


async def test_commands_say_what_waits_and_applying_goes_on(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_text(FILE)
    await told(served, "changes", "four-eyes", "--on", "--action", "update_organization:limits")
    status, _, err = await run(served, "apply", "-f", str(file))
    assert status == 9, err
    assert "wait for a second person: chg_" in err
    [waiting] = (await told(served, "changes", "list", "--state", "pending"))["items"]
    assert waiting["shown"]["limits"]["requests_per_minute"] == 7
    assert (await told(served, "changes", "show", waiting["id"])) == waiting
    status, _, err = await run(served, "changes", "four-eyes", "--off")
    assert (status, "chg_" in err) == (9, True)
    assert (await told(served, "changes", "withdraw", waiting["id"]))["state"] == "withdrawn"
    status, _, _ = await run(served, "changes", "approve", waiting["id"])
    assert status == 6
    assert (await told(served, "break-glass", "list"))["items"] == []


async def test_every_risky_change_that_is_proposed_waits_for_a_second_person(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    await admin.put(f"{API}/four-eyes", json={"enabled": True, "actions": []})
    document = fastapi_application(api.control, console=CONSOLE_FILES).openapi()
    known = {each.id: each for each in operations(document)}
    clock.advance(2)
    proposed = DEFAULT_ACTIONS
    people = [await staff(api), await staff(api)]
    change_id = await held(
        await people[0].client.put(
            f"{API}/four-eyes", json={"enabled": True, "actions": list(proposed)}
        )
    )
    assert (await decide(people[1], change_id)).json()["state"] == "executed"
    clock.advance(2)
    for action in proposed:
        name, _, member = action.partition(":")
        operation = known[name]
        path = re.sub(r"\{[a-z_]+\}", "x_none", operation.path)
        said = {member: None} if member else {"hours": 3}
        request = people[0].client.request
        assert await held(await request(operation.method, path, json=said)), action
        if member and action.partition(":")[0] not in proposed:
            passed = await request(operation.method, path, json={"something_else": 1})
            assert passed.status_code in {400, 404, 422}, (action, passed.text)
    for unreadable in (b"{", b'{"enabled": NaN}', b'{"x": ' + b"[" * 100_000):
        refused = await people[0].client.put(f"{API}/four-eyes", content=unreadable)
        assert (refused.status_code, refused.json()["code"]) == (400, "malformed_json")


async def test_the_list_that_a_new_platform_has_is_the_one_that_is_proposed(
    admin: httpx.AsyncClient,
) -> None:
    found = (await admin.get(f"{API}/four-eyes")).json()
    assert (found["enabled"], found["actions"]) == (False, list(DEFAULT_ACTIONS))
