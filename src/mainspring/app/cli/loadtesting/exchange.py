"""One request of a load test: sent, timed, and told whether it came to a proper end."""

import asyncio
import re
import ssl as tls
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec

from mainspring.gateway.http.call import Call
from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.http.pool import Origin, Pool
from mainspring.gateway.http.sink import UpstreamFailure
from mainspring.wire.sse import EventTooLargeError, SseReader

MAX_ANSWER_BYTES = 32 * 1024 * 1024
"""More than this of an answer that is not streamed is a failure."""

_MAX_ERROR_BYTES = 16 * 1024
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,60}")
_DONE = b"[DONE]"


class _Delta(msgspec.Struct):
    content: Any = None
    reasoning_content: Any = None
    reasoning: Any = None
    refusal: Any = None
    tool_calls: Any = None


class _Choice(msgspec.Struct):
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Usage(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Event(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    error: Any = None


class _Error(msgspec.Struct):
    error: dict[str, Any] | str | None = None
    code: str | int | None = None


_read_event = msgspec.json.Decoder(_Event).decode
_read_error = msgspec.json.Decoder(_Error).decode


class Outcome(msgspec.Struct, kw_only=True):
    """How one request went. Moments are the event loop's, in seconds."""

    due: float
    """When it was to be sent; times count from here."""
    sent: float
    ended: float = 0.0
    first_token: float | None = None
    gaps: list[float] = []
    """Seconds between pieces of the answer."""
    error: str | None = None
    """A code; ``None`` for an answer that came to its end."""
    message: str = ""
    """What the server said of its refusal, for people."""
    input_tokens: int | None = None
    output_tokens: int | None = None


class Target:
    """The chat completions of one OpenAI-compatible server.

    ``base_url`` is with or without ``/v1``; userinfo in it is refused.
    """

    def __init__(
        self, base_url: str, key: str | None, *, connections: int, timeout_s: float, cached: bool
    ) -> None:
        """Prepare to call.

        Raises:
            ValueError: if it is not the URL of an HTTP server, or the key cannot be sent.
        """
        parts = urlsplit(base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or not base_url.isascii():
            raise ValueError(f"not the URL of an HTTP server: {base_url!r}")
        if "@" in parts.netloc:
            raise ValueError("a URL with a user name or password in it is not taken")
        if key is not None and not (key.isascii() and key.isprintable()):
            raise ValueError("the key has characters that no header can carry")
        path = parts.path.rstrip("/")
        if not path.endswith("/v1"):
            path += "/v1"
        secure = parts.scheme == "https"
        self.url = f"{parts.scheme}://{parts.netloc}{path}"
        lines = [
            f"POST {path}/chat/completions HTTP/1.1",
            f"host: {parts.netloc}",
            "accept: */*",
            "user-agent: mainspring-loadtest",
            "content-type: application/json",
        ]
        if key is not None:
            lines.append(f"authorization: Bearer {key}")
        if not cached:
            lines.append("cache-control: no-cache, no-store")
        self._head = ("\r\n".join(lines) + "\r\ncontent-length: ").encode()
        self.pool = Pool(
            Origin(parts.scheme, parts.hostname, parts.port or (443 if secure else 80)),
            timeouts=Timeouts(
                connect_s=min(timeout_s, 10.0),
                first_byte_s=timeout_s,
                idle_s=timeout_s,
                total_s=timeout_s,
            ),
            max_connections=connections,
            max_waiting=connections,
            ssl=tls.create_default_context() if secure else None,
        )

    def send(self, body: bytes, due: float, done: Callable[[Outcome], None]) -> "Exchange":
        """Send ``body``; ``done`` hears of the end, once, after this has returned."""
        exchange = Exchange(due, done)
        head = self._head + b"%d\r\n\r\n" % len(body)
        exchange.call = self.pool.send(head, body, exchange)
        return exchange

    async def close(self) -> None:
        """Close every connection."""
        await self.pool.close()


class Exchange:
    """Listens to one answer (see :class:`mainspring.gateway.http.sink.ResponseSink`)."""

    call: Call

    def __init__(self, due: float, done: Callable[[Outcome], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._done = done
        self.outcome = Outcome(due=due, sent=self._loop.time(), gaps=[])
        self._status = 0
        self._events: SseReader | None = None
        self._body = bytearray()
        self._latest = 0.0
        self._finished = False
        self._torn = False
        self._over = False

    def on_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self._status = status
        if status == 200 and any(
            name == b"content-type" and value.lower().startswith(b"text/event-stream")
            for name, value in headers
        ):
            self._events = SseReader()

    def on_data(self, data: bytes) -> None:
        if self._events is None:
            self._gather(data)
            return
        try:
            spoke = [self._understand(event.data) for event in self._events.feed(data)]
        except EventTooLargeError:
            self.give_up("not_understood")
            return
        if any(spoke) and not self._over:
            now = self._loop.time()
            if self.outcome.first_token is None:
                self.outcome.first_token = now
            else:
                self.outcome.gaps.append(now - self._latest)
            self._latest = now

    def on_end(self) -> None:
        if self._events is not None:
            if self._torn:
                self._end("not_understood")
            else:
                self._end(None if self._finished else "ended_early")
        elif self._status == 200:
            self._end(self._read_whole())
        else:
            self._refused()

    def on_failure(self, error: UpstreamFailure) -> None:
        self.outcome.message = error.detail
        self._end(error.kind.value)

    def give_up(self, code: str) -> None:
        """End this now, as failed by ``code``."""
        if not self._over:
            self.call.cancel()
            self._end(code)

    def _gather(self, data: bytes) -> None:
        room = MAX_ANSWER_BYTES if self._status == 200 else _MAX_ERROR_BYTES
        if len(self._body) + len(data) <= room:
            self._body += data
        elif self._status == 200:
            self.give_up("answer_too_large")

    def _understand(self, data: bytes) -> bool:
        """Take one event; tell whether there was something of the answer in it."""
        if data == _DONE:
            self._finished = True
            return False
        try:
            event = _read_event(data)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            self._torn = True  # what follows may tell why
            return False
        if event.error is not None:
            self.give_up(f"stream:{_code(event.error) or 'error'}")
            return False
        if event.usage is not None:
            self._count(event.usage)
        spoke = False
        for choice in event.choices or ():
            delta = choice.delta
            self._finished = self._finished or choice.finish_reason is not None
            spoke = spoke or (
                delta is not None
                and bool(
                    delta.content
                    or delta.reasoning_content
                    or delta.reasoning
                    or delta.refusal
                    or delta.tool_calls
                )
            )
        return spoke

    def _read_whole(self) -> str | None:
        try:
            answer = _read_event(bytes(self._body))
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return "not_understood"
        if answer.error is not None:
            return f"200:{_code(answer.error) or 'error'}"
        if answer.choices is None:
            return "not_understood"
        if answer.usage is not None:
            self._count(answer.usage)
        return None

    def _refused(self) -> None:
        code = None
        try:
            answer = _read_error(bytes(self._body))
            code = _code(answer.error) or _code({"code": answer.code})
            if isinstance(answer.error, dict):
                self.outcome.message = str(answer.error.get("message", ""))[:500]
        except (msgspec.MsgspecError, UnicodeDecodeError):
            pass  # not every server answers in JSON; the status says enough
        self._end(f"{self._status}:{code}" if code else str(self._status))

    def _count(self, usage: _Usage) -> None:
        self.outcome.input_tokens = usage.prompt_tokens
        self.outcome.output_tokens = usage.completion_tokens

    def _end(self, error: str | None) -> None:
        if self._over:
            return
        self._over = True
        self.outcome.error = error
        self.outcome.ended = self._loop.time()
        self._done(self.outcome)


def _code(error: object) -> str | None:
    """Return the code of an error object, or its type, if it is like one."""
    if not isinstance(error, dict):
        return None
    fields: dict[str, Any] = error  # pyright: ignore[reportUnknownVariableType] - decoded JSON
    for name in ("code", "type"):
        value = fields.get(name)
        if isinstance(value, str | int) and _CODE.fullmatch(str(value)):
            return str(value)
    return None
