"""Connection tests against scripted vendors of every protocol, by the API."""

import asyncio
import ssl
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import pytest_asyncio

from mainspring.app.control.wiring import Control
from mainspring.capabilities.identity.api import Role
from mainspring.capabilities.vendors.api import ConnectionTests, shipped_presets
from mainspring.infra.networks import Network
from mainspring.infra.outbound import Outbound
from mainspring.infra.reach import Reach
from mainspring.kernel.errors import InvalidRequestError
from mainspring.testing.upstream import ReceivedRequest, Reply, ScriptedUpstream, ScriptedVendor
from tests.fixtures.certificates import Authority, trusting
from tests.fixtures.control import PLATFORM, Api

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEY = "sk-secret-of-the-vendor-4711"
KEYS = "AKIDEXAMPLE:wJalrXUtnFEMIK7MDENGbPxRfiCY"


async def dry(admin: httpx.AsyncClient, **body: object) -> dict[str, Any]:
    answer = await admin.post("/api/v1/upstreams/test", json=body)
    assert answer.status_code == 200, answer.text
    for secret in (KEY, "4711", "wJalr", "AKIDEXAMPLE"):
        assert secret not in answer.text
    return answer.json()


def steps(result: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {each["step"]: (each["outcome"], each["code"]) for each in result["findings"]}


@pytest.mark.parametrize(
    ("protocol", "model"),
    [
        ("openai", "gpt"),
        ("openai-responses", "gpt"),
        ("anthropic", "claude"),
        ("gemini", "gemini-flash"),
        ("ollama", "llama3:8b"),
        ("bedrock", "eu.vendor.model-v1:0"),
    ],
)
async def test_every_protocol_is_tested_to_a_call(
    admin: httpx.AsyncClient, protocol: str, model: str
) -> None:
    vendor = ScriptedVendor(protocol, key=KEY, models=(model, "another"))
    async with ScriptedUpstream(script=vendor) as upstream:
        target = {"base_url": upstream.url, "protocol": protocol}
        good = await dry(admin, **target, credential=KEY, call_model=model)
        assert steps(good) == {
            "address": ("passed", "address_read"),
            "dns": ("passed", "dns_found"),
            "connect": ("passed", "connected"),
            "tls": ("skipped", "tls_not_used"),
            "auth": ("passed", "auth_taken"),
            "models": ("passed", "models_listed"),
            "call": ("passed", "call_answered"),
        }
        assert (good["ok"], good["models"], good["models_total"]) == (True, [model, "another"], 2)

        without_call = await dry(admin, **target, credential=KEY)
        assert steps(without_call)["auth"] == ("passed", "auth_taken")
        assert "call" not in steps(without_call)

        code = "auth_forbidden" if protocol == "bedrock" else "auth_refused"
        wrong = await dry(admin, **target, credential=f"{KEY}-wrong", call_model=model)
        assert wrong["ok"] is False
        assert steps(wrong)["auth"] == ("failed", code)
        assert steps(wrong)["call"] == ("skipped", "call_closed")
        [auth] = [each for each in wrong["findings"] if each["step"] == "auth"]
        assert auth["advice"]["en"]
        assert auth["advice"]["zh"]
        assert "[hidden]" in auth["detail"]

        stranger = await dry(admin, **target)
        assert steps(stranger)["auth"] == ("failed", code)
        missing = await dry(admin, **target, credential=KEY, call_model="no-such-model")
        assert steps(missing)["call"] == ("failed", "call_refused")


async def test_signed_requests_are_tested_like_the_gateway_signs_them(
    admin: httpx.AsyncClient,
) -> None:
    vendor = ScriptedVendor("bedrock", key=KEYS, sigv4_region="eu-central-1", models=("m:0",))
    async with ScriptedUpstream(script=vendor) as upstream:
        target = {"base_url": upstream.url, "protocol": "bedrock", "sigv4_region": "eu-central-1"}
        good = await dry(admin, **target, credential=KEYS, call_model="m:0")
        assert (good["ok"], good["models"]) == (True, ["m:0"])
        wrong = await dry(admin, **target, credential=f"{KEYS}x")
        assert steps(wrong)["auth"] == ("failed", "auth_forbidden")
        shapeless = await admin.post(
            "/api/v1/upstreams/test", json={**target, "credential": "no-colon"}
        )
        assert (shapeless.status_code, shapeless.json()["errors"][0]["field"]) == (
            400,
            "credential",
        )


async def test_an_open_list_proves_no_credential_and_a_call_does(admin: httpx.AsyncClient) -> None:
    vendor = ScriptedVendor(key=KEY, open_list=True)
    async with ScriptedUpstream(script=vendor) as upstream:
        listed = await dry(admin, base_url=upstream.url, credential="sk-some-other-key")
        assert (listed["ok"], steps(listed)["auth"]) == (True, ("warning", "auth_unknown"))
        called = await dry(
            admin, base_url=upstream.url, credential="sk-some-other-key", call_model="scripted"
        )
        assert steps(called)["auth"] == ("failed", "auth_refused")
        good = await dry(admin, base_url=upstream.url, credential=KEY, call_model="scripted")
        assert steps(good)["auth"] == ("passed", "auth_taken")


async def test_the_answers_length_is_bounded_in_the_words_that_the_model_takes(
    admin: httpx.AsyncClient,
) -> None:
    vendor = ScriptedVendor(bound="max_completion_tokens")
    async with ScriptedUpstream(script=vendor) as upstream:
        told = await dry(admin, base_url=upstream.url, call_model="scripted")
        assert steps(told)["call"] == ("passed", "call_answered")
        assert upstream.requests[-1].json()["max_completion_tokens"] == 16
        embedded = await dry(admin, base_url=upstream.url, call_model="scripted", task="embedding")
        assert steps(embedded)["call"] == ("passed", "call_answered")


async def test_faults_of_servers_are_told_apart(admin: httpx.AsyncClient) -> None:
    replies: dict[str, Reply] = {
        "models_absent": Reply(status=404, body=b'{"error":{"message":"no such route"}}'),
        "models_unreadable": Reply(body=b"<html>welcome</html>"),
        "rate_limited": Reply.rate_limited(),
        "server_failed": Reply.failure(503),
        "no_answer": Reply(garbage=b"SSH-2.0-OpenSSH_9.9\r\n"),
    }
    async with ScriptedUpstream() as upstream:
        for code, reply in replies.items():
            upstream.default = reply
            told = await dry(admin, base_url=upstream.url)
            assert steps(told)["models"][1] == code, code
            assert told["ok"] is (code not in {"server_failed", "no_answer"})
        await upstream.refuse()
        told = await dry(admin, base_url=upstream.url)
        assert steps(told)["connect"] == ("failed", "connect_failed")
        assert "models" not in steps(told)
    unknown = await dry(admin, base_url="http://no-such-host.invalid")
    assert steps(unknown) == {
        "address": ("passed", "address_read"),
        "dns": ("failed", "dns_failed"),
    }


async def test_a_kept_upstream_is_tested_with_its_own_credential(
    api: Api, admin: httpx.AsyncClient
) -> None:
    vendor = ScriptedVendor("anthropic", key=KEY, models=("claude",))
    async with ScriptedUpstream(script=vendor) as upstream:
        made = await admin.post(
            "/api/v1/upstreams",
            json={
                "name": "vendor",
                "base_url": upstream.url,
                "protocol": "anthropic",
                "credential": KEY,
            },
        )
        path = f"/api/v1/upstreams/{made.json()['id']}/test"
        told = await admin.post(path, json={"call_model": "claude"})
        assert (told.json()["ok"], KEY in told.text) == (True, False)
        events = await admin.get(
            "/api/v1/audit/events",
            params={"action": "upstream.test", "object_id": made.json()["id"]},
        )
        [event] = events.json()["items"]
        assert event["after"]["called"] == "claude"
        assert KEY not in events.text
        org_id, _ = await api.tenant("Tests")
        person = await api.member(org_id, Role.ORG_ADMIN)
        before = len(upstream.requests)
        for url, body in ((path, {}), ("/api/v1/upstreams/test", {"base_url": upstream.url})):
            refused = await person.client.post(url, json=body)
            assert refused.status_code == 403
        assert len(upstream.requests) == before
        gone = await admin.post("/api/v1/upstreams/ups_none/test", json={})
        assert gone.status_code == 404


@asynccontextmanager
async def narrowed(
    control: Control, network: Network, total_s: float = 45.0
) -> AsyncGenerator[ConnectionTests]:
    """Give tests that may go no further than ``network``."""
    outbound = Outbound(network, plain_http=True)
    yield ConnectionTests(
        control.catalog, Reach(network), outbound, control.audit, control.clock, total_s=total_s
    )
    await outbound.close()


async def test_addresses_that_may_not_be_called_are_not_called(control: Control) -> None:
    async with ScriptedUpstream() as upstream:
        refused: list[tuple[Network, str]] = [
            ("public", upstream.url),
            ("private", upstream.url),
            ("private", upstream.url.replace("127.0.0.1", "localhost")),
            ("private", upstream.url.replace("127.0.0.1", "[::ffff:127.0.0.1]")),
            ("public", "http://10.0.0.1"),
        ]
        for network, url in refused:
            async with narrowed(control, network) as tests:
                told = await tests.test_draft(PLATFORM, base_url=url)
            assert [each.code for each in told.findings] == ["address_read", "address_refused"]
            assert told.ok is False
        assert upstream.connections_made == 0
        with pytest.raises(InvalidRequestError):
            async with narrowed(control, "loopback") as tests:
                await tests.test_draft(PLATFORM, base_url="http://169.254.169.254")


async def test_a_silent_server_costs_bounded_time_and_bounded_room(control: Control) -> None:
    async with (
        narrowed(control, "loopback", total_s=1.0) as tests,
        ScriptedUpstream(Reply(stall_before_headers=True)) as upstream,
    ):
        url = upstream.url
        told = await asyncio.gather(
            *(tests.test_draft(PLATFORM, base_url=url) for _ in range(12)), return_exceptions=True
        )
    codes = [
        each.findings[-2].code if not isinstance(each, BaseException) else type(each).__name__
        for each in told
    ]
    assert codes.count("OverloadedError") == 4
    slow = [each for each in told if not isinstance(each, BaseException)]
    assert len(slow) == 8
    for each in slow:
        assert [(f.step, f.code) for f in each.findings][-1] == ("models", "out_of_time")


@pytest_asyncio.fixture(loop_scope="module")
async def tls_server(
    tmp_path: Path,
) -> AsyncGenerator[tuple[str, Path]]:
    """Give the URL of a server that lists models behind TLS, and the authority that signed it."""
    authority = Authority()
    certificate, key = authority.issue().write(tmp_path, "server")
    trust = tmp_path / "authority.pem"
    trust.write_bytes(authority.pem)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    body = msgspec.json.encode({"data": [{"id": "behind-tls"}]})

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(body), body))
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # a handshake alone
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    yield f"https://127.0.0.1:{port}", trust
    server.close()


async def test_a_certificate_is_judged_as_gateways_judge_it(
    tls_server: tuple[str, Path],
    control: Control,
    admin: httpx.AsyncClient,
) -> None:
    url, trust = tls_server
    told = await dry(admin, base_url=url, credential=KEY)
    assert steps(told)["tls"] == ("failed", "tls_failed")
    assert "models" not in steps(told)  # and the credential stayed here
    assert "certificate" in next(e["detail"] for e in told["findings"] if e["step"] == "tls")
    with trusting(trust):
        async with narrowed(control, "loopback") as tests:
            trusted = await tests.test_draft(PLATFORM, base_url=url)
    assert [(each.step, each.code) for each in trusted.findings][3:] == [
        ("tls", "tls_agreed"),
        ("auth", "auth_open"),
        ("models", "models_listed"),
    ]
    assert trusted.models == ("behind-tls",)


async def test_a_vendors_list_is_cut_and_its_words_are_kept_on_one_line(
    admin: httpx.AsyncClient,
) -> None:
    def many(request: ReceivedRequest) -> Reply:
        del request
        names = [{"id": f"model-{number}"} for number in range(450)]
        return Reply(body=msgspec.json.encode({"data": names}))

    async with ScriptedUpstream(script=many) as upstream:
        told = await dry(admin, base_url=upstream.url)
        assert (len(told["models"]), told["models_total"]) == (200, 450)
    long = msgspec.json.encode({"error": {"message": "a\n\x1b[31mb" * 400}})
    async with ScriptedUpstream(Reply(status=500, body=long)) as upstream:
        told = await dry(admin, base_url=upstream.url)
        [said] = [each["detail"] for each in told["findings"] if each["step"] == "models"]
        assert len(said) <= 310
        assert said.isprintable()


async def test_presets_are_listed_filled_in_and_made_upstreams(
    api: Api, admin: httpx.AsyncClient
) -> None:
    items = (await admin.get("/api/v1/upstream-presets")).json()["items"]
    assert [each["id"] for each in items] == list(shipped_presets())
    path = "/api/v1/upstream-presets/azure-openai"
    draft = await admin.post(f"{path}/draft", json={"values": {"resource": "contoso-eu"}})
    assert draft.json() == {
        "base_url": "https://contoso-eu.openai.azure.com/openai/v1",
        "protocol": "openai",
        "credential_header": "api-key",
        "sigv4_region": None,
        "enforces_tool_choice": True,
        "first_byte_s": None,
        "total_s": None,
        "region": None,
    }
    for body, field in (
        ({}, "values"),
        ({"values": {"resource": "evil.example.com/#"}}, "values"),
        ({"values": {"resource": "contoso", "port": "1"}}, "values"),
        ({"endpoint": "moon", "values": {"resource": "contoso"}}, "endpoint"),
    ):
        refused = await admin.post(f"{path}/draft", json=body)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, field)
    assert (await admin.post("/api/v1/upstream-presets/nobody/draft", json={})).status_code == 404

    values = {"values": {"resource": "contoso-eu"}}
    keyless = await admin.post(f"{path}/upstreams", json=values)
    assert (keyless.status_code, keyless.json()["errors"][0]["field"]) == (400, "credential")
    made = await admin.post(f"{path}/upstreams", json={**values, "credential": KEY})
    assert (made.status_code, KEY in made.text) == (201, False)
    kept = (await admin.get(f"/api/v1/upstreams/{made.json()['id']}")).json()
    assert (kept["name"], kept["credential_header"]) == ("azure-openai", "api-key")
    taken = await admin.post(f"{path}/upstreams", json={**values, "credential": KEY})
    assert taken.status_code == 409
    bedrock = await admin.post(
        "/api/v1/upstream-presets/bedrock/upstreams",
        json={"name": "aws", "values": {"region": "eu-central-1"}, "credential": KEYS},
    )
    kept = (await admin.get(f"/api/v1/upstreams/{bedrock.json()['id']}")).json()
    assert (kept["sigv4_region"], kept["base_url"]) == (
        "eu-central-1",
        "https://bedrock-runtime.eu-central-1.amazonaws.com",
    )
    org_id, _ = await api.tenant("Presets")
    person = await api.member(org_id, Role.ORG_ADMIN)
    assert (await person.client.get("/api/v1/upstream-presets")).status_code == 403


async def test_a_preset_of_a_server_becomes_an_upstream_that_its_test_finds_well(
    admin: httpx.AsyncClient,
) -> None:
    async with ScriptedUpstream(script=ScriptedVendor("ollama", models=("llama3",))) as upstream:
        address = upstream.url.removeprefix("http://")
        made = await admin.post(
            "/api/v1/upstream-presets/ollama/upstreams", json={"values": {"address": address}}
        )
        path = f"/api/v1/upstreams/{made.json()['id']}/test"
        told = await admin.post(path, json={"call_model": "llama3"})
        assert told.json()["ok"] is True
        assert steps(told.json())["auth"] == ("passed", "auth_taken")


async def test_the_network_that_may_be_reached_is_a_setting(control: Control) -> None:
    settings = msgspec.structs.replace(control.settings, upstream_network="public")
    other = Control(settings)
    try:
        told = await other.connection_tests.test_draft(PLATFORM, base_url="http://127.0.0.1:9")
        assert told.findings[-1].code == "address_refused"
    finally:
        await other.close()
