"""Spans that are encoded by hand are read by OpenTelemetry's own classes as what they were."""

from hypothesis import given, strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from mainspring.gateway.watch.otlp import OtlpEncoder
from mainspring.wire.attributes import NameSet
from mainspring.wire.spans import Span

texts = st.text(max_size=40) | st.text(min_size=120, max_size=140) | st.just("模" * 6000)
values = texts | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.floats(allow_nan=False)


def hexes(digits: int) -> st.SearchStrategy[str]:
    return st.integers(1, 16**digits - 1).map(lambda number: f"{number:0{digits}x}")


spans = st.builds(
    Span,
    trace_id=hexes(32),
    span_id=hexes(16),
    parent_id=st.none() | hexes(16),
    name=texts,
    kind=st.sampled_from(["internal", "server", "client"]),
    start_ns=st.integers(0, 2**64 - 1),
    end_ns=st.integers(0, 2**64 - 1),
    error=st.none() | texts,
    attributes=st.dictionaries(texts, values, max_size=4),
)


@given(st.lists(spans, max_size=3))
def test_spans_are_read_as_what_they_were(sent: list[Span]) -> None:
    encoder = OtlpEncoder({"service.name": "gateway", "x" * 200: "y" * 300}, "1.2", NameSet.CURRENT)
    request = ExportTraceServiceRequest.FromString(encoder.encode(sent))
    (group,) = request.resource_spans
    resource = {each.key: each.value.string_value for each in group.resource.attributes}
    assert resource == {"service.name": "gateway", "x" * 200: "y" * 300}
    (scope,) = group.scope_spans
    assert (scope.scope.name, scope.scope.version) == ("mainspring", "1.2")
    assert len(scope.spans) == len(sent)
    for read, span in zip(scope.spans, sent, strict=True):
        assert read.trace_id.hex() == span.trace_id
        assert read.span_id.hex() == span.span_id
        assert read.parent_span_id.hex() == (span.parent_id or "")
        assert read.name == span.name
        assert read.SpanKind.Name(read.kind) == f"SPAN_KIND_{span.kind.upper()}"
        assert (read.start_time_unix_nano, read.end_time_unix_nano) == (span.start_ns, span.end_ns)
        failed = span.error is not None
        assert read.status.code == (
            Status.STATUS_CODE_ERROR if failed else Status.STATUS_CODE_UNSET
        )
        assert read.status.message == (span.error or "")
        found = {
            each.key: getattr(each.value, str(each.value.WhichOneof("value")))
            for each in read.attributes
        }
        assert found == span.attributes
        assert [type(found[name]) for name in found] == [
            type(each) for each in span.attributes.values()
        ]
