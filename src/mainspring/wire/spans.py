"""Spans as they travel within the platform: one step of a request, as OpenTelemetry means it.

Fields are only ever added, always with a default.
"""

import hashlib
import re
from typing import Literal

import msgspec

_W3C = re.compile(r"(?!0{32})[0-9a-f]{32}")

SpanKind = Literal["internal", "server", "client"]
Attribute = str | int | float | bool


class Span(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One step. Ids are hex digits, 32 of the trace and 16 of a span; times are Unix nanoseconds.

    ``error`` is what went wrong (a code of ours or an HTTP status), ``None`` where nothing did.
    ``attributes`` have the names of :mod:`mainspring.wire.attributes`.
    """

    trace_id: str
    span_id: str
    parent_id: str | None = None
    name: str
    kind: SpanKind = "internal"
    start_ns: int
    end_ns: int
    error: str | None = None
    attributes: dict[str, Attribute] = {}


def trace_id_of(text: str) -> str:
    """Return the W3C trace id that stands for a trace id of any shape.

    32 hex digits stand for themselves, with or without hyphens (so a UUID does); of another text
    the digest does, always the same.
    """
    plain = text.replace("-", "").lower()
    if _W3C.fullmatch(plain):
        return plain
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
