"""G9, G5, S4: what holds with all its sources, and proposals tried on recorded calls."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec

from mainspring.app.control.wiring import Control
from mainspring.capabilities.identity.api import Role
from mainspring.wire.records import UsageRecord
from tests.fixtures.commands import told
from tests.fixtures.control import Api, Served, call_record, usage_record

PATH = "/api/v1/policies"
MODEL = "smollm2-135m-instruct"


class Past:
    """Calls that a project made, in the ledger and, with their contents, among the records."""

    def __init__(self, api: Api, org_id: str, project_id: str) -> None:
        self.api = api
        self.org_id = org_id
        self.project_id = project_id

    async def call(self, body: dict[str, Any] | None = None, **changes: object) -> UsageRecord:
        """Record a call; without ``body`` nothing is kept of its contents."""
        record = usage_record(self.org_id, self.project_id, **changes)
        record = msgspec.structs.replace(record, id="use_" + record.request_id[4:])
        await self.api.ingest(record)
        if body is not None:
            observed = call_record(
                self.org_id,
                self.project_id,
                id="cal_" + record.request_id[4:],
                request_id=record.request_id,
                at_ms=record.at_ms,
                request=json.dumps(body).encode(),
            )
            await self.api.observe(observed)
        return record

    async def tried(self, client: httpx.AsyncClient, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Run a dry run over this project's last day."""
        since = (self.api.control.clock.now() - timedelta(days=1)).isoformat()
        wanted = {"since": since, "project_id": self.project_id} | body
        answer = await client.post(f"{PATH}/dry-run", json=wanted)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def past(api: Api) -> Past:
    return Past(api, *await api.tenant("Past"))


async def test_limits_routing_places_and_retention_are_told_with_their_sources(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Sourced")
    changes = {
        "limits": {"requests_per_minute": 100, "budget_per_day": 5, "currency": "EUR"},
        "data_policy": {"regions": ["eu-*"], "hosting": None},
    }
    assert (await admin.patch(f"/api/v1/organizations/{org_id}", json=changes)).status_code == 200
    changes = {
        "limits": {"requests_per_minute": 10},
        "capture": {"level": "redacted", "sample": 0.5},
        "response_days": 7,
    }
    project = await admin.patch(f"/api/v1/projects/{project_id}", json=changes)
    assert project.status_code == 200, project.text
    key = await admin.post(
        f"/api/v1/projects/{project_id}/keys",
        json={"name": "k", "limits": {"requests_per_minute": 5}},
    )
    member = (await api.member(org_id, Role.DEVELOPER)).client
    query = {"key": key.json()["id"], "model": MODEL}
    found = (await member.get(f"{PATH}/effective", params=query)).json()
    assert (found["org_id"], found["project_id"]) == (org_id, project_id)
    assert [
        (each["name"], each["value"], each["source"]["level"], each["tightest"])
        for each in found["limits"]
    ] == [
        ("requests_per_minute", 5, "key", True),
        ("requests_per_minute", 10, "project", False),
        ("requests_per_minute", 100, "organization", False),
        ("budget_per_day", 5, "organization", True),
    ]
    assert found["routing"]["value"]["strategy"] == "weighted"
    assert found["routing"]["source"]["level"] == "default"
    [statement] = found["data"]["statements"]
    assert (statement["regions"], statement["source"]["id"]) == (["eu-*"], org_id)
    [target] = found["data"]["targets"]
    assert (target["barred_by"], target["reason"]) == ("organisation", "data_region")
    own = {"level": "project", "id": project_id, "name": "Sourced project", "by_policy": False}
    assert found["capture"] == {
        "level": "redacted",
        "sample": 0.5,
        "source": own,
        "sample_source": own,
        "at_most": None,
    }
    kept = {each["what"]: (each["days"], each["source"]["level"]) for each in found["retention"]}
    assert kept["responses"] == (7, "project")
    assert kept["traces"] == (7, "platform")
    alone = (await member.get(f"{PATH}/effective", params={"org_id": org_id})).json()
    assert (alone["project_id"], alone["model"], alone["routing"]) == (None, None, None)
    assert {each["counts"] for each in alone["limits"]} == {"organization"}
    assert (await member.get(f"{PATH}/effective")).status_code == 400
    intruder = (await api.member((await api.tenant("Other"))[0])).client
    for query in ({"org_id": org_id}, {"key": key.json()["id"]}):
        assert (await intruder.get(f"{PATH}/effective", params=query)).status_code == 404


async def test_a_proposed_policy_is_tried_on_recorded_calls_and_holds_nowhere(
    api: Api, admin: httpx.AsyncClient
) -> None:
    made = await past(api)
    hot = await made.call({"model": MODEL, "temperature": 1.5, "messages": []})
    await made.call({"model": MODEL, "temperature": 0.1, "messages": []})
    unknown = await made.call()
    client = (await api.member(made.org_id)).client
    proposal = [{"project_id": made.project_id, "parameters": [{"name": "temperature", "max": 1}]}]
    found = await made.tried(client, policies=proposal)
    assert (found["read"], found["stopped"], found["limits_judged"]) == (3, None, False)
    assert found["changed"] == {"refused": 0, "allowed": 0, "parameters": 1, "target": 0}
    assert found["not_judged"] == {"contents_not_kept": 1}
    [finding] = found["findings"]
    assert finding["request_id"] == hot.request_id
    assert [(each["name"], each["before"], each["after"]) for each in finding["changes"]] == [
        ("temperature", 1.5, 1)
    ]
    assert (await client.get(PATH)).json()["items"] == []
    refusing = [{"parameters": [{"name": "temperature", "max": 1, "beyond": "refuse"}]}]
    found = await made.tried(client, policies=refusing, max_calls=2)
    assert (found["read"], found["stopped"]) == (2, "calls")
    assert unknown.request_id not in str(found["findings"])
    # The present rule refuses it; without that rule it would pass.
    rule = {"name": "p", "project_id": made.project_id, "parameters": refusing[0]["parameters"]}
    policy = (await admin.post(PATH, json=rule)).json()
    found = await made.tried(client, removed=[policy["id"]])
    assert [(each["kind"], each["reason"]) for each in found["findings"]] == [
        ("allowed", "parameter_out_of_range")
    ]
    loose = [{"id": policy["id"], **rule, "parameters": [{"name": "n", "max": 1}]}]
    assert (await made.tried(client, policies=loose))["changed"]["allowed"] == 1


async def test_proposed_limits_and_places_are_tried(api: Api, admin: httpx.AsyncClient) -> None:
    made = await past(api)
    upstream = (await admin.get("/api/v1/upstreams")).json()["items"][0]
    target: dict[str, Any] = {"upstream_id": upstream["id"], "upstream_model": MODEL}
    for _ in range(3):
        await made.call(None, **target)
    client = (await api.member(made.org_id)).client
    place = {"project_id": made.project_id}
    found = await made.tried(client, limits=[{**place, "limits": {"requests_per_day": 2}}])
    assert (found["limits_judged"], found["changed"]["refused"]) == (True, 1)
    assert found["findings"][0]["reason"] == "rate_limit_exceeded"
    eu = [{**place, "data_policy": {"regions": ["eu-*"], "hosting": None}}]
    found = await made.tried(client, data_policies=eu)
    assert found["changed"]["refused"] == 3
    assert {each["reason"] for each in found["findings"]} == {"data_policy"}


async def test_nobody_tries_anything_on_the_calls_of_others(
    control: Control, api: Api, admin: httpx.AsyncClient
) -> None:
    ours, theirs = await past(api), await past_of(api, "Theirs")
    await theirs.call({"model": MODEL, "temperature": 1.5, "messages": []})
    client = (await api.member(ours.org_id)).client
    rule = [{"parameters": [{"name": "temperature", "max": 1}]}]
    since = (control.clock.now() - timedelta(days=1)).isoformat()

    async def status(**body: Any) -> int:  # noqa: ANN401 - JSON
        body = {"since": since, "policies": rule} | body
        return (await client.post(f"{PATH}/dry-run", json=body)).status_code

    assert await status() == 403
    assert await status(org_id=theirs.org_id) == 404
    assert await status(project_id=theirs.project_id) == 404
    assert await status(org_id=ours.org_id) == 200
    own = {"org_id": ours.org_id}
    for stranger in ({"org_id": theirs.org_id}, {"project_id": theirs.project_id}):
        assert await status(**own, limits=[{**stranger, "limits": None}]) == 404
        assert await status(**own, data_policies=[stranger]) == 404
        assert await status(**own, policies=[{**rule[0], **stranger}]) == 404
    shared = [{"model": MODEL, "limits": {"requests_per_day": 1}}]
    assert await status(**own, limits=shared) == 400
    assert await status(**own, policies=[]) == 400
    assert await status(**own, since="2020-01-01T00:00:00Z") == 400
    developer = (await api.member(ours.org_id, Role.DEVELOPER)).client
    body = {"since": since, "policies": rule, "org_id": ours.org_id}
    assert (await developer.post(f"{PATH}/dry-run", json=body)).status_code == 403
    everybody = await admin.post(
        f"{PATH}/dry-run", json={"since": since, "policies": rule, "limits": shared}
    )
    assert everybody.json()["changed"]["parameters"] == 1


async def past_of(api: Api, name: str) -> Past:
    return Past(api, *await api.tenant(name))


FILE = """
organizations:
  - slug: default
    limits: {requests_per_day: 1}
policies:
  - name: cool
    parameters: [{name: temperature, max: 1}]
"""


async def test_files_are_tried_before_they_are_applied(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "platform.yaml"
    file.write_text(FILE)
    found = await told(served, "policy", "dry-run", "-f", str(file), "-o", "default")
    assert (found["read"], found["limits_judged"]) == (0, True)
    assert (await told(served, "policy", "list"))["items"] == []
    await told(served, "apply", "-f", str(file))
    shown = await told(served, "policy", "effective", "-p", "default", "--model", MODEL)
    assert [each["name"] for each in shown["parameters"]] == ["temperature"]
    assert [each["value"] for each in shown["limits"]] == [1]
    gone = await told(served, "policy", "dry-run", "--remove", "cool")
    assert gone["changed"]["refused"] == 0
