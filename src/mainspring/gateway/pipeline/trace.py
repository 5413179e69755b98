"""The trace that a request belongs to, as its sender told it."""

import re
from collections.abc import Mapping
from typing import NamedTuple

_TRACEPARENT = re.compile(rb"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_TRACE_ID = re.compile(rb"[0-9A-Za-z._-]{1,64}")


class Trace(NamedTuple):
    """The trace's id, for the record, and the header to pass on."""

    trace_id: str | None
    traceparent: bytes | None


NO_TRACE = Trace(None, None)


def read_trace(headers: Mapping[bytes, bytes]) -> Trace:
    """Return the trace of a request; what is not well-formed is as if it were not sent.

    W3C ``traceparent`` counts before ``X-Trace-ID``, and only the former is passed on.
    """
    parent = headers.get(b"traceparent")
    if parent is not None:
        match = _TRACEPARENT.fullmatch(parent)
        if match is not None:
            return Trace(match[1].decode(), parent)
    own = headers.get(b"x-trace-id")
    if own is not None and _TRACE_ID.fullmatch(own):
        return Trace(own.decode(), None)
    return NO_TRACE
