"""Calls made again through a gateway, and data sets made by hand, by file and of calls."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio

from mainspring.app.control.wiring import Control
from mainspring.kernel.clock import ManualClock
from mainspring.kernel.ids import new_id
from mainspring.wire.delegation import DelegatedIdentity, verify_delegated_token
from tests.fixtures.control import Api, call_record, control_settings, usage_record
from tests.fixtures.datasets import QUESTION
from tests.fixtures.module_control import admin, api, clock
from tests.fixtures.prepared import quick_hasher

__all__ = ["admin", "api", "clock"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

API = "/api/v1"


class ScriptedGateway:
    """Answers each call as it was told to, and delivers its bill first, if it has the API."""

    def __init__(self) -> None:
        self.url = ""
        self.forget()

    def forget(self) -> None:
        """Begin anew, at the same address."""
        self.api: Api | None = None
        self.status = 200
        self.kind = "application/json"
        self.answer: bytes = b"{}"
        self.path = ""
        self.caching: str | None = None
        self.body: dict[str, Any] = {}
        self.token = ""
        self.request_id = ""
        self.place: tuple[str, str] = ("", "")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = dict(line.split(": ", 1) for line in head.lower().split("\r\n")[1:] if line)
        self.path, self.caching = head.split(" ", 2)[1], headers.get("cache-control")
        self.token = head.partition("Bearer ")[2].partition("\r\n")[0]
        self.body = json.loads(await reader.readexactly(int(headers["content-length"])))
        self.request_id = new_id("req")
        if self.api is not None:
            record = usage_record(
                *self.place,
                request_id=self.request_id,
                id="use_" + self.request_id[4:],
                model=self.body["model"],
                cost_nanos=7,
                currency="USD",
                duration_ms=80.0,
            )
            call = call_record(*self.place, id="cal_" + record.request_id[4:])
            await self.api.ingest(record)
            await self.api.observe(msgspec.structs.replace(call, request_id=record.request_id))
        writer.write(
            f"HTTP/1.1 {self.status} X\r\ncontent-type: {self.kind}\r\n"
            f"x-request-id: {self.request_id}\r\ncontent-length: {len(self.answer)}\r\n"
            "connection: close\r\n\r\n".encode()
            + self.answer
        )
        writer.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def listening() -> AsyncGenerator[ScriptedGateway]:
    scripted = ScriptedGateway()
    async with await asyncio.start_server(scripted.serve, "127.0.0.1", 0) as server:
        scripted.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield scripted


@pytest.fixture
def gateway(listening: ScriptedGateway) -> ScriptedGateway:
    listening.forget()
    return listening


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def control(
    module_database_dsn: str,
    tmp_path_factory: pytest.TempPathFactory,
    clock: ManualClock,
    listening: ScriptedGateway,
) -> AsyncGenerator[Control]:
    home = tmp_path_factory.mktemp("control") / "home"
    settings = control_settings(home, module_database_dsn, gateway_url=listening.url)
    built = Control(settings, clock=clock, hasher=quick_hasher())
    await built.preparation.run()
    yield built
    await built.close()


def chat(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return json.dumps({"id": "c", "model": "m", "created": 1, "choices": [choice]}).encode()


async def test_a_call_is_made_again_in_the_persons_name_and_compared(
    api: Api, control: Control, gateway: ScriptedGateway
) -> None:
    org_id, project_id = await api.tenant("Again")
    person = await api.member(org_id)
    record = call_record(org_id, project_id, path="/v1/chat/completions", cost_nanos=3)
    await api.observe(record)
    gateway.api, gateway.place, gateway.answer = api, (org_id, project_id), chat("In a week.")
    at = f"{API}/calls/{record.id}"
    wanted = {"model": "other", "parameters": {"temperature": 0}}
    answer = await person.client.post(f"{at}/replay", json=wanted)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    asked = {"messages": [{"role": "user", "content": "When do I get my money back?"}]}
    assert (gateway.path, gateway.caching, gateway.body) == (
        "/v1/chat/completions",
        "no-cache",
        {**asked, "temperature": 0, "model": "other"},
    )
    secret = control.settings.internal_token_file.read_text().strip().encode()
    now = control.clock.now().timestamp()
    assert verify_delegated_token(gateway.token, secret, now=now) == DelegatedIdentity(
        org_id=org_id,
        project_id=project_id,
        actor_id=person.session["user"]["id"],
        expires_at=int(now) + 300,
    )
    before, after = found["before"], found["after"]
    assert (before["text"], before["cost_nanos"]) == ("Within ten days.", 3)
    assert (after["request_id"], after["model"]) == (gateway.request_id, "other")
    assert (after["text"], after["finish_reason"]) == ("In a week.", "stop")
    assert (after["input_tokens"], after["output_tokens"], after["cost_nanos"]) == (10, 5, 7)
    assert (after["duration_ms"], after["outcome"], found["settled"]) == (80.0, "ok", True)
    assert (found["same_text"], found["same_finish_reason"]) == (False, True)
    # Each of the two records leads to the other.
    first = (await person.client.get(at)).json()
    second = (await person.client.get(f"{API}/calls/{gateway.request_id}")).json()
    assert first["replays"] == [second["replay_of"]] == [found["replay"]]
    assert (first["replay_of"], second["replays"]) == (None, [])


async def test_a_stream_is_read_and_a_refusal_is_an_answer_too(
    api: Api, admin: httpx.AsyncClient, gateway: ScriptedGateway
) -> None:
    org_id, project_id = await api.tenant("Streamed")
    body = {"model": "m", "max_tokens": 9, "stream": True, **QUESTION}
    record = call_record(org_id, project_id, path="/v1/messages", request=json.dumps(body).encode())
    await api.observe(record)
    gateway.api, gateway.place = api, (org_id, project_id)
    gateway.kind, gateway.answer = "text/event-stream", _ANTHROPIC
    at = f"{API}/calls/{record.request_id}/replay"
    after = (await admin.post(at, json={})).json()["after"]
    assert (gateway.path, gateway.body) == ("/v1/messages", body)
    assert (after["text"], after["finish_reason"]) == ("Soon", "stop")
    gateway.status, gateway.kind = 429, "application/json"
    gateway.answer = b'{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}'
    refused = (await admin.post(at, json={"model": "other"})).json()
    assert (refused["replay"]["status"], refused["after"]["status"]) == (429, 429)
    assert refused["after"]["answer"]["error"]["message"] == "slow down"
    assert refused["same_text"] is None


async def test_who_may_not_call_models_or_read_calls_makes_none_again(
    api: Api, admin: httpx.AsyncClient, gateway: ScriptedGateway
) -> None:
    org_id, project_id = await api.tenant("Barred")
    kept = call_record(org_id, project_id)
    bare = call_record(org_id, project_id, level="metadata", request=None, answer=None)
    await api.observe(kept, bare)
    for name, permissions in (("reader", ["call:read"]), ("caller", ["model:call"])):
        role = {"name": name, "permissions": permissions}
        await admin.post(f"{API}/organizations/{org_id}/roles", json=role)
        person = await api.member(org_id, name)
        refused = await person.client.post(f"{API}/calls/{kept.id}/replay", json={})
        assert refused.status_code == 403, name
    unkept = await admin.post(f"{API}/calls/{bare.id}/replay", json={})
    assert (unkept.status_code, unkept.json()["code"]) == (409, "call_not_kept")
    other: dict[str, Any] = {"parameters": {"messages": []}}
    changed = await admin.post(f"{API}/calls/{kept.id}/replay", json=other)
    assert changed.status_code == 400
    assert gateway.path == ""


async def test_a_data_set_has_versions_that_stay_what_they_were(
    api: Api, admin: httpx.AsyncClient
) -> None:
    _, project_id = await api.tenant("Versions")
    made = await admin.post(f"{API}/projects/{project_id}/datasets", json={"name": "refunds"})
    assert made.status_code == 201, made.text
    at = f"{API}/datasets/{made.json()['id']}"
    taken = await admin.post(f"{API}/projects/{project_id}/datasets", json={"name": "refunds"})
    assert taken.status_code == 409
    by_hand = {"input": QUESTION, "expected": "Soon.", "metadata": {"by": "hand"}}
    added = (await admin.post(f"{at}/items", json={"items": [by_hand] * 2})).json()["items"]
    lines = '{"input":{"prompt":"a"},"expected":{"b":1}}\n{"input":{"prompt":"c"}}'
    imported = await admin.post(f"{at}/import", content=lines)
    assert imported.json() == {"added": 2, "version": 2}
    wrong = await admin.post(f"{at}/import", content='{"input":{"prompt":"a"}}\n{}')
    assert (wrong.status_code, "line 2" in wrong.text) == (400, True)
    archived = await admin.post(f"{API}/dataset-items/{added[0]['id']}/archive")
    assert archived.json()["archived_in"] == 3
    again = await admin.post(f"{API}/dataset-items/{added[0]['id']}/archive")
    assert again.json()["archived_in"] == 3

    async def positions(**query: int) -> list[int]:
        page = (await admin.get(f"{at}/items", params=query)).json()
        return [item["position"] for item in page["items"]]

    assert [await positions(version=version) for version in range(4)] == [
        [],
        [1, 2],
        [1, 2, 3, 4],
        [2, 3, 4],
    ]
    assert await positions() == [2, 3, 4]
    exported = await admin.get(f"{at}/export")
    assert exported.headers["content-type"] == "application/jsonl"
    told = [json.loads(line) for line in exported.text.splitlines()]
    assert [(each["endpoint"], each["expected"]) for each in told] == [
        ("/v1/chat/completions", "Soon."),
        ("/v1/completions", {"b": 1}),
        ("/v1/completions", None),
    ]
    round_trip = await admin.post(f"{at}/import", content=exported.content)
    assert round_trip.json() == {"added": 3, "version": 4}
    # Erased for good: no version has the words any more.
    assert (await admin.delete(f"{API}/dataset-items/{added[1]['id']}")).status_code == 204
    assert await positions(version=1) == [1]
    shown = (await admin.get(at)).json()
    assert (shown["version"], shown["item_count"], shown["kept_count"]) == (5, 5, 6)
    sizes = [item["size"] for item in (await admin.get(f"{at}/items")).json()["items"]]
    assert shown["bytes"] == sum(sizes) + added[0]["size"]
    renamed = await admin.patch(at, json={"name": "money"}, headers={"If-Match": '"r1"'})
    assert renamed.status_code == 412
    assert (await admin.patch(at, json={"name": "money"})).json()["name"] == "money"
    assert (await admin.delete(at)).status_code == 204
    assert (await admin.get(f"{API}/dataset-items/{added[0]['id']}")).status_code == 404


async def test_a_call_becomes_an_item_of_its_own_project_as_it_was_kept(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Promoted")
    _, elsewhere = await api.tenant("Elsewhere")
    developer = await api.member(org_id, "developer")
    asked = {"model": "m", "user": "[email]", "messages": QUESTION["messages"], "top_p": 1}
    kept = call_record(org_id, project_id, request=json.dumps(asked).encode())
    bare = call_record(org_id, project_id, level="metadata", request=None, answer=None)
    await api.observe(kept, bare)
    ids: list[str] = []
    for place in (project_id, elsewhere):
        made = await admin.post(f"{API}/projects/{place}/datasets", json={"name": "d"})
        ids.append(made.json()["id"])
    body = {"request_id": kept.request_id, "take_answer": True, "metadata": {"why": "wrong"}}
    made = await admin.post(f"{API}/datasets/{ids[0]}/calls", json=body)
    item = made.json()
    assert (made.status_code, item["source_request_id"]) == (201, kept.request_id)
    assert item["input"] == {"messages": QUESTION["messages"], "top_p": 1}
    assert (item["expected"], item["metadata"]) == ("Within ten days.", {"why": "wrong"})
    assert item["endpoint"] == "/v1/chat/completions"
    stranger = await admin.post(f"{API}/datasets/{ids[1]}/calls", json=body)
    assert (stranger.status_code, stranger.json()["code"]) == (400, "invalid_request")
    unkept = {"request_id": bare.request_id}
    refused = await admin.post(f"{API}/datasets/{ids[0]}/calls", json=unkept)
    assert (refused.status_code, refused.json()["code"]) == (409, "call_not_kept")
    # Whoever may change data sets may read no calls by that.
    barred = await developer.client.post(f"{API}/datasets/{ids[0]}/calls", json=body)
    assert barred.status_code == 403
    seen = await developer.client.get(f"{API}/datasets/{ids[0]}/items")
    assert [each["id"] for each in seen.json()["items"]] == [item["id"]]


_EVENTS: tuple[dict[str, Any], ...] = (
    {
        "type": "message_start",
        "message": {"id": "m", "model": "m", "usage": {"input_tokens": 3, "output_tokens": 0}},
    },
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "text_delta", "text": "Soon"},
    },
    {"type": "content_block_stop", "index": 0},
    {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn"},
        "usage": {"output_tokens": 1},
    },
    {"type": "message_stop"},
)
_ANTHROPIC = b"".join(
    f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in _EVENTS
)
