"""Calls to control's internal HTTP, over the same pools that carry calls to upstreams."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

from mainspring.gateway.http.call import Call, StreamedCall
from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.http.pool import Origin, Pool
from mainspring.gateway.http.sink import ResponseSink, UpstreamFailure

_MAX_ANSWER_BYTES = 1024 * 1024
_REQUEST_TIMEOUTS = Timeouts(connect_s=3.0, first_byte_s=15.0, idle_s=5.0, total_s=20.0)
_STREAM_TIMEOUTS = Timeouts(connect_s=3.0, first_byte_s=10.0, idle_s=6.0, total_s=7 * 86_400.0)
"""Control says something every two seconds; six of silence mean that it is gone."""


class ControlAwayError(Exception):
    """Control did not answer."""


class ControlClient:
    """Speaks to control as one of the platform's own processes."""

    def __init__(
        self,
        base_url: str,
        token: str,
        sweeper: Sweeper,
        *,
        connections: int = 8,
        waiting: int = 8,
    ) -> None:
        """Prepare calls to ``base_url`` over at most so many connections.

        Beyond them ``waiting`` calls wait for one to become free.

        Raises:
            ValueError: if it is not the URL of an HTTP server.
        """
        target = urlsplit(base_url)
        if target.scheme not in ("http", "https") or not target.hostname:
            raise ValueError(f"not the URL of an HTTP server: {base_url!r}")
        port = target.port or (443 if target.scheme == "https" else 80)
        origin = Origin(target.scheme, target.hostname, port)
        self._pool = Pool(origin, max_connections=connections, max_waiting=waiting, sweeper=sweeper)
        self._prefix = target.path.rstrip("/")
        self._headers = (
            f"host: {target.netloc.rpartition('@')[2]}\r\nauthorization: Bearer {token}\r\n"
            "user-agent: mainspring-gateway\r\n"
        )

    async def post(self, path: str, body: bytes) -> tuple[int, bytes]:
        """Send MessagePack; return the status and body of the answer.

        Raises:
            ControlAwayError: if there was no complete answer.
        """
        return await self.request("POST", path, body)

    async def request(
        self, method: str, path: str, body: bytes = b"", *, max_bytes: int = _MAX_ANSWER_BYTES
    ) -> tuple[int, bytes]:
        """Send a request, its body being MessagePack; return the status and body of the answer.

        ``path`` must be percent-encoded where it holds what others chose.

        Raises:
            ControlAwayError: if there was no complete answer, or one beyond ``max_bytes``.
        """
        content = ""
        if body:
            content = f"content-type: application/msgpack\r\ncontent-length: {len(body)}\r\n"
        elif method == "POST":
            content = "content-length: 0\r\n"
        head = f"{method} {self._prefix}{path} HTTP/1.1\r\n{self._headers}{content}\r\n"
        answer = _WholeAnswer(max_bytes)
        call = self._pool.send(head.encode(), body, answer, _REQUEST_TIMEOUTS)
        try:
            return await answer.done
        finally:
            call.cancel()

    def pass_on(  # noqa: PLR0917 - the parts of one request, in their order
        self,
        method: str,
        path: bytes,
        headers: Mapping[bytes, bytes],
        body: bytes,
        sink: ResponseSink,
        timeouts: Timeouts,
    ) -> Call:
        """Send a caller's own request; ``sink`` hears of the answer.

        ``path`` and the values of ``headers`` were parts of a request before: they hold no line
        breaks.
        """
        framing = b""
        if body or method == "POST":
            framing = b"content-length: %d\r\n" % len(body)
        head = self._passed_head(method, path, headers, framing)
        return self._pool.send(head, body, sink, timeouts)

    def stream_on(  # noqa: PLR0917 - the parts of one request, in their order
        self,
        method: str,
        path: bytes,
        headers: Mapping[bytes, bytes],
        length: int | None,
        sink: ResponseSink,
        timeouts: Timeouts,
    ) -> StreamedCall:
        """Send a caller's own request whose body follows, of ``length`` bytes if that is known."""
        chunked = length is None
        framing = (
            b"transfer-encoding: chunked\r\n" if chunked else b"content-length: %d\r\n" % length
        )
        head = self._passed_head(method, path, headers, framing)
        return self._pool.stream(head, sink, timeouts, chunked=chunked)

    def stream(self, path: str, sink: ResponseSink) -> Call:
        """Ask for a stream that does not end; ``sink`` hears of it."""
        head = f"GET {self._prefix}{path} HTTP/1.1\r\n{self._headers}\r\n"
        return self._pool.send(head.encode(), b"", sink, _STREAM_TIMEOUTS)

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()

    def _passed_head(
        self, method: str, path: bytes, headers: Mapping[bytes, bytes], framing: bytes
    ) -> bytes:
        return b"%b %b%b HTTP/1.1\r\n%b%b%b\r\n" % (
            method.encode(),
            self._prefix.encode(),
            path,
            self._headers.encode(),
            b"".join(b"%b: %b\r\n" % pair for pair in headers.items()),
            framing,
        )


class _WholeAnswer:
    """Collects one answer."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self.done: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self._status = 0
        self._body = bytearray()

    def on_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        del headers
        self._status = status

    def on_data(self, data: bytes) -> None:
        if len(self._body) <= self._max_bytes:
            self._body += data

    def on_end(self) -> None:
        if self.done.done():
            return
        if len(self._body) > self._max_bytes:
            self.done.set_exception(ControlAwayError("the answer is too large"))
        else:
            self.done.set_result((self._status, bytes(self._body)))

    def on_failure(self, error: UpstreamFailure) -> None:
        if not self.done.done():
            self.done.set_exception(ControlAwayError(f"{error.kind}: {error.detail}"))
