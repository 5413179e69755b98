"""Who may call what, and how much."""

import time
from datetime import datetime

import httpx
import msgspec
import openai
import pytest
from openai.types.chat import ChatCompletionMessageParam

from mainspring.infra.secrets import Sealer, load_or_create_token
from mainspring.snapshot.resources import Limits, Upstream
from mainspring.testing.upstream import Reply, ScriptedUpstream
from mainspring.wire.bedrock.signature import Signer
from mainspring.wire.delegation import DelegatedIdentity, mint_delegated_token
from tests.fixtures.gateway import Stand

HELLO: list[ChatCompletionMessageParam] = [{"role": "user", "content": "three words here"}]
BODY = {"model": "scripted", "messages": HELLO, "max_tokens": 8}


async def call(stand: Stand, key: str) -> httpx.Response:
    return await stand.http().post(
        "/v1/chat/completions", json=BODY, headers={"authorization": f"Bearer {key}"}
    )


def code_of(answer: httpx.Response) -> str:
    return answer.json()["error"]["code"]


async def test_a_revoked_key_stops_with_the_snapshot_that_says_so(stand: Stand) -> None:
    key = stand.builder.add_key()
    stand.update()
    assert (await call(stand, key)).status_code == 200
    resource = stand.gateway.table.find_key(key)
    assert resource is not None
    stand.builder.delete(resource)
    stand.update()
    answer = await call(stand, key)
    assert (answer.status_code, code_of(answer)) == (401, "invalid_api_key")


async def test_an_expired_key_is_refused(stand: Stand) -> None:
    key = stand.builder.add_key(expires_at=int(time.time()) - 1)
    stand.update()
    answer = await call(stand, key)
    assert (answer.status_code, code_of(answer)) == (401, "expired_api_key")


async def test_a_suspended_organisation_or_project_is_refused(stand: Stand) -> None:
    builder = stand.builder
    organization = builder.add_organization(suspended=True)
    keys = [
        builder.add_key(builder.add_project(organization)),
        builder.add_key(builder.add_project(suspended=True)),
    ]
    stand.update()
    for key in keys:
        answer = await call(stand, key)
        assert (answer.status_code, code_of(answer)) == (403, "suspended")


async def test_a_key_sees_only_the_models_that_it_names(stand: Stand) -> None:
    key = stand.builder.add_key(models=["other"])
    stand.update()
    answer = await call(stand, key)
    assert (answer.status_code, code_of(answer)) == (404, "model_not_found")
    assert [model.id async for model in stand.openai(key).models.list()] == []


async def test_a_second_model_key_in_a_body_cannot_smuggle_a_model_in(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    key = stand.builder.add_key(models=["scripted"])
    stand.update()
    answer = await stand.http().post(
        "/v1/chat/completions",
        content=b'{"model":"forbidden","messages":[],"model":"scripted"}',
        headers={"authorization": f"Bearer {key}"},
    )
    assert answer.status_code == 200
    [request] = upstream.requests
    assert b"forbidden" not in request.body


async def test_an_organisations_own_model_comes_before_the_shared_one(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    async with ScriptedUpstream(Reply(content="their own")) as own:
        builder = stand.builder
        organization = builder.add_organization("acme")
        key = builder.add_key(builder.add_project(organization))
        builder.add_model("scripted", builder.add_upstream(own.url), organization=organization)
        builder.add_model("private", builder.add_upstream(own.url), organization=organization)
        stand.update()
        answer = await call(stand, key)
        assert answer.json()["choices"][0]["message"]["content"] == "their own"
        with pytest.raises(openai.NotFoundError):
            await stand.openai().models.retrieve("private")


async def test_a_key_without_the_scope_may_not_call(stand: Stand) -> None:
    key = stand.builder.add_key(scopes=("models:read",))
    stand.update()
    answer = await call(stand, key)
    assert (answer.status_code, code_of(answer)) == (403, "permission_denied")
    assert [model.id async for model in stand.openai(key).models.list()] == ["scripted"]


@pytest.mark.parametrize("header", [{}, {"authorization": "Basic eDp5"}, {"authorization": ""}])
async def test_nobody_is_served_unknown(stand: Stand, header: dict[str, str]) -> None:
    async with httpx.AsyncClient(base_url=stand.url) as client:
        answer = await client.post("/v1/chat/completions", json=BODY, headers=header)
    assert (answer.status_code, code_of(answer)) == (401, "authentication_required")


async def test_x_api_key_works_as_well(stand: Stand) -> None:
    async with httpx.AsyncClient(base_url=stand.url) as client:
        answer = await client.post(
            "/v1/chat/completions", json=BODY, headers={"x-api-key": stand.key}
        )
    assert answer.status_code == 200


async def test_a_delegated_identity_calls_on_anothers_account(stand: Stand) -> None:
    token_file = stand.directory / "internal.token"
    secret = load_or_create_token(token_file).encode()
    await stand.gateway.stop(0.1)
    stand.configure(internal_token_file=token_file)
    await stand.start()
    key = stand.gateway.table.find_key(stand.key)
    assert key is not None
    identity = DelegatedIdentity(
        org_id=key.org_id,
        project_id=key.project_id,
        actor_id="usr_ada",
        expires_at=int(time.time()) + 60,
    )
    answer = await call(stand, mint_delegated_token(identity, secret))
    assert answer.status_code == 200
    forged = await call(stand, mint_delegated_token(identity, b"another secret"))
    assert (forged.status_code, code_of(forged)) == (401, "invalid_api_key")
    [record] = await stand.recorded()
    assert (record.actor_id, record.key_id) == ("usr_ada", None)
    assert record.project_id == key.project_id


async def test_requests_per_minute_are_limited_and_told(stand: Stand) -> None:
    key = stand.builder.add_key(limits=Limits(requests_per_minute=2, tokens_per_minute=1000))
    stand.update()
    first = await call(stand, key)
    assert first.headers["x-ratelimit-limit-requests"] == "2"
    assert first.headers["x-ratelimit-remaining-requests"] == "1"
    assert first.headers["x-ratelimit-limit-tokens"] == "1000"
    assert int(first.headers["x-ratelimit-remaining-tokens"]) < 1000
    assert first.headers["x-ratelimit-reset-requests"].endswith("s")
    assert (await call(stand, key)).status_code == 200
    answer = await call(stand, key)
    assert (answer.status_code, code_of(answer)) == (429, "rate_limit_exceeded")
    assert int(answer.headers["retry-after"]) > 0
    assert "API key's limit of 2 requests per minute" in answer.json()["error"]["message"]
    assert (await call(stand, stand.key)).status_code == 200


async def test_a_request_beyond_the_token_limit_is_refused_before_it_is_sent(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    key = stand.builder.add_key(limits=Limits(tokens_per_minute=10))
    stand.update()
    answer = await call(stand, key)
    assert answer.status_code == 429
    assert "retry-after" not in answer.headers
    assert upstream.requests == []


async def test_a_place_is_free_again_when_an_answer_ends_however_it_ends(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    key = stand.builder.add_key(limits=Limits(max_concurrency=1))
    stand.update()
    upstream.then(
        Reply(stall_after_chunks=2), Reply.failure(500), Reply(reset_after_chunks=1), Reply()
    )
    stream = await stand.openai(key).chat.completions.create(
        model="scripted", messages=HELLO, stream=True
    )
    assert (await call(stand, key)).status_code == 429
    await stream.close()
    await stand.recorded(1)
    assert [(await call(stand, key)).status_code for _ in range(3)] == [500, 502, 200]
    assert (await call(stand, key)).status_code == 200


async def test_credentials_are_unsealed_for_their_own_upstream_only(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    key_file = stand.directory / "master.key"
    sealer = Sealer.from_file(key_file)
    await stand.gateway.stop(0.1)
    stand.configure(master_key_file=key_file)
    await stand.start()
    good = Upstream(id="ups_good", name="good", base_url=upstream.url)
    sealed = sealer.seal(b"sk-upstream", good.credential_context)
    stand.builder.put(
        Upstream(id="ups_good", name="good", base_url=upstream.url, credential=sealed),
        Upstream(id="ups_bad", name="bad", base_url=upstream.url, credential=sealed),
    )
    stand.builder.add_model("good", good)
    stand.builder.add_model("bad", Upstream(id="ups_bad", name="bad", base_url=upstream.url))
    stand.update()
    client = stand.openai()
    await client.chat.completions.create(model="good", messages=HELLO)
    [request] = upstream.requests
    assert request.headers["authorization"] == "Bearer sk-upstream"
    with pytest.raises(openai.InternalServerError) as raised:
        await client.chat.completions.create(model="bad", messages=HELLO)
    assert raised.value.code == "upstream_unreachable"
    assert len(upstream.requests) == 1


async def test_requests_to_bedrock_are_signed_and_show_no_secret(
    stand: Stand, upstream: ScriptedUpstream
) -> None:
    key_file = stand.directory / "master.key"
    sealer = Sealer.from_file(key_file)
    await stand.gateway.stop(0.1)
    stand.configure(master_key_file=key_file)
    await stand.start()
    vendor = Upstream(
        id="ups_aws",
        name="aws",
        base_url=upstream.url,
        protocol="bedrock",
        sigv4_region="eu-central-1",
    )
    keys = b"AKIDEXAMPLE:a-secret/+key"
    vendor = msgspec.structs.replace(
        vendor, credential=sealer.seal(keys, vendor.credential_context)
    )
    stand.builder.put(vendor)
    stand.builder.add_model("claude", vendor, upstream_model="anthropic.claude-v2:1")
    stand.update()
    upstream.then(
        Reply(
            body=b'{"output":{"message":{"role":"assistant","content":[{"text":"hi"}]}},'
            b'"stopReason":"end_turn","usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5}}'
        )
    )
    answer = await stand.openai().chat.completions.create(model="claude", messages=HELLO)
    assert answer.choices[0].message.content == "hi"
    [request] = upstream.requests
    assert request.path == "/model/anthropic.claude-v2%3A1/converse"
    # Signed is what arrived: the path as it was sent, the whole body, the moment that it names.
    moment = datetime.strptime(request.headers["x-amz-date"] + "+0000", "%Y%m%dT%H%M%SZ%z")
    expected = Signer(keys, "eu-central-1").lines(
        request.path,
        request.body,
        host=request.headers["host"],
        content_type=request.headers["content-type"],
        at=moment.timestamp(),
    )
    assert f"authorization: {request.headers['authorization']}".encode() in expected
    assert b"a-secret" not in str(request.headers).encode()


async def test_a_gateway_without_a_snapshot_says_that_it_is_not_ready(stand: Stand) -> None:
    await stand.gateway.stop(0.1)
    stand.settings.snapshot_file.unlink()
    await stand.start_linked()
    answer = await call(stand, stand.key)
    assert (answer.status_code, code_of(answer)) == (503, "not_ready")
    assert answer.headers["retry-after"] == "1"
    messages = await stand.http().post("/v1/messages", json=BODY)
    assert messages.status_code == 503
    assert messages.json()["type"] == "error"
    assert (await stand.http().get("/v1/models")).status_code == 503
