import pytest

from mainspring.gateway.watch.trace import Trace, Tracing, child_span_id
from mainspring.kernel.ids import new_id
from mainspring.wire.spans import trace_id_of

PARENT = b"00-" + b"a" * 32 + b"-" + b"b" * 16 + b"-01"
REQUEST = "req_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"
ALL = Tracing(spans=True, ratio=1.0)
NONE = Tracing(spans=True, ratio=0.0)
OFF = Tracing(spans=False, ratio=1.0)


def shown(trace: Trace) -> tuple[str, str, str | None, bool]:
    return trace.trace_id, trace.span_id, trace.parent_id, trace.sampled


def test_a_traceparent_is_continued_with_our_span_as_the_parent_of_each_attempt() -> None:
    trace = NONE.read({b"traceparent": PARENT, b"x-trace-id": b"own"}, REQUEST)
    assert shown(trace) == ("a" * 32, REQUEST[-16:], "b" * 16, True)
    first, second = trace.traceparent(1), trace.traceparent(2)
    assert first == f"00-{'a' * 32}-{child_span_id(REQUEST[-16:], 1)}-01".encode()
    assert first != second


def test_a_sender_that_does_not_sample_is_followed() -> None:
    trace = ALL.read({b"traceparent": PARENT[:-1] + b"0"}, REQUEST)
    assert not trace.sampled
    assert (trace.traceparent(1) or b"").endswith(b"-00")


@pytest.mark.parametrize(
    "parent",
    [
        b"",
        PARENT + b"-x",
        PARENT.upper(),
        b"00-" + b"0" * 32 + PARENT[35:],
        PARENT[:36] + b"0" * 16 + PARENT[52:],
        b"ff" + PARENT[2:],
        PARENT + b"\r\nx: y",
    ],
)
def test_a_malformed_traceparent_is_as_if_it_were_not_sent(parent: bytes) -> None:
    headers = {b"traceparent": parent, b"tracestate": b"v=1"}
    assert shown(ALL.read(headers, REQUEST)) == (REQUEST[4:], REQUEST[-16:], None, True)
    assert ALL.read(headers, REQUEST).passed == b""
    assert ALL.read({**headers, b"x-trace-id": b"own"}, REQUEST).trace_id == "own"


def test_a_later_version_may_say_more() -> None:
    parent = b"01" + PARENT[2:] + b"-what-comes-then"
    assert ALL.read({b"traceparent": parent}, REQUEST).trace_id == "a" * 32


@pytest.mark.parametrize("value", [b"", b"a b", b"x" * 65, b"\xff", b"a\n"])
def test_an_own_trace_id_has_few_characters_and_a_bound(value: bytes) -> None:
    assert ALL.read({b"x-trace-id": value}, REQUEST).trace_id == REQUEST[4:]


def test_an_own_trace_id_of_any_shape_has_one_in_the_standards_shape() -> None:
    uuid = b"0AF76519-16cd-43dd-8448-eb211c80319c"
    trace = ALL.read({b"x-trace-id": uuid}, REQUEST)
    assert (trace.trace_id, trace.w3c_id) == (uuid.decode(), "0af7651916cd43dd8448eb211c80319c")
    named = [ALL.read({b"x-trace-id": b"order.7"}, new_id("req")) for _ in range(2)]
    assert {each.w3c_id for each in named} == {trace_id_of("order.7")}
    assert len(named[0].w3c_id) == 32


def test_state_and_baggage_pass_as_they_came() -> None:
    headers = {b"traceparent": PARENT, b"tracestate": b"a=1,b=2", b"baggage": b"user=7;p"}
    assert ALL.read(headers, REQUEST).passed == b"tracestate: a=1,b=2\r\nbaggage: user=7;p\r\n"
    assert ALL.read({b"baggage": b"user=7"}, REQUEST).passed == b"baggage: user=7\r\n"
    assert ALL.read({b"baggage": b"x" * 8193}, REQUEST).passed == b""


def test_without_spans_a_parent_passes_as_it_came_and_none_is_made() -> None:
    assert OFF.read({b"traceparent": PARENT}, REQUEST).traceparent(1) == PARENT
    trace = OFF.read({}, REQUEST)
    assert (trace.trace_id, trace.traceparent(1), trace.sampled) == (REQUEST[4:], None, False)


def test_a_ratio_is_kept_and_a_trace_is_judged_alike_everywhere() -> None:
    tracing = Tracing(spans=True, ratio=0.25)
    ids = [new_id("req") for _ in range(4000)]
    chosen = [tracing.read({}, each).sampled for each in ids]
    assert 0.2 < sum(chosen) / len(ids) < 0.3
    assert chosen == [
        tracing.read({b"x-trace-id": each[4:].encode()}, REQUEST).sampled for each in ids
    ]


def test_attempts_have_ids_of_their_own_that_are_never_zero() -> None:
    assert child_span_id("f" * 16, 1) != "0" * 16
    assert len({child_span_id(REQUEST[-16:], attempt) for attempt in range(1, 20)}) == 19
