import json
import re

import pytest
from hypothesis import given, strategies as st

from mainspring.kernel.errors import InvalidRequestError, MalformedJsonError
from mainspring.wire.openai.requests import (
    LARGE_BODY_BYTES,
    Envelope,
    OpenedEnvelope,
    read_envelope,
    rewrite_body,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_only_governed_fields_are_read_and_all_others_may_be_anything() -> None:
    envelope = read_envelope(b'{"model":"m","stream":true,"messages":17,"extra":{"a":[1,2]}}')
    assert (envelope.model, envelope.streams, envelope.wants_usage) == ("m", True, False)


def test_a_caller_may_ask_for_usage_itself() -> None:
    assert read_envelope(b'{"model":"m","stream_options":{"include_usage":true}}').wants_usage
    assert not read_envelope(b'{"model":"m","stream_options":null}').wants_usage


@pytest.mark.parametrize("body", [b"", b"{", b'{"model":"\xff"}', b"nonsense"])
def test_what_is_not_json_is_told_from_what_does_not_fit(body: bytes) -> None:
    with pytest.raises(MalformedJsonError):
        read_envelope(body)
    with pytest.raises(InvalidRequestError, match="model"):
        read_envelope(b'{"model":null}')


@pytest.mark.parametrize(
    "body",
    [
        b'{"model":"m","\xff":1}',
        b'{"model":"m","ignored":"\xff"}',
        b'{"model":"m","stream_options":{"\xff":1}}',
        b'{"model":"m","ignored":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_could_not_be_rewritten_is_refused_before_anything_is_reserved(body: bytes) -> None:
    with pytest.raises(MalformedJsonError):
        read_envelope(body)


def test_a_bound_on_the_output_is_never_less_than_what_a_server_may_read() -> None:
    def bound(fields: bytes) -> int | None:
        return read_envelope(b'{"model":"m",' + fields + b"}").output_bound

    assert bound(b'"max_tokens":7') == 7
    assert bound(b'"max_completion_tokens":1,"max_tokens":900') == 900
    assert bound(b'"max_tokens":-1000000') is None
    assert bound(b'"max_output_tokens":0,"max_tokens":null') is None


@pytest.mark.parametrize("n", [b"0", b"-5"])
def test_fewer_than_one_alternative_cannot_be_asked_for(n: bytes) -> None:
    with pytest.raises(InvalidRequestError, match="n"):
        read_envelope(b'{"model":"m","n":' + n + b"}")


def test_a_body_that_needs_no_change_is_the_same_object() -> None:
    body = b'{ "model": "m" }'
    assert rewrite_body(body, model=None, add_usage=False) is body


@given(
    st.dictionaries(st.text().filter(lambda name: name not in ("model", "stream_options")), JSON),
    st.none() | st.dictionaries(st.sampled_from(["include_usage", "include_obfuscation"]), JSON),
    st.none() | st.sampled_from(["renamed", 'quoted "name"', "模型"]),
    st.booleans(),
    st.booleans(),
)
def test_a_rewrite_changes_what_it_must_and_nothing_else(
    fields: dict[str, object],
    options: dict[str, object] | None,
    model: str | None,
    usage: bool,
    null_options: bool,
) -> None:
    asked = {**fields, "model": "m"}
    if options is not None or null_options:
        asked["stream_options"] = options
    for body in (
        json.dumps(asked).encode(),
        json.dumps(asked, ensure_ascii=False, indent=1).encode(),
    ):
        seen = json.loads(rewrite_body(body, model=model, add_usage=usage))
        assert seen == rewritten(asked, options, model, usage=usage)


def rewritten(
    asked: dict[str, object], options: dict[str, object] | None, model: str | None, *, usage: bool
) -> dict[str, object]:
    wanted = dict(asked)
    if model is not None:
        wanted["model"] = model
    if usage:
        wanted["stream_options"] = {**(options or {}), "include_usage": True}
    return wanted


@given(
    st.dictionaries(
        st.sampled_from(["model", "stream", "n", "user", "max_tokens", "members", "stream_options"])
        | st.text(),
        JSON | st.just("m") | st.just({"include_usage": True}),
    )
)
def test_a_large_body_is_read_and_rewritten_as_a_small_one(fields: dict[str, object]) -> None:
    small = json.dumps(fields).encode()
    large = small[:-1] + b" " * LARGE_BODY_BYTES + b"}"
    try:
        read = read_envelope(small)
    except InvalidRequestError as error:
        with pytest.raises(InvalidRequestError, match=re.escape(str(error))):
            read_envelope(large)
        return
    opened = read_envelope(large)
    assert isinstance(opened, OpenedEnvelope)
    assert not isinstance(read, OpenedEnvelope)
    for name in Envelope.__struct_fields__:
        assert getattr(opened, name) == getattr(read, name)
    if read.stream_options is None or isinstance(fields["stream_options"], dict):
        rewritten = rewrite_body(small, model="x", add_usage=True, envelope=read)
        assert rewrite_body(large, model="x", add_usage=True, envelope=opened) == rewritten


def test_values_keep_their_exact_bytes() -> None:
    body = b'{"model":"m","seed":12345678901234567890,"t":1.10,"s":"\\u00e9 \xc3\xa9"}'
    assert rewrite_body(body, model="x", add_usage=False) == body.replace(b'"m"', b'"x"')
    plain = body.replace(b"\\u00e9 ", b"")
    assert rewrite_body(plain, model="x", add_usage=False) == plain.replace(b'"m"', b'"x"')


@pytest.mark.parametrize(
    "body",
    [
        b'{"model":"first","model":"m"}',
        b'{"mod\\u0065l":"m","tools":[{"model":"m"}]}',
        b'{"tools":[{"model":"inner"}],"model":"m"}',
        b'{"messages":[{"content":"\\"model\\": \\"inner\\""}],"model" :\n"m" }',
        b'{"messages":["model"],"model":"m","stream_options":{}}',
        b'{"model":"\\u006d"}',
        b'{"model":"m","x":"}"} ',
    ],
)
def test_nothing_but_the_outer_model_is_renamed(body: bytes) -> None:
    before = json.loads(body)
    assert before["model"] == "m"
    seen = json.loads(rewrite_body(body, model="x", add_usage=True))
    options = {"include_usage": True}
    assert seen == {**before, "model": "x", "stream_options": options}
    assert read_envelope(rewrite_body(body, model="x", add_usage=True)).model == "x"
