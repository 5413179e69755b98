"""A realtime server that follows a script, over real WebSockets."""

import asyncio
import http
from collections import deque
from types import TracebackType
from typing import Any, Self

import msgspec
from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from mainspring.kernel.tasks import TaskOwner

_encode = msgspec.json.Encoder().encode


class RealtimeReply(msgspec.Struct, frozen=True, kw_only=True):
    """What a scripted realtime server does with one ``response.create``.

    ``text`` is said word by word. The counts are those of the usage it tells, as OpenAI overlaps
    them: cached tokens are among the input's, sound among both. ``usage`` false tells none.
    ``stall`` waits after the first word for :meth:`ScriptedRealtime.release`; ``drop`` closes the
    connection there without a word; ``failed`` ends the response as failed; ``rejected`` answers by
    an error event instead.
    """

    text: str = "hello to you"
    input_text: int = 10
    input_audio: int = 40
    cached_text: int = 4
    cached_audio: int = 8
    output_text: int = 3
    output_audio: int = 60
    usage: bool = True
    stall: bool = False
    drop: bool = False
    failed: bool = False
    rejected: bool = False

    def told(self) -> dict[str, Any]:
        """Return the usage object."""
        given = self.input_text + self.input_audio
        made = self.output_text + self.output_audio
        return {
            "total_tokens": given + made,
            "input_tokens": given,
            "output_tokens": made,
            "input_token_details": {
                "text_tokens": self.input_text,
                "audio_tokens": self.input_audio,
                "cached_tokens": self.cached_text + self.cached_audio,
                "cached_tokens_details": {
                    "text_tokens": self.cached_text,
                    "audio_tokens": self.cached_audio,
                },
            },
            "output_token_details": {
                "text_tokens": self.output_text,
                "audio_tokens": self.output_audio,
            },
        }


class RealtimeConnection:
    """One session as its server remembers it."""

    def __init__(self, path: str, headers: dict[str, str]) -> None:
        self.path = path
        self.headers = headers
        self.events: list[dict[str, Any]] = []
        self.closed_by: int | None = None
        """The close code of the client, once it has left; 1006 without a word."""


class ScriptedRealtime:
    """A realtime server on 127.0.0.1.

    It greets by ``session.created``, confirms ``session.update`` and ``conversation.item.create``,
    answers ``response.create`` by the replies given to :meth:`then` and afterwards by ``default``,
    and tells ``response.done`` for ``response.cancel``. ``input_audio_buffer.commit`` is heard
    (``transcript``: with a transcription and what it took) and, with ``speaks_up``, answered
    without being asked. ``refuse_by`` is a status that answers handshakes instead.
    """

    def __init__(
        self,
        default: RealtimeReply | None = None,
        *,
        transcript: str | None = None,
        speaks_up: bool = False,
    ) -> None:
        self.default = default or RealtimeReply()
        self.transcript = transcript
        self.speaks_up = speaks_up
        self.refuse_by: int | None = None
        self.sessions: list[RealtimeConnection] = []
        self._replies: deque[RealtimeReply] = deque()
        self._gate = asyncio.Event()
        self._server: Server | None = None
        self._failures: list[BaseException] = []
        self._tasks = TaskOwner(self._failed)
        self._count = 0

    @property
    def url(self) -> str:
        """Return the base URL without ``/v1``, as an upstream resource has it."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def _port(self) -> int:
        if self._server is None:
            raise RuntimeError("the server is not running")
        return self._server.sockets[0].getsockname()[1]

    def then(self, *replies: RealtimeReply) -> Self:
        """Answer the next ``response.create`` by ``replies``, one each."""
        self._replies.extend(replies)
        return self

    def release(self) -> None:
        """Let every stalled reply, and every later one, go on."""
        self._gate.set()

    async def __aenter__(self) -> Self:
        self._server = await serve(
            self._session, "127.0.0.1", 0, process_request=self._check, compression=None
        )
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        await self._tasks.close()
        if self._failures and exc is None:
            raise BaseExceptionGroup("the scripted realtime server itself failed", self._failures)

    # Within

    def _failed(self, name: str, error: BaseException) -> None:
        del name
        if not isinstance(error, ConnectionClosed):  # whoever asked has left
            self._failures.append(error)

    def _check(self, connection: ServerConnection, request: Request) -> Response | None:
        del request
        if self.refuse_by is None:
            return None
        body = {"error": {"message": "scripted refusal", "type": "server_error", "code": None}}
        answer = connection.respond(http.HTTPStatus(self.refuse_by), _encode(body).decode())
        del answer.headers["content-type"]
        answer.headers["content-type"] = "application/json"
        return answer

    async def _session(self, connection: ServerConnection) -> None:
        request = connection.request
        if request is None:
            return
        headers = {name.lower(): value for name, value in request.headers.raw_items()}
        session = RealtimeConnection(request.path, headers)
        self.sessions.append(session)
        await _say(connection, "session.created", session={"id": f"sess_{len(self.sessions)}"})
        answering: set[asyncio.Task[None]] = set()
        try:
            async for raw in connection:
                event = msgspec.json.decode(raw)
                session.events.append(event)
                work = self._hear(connection, event, answering)
                task = self._tasks.start(work, name="scripted realtime")
                if event["type"] == "response.create":
                    answering.add(task)
                    task.add_done_callback(answering.discard)
        finally:
            for task in answering:
                task.cancel()
            session.closed_by = connection.close_code

    async def _hear(
        self,
        connection: ServerConnection,
        event: dict[str, Any],
        answering: set[asyncio.Task[None]],
    ) -> None:
        kind = event["type"]
        if kind == "session.update":
            await _say(connection, "session.updated", session=event["session"])
        elif kind == "conversation.item.create":
            await _say(connection, "conversation.item.added", item=event["item"])
        elif kind == "response.create":
            await self._answer(connection)
        elif kind == "response.cancel":
            for task in answering:
                task.cancel()
        elif kind == "input_audio_buffer.commit":
            if self.transcript is not None:
                usage = {"type": "tokens", "total_tokens": 30, "input_tokens": 25}
                usage |= {"output_tokens": 5, "input_token_details": {"audio_tokens": 25}}
                kind = "conversation.item.input_audio_transcription.completed"
                await _say(connection, kind, transcript=self.transcript, usage=usage)
            if self.speaks_up:
                await self._answer(connection)

    async def _answer(self, connection: ServerConnection) -> None:
        reply = self._replies.popleft() if self._replies else self.default
        if reply.rejected:
            error = {"type": "invalid_request_error", "code": "scripted", "message": "no"}
            await _say(connection, "error", error=error)
            return
        self._count += 1
        response: dict[str, Any] = {"id": f"resp_{self._count}", "status": "in_progress"}
        await _say(connection, "response.created", response=response)
        response["status"] = "failed" if reply.failed else "completed"
        try:
            for index, word in enumerate(reply.text.split()):
                delta = {"response_id": response["id"], "delta": f"{word} "}
                await _say(connection, "response.output_text.delta", **delta)
                if index == 0 and reply.drop:
                    connection.transport.abort()
                    return
                if index == 0 and reply.stall:
                    await self._gate.wait()
        except asyncio.CancelledError:
            response["status"] = "cancelled"
        if reply.usage:
            response["usage"] = reply.told()
        await _say(connection, "response.done", response=response)


async def _say(connection: ServerConnection, kind: str, **fields: object) -> None:
    event = {"type": kind, "event_id": "evt_scripted", **fields}
    await connection.send(_encode(event).decode())
