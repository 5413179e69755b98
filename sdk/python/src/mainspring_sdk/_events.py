"""Server-sent events: reading them from bytes, and the streams that yield them typed."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

import httpx
import msgspec

from mainspring_sdk._answers import AsyncOpened, Opened
from mainspring_sdk._models import Model
from mainspring_sdk.errors.tree import UnexpectedAnswerError

T = TypeVar("T")

_MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One event as it arrived."""

    event: str
    data: str


class EventReader:
    """Takes bytes as they arrive, returns the events that are complete."""

    def __init__(self) -> None:
        self._buffer = b""
        self._ends_in_return = False
        self._event = ""
        self._data: list[str] = []
        self._size = 0

    def feed(self, piece: bytes) -> list[ServerSentEvent]:
        """Return the events that ``piece`` completes.

        Raises:
            UnexpectedAnswerError: if one event grows beyond 16 MiB.
        """
        if self._ends_in_return and piece.startswith(b"\n"):
            piece = piece[1:]
        self._ends_in_return = piece.endswith(b"\r") if piece else self._ends_in_return
        whole = (self._buffer + piece).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *lines, self._buffer = whole.split(b"\n")
        found = [event for event in map(self._line, lines) if event is not None]
        if len(self._buffer) + self._size > _MOST_BYTES:
            raise UnexpectedAnswerError("one event of the stream is larger than 16 MiB")
        return found

    def _line(self, line: bytes) -> ServerSentEvent | None:
        if not line:
            event, data = self._event or "message", "\n".join(self._data)
            is_empty = not self._data
            self._event, self._data, self._size = "", [], 0
            return None if is_empty else ServerSentEvent(event, data)
        name, _, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        if name == "event":
            self._event = value
        elif name == "data":
            self._data.append(value)
            self._size += len(line)
        return None


Reader = Callable[[ServerSentEvent], T | None]
"""Makes a typed event of a raw one; ``None`` for a kind that this release does not know."""


def as_it_is(event: ServerSentEvent) -> ServerSentEvent:
    """Return the event untouched."""
    return event


def typed(kinds: dict[str, type[T]]) -> Reader[T]:
    """Return a reader of events of which each kind has a model with one field, ``data``."""

    def read(event: ServerSentEvent) -> T | None:
        kind = kinds.get(event.event)
        if kind is None:
            return None
        try:
            return msgspec.json.decode(f'{{"data":{event.data}}}', type=kind)
        except msgspec.DecodeError as error:
            raise UnexpectedAnswerError(
                f"an event {event.event!r} cannot be read: {error}"
            ) from error

    return read


class Event(Model, frozen=True):
    """Base of typed events."""


class EventStream(Opened, Generic[T]):
    """Events as they happen; use it in a ``with`` block, which ends the stream."""

    def __init__(self, open_: Callable[[], httpx.Response], read: Reader[T]) -> None:
        super().__init__(open_)
        self._read = read

    def __iter__(self) -> Iterator[T]:
        """Yield events until the server ends the stream.

        Raises:
            ConnectionFailedError: if the stream breaks off, or is silent for longer than allowed.
        """
        reader = EventReader()
        for piece in self.iter_bytes():
            for event in reader.feed(piece):
                known = self._read(event)
                if known is not None:
                    yield known


class AsyncEventStream(AsyncOpened, Generic[T]):
    """Events as they happen; use it in an ``async with`` block, which ends the stream."""

    def __init__(self, open_: Callable[[], Awaitable[httpx.Response]], read: Reader[T]) -> None:
        super().__init__(open_)
        self._read = read

    async def __aiter__(self) -> AsyncIterator[T]:
        """Yield events until the server ends the stream.

        Raises:
            ConnectionFailedError: if the stream breaks off, or is silent for longer than allowed.
        """
        reader = EventReader()
        async for piece in self.iter_bytes():
            for event in reader.feed(piece):
                known = self._read(event)
                if known is not None:
                    yield known
