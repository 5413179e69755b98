"""The export of the audit trail: all that a search finds, and told itself."""

import csv
import io
import json
from typing import Any

import httpx

from tests.fixtures.control import Api

API = "/api/v1"


async def events(client: httpx.AsyncClient, **query: str) -> list[dict[str, Any]]:
    answer = await client.get(f"{API}/audit/events", params={"limit": "200", **query})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def test_an_export_holds_every_event_and_is_told_itself(api: Api) -> None:
    org_id, _ = await api.tenant("Exported")
    owner = await api.member(org_id)
    await owner.client.patch(f"{API}/organizations/{org_id}", json={"name": "=1+1"})
    answer = await owner.client.get(f"{API}/audit/export")
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == await events(owner.client)
    assert lines[0]["action"] == "audit.export"
    table = await owner.client.get(f"{API}/audit/export", params={"format": "csv"})
    assert table.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert len(rows) == len(lines) + 1
    assert rows[-1]["seq"] == "1"


async def test_an_export_is_narrowed_as_a_search_is_and_tells_by_what(api: Api) -> None:
    org_id, _ = await api.tenant("Narrowed")
    owner = await api.member(org_id)
    await owner.client.patch(f"{API}/organizations/{org_id}", json={"name": "Renamed"})
    lines = await events(owner.client)
    await owner.client.post(f"{API}/organizations/{org_id}/projects", json={"name": "Other"})
    for narrowed in (
        {"actor_id": str(lines[-1]["actor_id"])},
        {"action": "audit.export"},
        {"object_id": org_id},
        {"request_id": str(lines[0]["request_id"])},
        {"action": "organization.update", "object_id": "org_nobody"},
    ):
        wanted = await events(owner.client, **narrowed)
        answer = await owner.client.get(f"{API}/audit/export", params=narrowed)
        found = [json.loads(line) for line in answer.text.splitlines()]
        told = (await events(owner.client, limit="1"))[0]
        assert told["after"].items() >= narrowed.items()
        assert [each for each in found if each != told] == wanted
        assert len(found) < told["seq"]
        assert all(each[name] == value for each in found for name, value in narrowed.items())
