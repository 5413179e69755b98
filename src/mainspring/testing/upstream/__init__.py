"""A model server that does exactly as it is told, over real sockets.

Two faces. :class:`ScriptedUpstream` lives in a test's own event loop and is scripted request by
request at the wire level: delays, stalls, resets in mid-chunk, garbage, 429 with Retry-After. It
remembers every request, whether its client went away and when, and how many tokens it served, so
that a ledger can be compared with it to the token. ``python -m mainspring.testing.upstream`` is a
process of its own for load: the same answers from a raw protocol, fast enough not to be what a
benchmark measures.
"""

from mainspring.testing.upstream.realtime import RealtimeReply, ScriptedRealtime
from mainspring.testing.upstream.received import ReceivedRequest, Served
from mainspring.testing.upstream.reply import Reply
from mainspring.testing.upstream.scripted import ScriptedUpstream
from mainspring.testing.upstream.vendor import ScriptedVendor

__all__ = [
    "RealtimeReply",
    "ReceivedRequest",
    "Reply",
    "ScriptedRealtime",
    "ScriptedUpstream",
    "ScriptedVendor",
    "Served",
]
