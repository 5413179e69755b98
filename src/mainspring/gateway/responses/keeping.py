"""Capturing an answer on its way to the client, and keeping it before the client sees its end."""

import asyncio
import time
from collections.abc import Callable, Sequence

import msgspec

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.meter.spool import Spool
from mainspring.gateway.pipeline.identity import Principal
from mainspring.gateway.responses.recent import RecentTurns
from mainspring.gateway.watch.exchange import WatchedExchange
from mainspring.gateway.watch.notes import Captured
from mainspring.wire.openai.stored_responses import Wishes, for_the_client
from mainspring.wire.raw import present
from mainspring.wire.sse import EventTooLargeError, SseReader, encode_event
from mainspring.wire.stored import MAX_TURN_BYTES, StoredTurn

_DAY_MS = 86_400_000
_EVENT_STREAM = b"text/event-stream"
_TERMINAL = frozenset({"response.completed", "response.incomplete", "response.failed"})
_TELLING = _TERMINAL | {"response.created", "response.in_progress", "response.queued"}


class Keeper:
    """Keeps turns: in the spool that leads to control, and among the recent ones."""

    def __init__(self, spool: Spool, arrived: asyncio.Event, recent: RecentTurns) -> None:
        """Keep turns in ``spool``, and set ``arrived`` for whoever looks after it."""
        self._spool = spool
        self._arrived = arrived
        self._recent = recent
        self._encode = msgspec.msgpack.Encoder().encode

    @property
    def full(self) -> bool:
        """Tell whether there is no room until control takes what waits."""
        return self._spool.full

    def keep(self, turn: StoredTurn) -> bool:
        """Keep ``turn`` if there is room; when this returns true, it outlives the process."""
        if self._spool.full or turn.size > MAX_TURN_BYTES:
            return False
        self._spool.append(self._encode(turn))
        self._arrived.set()
        self._recent.put(turn)
        return True


class Draft:
    """A turn that waits for its response."""

    def __init__(
        self,
        keeper: Keeper,
        principal: Principal,
        wishes: Wishes,
        *,
        turn_id: str,
        own_input: bytes,
        keep_days: int,
    ) -> None:
        self._keeper = keeper
        self._principal = principal
        self._wishes = wishes
        self._id = turn_id
        self._input = own_input
        self._keep_days = keep_days

    @property
    def streams(self) -> bool:
        """Tell whether the client asked for events; what an upstream calls them is no matter."""
        return self._wishes.stream is True

    def told(self, response: bytes, *, stored: bool = True) -> bytes:
        """Return the response object as the client gets it."""
        ours: dict[str, object] = {
            "id": self._id,
            "previous_response_id": self._wishes.previous_response_id,
            "store": stored,
            "background": False,
        }
        for name, raw in (
            ("metadata", self._wishes.metadata),
            ("instructions", self._wishes.instructions),
        ):
            given = present(raw)
            if given is not None:
                ours[name] = given
        return for_the_client(response, **ours)

    def finish(self, response: bytes) -> bytes:
        """Keep the finished response; return it as the client gets it."""
        told = self.told(response)
        now_ms = int(time.time() * 1000)
        principal = self._principal
        kept = self._keeper.keep(
            StoredTurn(
                id=self._id,
                org_id=principal.org_id,
                project_id=principal.project_id,
                actor_id=principal.actor_id,
                key_id=principal.key_id,
                at_ms=now_ms,
                expires_at_ms=now_ms + self._keep_days * _DAY_MS,
                model=self._wishes.model,
                previous_id=self._wishes.previous_response_id,
                input=self._input,
                response=told,
            )
        )
        return told if kept else self.told(response, stored=False)


class KeepingExchange(WatchedExchange):
    """An exchange whose answer, if it is a response, is kept as it passes.

    It stands before the client's own exchange and hands on everything else untouched, also what
    the pipeline tells of the call to whoever watches.
    """

    __slots__ = ("_draft", "_inner", "_reader", "_whole")

    def __init__(self, inner: Exchange, body: bytes, draft: Draft) -> None:
        # What the base keeps of a connection stays with ``inner``.
        self._inner = inner
        self._draft = draft
        self._reader: SseReader | None = None
        self._whole: tuple[int, Sequence[tuple[bytes, bytes]], bytearray] | None = None
        self.method = inner.method
        self.path = inner.path
        self.query = inner.query
        self.headers = inner.headers
        self.body = body
        self.peer = inner.peer
        self.received_at = inner.received_at
        self.disconnected = inner.disconnected
        self.on_disconnect: Callable[[], None] | None = None
        self.told = None
        inner.on_disconnect = self._gone

    @property
    def started(self) -> bool:
        """Whether an answer was begun, or can no longer be given."""
        return self._whole is not None or self._inner.started

    @property
    def ended(self) -> bool:
        """Whether the answer is complete, or can no longer be."""
        return self._inner.ended

    @property
    def keep_alive(self) -> bool:
        """Whether the client expects further answers on this connection."""
        return self._inner.keep_alive

    @property
    def is_watched(self) -> bool:
        """Tell whether somebody watches the client's own exchange."""
        inner = self._inner
        return isinstance(inner, WatchedExchange) and inner.is_watched

    def capture(self, captured: Captured | None, limit: int) -> None:
        """Keep the body of the answer for whoever watches the client's own exchange."""
        if isinstance(self._inner, WatchedExchange):
            self._inner.capture(captured, limit)

    def add_to_head(self, lines: bytes) -> None:
        """Have further header lines in whatever answer is given."""
        self._inner.add_to_head(lines)

    def respond(
        self,
        status: int,
        body: bytes,
        headers: Sequence[tuple[bytes, bytes]] = (),
        content_type: bytes = b"application/json",
    ) -> None:
        """Keep a whole response, then send it."""
        if status == 200 and not self._inner.ended:
            if content_type.startswith(_EVENT_STREAM):  # whole already, as degraded answers are
                body = self._passed(body, SseReader(), last=True)
            else:
                body = self._kept(body)
        self._tell()
        self._inner.respond(status, body, headers, content_type)

    def start(
        self, status: int, headers: Sequence[tuple[bytes, bytes]], content_length: int | None
    ) -> None:
        """Begin a stream; a whole answer that comes in pieces is put together first."""
        if self._draft.streams:
            self._reader = SseReader()
            self._inner.start(status, headers, None)
        elif content_length is None or content_length <= MAX_TURN_BYTES:
            self._whole = (status, headers, bytearray())
        else:
            self._inner.start(status, headers, content_length)

    def write(self, data: bytes) -> None:
        """Pass on a piece; the response is kept before its last event is sent."""
        if self._whole is not None:
            status, headers, pieces = self._whole
            pieces += data
            if len(pieces) > MAX_TURN_BYTES:
                self._whole = None
                self._inner.start(status, headers, None)
                self._inner.write(bytes(pieces))
        elif self._reader is None:
            self._inner.write(data)
        else:
            try:
                self._inner.write(self._passed(data, self._reader))
            except EventTooLargeError:
                self._inner.abort()

    def end(self, data: bytes = b"") -> None:
        """Complete the answer."""
        if data:
            self.write(data)
        if self._whole is not None:
            status, headers, pieces = self._whole
            self._whole = None
            self._respond_whole(status, headers, bytes(pieces))
            return
        if self._reader is not None:
            self._inner.write(self._passed(b"", self._reader, last=True))
        self._tell()
        self._inner.end()

    def abort(self) -> None:
        """Close the connection at once."""
        self._tell()
        self._inner.abort()

    def bind_source(self, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        """Name what to stop and start again as the client falls behind and catches up."""
        self._inner.bind_source(pause, resume)

    def _respond_whole(
        self, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> None:
        content_type = b"application/json"
        others: list[tuple[bytes, bytes]] = []
        for name, value in headers:
            if name == b"content-type":
                content_type = value
            else:
                others.append((name, value))
        self.respond(status, body, others, content_type)

    def _kept(self, body: bytes) -> bytes:
        try:
            return self._draft.finish(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return body  # no response object: it is the client's to refuse, and nothing to keep

    def _passed(self, data: bytes, reader: SseReader, *, last: bool = False) -> bytes:
        """Return the events that ``data`` completes, as the client gets them."""
        events = reader.feed(data)
        if last:
            events += reader.close()
        return b"".join([encode_event(self._event(*each), each.event) for each in events])

    def _event(self, name: str, data: bytes) -> bytes:
        if name not in _TELLING:
            return data
        try:
            event = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
            response = bytes(event["response"])
            finish = self._draft.finish if name in _TERMINAL else self._draft.told
            event["response"] = msgspec.Raw(finish(response))
        except (msgspec.DecodeError, UnicodeDecodeError, KeyError):
            return data
        return msgspec.json.encode(event)

    def _gone(self) -> None:
        self.disconnected = True
        told = self.on_disconnect
        self.on_disconnect = None
        if told is not None:
            told()
        self._tell()

    def _tell(self) -> None:
        if isinstance(self._inner, WatchedExchange):
            self._inner.told = self.told
