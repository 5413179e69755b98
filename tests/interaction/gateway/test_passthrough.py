"""G1, G5, G11: routes of upstreams that are passed through, and everything that holds for them."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest

from mainspring.infra.secrets import Sealer
from mainspring.snapshot.passthrough import Passthrough, PassthroughRoute
from mainspring.snapshot.price import Price, UnitPrices
from mainspring.snapshot.resources import Limits, Timeouts, Upstream
from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import Reply, ScriptedUpstream
from mainspring.wire.usage import Usage
from tests.fixtures.gateway import Stand

SECRET = "sk-of-the-platform"
HERE = "/v1/passthrough/vendor"
ROUTES = (
    PassthroughRoute("/v1/jobs", ("GET", "POST")),
    PassthroughRoute("/v1/jobs/*", ("GET", "DELETE")),
    PassthroughRoute("/v1/raw/**", ("PUT", "POST")),
    PassthroughRoute(
        "/v1/paid",
        ("POST",),
        Price(input=1_000_000, output=2_000_000, units=UnitPrices(call=500)),
    ),
)
SCOPES = ("passthrough:call",)


def vendor(url: str, passthrough: Passthrough, timeouts: Timeouts | None = None) -> Upstream:
    """Return an upstream with a credential that lets some routes through."""
    made = Upstream(
        id="ups_vendor",
        name="vendor",
        base_url=url,
        passthrough=passthrough,
        timeouts=timeouts or Timeouts(),
    )
    sealed = Sealer(bytes(32)).seal(SECRET.encode(), made.credential_context)
    return msgspec.structs.replace(made, credential=sealed)


@pytest.fixture
async def stand(tmp_path: Path, upstream: ScriptedUpstream) -> AsyncIterator[Stand]:
    """Return a gateway whose one upstream lets some routes through."""
    key_file = tmp_path / "master.key"
    key_file.write_bytes(base64.urlsafe_b64encode(bytes(32)))
    key_file.chmod(0o600)
    made = Stand(tmp_path, SnapshotBuilder())
    made.configure(master_key_file=key_file)
    made.key = made.builder.add_key(scopes=SCOPES)
    made.builder.put(vendor(upstream.url, Passthrough(routes=ROUTES)))
    await made.start()
    yield made
    await made.close()


async def test_a_listed_route_passes_with_the_platforms_credential_and_not_the_callers(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    body = json.dumps({"id": "job-1", "usage": {"prompt_tokens": 5, "completion_tokens": 3}})
    upstream.then(
        Reply(
            status=201,
            body=body.encode(),
            headers=(
                ("etag", '"1"'),
                ("set-cookie", "of=upstream"),
                ("x-secret-account", "acme"),
                ("connection", "keep-alive"),
            ),
        )
    )
    answer = await stand.http().post(
        f"{HERE}/v1/jobs?dry=1&a=%2Fb",
        json={"model": "m"},
        headers={
            "cookie": "session=1",
            "x-api-key": "msk-another",
            "x-forwarded-for": "10.0.0.1",
            "openai-beta": "jobs=v1",
            "te": "trailers",
            "x-unknown": "1",
        },
    )
    assert (answer.status_code, answer.text) == (201, body)
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["x-mainspring-target"] == "vendor"
    assert "set-cookie" not in answer.headers
    assert "x-secret-account" not in answer.headers
    [seen] = await upstream.received()
    assert (seen.method, seen.path) == ("POST", "/v1/jobs?dry=1&a=%2Fb")
    assert seen.json() == {"model": "m"}
    assert seen.headers["authorization"] == f"Bearer {SECRET}"
    assert seen.headers["openai-beta"] == "jobs=v1"
    assert stand.key not in str(seen.headers)
    passed = set(seen.headers)
    assert passed == {
        "host",
        "authorization",
        "accept-encoding",
        "user-agent",
        "x-request-id",
        "traceparent",
        "accept",
        "content-type",
        "openai-beta",
        "content-length",
    }
    [record] = await stand.recorded()
    assert record.operation == "passthrough"
    assert (record.model, record.upstream_model) == ("passthrough/vendor", "/v1/jobs")
    assert (record.status, record.outcome, record.cost_nanos) == (201, "ok", None)
    assert record.usage == Usage(input=5, output=3)
    assert record.usage_frame == b'{"prompt_tokens": 5, "completion_tokens": 3}'


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        ("GET /v1/passthrough/vendor/v1/other", 404, "route_not_found"),
        ("GET /v1/passthrough/nobody/v1/jobs", 404, "route_not_found"),
        ("PATCH /v1/passthrough/vendor/v1/jobs", 405, "method_not_allowed"),
        ("GET /v1/passthrough/vendor/v1/jobs/a/b", 404, "route_not_found"),
        ("POST /v1/passthrough/vendor/v1/raw", 404, "route_not_found"),
        ("POST /v1/passthrough/vendor/v1/raw/../jobs", 400, "invalid_request"),
        ("POST /v1/passthrough/vendor/v1/raw/%2e%2e/jobs", 400, "invalid_request"),
        ("POST /v1/passthrough/vendor/v1/raw/..;/jobs", 400, "invalid_request"),
        ("POST /v1/passthrough/vendor/v1/raw//x", 400, "invalid_request"),
        ("POST /v1/passthrough/vendor/v1/raw/a%2fb", 400, "invalid_request"),
        ("POST /v1/passthrough/vendor/v1/raw/a%5Cb", 400, "invalid_request"),
        ("POST /v1/passthrough/vendor/v1/raw/a%252e", 400, "invalid_request"),
        ("POST /v1/passthrough/vendor/v1/raw/%00", 400, "invalid_request"),
        ("POST /v1/passthrough/vendor/v1/raw/%ff", 400, "invalid_request"),
        ("GET /v1/passthrough/vendor/v1/jobs?key=AIza", 400, "invalid_request"),
        ("GET /v1/passthrough/vendor/v1/jobs?a=1&%6Bey=AIza", 400, "invalid_request"),
        ("GET /v1/unknown", 404, "route_not_found"),
        ("GET /v1/passthrough/vendor", 404, "route_not_found"),
    ],
)
async def test_what_is_not_listed_or_climbs_is_refused_before_anything_is_sent(
    stand: Stand, upstream: ScriptedUpstream, asked: str, status: int, code: str
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", stand.gateway.port)
    # Raw, because clients mend paths.
    writer.write(
        f"{asked} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {stand.key}\r\n"
        "connection: close\r\ncontent-length: 0\r\n\r\n".encode()
    )
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    assert int(answer.split()[1]) == status
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == code
    assert upstream.requests == []
    if status == 405:
        assert b"\r\nallow: GET, POST\r\n" in answer


async def test_scope_list_and_organisation_each_close_the_door(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    builder = stand.builder
    ordinary = builder.add_key()
    listed = builder.add_key(scopes=SCOPES, models=["passthrough/vendor"])
    unlisted = builder.add_key(scopes=SCOPES, models=["gpt"])
    stranger = builder.add_key(builder.add_project(), scopes=SCOPES)
    home = next(iter(stand.gateway.table.organizations))
    builder.put(vendor(upstream.url, Passthrough(routes=ROUTES, org_ids=(home,))))
    stand.update()
    http = stand.http()
    found: dict[str, int] = {}
    for name, key in {
        "ordinary": ordinary,
        "listed": listed,
        "unlisted": unlisted,
        "stranger": stranger,
        "none": "msk-nobody",
    }.items():
        headers = {"authorization": f"Bearer {key}"}
        answer = await http.get(f"{HERE}/v1/jobs", headers=headers)
        found[name] = answer.status_code
    upstream_answers = found.pop("listed")
    assert upstream_answers == 400  # the scripted server's own words: its job list needs a body
    assert found == {"ordinary": 403, "unlisted": 404, "stranger": 404, "none": 401}
    assert len(upstream.requests) == 1


async def test_limits_and_budgets_hold_and_are_settled_by_what_was_used(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    body = b'{"usage":{"input_tokens":1000,"output_tokens":500,"cache_read_input_tokens":0}}'
    upstream.default = Reply(body=body)
    once = stand.builder.add_key(scopes=SCOPES, limits=Limits(requests_per_minute=1))
    # A call reserves its own price and the usual tokens of output: what is left is too little.
    poor = stand.builder.add_key(scopes=SCOPES, limits=Limits(budget_per_day=3_200))
    stand.update()
    http = stand.http()

    async def call(key: str, path: str = "/v1/paid") -> httpx.Response:
        headers = {"authorization": f"Bearer {key}"}
        return await http.post(f"{HERE}{path}", json={"a": 1}, headers=headers)

    first = await call(once)
    assert first.status_code == 200
    assert first.headers["x-ratelimit-remaining-requests"] == "0"
    assert (await call(once)).status_code == 429
    paid = await call(poor)
    assert paid.status_code == 200
    refused = await call(poor)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "budget_exceeded")
    unpriced = await call(poor, "/v1/jobs")
    assert unpriced.json()["error"]["code"] == "price_unknown"
    records = await stand.recorded(2)
    assert [record.cost_nanos for record in records] == [1000 + 1000 + 500] * 2
    assert len(upstream.requests) == 2


async def test_a_stream_of_events_passes_as_it_comes_and_is_metered(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(content="one two three", prompt_tokens=4, stall_after_chunks=1))
    stand.builder.put(
        vendor(upstream.url, Passthrough(routes=(PassthroughRoute("/v1/chat/completions"),)))
    )
    stand.update()
    asked = {
        "model": "m",
        "messages": [{"role": "user", "content": "hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    pieces: list[bytes] = []
    async with stand.http().stream("POST", f"{HERE}/v1/chat/completions", json=asked) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        async for piece in answer.aiter_raw():
            if not pieces:
                upstream.release()
            pieces.append(piece)
    assert b"".join(pieces).rstrip().endswith(b"data: [DONE]")
    [record] = await stand.recorded()
    assert (record.stream, record.outcome) == (True, "ok")
    assert record.usage == Usage(input=4, output=3)


async def test_large_bodies_go_both_ways_without_being_held(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    size = 6 * 1024 * 1024
    sent = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(size // 65536):
            sent += 65536
            yield b"x" * 65536

    upstream.then(Reply(body=b"y" * size, media_type="application/octet-stream"))
    async with stand.http().stream(
        "PUT", f"{HERE}/v1/raw/a/b.bin", content=body(), headers={"content-type": "x/y"}
    ) as answer:
        got = b"".join([piece async for piece in answer.aiter_raw()])
    assert (sent, got) == (size, b"y" * size)
    [seen] = upstream.requests
    assert (seen.method, seen.path, len(seen.body)) == ("PUT", "/v1/raw/a/b.bin", size)
    assert seen.headers["transfer-encoding"] == "chunked"
    [record] = await stand.recorded()
    assert (record.status, record.usage) == (200, Usage())


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_beyond_the_bound_is_refused_announced_or_not(
    stand: Stand, upstream: ScriptedUpstream, announced: bool
) -> None:
    stand.builder.put(vendor(upstream.url, Passthrough(routes=ROUTES, max_body_bytes=200_000)))
    stand.update()

    async def body() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * 65536
            await asyncio.sleep(0)

    content = b"x" * 655_360 if announced else body()
    answer = await stand.http().put(f"{HERE}/v1/raw/x", content=content)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "body_too_large"
    assert not any(request.settled and request.body for request in upstream.requests)


async def test_answers_of_errors_pass_but_for_those_about_the_platform(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(
        Reply(status=409, body=b'{"error":{"message":"busy"}}'),
        Reply(status=401, body=b'{"error":{"message":"bad key sk-of-the-platform"}}'),
        Reply(status=302, body=b"", headers=(("location", "http://169.254.169.254/"),)),
        Reply(status=304, body=b""),
    )
    http = stand.http()
    answers = [await http.get(f"{HERE}/v1/jobs") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [409, 502, 502, 304]
    assert answers[0].json() == {"error": {"message": "busy"}}
    assert SECRET not in answers[1].text
    assert "location" not in answers[2].headers
    records = await stand.recorded(4)
    assert [(each.status, each.outcome) for each in records] == [
        (409, "invalid_request"),
        (502, "upstream_error"),
        (502, "upstream_protocol_error"),
        (304, "ok"),
    ]


async def test_a_client_that_leaves_ends_the_call_there_too(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(stall_before_headers=True))
    http = stand.http()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(http.post(f"{HERE}/v1/jobs", json={}))
        [seen] = await upstream.received()
        task.cancel()
    await seen.wait_settled()
    assert seen.client_closed
    [record] = await stand.recorded()
    assert (record.status, record.outcome, record.usage) == (499, "client_closed", Usage())


async def test_silence_ends_by_the_upstreams_deadline(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    upstream.then(Reply(stall_before_headers=True))
    timeouts = Timeouts(first_byte_s=0.3)
    stand.builder.put(vendor(upstream.url, Passthrough(routes=ROUTES), timeouts=timeouts))
    stand.update()
    answer = await stand.http().get(f"{HERE}/v1/jobs")
    assert (answer.status_code, answer.json()["error"]["code"]) == (504, "upstream_timeout")


async def test_a_retry_with_its_key_is_sent_once(stand: Stand, upstream: ScriptedUpstream) -> None:
    upstream.default = Reply(body=b'{"id":"job-7"}')
    headers = {"idempotency-key": "k-1"}
    http = stand.http()
    answers = [await http.post(f"{HERE}/v1/jobs", json={"n": 1}, headers=headers) for _ in range(2)]
    assert [answer.json() for answer in answers] == [{"id": "job-7"}] * 2
    assert len(upstream.requests) == 1
    assert "idempotency-key" not in upstream.requests[0].headers


async def test_further_headers_pass_only_if_they_are_no_credentials(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    passthrough = Passthrough(
        routes=ROUTES,
        request_headers=("x-vendor-feature", "cookie", "authorization"),
        answer_headers=("x-vendor-cost", "set-cookie"),
    )
    stand.builder.put(vendor(upstream.url, passthrough))
    stand.update()
    upstream.then(Reply(body=b"{}", headers=(("x-vendor-cost", "3"), ("set-cookie", "a=b"))))
    answer = await stand.http().get(
        f"{HERE}/v1/jobs", headers={"x-vendor-feature": "on", "cookie": "c=d"}
    )
    assert answer.headers["x-vendor-cost"] == "3"
    assert "set-cookie" not in answer.headers
    [seen] = upstream.requests
    assert seen.headers["x-vendor-feature"] == "on"
    assert seen.headers["authorization"] == f"Bearer {SECRET}"
    assert "cookie" not in seen.headers
