import pytest

from mainspring.gateway.pipeline.trace import NO_TRACE, Trace, read_trace

PARENT = b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01"


def test_a_traceparent_is_passed_on_and_its_id_kept() -> None:
    assert read_trace({b"traceparent": PARENT, b"x-trace-id": b"own"}) == Trace("a" * 32, PARENT)


@pytest.mark.parametrize(
    "parent",
    [b"", PARENT + b"-x", PARENT.upper(), b"00-" + b"0" * 32 + PARENT[35:], PARENT + b"\r\nx: y"],
)
def test_a_malformed_traceparent_is_as_if_it_were_not_sent(parent: bytes) -> None:
    assert read_trace({b"traceparent": parent}) == NO_TRACE
    assert read_trace({b"traceparent": parent, b"x-trace-id": b"own"}) == Trace("own", None)


@pytest.mark.parametrize("value", [b"", b"a b", b"x" * 65, b"\xff", b"a\n"])
def test_an_own_trace_id_has_few_characters_and_a_bound(value: bytes) -> None:
    assert read_trace({b"x-trace-id": value}) == NO_TRACE
