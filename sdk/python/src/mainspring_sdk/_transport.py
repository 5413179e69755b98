"""Sending calls, blocking."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar, cast

import httpx

from mainspring_sdk._answers import Download, RawResponse, decoded, nothing
from mainspring_sdk._calls import EVENTS, Call
from mainspring_sdk._events import EventStream, Reader
from mainspring_sdk._paging import Items, Page
from mainspring_sdk._refusals import refusal, succeeded
from mainspring_sdk._wire import Bounds, Options, failure_of, whole

T = TypeVar("T")


class Transport:
    """Sends the calls of one client."""

    def __init__(self, options: Options, client: httpx.Client) -> None:
        self.options = options
        self.client = client

    def call(self, call: Call, shape: type[T]) -> T:
        """Send ``call``; return its answer as ``shape``."""
        return self._answered(call, lambda answer: decoded(answer, shape))

    def run(self, call: Call) -> None:
        """Send ``call``, whose answer holds nothing."""
        return self._answered(call, nothing)

    def page(self, call: Call, shape: type[Items[T]]) -> Page[T]:
        """Send ``call``; return a page of its items."""
        plain = Transport(self.options, self.client)

        def follow(cursor: str) -> Page[T]:
            return plain.page(replace(call, query={**call.query, "cursor": cursor}), shape)

        return self._answered(call, lambda answer: Page(decoded(answer, shape), follow))

    def events(self, call: Call, read: Reader[T]) -> EventStream[T]:
        """Return the stream of ``call``, which is sent when the stream is opened."""
        opening = replace(call, accept=EVENTS)
        return EventStream(lambda: self._sent(opening, is_stream=True)[0], read)

    def download(self, call: Call) -> Download:
        """Return the body of ``call``, which is sent when the body is opened."""
        return Download(lambda: self._sent(call, is_stream=True)[0])

    def raw(self) -> "Transport":
        """Return a transport whose answers are raw; see :func:`mainspring_sdk._raw.raw`."""
        return RawTransport(self.options, self.client)

    def _answered(self, call: Call, parse: Callable[[httpx.Response], T]) -> T:
        answer, _ = self._sent(call)
        return parse(answer)

    def _sent(self, call: Call, *, is_stream: bool = False) -> tuple[httpx.Response, int]:
        """Return a good answer and how often the call was sent again.

        Raises:
            ApiError: if the call was refused.
            ConnectionFailedError: if there was no answer.
        """
        retry, retries = self.options.retry, 0
        while True:
            try:
                answer = self._attempt(call, is_stream=is_stream)
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
            time.sleep(pause)

    def _attempt(self, call: Call, *, is_stream: bool) -> httpx.Response:
        options = self.options
        timeout = options.silence(call) if is_stream else options.seconds(call)
        deadline = time.monotonic() + timeout
        request = options.request(self.client, call, timeout)
        answer = self.client.send(request, stream=True, follow_redirects=False)
        if is_stream and answer.is_success:
            return answer
        bounds, pieces = Bounds(deadline), list[bytes]()
        try:
            for piece in answer.iter_bytes():
                bounds.check(piece)
                pieces.append(piece)
        finally:
            answer.close()
        return whole(answer, b"".join(pieces))


class RawTransport(Transport):
    """Returns each answer as it came; the types of its methods are mended by ``_raw.raw``."""

    def _answered(self, call: Call, parse: Callable[[httpx.Response], T]) -> T:
        answer, retries = self._sent(call)
        return cast("T", RawResponse(answer, parse, retries))
