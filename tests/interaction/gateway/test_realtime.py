"""G1, G11: realtime sessions relayed between OpenAI's own client and a scripted realtime server."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from openai.resources.realtime.realtime import AsyncRealtimeConnection
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from mainspring.snapshot.policy_rules import ParameterRule
from mainspring.snapshot.resources import Limits, Model, Price, Upstream
from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import RealtimeReply, ScriptedRealtime, ScriptedUpstream
from mainspring.wire.usage import Usage
from tests.fixtures.gateway import Stand, until

USAGE = Usage(input=6, cached_input=4, output=3, audio_input=32, cached_audio=8, audio_output=60)
"""What a default reply takes, in exclusive buckets."""


@pytest.fixture
async def voice() -> AsyncIterator[ScriptedRealtime]:
    """Return a realtime server that follows a script."""
    async with ScriptedRealtime() as scripted:
        yield scripted


@pytest.fixture
async def stand(tmp_path: Path, voice: ScriptedRealtime) -> AsyncIterator[Stand]:
    """Return a gateway with the model ``talker`` on ``voice``, which calls it ``talker-1``."""
    made = Stand(tmp_path, SnapshotBuilder())
    made.key = made.builder.add_key()
    add_talker(made, made.builder.add_upstream(voice.url))
    await made.start()
    yield made
    await made.close()


def add_talker(
    stand: Stand, *upstreams: Upstream, price: Price | None = None, limits: Limits | None = None
) -> Model:
    """Add or replace the model."""
    return stand.builder.add_model(
        "talker",
        *upstreams,
        upstream_model="talker-1",
        tasks=("realtime",),
        price=price,
        limits=limits,
    )


async def say(connection: AsyncRealtimeConnection, text: str = "hello") -> None:
    """Add a message and ask for a response."""
    await connection.conversation.item.create(
        item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
    )
    await connection.response.create()


async def until_type(connection: AsyncRealtimeConnection, kind: str) -> tuple[str, Any]:
    """Return what was said until an event of that type, and the event."""
    text = ""
    async with asyncio.timeout(10):
        while True:
            event = await connection.recv()
            if event.type == kind:
                return text, event
            if event.type == "response.output_text.delta":
                text += event.delta


async def test_the_official_client_talks_and_each_response_is_recorded_once(
    stand: Stand, voice: ScriptedRealtime
) -> None:
    async with stand.openai().realtime.connect(model="talker") as connection:
        created = await connection.recv()
        assert created.type == "session.created"
        await connection.session.update(session={"type": "realtime", "instructions": "be brief"})
        await until_type(connection, "session.updated")
        for _ in range(2):
            await say(connection)
            text, done = await until_type(connection, "response.done")
            assert text == "hello to you "
            assert done.response.usage.total_tokens == 113
    [session] = voice.sessions
    assert session.path == "/v1/realtime?model=talker-1"
    assert stand.key not in str(session.headers)
    kinds = [event["type"] for event in session.events]
    assert kinds == ["session.update", *["conversation.item.create", "response.create"] * 2]
    await until(lambda: session.closed_by is not None)
    assert session.closed_by == 1000
    records = await stand.recorded(2)
    assert [(each.operation, each.outcome, each.usage) for each in records] == [
        ("realtime", "ok", USAGE)
    ] * 2
    assert records[0].upstream_model == "talker-1"
    assert records[0].usage_frame == msgspec.json.encode(RealtimeReply().told())
    assert len({each.id for each in records}) == 2


async def test_sound_has_prices_of_its_own(stand: Stand, voice: ScriptedRealtime) -> None:
    upstream = stand.builder.add_upstream(voice.url, "priced")
    price = Price(input=1_000_000, output=2_000_000, audio_input=10_000_000, cached_audio=3_000_000,
                  audio_output=20_000_000)  # fmt: skip
    add_talker(stand, upstream, price=price)
    stand.update()
    async with stand.openai().realtime.connect(model="talker") as connection:
        await say(connection)
        await until_type(connection, "response.done")
    [record] = await stand.recorded()
    assert record.cost_nanos == 6 + 4 + 3 * 2 + 32 * 10 + 8 * 3 + 60 * 20


async def test_the_credential_of_the_upstream_is_shown_and_the_callers_is_not(
    stand: Stand, voice: ScriptedRealtime
) -> None:
    url = stand.url.replace("http:", "ws:") + "/v1/realtime?model=talker"
    key = f"openai-insecure-api-key.{stand.key}"
    spoken = [Subprotocol(each) for each in ("realtime", key, "openai-beta.realtime-v1")]
    async with connect(url, subprotocols=spoken, proxy=None) as connection:
        assert connection.subprotocol == "realtime"
        await connection.recv()
    [session] = voice.sessions
    assert session.headers["openai-beta"] == "realtime=v1"
    assert "authorization" not in session.headers
    assert "sec-websocket-protocol" not in session.headers
    assert session.headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?model=talker&model=talker", 400),
        ("?model=nobody", 404),
        ("?model=writer", 400),
    ],
)
async def test_what_cannot_be_served_is_told_before_the_switch(
    stand: Stand, voice: ScriptedRealtime, query: str, status: int
) -> None:
    stand.builder.add_model("writer", stand.builder.add_upstream(voice.url, "other"))
    stand.update()
    url = stand.url.replace("http:", "ws:") + "/v1/realtime" + query
    headers = {"authorization": f"Bearer {stand.key}"}
    with pytest.raises(InvalidStatus) as raised:
        await connect(url, additional_headers=headers, proxy=None)
    assert raised.value.response.status_code == status
    with pytest.raises(InvalidStatus) as raised:
        await connect(url, proxy=None)
    assert raised.value.response.status_code == 401
    assert voice.sessions == []


@pytest.mark.parametrize(("refusal", "status"), [(401, 502), (400, 400), (503, 503)])
async def test_the_upstreams_refusal_is_the_clients(
    stand: Stand, voice: ScriptedRealtime, refusal: int, status: int
) -> None:
    voice.refuse_by = refusal
    with pytest.raises(InvalidStatus) as raised:
        await stand.openai().realtime.connect(model="talker").enter()
    assert raised.value.response.status_code == status
    [record] = await stand.recorded()
    assert (record.status, record.usage) == (status, Usage())


async def test_a_dead_target_gives_way_to_the_next(stand: Stand, voice: ScriptedRealtime) -> None:
    async with ScriptedUpstream() as dead:
        port = dead.port
    gone = stand.builder.add_upstream(f"http://127.0.0.1:{port}", "gone")
    add_talker(stand, gone, stand.builder.add_upstream(voice.url, "alive"))
    stand.update()
    async with stand.openai().realtime.connect(model="talker") as connection:
        await say(connection)
        await until_type(connection, "response.done")
    [record] = await stand.recorded()
    assert (record.attempts, record.outcome) == (2, "ok")


async def test_a_spent_budget_ends_the_session_by_a_typed_event(
    stand: Stand, voice: ScriptedRealtime
) -> None:
    price = Price(input=1_000_000, output=1_000_000)  # a response costs 113 nanos
    upstream = stand.builder.add_upstream(voice.url, "priced")
    add_talker(stand, upstream, price=price)
    stand.key = stand.builder.add_key(name="poor", limits=Limits(budget_per_day=400))
    stand.update()
    async with stand.openai().realtime.connect(model="talker") as connection:
        await say(connection)
        await until_type(connection, "response.done")
        await say(connection)
        _, error = await until_type(connection, "error")
        assert (error.error.code, error.error.type) == ("budget_exceeded", "insufficient_quota")
        with pytest.raises(ConnectionClosed) as closed:
            await connection.recv()
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (1008, "budget_exceeded")
    [record] = await stand.recorded()
    assert record.cost_nanos == 113
    [session] = voice.sessions
    assert [each["type"] for each in session.events].count("response.create") == 1


async def test_what_the_upstream_begins_by_itself_is_under_the_budget_too(
    stand: Stand, voice: ScriptedRealtime
) -> None:
    voice.speaks_up = True
    price = Price(input=1_000_000, output=1_000_000)
    add_talker(stand, stand.builder.add_upstream(voice.url, "priced"), price=price)
    stand.key = stand.builder.add_key(name="poor", limits=Limits(budget_per_day=400))
    stand.update()
    async with stand.openai().realtime.connect(model="talker") as connection:
        await connection.input_audio_buffer.commit()
        await until_type(connection, "response.done")
        await connection.input_audio_buffer.commit()
        _, error = await until_type(connection, "error")
        assert error.error.code == "budget_exceeded"
    records = await stand.recorded(2)
    assert [each.usage.estimated for each in records] == [False, True]


async def test_a_rate_limit_refuses_a_response_and_the_session_goes_on(
    stand: Stand, voice: ScriptedRealtime
) -> None:
    # The session is one request, its first response the second.
    stand.key = stand.builder.add_key(name="slow", limits=Limits(requests_per_minute=2))
    stand.update()
    async with stand.openai().realtime.connect(model="talker") as connection:
        await say(connection)
        await until_type(connection, "response.done")
        await connection.response.create(event_id="mine")
        _, error = await until_type(connection, "error")
        assert (error.error.code, error.error.event_id) == ("rate_limit_exceeded", "mine")
        await connection.session.update(session={"type": "realtime"})
        await until_type(connection, "session.updated")


async def test_a_session_holds_one_place_however_many_responses_run(
    stand: Stand, voice: ScriptedRealtime
) -> None:
    voice.default = RealtimeReply(stall=True)
    stand.key = stand.builder.add_key(name="two", limits=Limits(max_concurrency=2))
    stand.update()
    client = stand.openai()
    async with client.realtime.connect(model="talker") as first:
        await say(first)
        await say(first)
        await until_type(first, "response.output_text.delta")
        second = await client.realtime.connect(model="talker").enter()
        with pytest.raises(InvalidStatus) as raised:
            await client.realtime.connect(model="talker").enter()
        assert raised.value.response.status_code == 429
        await second.close()

        async def fits() -> bool:
            try:
                third = await client.realtime.connect(model="talker").enter()
            except InvalidStatus:
                return False
            await third.close()
            return True

        async with asyncio.timeout(5):
            while not await fits():  # noqa: ASYNC110 - another process' state has no event
                await asyncio.sleep(0.02)


async def test_a_response_that_is_cut_off_is_estimated_and_marked(
    stand: Stand, voice: ScriptedRealtime
) -> None:
    voice.then(RealtimeReply(), RealtimeReply(stall=True))
    connection = await stand.openai().realtime.connect(model="talker").enter()
    await say(connection)
    await until_type(connection, "response.done")
    await say(connection)
    await until_type(connection, "response.output_text.delta")
    await connection.close()
    whole, cut = await stand.recorded(2)
    assert (whole.outcome, cut.outcome) == ("ok", "client_closed")
    assert cut.usage.estimated
    assert cut.usage.input == whole.usage.total - 63
    await until(lambda: voice.sessions[0].closed_by is not None)


async def test_an_upstream_that_dies_is_told_by_a_typed_event(
    stand: Stand, voice: ScriptedRealtime
) -> None:
    voice.then(RealtimeReply(drop=True))
    async with stand.openai().realtime.connect(model="talker") as connection:
        await say(connection)
        _, error = await until_type(connection, "error")
        assert error.error.code == "upstream_error"
        with pytest.raises(ConnectionClosed) as closed:
            await connection.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1011
    [record] = await stand.recorded()
    assert (record.outcome, record.usage.estimated) == ("upstream_error", True)


async def test_failed_cancelled_and_rejected_responses_are_kept_apart(
    stand: Stand, voice: ScriptedRealtime
) -> None:
    voice.then(RealtimeReply(failed=True), RealtimeReply(rejected=True), RealtimeReply(stall=True))
    async with stand.openai().realtime.connect(model="talker") as connection:
        await say(connection)
        await until_type(connection, "response.done")
        await connection.response.create()
        await until_type(connection, "error")
        await connection.response.create()
        await until_type(connection, "response.output_text.delta")
        await connection.response.cancel()
        _, done = await until_type(connection, "response.done")
        assert done.response.status == "cancelled"
    records = await stand.recorded(2)
    assert [each.outcome for each in records] == ["upstream_error", "ok"]
    assert all(each.usage == USAGE for each in records)


async def test_transcriptions_are_recorded_by_themselves(
    stand: Stand, voice: ScriptedRealtime
) -> None:
    voice.transcript = "what I said"
    async with stand.openai().realtime.connect(model="talker") as connection:
        await connection.input_audio_buffer.append(audio="aGVsbG8=")
        await connection.input_audio_buffer.commit()
        kind = "conversation.item.input_audio_transcription.completed"
        await until_type(connection, kind)
    [record] = await stand.recorded()
    assert record.operation == "realtime_transcription"
    assert record.usage == Usage(audio_input=25, output=5)


async def test_no_other_model_can_be_named_later(stand: Stand, voice: ScriptedRealtime) -> None:
    async with stand.openai().realtime.connect(model="talker") as connection:
        for event in (
            '{"type":"session.update","session":{"model":"dear-one"}}',
            '{"type":"session.update","model":"dear-one"}',
            '{"type":"session.update","session":{"m\\u006fdel":"dear-one"}}',
            '{"type":"response.create","response":{"model":"dear-one"}}',
        ):
            await connection.send_raw(event)
            _, error = await until_type(connection, "error")
            assert error.error.code == "invalid_request"
        await connection.send_raw(
            '{"type":"session.update","session":{"model":"x","model":"talker"}}'
        )
        _, updated = await until_type(connection, "session.updated")
        assert updated.session.model == "talker-1"
        await connection.send_raw("no event")
        _, error = await until_type(connection, "error")
        assert error.error.code == "malformed_json"
    [session] = voice.sessions
    assert [each["type"] for each in session.events] == ["session.update"]


async def test_a_revoked_key_ends_the_session_at_the_next_response(stand: Stand) -> None:
    async with stand.openai().realtime.connect(model="talker") as connection:
        await say(connection)
        await until_type(connection, "response.done")
        organization = next(iter(stand.gateway.table.organizations.values()))
        stand.builder.put(msgspec.structs.replace(organization, suspended=True))
        stand.update()
        await say(connection)
        _, error = await until_type(connection, "error")
        assert error.error.code == "suspended"
        with pytest.raises(ConnectionClosed):
            await connection.recv()


async def test_what_cannot_be_held_to_a_policy_is_not_begun(
    stand: Stand, voice: ScriptedRealtime
) -> None:
    stand.builder.add_policy(ParameterRule(name="temperature", max=0.5))
    stand.update()
    with pytest.raises(InvalidStatus) as raised:
        await stand.openai().realtime.connect(model="talker").enter()
    assert raised.value.response.status_code == 403
    assert voice.sessions == []


async def test_a_session_does_not_outlast_its_bound(stand: Stand, voice: ScriptedRealtime) -> None:
    await stand.gateway.stop(0.5)
    stand.configure(realtime_session_s=0.3)
    await stand.start()
    async with stand.openai().realtime.connect(model="talker") as connection:
        await connection.recv()  # session.created
        async with asyncio.timeout(5):
            with pytest.raises(ConnectionClosed) as closed:
                await connection.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001


async def test_a_stopping_gateway_lets_a_response_end(
    stand: Stand, voice: ScriptedRealtime
) -> None:
    voice.then(RealtimeReply(stall=True))
    async with stand.openai().realtime.connect(model="talker") as connection:
        await say(connection)
        await until_type(connection, "response.output_text.delta")
        stopping = asyncio.create_task(stand.gateway.stop(10.0))  # noqa: TID251 - awaited below
        await asyncio.sleep(0)
        voice.release()
        await until_type(connection, "response.done")
        with pytest.raises(ConnectionClosed) as closed:
            await connection.recv()
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1001
    async with asyncio.timeout(5):
        await stopping
    await stand.start()
    assert [each.outcome for each in stand.records()] == ["ok"]
