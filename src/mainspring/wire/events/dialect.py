"""What every wire format of a chat protocol must be able to do."""

from collections.abc import Iterable
from typing import Protocol

from mainspring.kernel.errors import MainspringError
from mainspring.wire.events.request import ChatRequest, WrittenRequest
from mainspring.wire.events.stream import Event


class StreamReader(Protocol):
    """A state machine from an upstream's bytes to events; bytes may be cut anywhere."""

    def feed(self, chunk: bytes) -> list[Event]:
        """Return the events that ``chunk`` completes."""
        ...

    def close(self) -> list[Event]:
        """Return what is left once the upstream has ended."""
        ...


class StreamWriter(Protocol):
    """A state machine from events to the bytes that a client of this format expects."""

    def write(self, event: Event) -> bytes:
        """Return the bytes of ``event``; empty where the format has nothing to say for it."""
        ...

    def close(self) -> bytes:
        """Return the bytes that end the stream."""
        ...

    def error(self, error: MainspringError, request_id: str) -> bytes:
        """Return the bytes that tell the client of a failure after the first byte."""
        ...


class ClientDialect(Protocol):
    """A wire format that clients speak to us."""

    name: str
    stream_media_type: str

    def read_request(self, body: bytes) -> ChatRequest:
        """Read a client's request.

        Raises:
            InvalidRequestError: if it does not fit the protocol.
        """
        ...

    def stream_writer(self, request: ChatRequest) -> StreamWriter:
        """Return a writer for one streamed answer to ``request``."""
        ...

    def write_answer(self, events: Iterable[Event], request: ChatRequest) -> bytes:
        """Write a whole answer.

        Raises:
            UpstreamError: if the upstream reported a failure inside its answer.
        """
        ...


class UpstreamDialect(Protocol):
    """A wire format that we speak to upstreams."""

    name: str

    def write_request(self, request: ChatRequest, model: str) -> WrittenRequest:
        """Write ``request`` for an upstream that calls the model ``model``.

        Raises:
            InvalidRequestError: if the protocol cannot express what the request needs.
        """
        ...

    def stream_reader(self) -> StreamReader:
        """Return a reader for one streamed answer."""
        ...

    def read_answer(self, body: bytes) -> Iterable[Event]:
        """Read an upstream's whole answer.

        Raises:
            UpstreamProtocolError: if it is not one.
        """
        ...


class Dialect(ClientDialect, UpstreamDialect, Protocol):
    """A wire format that is spoken on both sides."""
