"""G1: calls that are no chat, relayed to servers of the OpenAI protocol, with their own units."""

import hashlib
import os

import httpx
import openai
import pytest

from mainspring.snapshot.price import Price, UnitPrices
from mainspring.snapshot.resources import Limits
from mainspring.testing.upstream import Reply, ScriptedUpstream
from mainspring.testing.upstream.media import SOUND
from mainspring.wire.usage import Usage
from tests.fixtures.gateway import Stand


def add_model(stand: Stand, upstream: ScriptedUpstream, name: str, task: str) -> None:
    """Add a model of one task that its server calls ``<name>-upstream``."""
    made = stand.builder.add_upstream(upstream.url, f"server of {name}")
    stand.builder.add_model(name, made, upstream_model=f"{name}-upstream", tasks=(task,))
    stand.update()


async def test_texts_are_moderated(stand: Stand, upstream: ScriptedUpstream) -> None:
    add_model(stand, upstream, "judge", "moderation")
    answer = await stand.openai().moderations.create(model="judge", input=["peace", "attack them"])
    assert [result.flagged for result in answer.results] == [False, True]
    assert upstream.requests[0].json()["model"] == "judge-upstream"
    [record] = await stand.recorded()
    assert (record.operation, record.model, record.outcome) == ("moderation", "judge", "ok")
    assert record.usage.estimated
    assert record.usage.input > 0


async def test_a_moderation_without_a_model_means_openais_default(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    add_model(stand, upstream, "omni-moderation-latest", "moderation")
    answer = await stand.openai().moderations.create(input="peace")
    assert not answer.results[0].flagged
    assert upstream.requests[0].json() == {
        "input": "peace",
        "model": "omni-moderation-latest-upstream",
    }


@pytest.mark.parametrize("path", ["/v1/rerank", "/v2/rerank"])
async def test_documents_are_ranked_and_their_tokens_counted(
    stand: Stand, upstream: ScriptedUpstream, path: str
) -> None:
    add_model(stand, upstream, "ranker", "rerank")
    asked = {"model": "ranker", "query": "red fox", "documents": ["a blue cat", "a red fox"]}
    answer = await stand.http().post(path, json=asked)
    assert [each["index"] for each in answer.json()["results"]] == [1, 0]
    [request] = upstream.requests
    assert (request.path, request.json()) == ("/v1/rerank", asked | {"model": "ranker-upstream"})
    [record] = await stand.recorded()
    assert (record.operation, record.usage) == ("rerank", Usage(input=8, searches=1))


@pytest.mark.parametrize(
    ("meta", "usage"),
    [
        (b'{"billed_units":{"search_units":2}}', Usage(searches=2)),
        (b'{"tokens":{"input_tokens":42}}', Usage(input=42, searches=1)),
        (
            b'{"billed_units":{"input_tokens":40.0},"tokens":{"input_tokens":42}}',
            Usage(input=40, searches=1),
        ),
    ],
)
async def test_coheres_way_to_tell_usage_is_understood(
    stand: Stand, upstream: ScriptedUpstream, meta: bytes, usage: Usage
) -> None:
    add_model(stand, upstream, "ranker", "rerank")
    upstream.then(Reply(body=b'{"results":[],"meta":%b}' % meta))
    asked = {"model": "ranker", "query": "fox", "documents": ["cat"]}
    assert (await stand.http().post("/v2/rerank", json=asked)).status_code == 200
    [record] = await stand.recorded()
    assert (record.usage, record.usage_frame) == (usage, meta)


async def test_images_are_counted_and_their_tokens_where_they_are_told(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    add_model(stand, upstream, "painter", "image")
    upstream.then(Reply(), Reply(usage="always"))
    client = stand.openai()
    for _ in range(2):
        answer = await client.images.generate(model="painter", prompt="a red fox", n=2)
        assert len(answer.data or []) == 2
    untold, told = await stand.recorded(2)
    assert untold.usage == Usage(images=2)
    assert told.usage == Usage(input=3, output=200, images=2)


async def test_speech_flows_as_it_is_spoken_and_counts_characters(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    add_model(stand, upstream, "voice", "speech")
    upstream.then(Reply(stall_after_chunks=2))
    request = stand.openai().audio.speech.with_streaming_response.create(
        model="voice", voice="alloy", input="Hello, 世界"
    )
    async with request as answer:
        assert answer.headers["content-type"] == "audio/mpeg"
        pieces = answer.iter_bytes(4096)
        heard = await anext(pieces)
        upstream.release()
        async for piece in pieces:
            heard += piece
    assert heard == SOUND
    [record] = await stand.recorded()
    assert (record.usage, record.status) == (Usage(characters=9), 200)


async def test_sound_that_breaks_off_does_not_look_complete(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    add_model(stand, upstream, "voice", "speech")
    upstream.then(Reply(reset_after_chunks=2))
    with pytest.raises(httpx.RemoteProtocolError):
        await stand.http().post("/v1/audio/speech", json={"model": "voice", "input": "hello"})
    [record] = await stand.recorded()
    assert record.outcome == "upstream_error"


async def test_a_model_answers_only_its_own_tasks(stand: Stand) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        await stand.openai().images.generate(model="scripted", prompt="a red fox")
    assert raised.value.code == "model_task_mismatch"


async def test_sound_is_uploaded_and_its_seconds_counted(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    add_model(stand, upstream, "ear", "transcription")
    sound = os.urandom(3_000_000)
    client = stand.openai()
    heard = await client.audio.transcriptions.create(model="ear", file=("a.wav", sound))
    await stand.http().post(
        "/v1/audio/translations", data={"model": "ear"}, files={"file": ("a.wav", sound)}
    )
    first, second = upstream.requests
    assert (first.path, second.path) == ("/v1/audio/transcriptions", "/v1/audio/translations")
    assert heard.text == f"{len(first.body)} {hashlib.sha256(first.body).hexdigest()}"
    assert sound in first.body
    assert b'name="model"\r\n\r\near-upstream\r\n' in first.body
    assert first.headers["content-type"].startswith("multipart/form-data; boundary=")
    records = await stand.recorded(2)
    assert [(each.operation, each.usage) for each in records] == [
        ("transcription", Usage(seconds=12)),
        ("translation", Usage(seconds=12)),
    ]


async def test_images_are_edited(stand: Stand, upstream: ScriptedUpstream) -> None:
    add_model(stand, upstream, "painter", "image")
    upstream.then(Reply(usage="always"))
    answer = await stand.openai().images.edit(
        model="painter", image=("a.png", b"\x89PNG"), prompt="a red fox"
    )
    assert len(answer.data or []) == 1
    [record] = await stand.recorded()
    assert record.usage == Usage(input=5, output=100, images=1)


def form(*parts: str, end: str = "--x--\r\n") -> bytes:
    """Return a form whose parts are given by the parameters of their disposition."""
    head = "--x\r\ncontent-disposition: form-data; {}\r\n\r\near\r\n"
    return ("".join(head.format(part) for part in parts) + end).encode()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{}", "boundary of a form"),
        (form('name="file"'), "no field named model"),
        (form('name="model"', end=""), "cut off"),
        (form('name="model"', 'name="model"'), "there twice"),
        (form('name="model"', "name=model"), "needs one name"),
        (form('name="model"', "NAME*=utf-8''model; name=\"x\""), "needs one name"),
    ],
)
async def test_a_form_that_does_not_fit_is_refused(
    stand: Stand, upstream: ScriptedUpstream, body: bytes, said: str
) -> None:
    add_model(stand, upstream, "ear", "transcription")
    answer = await stand.http().post(
        "/v1/audio/transcriptions",
        content=body,
        headers={"content-type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 400
    assert said in answer.json()["error"]["message"]
    assert upstream.requests == []


async def test_the_boundary_that_was_read_is_the_one_that_is_sent(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    add_model(stand, upstream, "ear", "transcription")
    answer = await stand.http().post(
        "/v1/audio/transcriptions",
        content=form('name="model"'),
        headers={"content-type": "multipart/form-data; boundary=another"},
    )
    assert answer.status_code == 200
    assert upstream.requests[0].headers["content-type"] == 'multipart/form-data; boundary="x"'


async def test_what_is_not_sold_by_the_token_is_charged_by_its_own_price(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    units = UnitPrices(image=40, characters=15_000_000, second=100, search=2000)
    server = stand.builder.add_upstream(upstream.url, "by the piece")
    tasks = ("image", "speech", "transcription", "rerank")
    stand.builder.add_model("piece", server, tasks=tasks, price=Price(units=units))
    poor = stand.builder.add_key(limits=Limits(budget_per_day=100))
    stand.update()
    # Two of the four images that were asked for; sound whose length the transcript tells.
    upstream.then(
        Reply(body=b'{"data":[{"url" : "x"},{"b64_json":"eA=="}]}'),
        Reply(),
        Reply(body=b'{"task":"transcribe","duration":8.47,"text":"hi"}'),
        Reply(usage="never"),
    )
    http = stand.http()
    await http.post("/v1/images/generations", json={"model": "piece", "prompt": "a", "n": 4})
    await http.post("/v1/audio/speech", json={"model": "piece", "input": "four"})
    await http.post(
        "/v1/audio/transcriptions", data={"model": "piece"}, files={"file": ("a.wav", b"RIFF")}
    )
    asked = {"model": "piece", "query": "fox", "documents": ["cat"]}
    await http.post("/v1/rerank", json=asked)
    records = await stand.recorded(4)
    costs = {record.operation: record.cost_nanos for record in records}
    assert costs == {
        "image_generation": 80,
        "speech": 60,
        "transcription": 847,
        "rerank": 2000,
    }
    assert records[0].usage == Usage(images=2)
    refused = await http.post(
        "/v1/images/generations",
        json={"model": "piece", "prompt": "a", "n": 3},
        headers={"authorization": f"Bearer {poor}"},
    )
    assert refused.json()["error"]["code"] == "budget_exceeded"
