"""The load face: canned answers from a raw protocol, with nothing scripted per request.

It answers as an OpenAI server does, from bytes made at start-up. What varies is asked for in the
request itself, by fields that gateways pass through: ``max_tokens`` is the number of content events
of a stream, ``stop: ["pace-20ms"]`` the time between them. ``GET /scripted/stats`` tells what it
did, ``GET /scripted/hang-up`` closes the connection of every open stream.
"""

import asyncio
import re
from typing import cast

import httptools
import msgspec

from mainspring.testing.upstream.answer import Tokens
from mainspring.testing.upstream.openai import answer
from mainspring.testing.upstream.pacer import Pacer
from mainspring.testing.upstream.reply import Reply

MAX_EVENTS = 100_000

_HEAD = b"HTTP/1.1 %b\r\nserver: scripted\r\ncontent-type: %b\r\n%b\r\n\r\n"
_STREAM_HEAD = _HEAD % (
    b"200 OK",
    b"text/event-stream; charset=utf-8",
    b"cache-control: no-cache\r\ntransfer-encoding: chunked",
)
_PACE = re.compile(rb'"pace-(\d+)ms"')
_MAX_TOKENS = re.compile(rb'"max_(?:completion_)?tokens"\s*:\s*(\d+)')
_STREAM = re.compile(rb'"stream"\s*:\s*true')
_USAGE = re.compile(rb'"include_usage"\s*:\s*true')


class LoadStats(msgspec.Struct):
    """What the load upstream did since it started; tokens are those it told in usage objects."""

    requests: int = 0
    streams_open: int = 0
    streams_finished: int = 0
    streams_cut: int = 0
    content_events: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0


class LoadServer:
    """Answers made once, and the figures and the pacer that all connections share.

    ``prompt_tokens`` is what every answer tells about its prompt; ``chunks`` and
    ``chunk_interval_s`` hold where a request does not ask otherwise; ``answer_words`` is the length
    of an answer that is not streamed.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        chunks: int = 50,
        chunk_interval_s: float = 0.0,
        answer_words: int = 64,
        prompt_tokens: int = 200,
        model: str = "scripted",
    ) -> None:
        self.chunks = chunks
        self.chunk_interval_s = chunk_interval_s
        self.stats = LoadStats()
        self.streaming: set[LoadConnection] = set()
        self.pacer = Pacer(loop)
        reply = Reply(tokens=answer_words, prompt_tokens=prompt_tokens, usage="always")
        question = b'{"model":"%b","messages":[],"stream":%b}'
        self._plain: dict[bytes, tuple[bytes, Tokens]] = {}
        for path in ("/chat/completions", "/completions"):
            made = answer(path, question % (model.encode(), b"false"), reply, (model,), 1)
            self._plain[path.encode()] = _whole(made.pieces[0].data), made.told or Tokens()
        made = answer(
            "/embeddings", b'{"model":"%b","input":"a"}' % model.encode(), reply, (model,), 1
        )
        self._plain[b"/embeddings"] = _whole(made.pieces[0].data), made.told or Tokens()
        made = answer("/chat/completions", question % (model.encode(), b"true"), reply, (model,), 1)
        # Role, one word, finish, usage, [DONE]: a stream is these with the word repeated.
        role, word, *_, finish, usage, done = (piece.data for piece in made.pieces)
        self.stream_open = _STREAM_HEAD + _chunk(role)
        self.stream_word = _chunk(word)
        self._finish, self._usage, self._done = finish, usage, _chunk(done) + b"0\r\n\r\n"
        self._told_words = answer_words
        self._prompt_tokens = prompt_tokens
        models = answer("/models", b"", reply, (model,), 1).pieces[0].data
        self._gets = {b"/v1/models": _whole(models), b"/health": _whole(b"{}")}

    def plain(self, url: bytes) -> bytes:
        """Return the whole answer to a POST that is not streamed, and count it."""
        path = url.partition(b"?")[0]
        for suffix, (data, told) in self._plain.items():
            if path.endswith(suffix):
                self.stats.requests += 1
                self.stats.prompt_tokens += told.prompt
                self.stats.completion_tokens += told.completion
                return data
        return _not_found()

    def get(self, url: bytes) -> bytes:
        """Return the whole answer to a GET."""
        if url == b"/scripted/stats":
            return _whole(msgspec.json.encode(self.stats))
        if url == b"/scripted/hang-up":
            for connection in list(self.streaming):
                connection.hang_up()
            return _whole(b"{}")
        return self._gets.get(url.partition(b"?")[0]) or _not_found()

    def stream_end(self, words: int, *, with_usage: bool) -> bytes:
        """Return what closes a stream of ``words`` events, and count it."""
        self.stats.streams_finished += 1
        end = _chunk(self._finish)
        if with_usage:
            self.stats.prompt_tokens += self._prompt_tokens
            self.stats.completion_tokens += words
            total = self._prompt_tokens + words
            counted = self._usage.replace(
                b'"completion_tokens":%d,' % self._told_words, b'"completion_tokens":%d,' % words
            ).replace(
                b'"total_tokens":%d,' % (self._prompt_tokens + self._told_words),
                b'"total_tokens":%d,' % total,
            )
            end += _chunk(counted)
        return end + self._done


class LoadConnection(asyncio.Protocol):
    """One connection: answers at once, or streams at the asked pace. Requests do not overlap."""

    def __init__(self, server: LoadServer) -> None:
        self._server = server
        self._parser = httptools.HttpRequestParser(self)
        self._url = b""
        self._body = b""
        self._left = 0
        self._words = 0
        self._interval_s = 0.0
        self._next_s = 0.0
        self._with_usage = False
        self._streaming = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._write = self._transport.write

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if self._streaming:
            self._stop()
            self._server.stats.streams_cut += 1

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._transport.close()

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        url, body = self._url, self._body
        self._url = self._body = b""
        if self._parser.get_method() != b"POST":
            self._write(self._server.get(url))
        elif _STREAM.search(body):
            self._begin(body)
        else:
            self._write(self._server.plain(url))

    def _begin(self, body: bytes) -> None:
        server = self._server
        server.stats.requests += 1
        server.stats.streams_open += 1
        server.streaming.add(self)
        words = _MAX_TOKENS.search(body)
        pace = _PACE.search(body)
        self._words = self._left = min(int(words[1]) if words else server.chunks, MAX_EVENTS)
        self._interval_s = int(pace[1]) / 1000 if pace else server.chunk_interval_s
        self._with_usage = _USAGE.search(body) is not None
        self._streaming = True
        if not self._interval_s:
            server.stats.content_events += self._words
            self._left = 0
            self._write(server.stream_open + server.stream_word * self._words)
            self._end()
            return
        self._write(server.stream_open)
        self._next_s = asyncio.get_running_loop().time() + self._interval_s
        server.pacer.at(self._next_s, self)

    def step(self, now_s: float) -> None:
        """Write the next event (see :class:`Paced`)."""
        if not self._streaming:
            return
        if not self._left:
            self._end()
            return
        self._left -= 1
        self._server.stats.content_events += 1
        self._write(self._server.stream_word)
        # From the planned moment, not from now: lateness must not slow the pace down.
        self._next_s = max(self._next_s + self._interval_s, now_s - self._interval_s)
        self._server.pacer.at(self._next_s, self)

    def hang_up(self) -> None:
        """Close the connection, whatever it is in the middle of."""
        self._transport.abort()

    def _stop(self) -> None:
        self._streaming = False
        self._server.streaming.discard(self)
        self._server.stats.streams_open -= 1

    def _end(self) -> None:
        self._stop()
        self._write(self._server.stream_end(self._words, with_usage=self._with_usage))


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _whole(body: bytes) -> bytes:
    return _HEAD % (b"200 OK", b"application/json", b"content-length: %d" % len(body)) + body


def _not_found() -> bytes:
    body = b'{"error":{"message":"no such path","type":"invalid","param":null,"code":null}}'
    return _HEAD % (b"404 Not Found", b"application/json", b"content-length: %d" % len(body)) + body
