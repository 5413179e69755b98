"""Spans in OpenTelemetry's protobuf encoding; the package ``opentelemetry-proto`` is an extra.

What spans have in common is encoded by that package, and kept. What differs from span to span is
put around it by hand, by the rules of protobuf's wire format
(https://protobuf.dev/programming-guides/encoding/): to make a message of each costs a multiple.
"""

import struct
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import (
    ResourceSpans,
    ScopeSpans,
    Span as OtlpSpan,
    Status,
)

from mainspring.wire.attributes import NameSet, named
from mainspring.wire.spans import Attribute, Span

_KINDS: Final = {
    "internal": OtlpSpan.SPAN_KIND_INTERNAL,
    "server": OtlpSpan.SPAN_KIND_SERVER,
    "client": OtlpSpan.SPAN_KIND_CLIENT,
}
_ONE_BYTE: Final = 0x80
"""Numbers from which on a varint has more than one byte."""
_LENGTHS: Final = [bytes([each]) for each in range(_ONE_BYTE)]
_LIMB: Final = 2**64 - 1
# Tags: a field's number, and how its value is written.
_TIMES: Final = struct.Struct("<BQBQ")
_START, _END = 7 << 3 | 1, 8 << 3 | 1
_DOUBLE: Final = struct.Struct("<Bd")
_AS_DOUBLE: Final = 4 << 3 | 1


class OtlpEncoder:
    """Encodes batches of spans of one process."""

    def __init__(self, resource: Mapping[str, str], version: str, names: NameSet) -> None:
        """``resource`` describes the process, by OpenTelemetry's names for that."""
        attributes = [
            KeyValue(key=name, value=AnyValue(string_value=resource[name])) for name in resource
        ]
        self._group = ResourceSpans(resource=Resource(attributes=attributes)).SerializeToString()
        scope = InstrumentationScope(name="mainspring", version=version)
        self._scope = ScopeSpans(scope=scope).SerializeToString()
        self._names = names

    def encode(self, spans: Sequence[Span]) -> bytes:
        """Return the request that exports ``spans``."""
        scope = self._scope + b"".join([_part(b"\x12", self._encoded(span)) for span in spans])
        return _part(b"\x0a", self._group + _part(b"\x12", scope))

    def _encoded(self, span: Span) -> bytes:
        parent_id = span.parent_id
        parts = [
            b"\x0a\x10%b\x12\x08%b" % (bytes.fromhex(span.trace_id), bytes.fromhex(span.span_id)),
            b"" if parent_id is None else b"\x22\x08" + bytes.fromhex(parent_id),
            _heading(span.name, span.kind, span.error),
            _TIMES.pack(_START, span.start_ns, _END, span.end_ns),
        ]
        attributes = named(span.attributes, self._names)
        parts += map(_attribute, attributes, attributes.values())
        return b"".join(parts)


@lru_cache(maxsize=1024)
def _heading(name: str, kind: str, error: str | None) -> bytes:
    """Return a span that has nothing but these, encoded: encodings one after the other merge."""
    span = OtlpSpan(name=name, kind=_KINDS[kind])
    if error is not None:
        span.status.code = Status.STATUS_CODE_ERROR
        span.status.message = error
    return span.SerializeToString()


@lru_cache(maxsize=8192, typed=True)
def _attribute(name: str, value: Attribute) -> bytes:
    """Return a span that has nothing but one attribute, encoded; most recur from span to span."""
    if isinstance(value, str):
        written = _part(b"\x0a", value.encode())
    elif isinstance(value, bool):
        written = b"\x10\x01" if value else b"\x10\x00"
    elif isinstance(value, int):
        written = b"\x18" + _varint(value & _LIMB)
    else:
        written = _DOUBLE.pack(_AS_DOUBLE, value)
    return _part(b"\x4a", _key(name) + _part(b"\x12", written))


@lru_cache(maxsize=1024)
def _key(name: str) -> bytes:
    return _part(b"\x0a", name.encode())


def _part(tag: bytes, data: bytes) -> bytes:
    """Return a field that holds bytes, a text or another message."""
    size = len(data)
    return tag + (_LENGTHS[size] if size < _ONE_BYTE else _varint(size)) + data


def _varint(number: int) -> bytes:
    """Return a number, seven bits a byte, the lowest first; all but the last byte say: more."""
    found = bytearray()
    while number >= _ONE_BYTE:
        found.append(number & (_ONE_BYTE - 1) | _ONE_BYTE)
        number >>= 7
    found.append(number)
    return bytes(found)
