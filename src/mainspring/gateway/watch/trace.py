"""The trace that a request belongs to: as its sender told it, or a new one.

W3C Trace Context. A new trace costs next to nothing, because its ids are the digits of the request
id: 48 bits of time and 80 bits of randomness.
"""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from mainspring.wire.spans import trace_id_of

_TRACEPARENT: Final = re.compile(
    rb"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?"
)
_TRACE_ID: Final = re.compile(rb"[0-9A-Za-z._-]{1,64}")
_MAX_PASSED: Final = 8192
_SAMPLED: Final = 1
_SPAN_MASK: Final = 2**64 - 1
_NO_SPAN: Final = "0" * 16
_DIGITS: Final = "0123456789abcdef"
_BASE: Final = 16
_TURNED: Final = [
    {digit: _DIGITS[(at + turn) % _BASE] for at, digit in enumerate(_DIGITS)}
    for turn in range(_BASE)
]
_RATIO_DIGITS: Final = 14
"""The last 56 bits of a trace id are random (W3C Trace Context, level 2): a ratio compares them."""


class Trace(msgspec.Struct, gc=False):
    """The trace of one request, and the span that is the request itself.

    ``trace_id`` is what records and answers show: the sender's own where it chose one. ``w3c_id``
    is the same as 32 hex digits. ``parent_id`` is the sender's span. ``passed`` are header lines
    that go to the upstream as they came.
    """

    trace_id: str
    w3c_id: str
    span_id: str
    parent_id: str | None = None
    sampled: bool = False
    passed: bytes = b""
    as_it_came: bytes | None = b""
    """The sender's own ``traceparent`` where no span of ours comes between, empty if it sent none;
    ``None`` where one does."""

    def traceparent(self, attempt: int) -> bytes | None:
        """Return the header for the upstream of an attempt, counted from 1."""
        if self.as_it_came is not None:
            return self.as_it_came or None
        flags = "01" if self.sampled else "00"
        return f"00-{self.w3c_id}-{child_span_id(self.span_id, attempt)}-{flags}".encode()


class Tracing:
    """How traces begin: whether spans are made at all, and of which share of the requests."""

    def __init__(self, *, spans: bool, ratio: float) -> None:
        """Sample ``ratio`` (0 to 1) of the requests whose sender has not decided.

        Without ``spans``, a parent passes to the upstream as it came, and no new one is told: a
        span that nobody keeps must not stand between two that somebody does.
        """
        self.spans = spans
        bound = round(min(max(ratio, 0.0), 1.0) * 16**_RATIO_DIGITS)
        # As many digits as ids have, so that strings compare as their numbers do.
        self._bound = f"{bound:0{_RATIO_DIGITS}x}" if bound < 16**_RATIO_DIGITS else "g"

    def read(self, headers: Mapping[bytes, bytes], request_id: str) -> Trace:
        """Return the trace of a request; what is not well-formed is as if it were not sent.

        W3C ``traceparent`` counts before ``X-Trace-ID``.
        """
        span_id = request_id[-16:]
        parent = headers.get(b"traceparent")
        if parent is not None:
            trace = self._continued(parent, headers, span_id)
            if trace is not None:
                return trace
        own = headers.get(b"x-trace-id")
        if own is not None and _TRACE_ID.fullmatch(own):
            trace_id = own.decode()
            w3c_id = trace_id_of(trace_id)
        else:
            trace_id = w3c_id = request_id[-32:]
        passed = _line(headers, b"baggage") if b"baggage" in headers else b""
        if not self.spans:
            return Trace(trace_id, w3c_id, span_id, None, False, passed)
        # By position: keywords take a third longer, and this is done for every request.
        sampled = w3c_id[-_RATIO_DIGITS:] < self._bound
        return Trace(trace_id, w3c_id, span_id, None, sampled, passed, None)

    def _continued(
        self, parent: bytes, headers: Mapping[bytes, bytes], span_id: str
    ) -> Trace | None:
        match = _TRACEPARENT.fullmatch(parent)
        # Version 00 has exactly four fields; a later one may have more, which we cannot know.
        if match is None or (match[1] == b"00" and match[5] is not None):
            return None
        trace_id = match[2].decode()
        trace = Trace(trace_id, trace_id, span_id)
        trace.parent_id = match[3].decode()
        trace.sampled = self.spans and bool(int(match[4], 16) & _SAMPLED)
        trace.passed = _line(headers, b"tracestate") + _line(headers, b"baggage")
        trace.as_it_came = None if self.spans else parent
        return trace


NO_TRACING: Final = Tracing(spans=False, ratio=0.0)
"""For where no spans are made."""


def child_span_id(span_id: str, attempt: int) -> str:
    """Return the id of the span of an attempt, counted from 1, so that it need not be kept.

    The first attempts turn one digit on: to add to the number takes three times as long, for every
    request.
    """
    if 0 < attempt < _BASE:
        child = _TURNED[attempt][span_id[0]] + span_id[1:]
        if child != _NO_SPAN:
            return child
    number = (int(span_id, 16) + attempt) & _SPAN_MASK
    return f"{number or 1:016x}"


def _line(headers: Mapping[bytes, bytes], name: bytes) -> bytes:
    value = headers.get(name)
    if not value or len(value) > _MAX_PASSED:
        return b""
    return b"%b: %b\r\n" % (name, value)
