"""Giving a cached answer in the form that is asked for: whole, or as a stream of events."""

from collections.abc import Iterable

from mainspring.gateway.kept.cache.port import CachedAnswer
from mainspring.kernel.errors import MainspringError
from mainspring.wire.dialects import CLIENT_DIALECTS, UPSTREAM_DIALECTS
from mainspring.wire.events.stream import Event, UsageReported


def rendered(
    cached: CachedAnswer, dialect: str | None, body: bytes, *, streams: bool, tells_usage: bool
) -> tuple[bytes, bytes] | None:
    """Return the answer's body and media type for the request ``body``.

    ``None`` where it cannot be given in that form.
    """
    same_form = cached.streamed == streams
    if same_form and (not streams or cached.tells_usage == tells_usage or dialect != "openai"):
        return cached.body, cached.content_type
    if dialect is None:
        return None
    client, upstream = CLIENT_DIALECTS[dialect], UPSTREAM_DIALECTS[dialect]
    try:
        events: Iterable[Event]
        if cached.streamed:
            reader = upstream.stream_reader()
            events = [*reader.feed(cached.body), *reader.close()]
        else:
            events = list(upstream.read_answer(cached.body))
        if not any(isinstance(event, UsageReported) for event in events):
            events = [*events, UsageReported(cached.usage)]
        request = client.read_request(body)
        if not streams:
            return client.write_answer(events, request), b"application/json"
        writer = client.stream_writer(request)
        pieces = [writer.write(event) for event in events]
        pieces.append(writer.close())
    except MainspringError:
        return None
    return b"".join(pieces), client.stream_media_type.encode()
