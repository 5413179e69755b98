"""The OpenAI Responses dialect: one object that reads and writes every form of it."""

from collections.abc import Iterable

from mainspring.wire.events.dialect import StreamReader, StreamWriter
from mainspring.wire.events.request import ChatRequest, WrittenRequest
from mainspring.wire.events.stream import Event
from mainspring.wire.openai import responses_reader, responses_request, responses_writer


class OpenAIResponses:
    """``POST /v1/responses``; see :class:`mainspring.wire.events.dialect.Dialect`."""

    name = responses_request.PROTOCOL
    stream_media_type = "text/event-stream"

    def read_request(self, body: bytes) -> ChatRequest:
        """Read a client's request."""
        return responses_request.read_request(body)

    def write_request(self, request: ChatRequest, model: str) -> WrittenRequest:
        """Write a request for an upstream."""
        return responses_request.write_request(request, model)

    def stream_reader(self) -> StreamReader:
        """Return a reader for one streamed answer."""
        return responses_reader.ResponsesStreamReader()

    def stream_writer(self, request: ChatRequest) -> StreamWriter:
        """Return a writer for one streamed answer."""
        return responses_writer.ResponsesStreamWriter(request)

    def read_answer(self, body: bytes) -> Iterable[Event]:
        """Read a whole answer."""
        return responses_reader.read_answer(body)

    def write_answer(self, events: Iterable[Event], request: ChatRequest) -> bytes:
        """Write a whole answer."""
        return responses_writer.write_answer(events, request)
