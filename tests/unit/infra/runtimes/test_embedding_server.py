"""The embedding runtime over HTTP, with the real engine."""

import asyncio
import base64
import re
import struct
from collections.abc import AsyncGenerator, Generator

import httpx
import pytest

from mainspring.infra.runtimes.embeddings.engine import CallerGoneError, EmbeddingEngine
from mainspring.infra.runtimes.embeddings.server import EmbeddingServer
from mainspring.infra.runtimes.settings import EmbeddingSettings
from mainspring.kernel.errors import OverloadedError
from mainspring.wire.telemetry import METRICS

MODEL = "multilingual-e5-small"
LIMITS = EmbeddingSettings(max_inputs=4, max_tokens=200, max_body_bytes=4096)


@pytest.fixture(scope="module")
def server() -> Generator[EmbeddingServer]:
    """One engine for the module: loading it is most of the work."""
    made = EmbeddingServer(LIMITS)
    yield made
    made.close()


@pytest.fixture
async def client(server: EmbeddingServer) -> AsyncGenerator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(server.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://embed.test") as made:
        yield made


async def _embed(client: httpx.AsyncClient, text: object, **fields: object) -> httpx.Response:
    return await client.post("/v1/embeddings", json={"model": MODEL, "input": text, **fields})


async def test_one_text_and_several_are_answered_in_order(client: httpx.AsyncClient) -> None:
    one = (await _embed(client, "a cat")).json()
    several = (await _embed(client, ["a dog", "a cat"])).json()
    assert [item["index"] for item in several["data"]] == [0, 1]
    assert several["data"][1]["embedding"] == one["data"][0]["embedding"]
    assert len(one["data"][0]["embedding"]) == 384
    assert (one["object"], one["model"]) == ("list", MODEL)


async def test_base64_holds_the_same_numbers(client: httpx.AsyncClient) -> None:
    numbers = (await _embed(client, "a cat")).json()["data"][0]["embedding"]
    packed = (await _embed(client, "a cat", encoding_format="base64")).json()
    assert list(struct.unpack("<384f", base64.b64decode(packed["data"][0]["embedding"]))) == numbers


async def test_a_query_is_embedded_differently_from_a_passage(client: httpx.AsyncClient) -> None:
    default, passage, query = [
        (await _embed(client, "a cat", **fields)).json()["data"][0]["embedding"]
        for fields in ({}, {"input_type": "passage"}, {"input_type": "query"})
    ]
    assert default == passage
    assert query != passage


async def test_usage_counts_the_engines_own_tokens(client: httpx.AsyncClient) -> None:
    short = (await _embed(client, "a")).json()["usage"]
    both = (await _embed(client, ["a", "a"])).json()["usage"]
    assert short["prompt_tokens"] == short["total_tokens"] > 0
    assert both["prompt_tokens"] == 2 * short["prompt_tokens"]


@pytest.mark.parametrize(
    ("body", "status", "code", "param", "says"),
    [
        ({"model": "other", "input": "a"}, 404, "model_not_found", "model", "other"),
        ({"input": "a"}, 400, "invalid_request", None, "model"),
        ({"model": MODEL}, 400, "invalid_request", None, "input"),
        ({"model": MODEL, "input": []}, 400, "invalid_request", "input", "empty"),
        ({"model": MODEL, "input": ""}, 400, "invalid_request", "input", "empty"),
        ({"model": MODEL, "input": [1, 2]}, 400, "invalid_request", "input", "token ids"),
        ({"model": MODEL, "input": [[1]]}, 400, "invalid_request", "input", "token ids"),
        ({"model": MODEL, "input": {"a": 1}}, 400, "invalid_request", None, "input"),
        ({"model": MODEL, "input": "a\0b"}, 400, "invalid_request", "input", "NUL"),
        ({"model": MODEL, "input": ["a"] * 5}, 400, "invalid_request", "input", "at most 4"),
        ({"model": MODEL, "input": "word " * 300}, 400, "invalid_request", "input", "at most 200"),
        (
            {"model": MODEL, "input": "a", "dimensions": 256},
            400,
            "invalid_request",
            "dimensions",
            "384",
        ),
        (
            {"model": MODEL, "input": "a", "encoding_format": "int8"},
            400,
            "invalid_request",
            None,
            "int8",
        ),
        ({"model": MODEL, "input": "a" * 5000}, 413, "body_too_large", None, "4096"),
    ],
)
async def test_what_cannot_be_embedded_is_refused_with_the_reason(
    *,
    client: httpx.AsyncClient,
    body: dict[str, object],
    status: int,
    code: str,
    param: str | None,
    says: str,
) -> None:
    answer = await client.post("/v1/embeddings", json=body)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["param"]) == (status, code, param)
    assert says in error["message"]


async def test_the_dimensions_it_has_may_be_asked_for(client: httpx.AsyncClient) -> None:
    assert (await _embed(client, "a", dimensions=384)).status_code == 200


async def test_broken_json_wrong_methods_and_unknown_routes_have_openais_shape(
    client: httpx.AsyncClient,
) -> None:
    broken = await client.post("/v1/embeddings", content=b"{")
    wrong = await client.get("/v1/embeddings")
    unknown = await client.get("/v1/nothing")
    codes = [answer.json()["error"]["code"] for answer in (broken, wrong, unknown)]
    assert codes == ["malformed_json", "method_not_allowed", "route_not_found"]
    assert [a.status_code for a in (broken, wrong, unknown)] == [400, 405, 404]
    assert wrong.headers["allow"] == "POST"


async def test_health_models_and_metrics_are_told(client: httpx.AsyncClient) -> None:
    assert (await client.get("/health")).json() == {"status": "ok"}
    [model] = (await client.get("/v1/models")).json()["data"]
    assert model["id"] == MODEL
    before = await _tokens(client)
    usage = (await _embed(client, "a cat")).json()["usage"]
    assert await _tokens(client) == before + usage["total_tokens"]
    told = set(re.findall(r"^# TYPE (\S+) ", (await client.get("/metrics")).text, re.MULTILINE))
    own = ("mainspring_runtime_", "process_")
    registered = {metric.name for metric in METRICS if metric.name.startswith(own)}
    assert told == registered | {"mainspring_build_info"}


async def test_a_queue_that_is_full_refuses_at_once() -> None:
    engine = EmbeddingEngine(max_waiting=2, max_tokens=10_000)

    async def stays() -> bool:
        return False

    async def embed() -> object:
        return await engine.embed(["word " * 200], is_query=False, caller_gone=stays)

    first, second = asyncio.create_task(embed()), asyncio.create_task(embed())  # noqa: TID251 - awaited below
    await asyncio.sleep(0)
    with pytest.raises(OverloadedError) as refused:
        await embed()
    assert refused.value.retry_after_s == 1.0
    await asyncio.gather(first, second)
    assert engine.waiting == 0
    engine.close()


async def test_a_caller_that_left_costs_no_further_text() -> None:
    engine = EmbeddingEngine(max_waiting=2, max_tokens=10_000)
    asked = 0

    async def leaves_after_two() -> bool:
        nonlocal asked
        asked += 1
        return asked > 2

    with pytest.raises(CallerGoneError):
        await engine.embed(["a"] * 50, is_query=False, caller_gone=leaves_after_two)
    assert asked == 3
    assert (engine.waiting, engine.tokens_total) == (0, 0)
    engine.close()


async def _tokens(client: httpx.AsyncClient) -> int:
    text = (await client.get("/metrics")).text
    return int(re.findall(r"^mainspring_runtime_tokens_total (\d+)$", text, re.MULTILINE)[0])
