"""Spans in OpenTelemetry's protobuf encoding; the package ``opentelemetry-proto`` is an extra."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.trace.v1.trace_pb2 import Span as OtlpSpan, Status

from mainspring.wire.attributes import NameSet, named
from mainspring.wire.spans import Attribute, Span

_KINDS: Final = {
    "internal": OtlpSpan.SPAN_KIND_INTERNAL,
    "server": OtlpSpan.SPAN_KIND_SERVER,
    "client": OtlpSpan.SPAN_KIND_CLIENT,
}


class OtlpEncoder:
    """Encodes batches of spans of one process."""

    def __init__(self, resource: Mapping[str, str], version: str, names: NameSet) -> None:
        """``resource`` describes the process, by OpenTelemetry's names for that."""
        self._resource = [_pair(name, value) for name, value in resource.items()]
        self._version = version
        self._names = names

    def encode(self, spans: Sequence[Span]) -> bytes:
        """Return the request that exports ``spans``."""
        request = ExportTraceServiceRequest()
        group = request.resource_spans.add()
        group.resource.attributes.extend(self._resource)
        scope = group.scope_spans.add()
        scope.scope.name = "mainspring"
        scope.scope.version = self._version
        for span in spans:
            self._write(span, scope.spans.add())
        return request.SerializeToString()

    def _write(self, span: Span, out: OtlpSpan) -> None:
        attributes = named(span.attributes, self._names)
        out.MergeFromString(b"".join([_encoded(*each) for each in attributes.items()]))
        out.trace_id = bytes.fromhex(span.trace_id)
        out.span_id = bytes.fromhex(span.span_id)
        if span.parent_id is not None:
            out.parent_span_id = bytes.fromhex(span.parent_id)
        out.name = span.name
        out.kind = _KINDS[span.kind]
        out.start_time_unix_nano = span.start_ns
        out.end_time_unix_nano = span.end_ns
        if span.error is not None:
            out.status.code = Status.STATUS_CODE_ERROR
            out.status.message = span.error


@lru_cache(maxsize=4096, typed=True)
def _encoded(name: str, value: str | float) -> bytes:
    """Return a span that has nothing but one attribute, encoded.

    Encodings one after the other merge, and most attributes are the same from span to span.
    """
    return OtlpSpan(attributes=[_pair(name, value)]).SerializeToString()


def _pair(name: str, value: Attribute) -> KeyValue:
    return KeyValue(key=name, value=_value(value))


def _value(value: Attribute) -> AnyValue:
    if isinstance(value, str):
        return AnyValue(string_value=value)
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    if isinstance(value, int):
        return AnyValue(int_value=value)
    return AnyValue(double_value=value)
