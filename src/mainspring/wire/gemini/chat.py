"""The Gemini dialect: what upstreams of that family speak."""

from collections.abc import Iterable

from mainspring.wire.events.dialect import StreamReader
from mainspring.wire.events.request import ChatRequest, WrittenRequest
from mainspring.wire.events.stream import Event
from mainspring.wire.gemini import answer, request as requests


class GeminiChat:
    """``generateContent``; see :class:`mainspring.wire.events.dialect.UpstreamDialect`."""

    name = "gemini"

    def write_request(self, request: ChatRequest, model: str) -> WrittenRequest:
        """Write a request for an upstream."""
        return requests.write_request(request, model)

    def stream_reader(self) -> StreamReader:
        """Return a reader for one streamed answer."""
        return answer.GeminiStreamReader()

    def read_answer(self, body: bytes) -> Iterable[Event]:
        """Read a whole answer."""
        return answer.read_answer(body)
