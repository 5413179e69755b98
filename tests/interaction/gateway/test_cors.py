"""Browsers: who may call from a page, told as CORS has it."""

import pytest

from mainspring.gateway.pipeline.cors import with_cors
from mainspring.testing.upstream import ScriptedUpstream
from tests.fixtures.gateway import Stand

ORIGIN = "https://app.example"
PREFLIGHT = {
    "origin": ORIGIN,
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization,content-type,x-stainless-os",
}
BODY = {"model": "scripted", "messages": [{"role": "user", "content": "hi"}]}


async def restarted(stand: Stand, origins: str) -> None:
    """Start the gateway anew with these origins."""
    await stand.gateway.stop(0.1)
    stand.configure(cors_origins=origins)
    await stand.start()


async def test_without_a_setting_no_page_may_call(stand: Stand) -> None:
    answer = await stand.http().options("/v1/chat/completions", headers=PREFLIGHT)
    assert answer.status_code == 405
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize("origins", [f"https://other.example, {ORIGIN}/", "*"])
async def test_an_allowed_page_calls_and_reads_the_answer(
    stand: Stand, upstream: ScriptedUpstream, origins: str
) -> None:
    await restarted(stand, origins)
    client = stand.http()
    preflight = await client.options("/v1/chat/completions", headers=PREFLIGHT)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    wanted = PREFLIGHT["access-control-request-headers"]
    assert preflight.headers["access-control-allow-headers"] == wanted
    for asked in (BODY, BODY | {"stream": True}, BODY | {"model": "nope"}):
        answer = await client.post("/v1/chat/completions", json=asked, headers={"origin": ORIGIN})
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert "x-request-id" in answer.headers["access-control-expose-headers"]
        assert answer.headers["vary"] == "origin"
    assert len(upstream.requests) == 2


async def test_another_page_is_not_let_in(stand: Stand) -> None:
    await restarted(stand, "https://other.example")
    client = stand.http()
    assert (await client.options("/v1/models", headers=PREFLIGHT)).status_code == 405
    answer = await client.get("/v1/models", headers={"origin": ORIGIN})
    assert "access-control-allow-origin" not in answer.headers


def test_what_is_no_origin_is_refused() -> None:
    with pytest.raises(ValueError, match="not an origin"):
        with_cors("app.example", lambda _: None)
