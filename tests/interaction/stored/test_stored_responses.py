"""Responses that are kept, over a real control plane, a real database and real gateways.

The upstream speaks chat completions only: it has no memory, and knows nothing of this one.
"""

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import openai
import psycopg
import pytest

from mainspring.testing.upstream import Reply, ScriptedUpstream
from tests.fixtures.control import until
from tests.fixtures.site import Site


def said_to(upstream: ScriptedUpstream, index: int = -1) -> list[tuple[str, Any]]:
    """Return the roles and words of a request that the upstream got."""
    return [(each["role"], each["content"]) for each in upstream.requests[index].json()["messages"]]


def words(item: Any) -> str:  # noqa: ANN401 - any of the client's kinds of items
    """Return what a message item says."""
    return item.content[0].text


async def stored(dsn: str) -> int:
    """Return how many responses the database holds."""
    async with await psycopg.AsyncConnection.connect(dsn) as connection:
        await connection.execute("SELECT set_config('mainspring.crosses_tenants', 'on', false)")
        found = await connection.execute("SELECT count(*) FROM stored_turns")
        row = await found.fetchone()
    return int(row[0]) if row else 0


async def test_a_conversation_goes_on_by_the_id_of_its_last_response(
    site: Site, upstream: ScriptedUpstream
) -> None:
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    client = site.openai(key)
    upstream.then(Reply(content="hello Ada"), Reply(content="Ada of course"), Reply(content="bye"))
    first = await client.responses.create(
        model="scripted",
        input="my name is Ada",
        instructions="be brief",
        metadata={"case": "7"},
    )
    assert (first.status, first.output_text, first.metadata) == (
        "completed",
        "hello Ada",
        {"case": "7"},
    )
    second = await client.responses.create(
        model="scripted", input="what is my name?", previous_response_id=first.id
    )
    assert second.previous_response_id == first.id
    # Instructions are of one response only, as with OpenAI.
    assert said_to(upstream) == [
        ("user", "my name is Ada"),
        ("assistant", "hello Ada"),
        ("user", "what is my name?"),
    ]
    async with client.responses.stream(
        model="scripted", input="goodbye", previous_response_id=second.id
    ) as stream:
        third = await stream.get_final_response()
    assert third.output_text == "bye"
    assert len(said_to(upstream)) == 5
    again = await client.responses.retrieve(third.id)
    assert (again.id, again.output_text) == (third.id, "bye")
    assert again.to_dict()["store"] is True
    assert again.usage == third.usage
    items = await client.responses.input_items.list(third.id, order="asc", limit=3)
    assert [words(each) for each in items.data] == [
        "my name is Ada",
        "hello Ada",
        "what is my name?",
    ]
    rest = [each async for each in items][3:]
    assert [words(each) for each in rest] == ["Ada of course", "goodbye"]


async def test_tool_calls_and_their_results_are_remembered(
    site: Site, upstream: ScriptedUpstream
) -> None:
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    client = site.openai(key)
    call = (
        b'{"id":"c","object":"chat.completion","created":1,"model":"scripted","choices":[{"index":0,'
        b'"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":'
        b'[{"id":"call_1","type":"function","function":{"name":"clock","arguments":"{}"}}]}}],'
        b'"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}'
    )
    upstream.then(Reply(body=call), Reply(content="noon"))
    tool: Any = {"type": "function", "name": "clock", "parameters": {"type": "object"}}
    first = await client.responses.create(model="scripted", input="what time?", tools=[tool])
    [asked] = first.output
    assert asked.type == "function_call"
    result: Any = {"type": "function_call_output", "call_id": asked.call_id, "output": "12:00"}
    second = await client.responses.create(
        model="scripted", input=[result], tools=[tool], previous_response_id=first.id
    )
    assert second.output_text == "noon"
    sent = upstream.requests[-1].json()["messages"]
    assert [each["role"] for each in sent] == ["user", "assistant", "tool"]
    assert sent[1]["tool_calls"][0]["id"] == sent[2]["tool_call_id"] == "call_1"


async def test_another_gateway_goes_on_at_once_and_after_the_first_is_gone(
    site: Site, upstream: ScriptedUpstream
) -> None:
    _, key = await site.tenant("acme")
    await site.add_gateway()
    await site.has_caught_up()
    upstream.then(Reply(content="one"), Reply(content="two"), Reply(content="three"))
    first = await site.openai(key).responses.create(model="scripted", input="1")
    # The record is still on its way: the other gateway looks again until it has arrived.
    second = await site.openai(key, 1).responses.create(
        model="scripted", input="2", previous_response_id=first.id
    )
    await site.stop_gateway(0)
    third = await site.openai(key, 1).responses.create(
        model="scripted", input="3", previous_response_id=second.id
    )
    assert third.output_text == "three"
    assert [words for _, words in said_to(upstream)] == ["1", "one", "2", "two", "3"]


async def test_what_is_deleted_is_gone_everywhere_even_on_its_way(
    site: Site, database_dsn: str
) -> None:
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    client = site.openai(key)
    made = await client.responses.create(model="scripted", input="forget me please")
    await client.responses.delete(made.id)
    with pytest.raises(openai.NotFoundError) as refused:
        await client.responses.retrieve(made.id)
    assert refused.value.code == "response_not_found"
    with pytest.raises(openai.NotFoundError):
        await client.responses.create(model="scripted", input="?", previous_response_id=made.id)
    with pytest.raises(openai.NotFoundError):
        await client.responses.delete(made.id)
    kept = await client.responses.create(model="scripted", input="keep me")

    async def arrived() -> bool:
        return await stored(database_dsn) == 2

    await until(arrived)
    async with await psycopg.AsyncConnection.connect(database_dsn) as connection:
        await connection.execute("SELECT set_config('mainspring.crosses_tenants', 'on', false)")
        rows = await connection.execute("SELECT id, input || response FROM stored_turns")
        found = {str(name): bytes(data) for name, data in await rows.fetchall()}
    assert found[made.id] == b""
    assert b"keep me" in found[kept.id]


async def test_no_other_project_finds_a_response(site: Site, database_dsn: str) -> None:
    project, key = await site.tenant("acme")
    _, foreign = await site.tenant("rival")
    org_id = (await site.admin.get(f"/projects/{project}")).json()["org_id"]
    sibling = await site.create(f"/organizations/{org_id}/projects", name="sibling")
    others = [foreign, await site.key(sibling["id"])]
    await site.has_caught_up()
    made = await site.openai(key).responses.create(model="scripted", input="secret")

    async def arrived() -> bool:
        return await stored(database_dsn) == 1

    await until(arrived)
    for other in others:
        client = site.openai(other)
        refusals = await asyncio.gather(
            client.responses.retrieve(made.id),
            client.responses.input_items.list(made.id),
            client.responses.delete(made.id),
            client.responses.create(model="scripted", input="?", previous_response_id=made.id),
            return_exceptions=True,
        )
        assert [type(each) for each in refusals] == [openai.NotFoundError] * 4
    # A second key of the same project does.
    same = site.openai(await site.key(project, "second"))
    await site.has_caught_up()
    assert (await same.responses.retrieve(made.id)).id == made.id


async def test_the_project_and_the_request_decide_what_is_kept(
    site: Site, database_dsn: str
) -> None:
    project, key = await site.tenant("acme", stores_responses="on_request", response_days=2)
    await site.has_caught_up()
    client = site.openai(key)
    unkept = await client.responses.create(model="scripted", input="one")
    assert await client.responses.create(model="scripted", input="two", store=False)
    kept = await client.responses.create(model="scripted", input="three", store=True)
    assert (await client.responses.retrieve(kept.id)).id == kept.id
    with pytest.raises(openai.NotFoundError):
        await client.responses.retrieve(unkept.id)
    changed = await site.admin.patch(f"/projects/{project}", json={"stores_responses": "never"})
    assert (changed.status_code, changed.json()["response_days"]) == (200, 2)
    await site.has_caught_up()
    with pytest.raises(openai.PermissionDeniedError):
        await client.responses.create(model="scripted", input="four", store=True)
    await client.responses.create(model="scripted", input="five")

    async def arrived() -> bool:
        return await stored(database_dsn) == 1

    await until(arrived)
    async with await psycopg.AsyncConnection.connect(database_dsn) as connection:
        await connection.execute("SELECT set_config('mainspring.crosses_tenants', 'on', false)")
        found = await connection.execute(
            "SELECT extract(day FROM expires_at - created_at)::int FROM stored_turns"
        )
        assert await found.fetchall() == [(2,)]


async def test_without_control_only_calls_that_need_it_are_refused(
    site: Site, upstream: ScriptedUpstream
) -> None:
    _, key = await site.tenant("acme")
    await site.add_gateway()
    await site.has_caught_up()
    made = await site.openai(key).responses.create(model="scripted", input="one")
    client = site.openai(key, 1)
    assert (await client.responses.retrieve(made.id)).id == made.id
    # What the second gateway has seen just now it still knows.
    await site.lose_control()
    upstream.then(Reply(content="fine"))
    assert (await client.responses.create(model="scripted", input="two")).output_text == "fine"
    again = await client.responses.create(
        model="scripted", input="three", previous_response_id=made.id
    )
    assert again.previous_response_id == made.id
    with pytest.raises(openai.APIStatusError) as refused:
        await client.responses.retrieve("resp_of_long_ago")
    assert (refused.value.status_code, refused.value.code) == (503, "control_unavailable")


async def test_bad_questions_get_clear_answers(site: Site, upstream: ScriptedUpstream) -> None:
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    made = await site.openai(key).responses.create(model="scripted", input="one")
    calls = len(upstream.requests)
    async with httpx.AsyncClient(
        base_url=site.url(), headers={"authorization": f"Bearer {key}"}
    ) as http:
        for body, param in (
            ({"conversation": "conv_1"}, "conversation"),
            ({"background": True}, "background"),
            ({"input": [1, 2]}, "input"),
            ({"input": 7}, "input"),
            ({"previous_response_id": 7}, None),
        ):
            answer = await http.post(
                "/v1/responses", json={"model": "scripted", "input": "x", **body}
            )
            error = answer.json()["error"]
            assert (answer.status_code, error.get("param")) == (400, param), body
        for path, status in (
            (f"/v1/responses/{made.id}/input_items?limit=0", 200),
            (f"/v1/responses/{made.id}/input_items?limit=1000", 400),
            (f"/v1/responses/{made.id}/input_items?after=msg_none", 400),
            (f"/v1/responses/{made.id}/secrets", 404),
            ("/v1/responses/..%2F..%2Fhealthz", 404),
            ("/v1/responses/%00", 404),
        ):
            assert (await http.get(path)).status_code == status, path
        assert (await http.post(f"/v1/responses/{made.id}/cancel")).status_code == 400
        assert (
            await http.get(f"/v1/responses/{made.id}", headers={"authorization": "Bearer no"})
        ).status_code == 401
        streamed = await http.get(f"/v1/responses/{made.id}?stream=true&starting_after=0")
        assert streamed.text.startswith("event: response.in_progress\n")
        assert streamed.text.count("event: ") == 4
    assert len(upstream.requests) == calls


async def test_a_client_that_leaves_has_nothing_kept(
    site: Site, upstream: ScriptedUpstream, database_dsn: str
) -> None:
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    upstream.then(Reply(stall_after_chunks=3))
    client = site.openai(key)
    stream = await client.responses.create(model="scripted", input="long", stream=True)
    async for event in stream:
        if event.type == "response.output_text.delta":
            break
    await stream.close()
    await upstream.requests[-1].wait_settled()
    assert upstream.requests[-1].client_closed
    await client.responses.create(model="scripted", input="short")

    async def arrived() -> bool:
        return await stored(database_dsn) == 1

    await until(arrived)


async def test_an_upstream_with_a_memory_of_its_own_is_asked_to_keep_nothing(
    site: Site, upstream: ScriptedUpstream
) -> None:
    made = await site.create(
        "/upstreams", name="vendor", base_url=upstream.url, protocol="openai-responses"
    )
    target = {"upstream_id": made["id"], "upstream_model": "gpt"}
    await site.create("/models", name="vendor", tasks=["chat"], targets=[target])
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    client = site.openai(key)
    response = (
        b'{"id":"resp_theirs","object":"response","created_at":1,"status":"completed","model":"gpt",'
        b'"output":[{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"sealed"},'
        b'{"type":"reasoning","id":"rs_2","summary":[]},'
        b'{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search"}},'
        b'{"type":"message","id":"msg_1","status":"completed","role":"assistant",'
        b'"content":[{"type":"output_text","text":"done","annotations":[]}]}],"tools":[],'
        b'"parallel_tool_calls":true,"tool_choice":"auto",'
        b'"usage":{"input_tokens":3,"output_tokens":1,"total_tokens":4}}'
    )
    event = b'event: response.completed\ndata: {"type":"response.completed","response":%b}\n\n'
    stream = Reply(
        body=event % response, headers=(("content-type", "text/event-stream"),), split_bytes=7
    )
    upstream.then(Reply(body=response), stream, Reply(body=response))
    first = await client.responses.create(
        model="vendor", input="go", reasoning={"effort": "low"}, metadata={"case": "7"}
    )
    assert first.id != "resp_theirs"
    assert upstream.requests[-1].json() == {
        "model": "gpt",
        "input": "go",
        "store": False,
        "reasoning": {"effort": "low"},
        "include": ["reasoning.encrypted_content"],
    }
    events = [
        each
        async for each in await client.responses.create(
            model="vendor", input="on", stream=True, previous_response_id=first.id
        )
    ]
    last = events[-1]
    assert last.type == "response.completed"
    assert last.response.previous_response_id == first.id
    sent = upstream.requests[-1].json()["input"]
    assert [each["type"] for each in sent] == [
        "message",
        "reasoning",
        "web_search_call",
        "message",
        "message",
    ]
    assert sent[1] == {
        "type": "reasoning",
        "id": "rs_1",
        "summary": [],
        "encrypted_content": "sealed",
    }
    assert sent[3] == {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "output_text", "text": "done", "annotations": []}],
    }
    third = await client.responses.create(
        model="vendor", input="!", previous_response_id=last.response.id
    )
    assert len(upstream.requests[-1].json()["input"]) == 9
    assert (await client.responses.retrieve(third.id)).output_text == "done"


async def test_the_access_log_knows_calls_whose_answers_are_kept(
    site: Site, upstream: ScriptedUpstream, tmp_path: Path
) -> None:
    log = tmp_path / "access.log"
    await site.add_gateway(access_log=str(log))
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    client = site.openai(key, 1)
    await client.responses.create(model="scripted", input="whole")
    async with client.responses.stream(model="scripted", input="in pieces") as stream:
        await stream.get_final_response()
    upstream.then(Reply(stall_after_chunks=3))
    stream = await client.responses.create(model="scripted", input="left", stream=True)
    async for event in stream:
        if event.type == "response.output_text.delta":
            break
    await stream.close()

    async def written() -> bool:
        return log.exists() and log.read_text().count("\n") >= 3

    await until(written)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(each["status"], each["operation"]) for each in lines[:2]] == [(200, "responses")] * 2
    assert lines[2]["outcome"] == "client_closed"
