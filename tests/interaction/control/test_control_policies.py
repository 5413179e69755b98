"""Policies by the API: who writes them, what gateways are told, what they come to."""

from typing import Any

import httpx

from mainspring.app.control.wiring import Control
from mainspring.capabilities.identity.api import Role
from mainspring.infra.feed import read_frame
from mainspring.snapshot.policy_rules import CacheRule, CaptureRule, ParameterRule
from mainspring.snapshot.resources import Policy
from mainspring.snapshot.table import SnapshotTable
from tests.fixtures.control import Api

PATH = "/api/v1/policies"
CAP: list[dict[str, Any]] = [{"name": "temperature", "max": 1}]


async def gateway_policies(control: Control) -> dict[str, Policy]:
    table = SnapshotTable()
    frame = await read_frame(control.database)
    assert frame is not None
    table.apply(frame)
    return table.policies


async def make(client: httpx.AsyncClient, name: str = "p", **body: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    answer = await client.post(PATH, json={"name": name, "parameters": CAP} | body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def refused(client: httpx.AsyncClient, **body: object) -> tuple[int, str]:
    answer = await client.post(PATH, json={"name": "p", "parameters": CAP} | body)
    assert answer.status_code >= 400, answer.text
    return answer.status_code, answer.json()["code"]


async def test_a_policy_is_made_changed_and_removed_and_gateways_are_told(
    control: Control, admin: httpx.AsyncClient
) -> None:
    rules = [
        {"name": "temperature", "max": 0.5, "beyond": "refuse"},
        {"name": "seed", "force": 7},
        {"name": "response_format", "values": ["text", "json_*"]},
        {"name": "stop", "default": ["END"], "tasks": ["completion"]},
    ]
    made = await make(admin, models=["small-*"], parameters=rules, cache={"ttl_s": 60})
    told = (await gateway_policies(control))[made["id"]]
    assert told == Policy(
        id=made["id"],
        name="p",
        models=("small-*",),
        parameters=(
            ParameterRule(name="temperature", max=0.5, beyond="refuse"),
            ParameterRule(name="seed", force=7),
            ParameterRule(name="response_format", values=("text", "json_*")),
            ParameterRule(name="stop", default=["END"], tasks=("completion",)),
        ),
        cache=CacheRule(ttl_s=60),
    )
    path = f"{PATH}/{made['id']}"
    read = await admin.get(path)
    assert read.json() == made
    assert isinstance(made["parameters"][1]["force"], int)
    stale = await admin.patch(path, json={"enabled": False}, headers={"If-Match": '"r7"'})
    assert stale.status_code == 412
    changed = await admin.patch(
        path, json={"enabled": False, "cache": None}, headers={"If-Match": read.headers["etag"]}
    )
    assert changed.json() == made | {
        "enabled": False,
        "cache": None,
        "updated_at": changed.json()["updated_at"],
    }
    assert not (await gateway_policies(control))[made["id"]].enabled
    assert (await admin.delete(path)).status_code == 204
    assert await gateway_policies(control) == {}
    assert (await admin.get(path)).status_code == 404


async def test_what_cannot_be_meant_is_refused(admin: httpx.AsyncClient) -> None:
    wrong: list[dict[str, Any]] = [
        {"name": "model", "force": "other"},
        {"name": "messages", "deny": "drop"},
        {"name": "temperature"},
        {"name": "temperature", "min": 2, "max": 1},
        {"name": "temperature", "max": 1, "default": "hot"},
        {"name": "temperature", "default": 1, "force": 1},
        {"name": "stream", "force": True},
        {"name": "stream", "deny": "drop"},
        {"name": "context_length", "max": 0},
        {"name": "context_length", "max": 10, "deny": "drop"},
        {"name": "x y", "deny": "drop"},
        {"name": "stop", "force": "x" * 5000},
    ]
    for rule in wrong:
        assert await refused(admin, parameters=[rule]) == (400, "invalid_request"), rule
    assert await refused(admin, parameters=[]) == (400, "invalid_request")
    assert await refused(admin, models=["a*b"]) == (400, "invalid_request")
    for body in ({"parameters": [{"name": "n", "deny": "maybe"}]}, {"cache": {"mode": "magic"}}):
        assert (await refused(admin, **body))[0] == 422


async def test_an_organisation_writes_its_own_and_not_the_platforms(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Ours")
    member = (await api.member(org_id, Role.DEVELOPER)).client
    ours = (await api.member(org_id)).client
    everybody = await make(admin, "everybody")
    locked = await make(admin, "locked", org_id=org_id, locked=True)
    own = await make(ours, "own", project_id=project_id)
    assert (own["org_id"], own["project_id"]) == (org_id, project_id)
    listed = (await ours.get(PATH)).json()["items"]
    assert [each["name"] for each in listed] == ["everybody", "locked", "own"]
    assert (await ours.get(f"{PATH}/{everybody['id']}")).status_code == 200
    for policy in (everybody, locked):
        path = f"{PATH}/{policy['id']}"
        assert (await ours.patch(path, json={"enabled": False})).status_code == 403
        assert (await ours.delete(path)).status_code == 403
    assert (await refused(ours))[0] == 403
    assert (await refused(ours, org_id=org_id, locked=True))[0] == 403
    assert (await ours.patch(f"{PATH}/{own['id']}", json={"locked": True})).status_code == 403
    assert (await refused(member, org_id=org_id))[0] == 403
    assert (await member.get(f"{PATH}/{own['id']}")).status_code == 200
    assert (await admin.patch(f"{PATH}/{locked['id']}", json={"enabled": False})).status_code == 200


async def test_nobody_attaches_a_policy_to_or_learns_of_another_tenant(api: Api) -> None:
    ours, _ = await api.tenant("Ours")
    theirs, their_project = await api.tenant("Theirs")
    intruder = (await api.member(ours)).client
    owner = (await api.member(theirs)).client
    key = (await owner.post(f"/api/v1/projects/{their_project}/keys", json={"name": "k"})).json()
    their_policy = await make(owner, project_id=their_project)
    for target in ({"org_id": theirs}, {"project_id": their_project}, {"key_id": key["id"]}):
        assert (await refused(intruder, **target))[0] == 404, target
    query = {"project": their_project, "model": "m"}
    assert (await intruder.get(f"{PATH}/effective", params=query)).status_code == 404
    assert (await intruder.get(f"{PATH}/{their_policy['id']}")).status_code == 404
    assert (await intruder.get(PATH, params={"org_id": theirs})).status_code == 404
    assert their_policy["id"] not in (await intruder.get(PATH)).text
    mixed = {"org_id": ours, "project_id": their_project}
    assert (await refused(owner, **mixed))[0] == 400
    own_project = (
        await intruder.post(f"/api/v1/organizations/{ours}/projects", json={"name": "x"})
    ).json()
    query = {"project": own_project["id"], "model": "m", "key": key["id"]}
    assert (await intruder.get(f"{PATH}/effective", params=query)).status_code == 404


async def test_the_effective_policy_tells_every_value_with_its_source(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Ours")
    key = (await admin.post(f"/api/v1/projects/{project_id}/keys", json={"name": "k"})).json()
    platform = await make(
        admin,
        "platform",
        parameters=[{"name": "temperature", "max": 1}, {"name": "n", "deny": "refuse"}],
        cache={"mode": "semantic", "ttl_s": 600},
    )
    inner = await make(
        admin,
        "inner",
        key_id=key["id"],
        models=["small*"],
        parameters=[
            {"name": "temperature", "max": 2, "default": 1.5},
            {"name": "max_output_tokens", "max": 50, "beyond": "refuse"},
            {"name": "reasoning_effort", "values": ["low"]},
        ],
        cache={"scope": "key", "ttl_s": 60},
    )
    await make(admin, "elsewhere", org_id=org_id, models=["other"])

    def source(policy: dict[str, Any], level: str) -> dict[str, Any]:
        return {"policy_id": policy["id"], "policy": policy["name"], "level": level}

    outside, inside = source(platform, "platform"), source(inner, "key")
    query = {"project": project_id, "key": key["id"], "model": "small-1"}
    member = (await api.member(org_id, Role.DEVELOPER)).client
    answer = (await member.get(f"{PATH}/effective", params=query)).json()
    nothing = dict.fromkeys(
        ("default", "force", "min", "max", "refused_below", "refused_above", "denied")
    )
    assert answer["parameters"] == [
        nothing
        | {
            "name": "max_tokens",
            "allowed": [],
            "max": {"value": 50, "source": inside},
            "refused_above": {"value": 50, "source": inside},
        },
        nothing | {"name": "n", "allowed": [], "denied": {"value": "refuse", "source": outside}},
        nothing
        | {
            "name": "reasoning_effort",
            "allowed": [{"values": ["low"], "refuses": False, "source": inside}],
        },
        nothing
        | {
            "name": "temperature",
            "allowed": [],
            "default": {"value": 1.5, "source": inside},
            "max": {"value": 1, "source": outside},
        },
    ]
    cache = answer["cache"]
    assert (cache["mode"], cache["ttl_s"], cache["scopes"]) == ("exact", 60, ["key", "project"])
    assert cache["sources"] == [outside, inside]
    del query["key"]
    without_key = (await member.get(f"{PATH}/effective", params=query)).json()
    assert [each["name"] for each in without_key["parameters"]] == ["n", "temperature"]


async def test_what_is_kept_is_bounded_by_policies_and_told_with_its_sources(
    control: Control, api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Ours")
    project = f"/api/v1/projects/{project_id}"
    query = {"project": project_id, "model": "m"}
    member = (await api.member(org_id, Role.DEVELOPER)).client

    async def held(**more: str) -> dict[str, Any]:
        answer = await member.get(f"{PATH}/effective", params=query | more)
        return answer.json()["capture"]

    ours = await make(
        admin, "ours", org_id=org_id, parameters=[], capture={"level": "redacted", "sample": 0.5}
    )
    assert (await gateway_policies(control))[ours["id"]].capture == CaptureRule(
        level="redacted", sample=0.5
    )
    nothing = await held()
    assert (nothing["level"], nothing["source"]["level"]) == ("off", "default")
    assert nothing["at_most"]["level"] == "redacted"

    await admin.patch(project, json={"capture": {"level": "full", "sample": 0.2}})
    few = await held()
    assert (few["level"], few["sample"]) == ("redacted", 0.2)
    said = {"level": "organization", "id": ours["id"], "name": "ours", "by_policy": True}
    assert few["source"] == said
    assert (few["sample_source"]["level"], few["sample_source"]["by_policy"]) == ("project", False)

    key = (await admin.post(f"{project}/keys", json={"name": "k"})).json()
    own = await make(admin, "own", key_id=key["id"], parameters=[], capture={"level": "off"})
    assert (await held())["level"] == "redacted"
    off = await held(key=key["id"])
    assert (off["level"], off["source"]["id"]) == ("off", own["id"])

    path = f"{PATH}/{ours['id']}"
    assert (await admin.patch(path, json={"capture": None})).status_code == 400  # it says nothing
    wider = await admin.patch(path, json={"capture": {"level": "full"}})
    assert wider.json()["capture"] == {"level": "full", "sample": 1.0}
    again = await held()
    assert (again["level"], again["source"]["level"], again["sample"]) == ("full", "project", 0.2)
    assert (await refused(admin, capture={"level": "everything"}))[0] == 422
    assert (await refused(admin, capture={"sample": 2}))[0] == 422


async def test_names_are_unique_within_their_owner_and_go_with_it(
    control: Control, api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Ours")
    await make(admin, "same")
    assert await refused(admin, name="same") == (409, "conflict")
    await make(admin, "same", org_id=org_id)
    assert await refused(admin, name="same", project_id=project_id) == (409, "conflict")
    assert len(await gateway_policies(control)) == 2
    assert (await admin.delete(f"/api/v1/organizations/{org_id}")).status_code == 204
    assert [each.org_id for each in (await gateway_policies(control)).values()] == [None]
