"""Whole requests to one server, for the platform's own errands: a body out, a short answer back."""

import asyncio
import ssl as tls
from collections.abc import Mapping
from urllib.parse import urlsplit

from mainspring.gateway.http.deadlines import Sweeper
from mainspring.gateway.http.limits import Timeouts
from mainspring.gateway.http.pool import Origin, Pool
from mainspring.gateway.http.sink import UpstreamFailure

MAX_ANSWER_BYTES = 64 * 1024
"""More than this of an answer is not read."""


class NoAnswerError(Exception):
    """The server gave no complete answer in time."""


class Poster:
    """Posts to one server over a small pool."""

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str],
        sweeper: Sweeper,
        *,
        timeouts: Timeouts,
        max_connections: int = 2,
    ) -> None:
        """Prepare calls to ``base_url``; ``headers`` go with each of them.

        Raises:
            ValueError: if that is not the URL of an HTTP server, or a header cannot be sent.
        """
        target = urlsplit(base_url)
        if target.scheme not in ("http", "https") or not target.hostname or not base_url.isascii():
            raise ValueError(f"not the URL of an HTTP server: {base_url!r}")
        secure = target.scheme == "https"
        self._pool = Pool(
            Origin(target.scheme, target.hostname, target.port or (443 if secure else 80)),
            max_connections=max_connections,
            max_waiting=max_connections,
            ssl=tls.create_default_context() if secure else None,
            sweeper=sweeper,
        )
        self._timeouts = timeouts
        self._prefix = target.path.rstrip("/")
        lines = {"host": target.netloc.rpartition("@")[2], "user-agent": "mainspring", **headers}
        for name, value in lines.items():
            if not f"{name}{value}".isprintable() or not name.isascii() or ":" in name:
                raise ValueError(f"not a header that can be sent: {name!r}")
        self._lines = "".join(f"{name}: {value}\r\n" for name, value in lines.items())

    async def post(self, path: str, body: bytes, content_type: str) -> tuple[int, bytes]:
        """Send ``body``; return the status and the body of the answer.

        Raises:
            NoAnswerError: if there was no complete answer.
        """
        head = (
            f"POST {self._prefix}{path} HTTP/1.1\r\n{self._lines}"
            f"content-type: {content_type}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        answer = _WholeAnswer()
        call = self._pool.send(head.encode("latin-1", "replace"), body, answer, self._timeouts)
        try:
            return await answer.done
        finally:
            call.cancel()

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.close()


class _WholeAnswer:
    """Collects one answer."""

    def __init__(self) -> None:
        self.done: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self._status = 0
        self._body = bytearray()

    def on_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        del headers
        self._status = status

    def on_data(self, data: bytes) -> None:
        if len(self._body) < MAX_ANSWER_BYTES:
            self._body += data

    def on_end(self) -> None:
        if not self.done.done():
            self.done.set_result((self._status, bytes(self._body)))

    def on_failure(self, error: UpstreamFailure) -> None:
        if not self.done.done():
            self.done.set_exception(NoAnswerError(f"{error.kind}: {error.detail}"))
