"""The rules of presets, and what is shown of a server's words."""

import msgspec
import pytest

from mainspring.capabilities.catalog.api import Upstream
from mainspring.capabilities.vendors.api import Preset, read_presets, shipped_presets
from mainspring.capabilities.vendors.domain.findings import ADVICE, said
from mainspring.capabilities.vendors.domain.presets import filled
from mainspring.capabilities.vendors.service.dialogue import CREDENTIAL_HEADERS, Dialogue
from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.protocols import UPSTREAM_PROTOCOLS
from mainspring.gateway.upstreams.runtime import UpstreamRuntime, open_pool
from mainspring.kernel.clock import SystemClock
from mainspring.kernel.errors import InvalidRequestError

PRESET = """
[[presets]]
id = "{id}"
title = {{ en = "A vendor", zh = "厂商" }}
kind = "vendor"
protocol = "{protocol}"
credential = {{ en = "A key.", zh = "密钥。" }}
endpoints = [
  {{ name = "one", title = {{ en = "One", zh = "一" }}, base_url = "{base_url}" }},
]
notes = {{ en = "None.", zh = "无。" }}
docs = "https://example.com"
checked = "2026-11"
"""
FIELDS = {"id": "vendor", "protocol": "openai", "base_url": "https://api.example.com"}


def preset(**changes: str) -> str:
    return PRESET.format(**{**FIELDS, **changes})


def examples(shipped: Preset) -> dict[str, str]:
    return {variable.name: variable.example for variable in shipped.variables}


def test_the_vendors_that_were_promised_are_there() -> None:
    promised = "openai azure-openai anthropic gemini bedrock deepseek dashscope zhipu moonshot"
    servers = "ollama vllm tgi sglang llama-cpp"
    assert {*promised.split(), *servers.split()} <= shipped_presets().keys()
    kinds = {name: each.kind for name, each in shipped_presets().items()}
    assert {name for name, kind in kinds.items() if kind == "server"} == set(servers.split())


@pytest.mark.parametrize("preset_id", list(shipped_presets()))
def test_gateways_call_the_routes_that_a_test_calls(preset_id: str) -> None:
    # Two readings of a base URL would make a test of something else than what calls meet.
    shipped = shipped_presets()[preset_id]
    now = SystemClock().now()
    for endpoint in shipped.endpoints:
        draft = filled(shipped, endpoint.name, examples(shipped))
        upstream = Upstream(
            id="ups_1",
            name="vendor",
            base_url=draft.base_url,
            protocol=draft.protocol,
            credential_header=draft.credential_header,
            sigv4_region=draft.sigv4_region,
            created_at=now,
            updated_at=now,
        )
        key = "id:secret" if draft.sigv4_region else "key"
        resource = upstream.resource()
        pool = open_pool(resource, Sweeper())
        runtime = UpstreamRuntime(resource, key.encode(), pool)
        dialogue = Dialogue(upstream, key)
        listed = dialogue.list_models(at=0.0)
        if shipped.models_path and shipped.protocol != "bedrock":
            route = runtime.socket(shipped.models_path).resource
            assert listed.url.endswith(route)
        shown = runtime.credential
        if shown is not None:
            name, value = shown
            assert listed.headers[name.lower()] == value
        called = dialogue.call("some-model", "chat", at=0.0)
        assert called.url.startswith(draft.base_url)
        if shown is not None:
            assert called.headers[shown[0].lower()] == shown[1]


def test_protocols_show_credentials_as_gateways_do() -> None:
    shown = {
        name: protocol.credential_header.partition(b":")[0].decode()
        for name, protocol in UPSTREAM_PROTOCOLS.items()
    }
    expected = dict.fromkeys(UPSTREAM_PROTOCOLS, "authorization") | CREDENTIAL_HEADERS
    assert shown == expected


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (preset(protocol="smtp"), "there is no protocol smtp"),
        (preset(base_url="https://api.example.com/"), "is not a base URL"),
        (preset(base_url="ftp://api.example.com"), "is not a base URL"),
        (preset(base_url="https://{{region}}.example.com"), "the addresses need"),
        (preset(id="A Vendor"), "an id has"),
        (preset() + 'auth = "header"\n', "credential_header"),
        (preset() + 'auth = "sigv4"\n', "sigv4_region"),
        (preset() + preset(), "there are two"),
        (preset() + 'colour = "blue"\n', "unknown field"),
        ("", "presets"),
    ],
)
def test_a_file_that_contradicts_itself_is_refused(text: str, complaint: str) -> None:
    with pytest.raises((ValueError, msgspec.ValidationError), match=complaint):
        read_presets(text)


def test_values_are_parts_of_an_address_and_nothing_else() -> None:
    azure, ollama = shipped_presets()["azure-openai"], shipped_presets()["ollama"]
    for value in ("", "a/b", "a.evil.example", "a#", "a b", "-a", "a" * 254, "{resource}"):
        with pytest.raises(InvalidRequestError):
            filled(azure, None, {"resource": value})
    for value in ("host/path", "user@host", "host:port", "host?x", "host\n"):
        with pytest.raises(InvalidRequestError):
            filled(ollama, None, {"address": value})
    assert filled(ollama, "https", {}).base_url == "https://127.0.0.1:11434"
    assert filled(ollama, None, {"address": "[::1]:80"}).base_url == "http://[::1]:80"


def test_what_a_server_said_is_shown_without_the_secret() -> None:
    secret = "sk-abcdefghijklmnop-4711"
    for text in (
        f"bad key {secret}",
        f"bad key '{secret}'.",
        "Incorrect API key provided: sk-a****4711.",
        "Incorrect API key provided: sk-abcdefgh...",
    ):
        shown = said(text, [secret])
        assert "[hidden]" in shown
        assert "4711" not in shown
        assert "sk-a" not in shown
    assert said("no such model\n\tfoo\x00", [secret]) == "no such model foo"
    assert len(said("x" * 10_000, [secret])) == 300


def test_every_advice_is_in_both_languages() -> None:
    for code, advice in ADVICE.items():
        assert advice.en.endswith("."), code
        assert advice.zh.endswith("。"), code
