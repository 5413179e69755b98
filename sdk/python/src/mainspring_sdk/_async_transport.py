"""Sending calls, in an event loop."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, cast

import httpx

from mainspring_sdk._answers import AsyncDownload, RawResponse, decoded, nothing
from mainspring_sdk._calls import EVENTS, Call
from mainspring_sdk._events import AsyncEventStream, Reader
from mainspring_sdk._paging import AsyncPage, AsyncPages, Items
from mainspring_sdk._refusals import refusal, succeeded
from mainspring_sdk._wire import Bounds, Options, failure_of, whole

T = TypeVar("T")


class AsyncTransport:
    """Sends the calls of one client."""

    def __init__(self, options: Options, client: httpx.AsyncClient) -> None:
        self.options = options
        self.client = client

    async def call(self, call: Call, shape: type[T]) -> T:
        """Send ``call``; return its answer as ``shape``."""
        return await self._answered(call, lambda answer: decoded(answer, shape))

    async def run(self, call: Call) -> None:
        """Send ``call``, whose answer holds nothing."""
        return await self._answered(call, nothing)

    def page(self, call: Call, shape: type[Items[T]]) -> AsyncPages[T]:
        """Return the list of ``call``; it is sent when the list is awaited or iterated."""
        return AsyncPages(lambda: self._page(call, shape))

    def events(self, call: Call, read: Reader[T]) -> AsyncEventStream[T]:
        """Return the stream of ``call``, which is sent when the stream is opened."""
        opening = replace(call, accept=EVENTS)
        return AsyncEventStream(lambda: self._opened(opening), read)

    def download(self, call: Call) -> AsyncDownload:
        """Return the body of ``call``, which is sent when the body is opened."""
        return AsyncDownload(lambda: self._opened(call))

    def raw(self) -> "AsyncTransport":
        """Return a transport whose answers are raw; see :func:`mainspring_sdk._raw.raw`."""
        return AsyncRawTransport(self.options, self.client)

    async def _page(self, call: Call, shape: type[Items[T]]) -> AsyncPage[T]:
        plain = AsyncTransport(self.options, self.client)

        async def follow(cursor: str) -> AsyncPage[T]:
            return await plain.page(replace(call, query={**call.query, "cursor": cursor}), shape)

        return await self._answered(call, lambda answer: AsyncPage(decoded(answer, shape), follow))

    async def _opened(self, call: Call) -> httpx.Response:
        answer, _ = await self._sent(call, is_stream=True)
        return answer

    async def _answered(self, call: Call, parse: Callable[[httpx.Response], T]) -> T:
        answer, _ = await self._sent(call)
        return parse(answer)

    async def _sent(self, call: Call, *, is_stream: bool = False) -> tuple[httpx.Response, int]:
        """Return a good answer and how often the call was sent again.

        Raises:
            ApiError: if the call was refused.
            ConnectionFailedError: if there was no answer.
        """
        retry, retries = self.options.retry, 0
        while True:
            try:
                answer = await self._attempt(call, is_stream=is_stream)
            except httpx.HTTPError as failure:
                pause = retry.after_failure(call, failure, retries)
                if pause is None:
                    raise failure_of(call, self.options.connection.url, failure) from failure
            else:
                if succeeded(answer):
                    return answer, retries
                error = refusal(answer)
                pause = retry.after_refusal(call, error, retries)
                if pause is None:
                    raise error
            retries += 1
            await asyncio.sleep(pause)

    async def _attempt(self, call: Call, *, is_stream: bool) -> httpx.Response:
        options = self.options
        timeout = options.silence(call) if is_stream else options.seconds(call)
        deadline = time.monotonic() + timeout
        request = options.request(self.client, call, timeout)
        answer = await self.client.send(request, stream=True, follow_redirects=False)
        if is_stream and answer.is_success:
            return answer
        bounds, pieces = Bounds(deadline), list[bytes]()
        try:
            async for piece in answer.aiter_bytes():
                bounds.check(piece)
                pieces.append(piece)
        finally:
            await answer.aclose()
        return whole(answer, b"".join(pieces))


class AsyncRawTransport(AsyncTransport):
    """Returns each answer as it came; the types of its methods are mended by ``_raw.raw``."""

    async def _answered(self, call: Call, parse: Callable[[httpx.Response], T]) -> T:
        answer, retries = await self._sent(call)
        return cast("T", RawResponse(answer, parse, retries))
