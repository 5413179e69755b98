"""The answer of last resort: a text that the model's owner wrote, when every server failed."""

import time
from typing import NamedTuple

from mainspring.kernel.errors import MainspringError
from mainspring.wire.events.dialect import ClientDialect
from mainspring.wire.events.stream import Event, Finished, Started, TextDelta, UsageReported
from mainspring.wire.usage import Usage


class DegradedAnswer(NamedTuple):
    """The body, whole or as a stream that has ended, and its media type."""

    body: bytes
    content_type: bytes


def may_degrade(status: int) -> bool:
    """Tell whether a failure of this status is the servers', not the caller's."""
    return status >= 500 or status == 429


def degraded_answer(
    client: ClientDialect, body: bytes, model: str, text: str, request_id: str
) -> DegradedAnswer | None:
    """Return ``text`` as an answer to the request ``body``; ``None`` if that cannot be read."""
    try:
        request = client.read_request(body)
        events: list[Event] = [
            Started(request_id, model, int(time.time())),
            TextDelta(text),
            Finished("stop"),
            UsageReported(Usage()),
        ]
        if not request.stream:
            return DegradedAnswer(client.write_answer(events, request), b"application/json")
        writer = client.stream_writer(request)
        pieces = [writer.write(event) for event in events]
        pieces.append(writer.close())
        return DegradedAnswer(b"".join(pieces), client.stream_media_type.encode())
    except MainspringError:
        return None
