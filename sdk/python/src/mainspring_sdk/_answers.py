"""Answers as a caller may want them: raw, and downloads that are read piece by piece."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Generic, Self, TypeVar, cast

import httpx
import msgspec

from mainspring_sdk._models import remember_etag
from mainspring_sdk._refusals import REQUEST_ID
from mainspring_sdk.errors.tree import ConnectionFailedError, UnexpectedAnswerError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class RawResponse(Generic[T_co]):
    """An answer with its status and headers; :meth:`parse` returns what it holds."""

    def __init__(
        self, answer: httpx.Response, parse: Callable[[httpx.Response], T_co], retries: int
    ) -> None:
        self._answer = answer
        self._parse = parse
        self.retries = retries
        """How often the call was sent again."""

    @property
    def status(self) -> int:
        """Return the HTTP status."""
        return self._answer.status_code

    @property
    def headers(self) -> httpx.Headers:
        """Return the headers."""
        return self._answer.headers

    @property
    def request_id(self) -> str | None:
        """Return the id by which the platform's logs name this call."""
        return self._answer.headers.get(REQUEST_ID)

    @property
    def etag(self) -> str | None:
        """Return the ETag, for ``if_match``."""
        return self._answer.headers.get("ETag")

    @property
    def content(self) -> bytes:
        """Return the body."""
        return self._answer.content

    def parse(self) -> T_co:
        """Return what the method itself would have returned.

        Raises:
            UnexpectedAnswerError: if the body is not of that shape.
        """
        return self._parse(self._answer)


ANYTHING = cast("type[Any]", Any)
"""The shape of answers that the document leaves open."""


def decoded(answer: httpx.Response, shape: type[T]) -> T:
    """Return the body of ``answer`` as ``shape``, with the ETag remembered.

    Raises:
        UnexpectedAnswerError: if it is not of that shape.
    """
    try:
        value = msgspec.json.decode(answer.content, type=shape)
    except msgspec.DecodeError as error:
        raise UnexpectedAnswerError(
            f"{answer.request.url.copy_with(query=None)} answered {answer.status_code} with a body"
            f" that this client cannot read: {error}"
        ) from error
    remember_etag(value, answer.headers.get("ETag"))
    return value


def nothing(answer: httpx.Response) -> None:
    """Return what an answer without a body holds."""
    del answer


class Opened:
    """An answer that is read as it arrives: opened by a ``with`` block, and closed by it."""

    def __init__(self, open_: Callable[[], httpx.Response]) -> None:
        self._open = open_
        self._answer: httpx.Response | None = None

    def __enter__(self) -> Self:
        """Send the call.

        Raises:
            ApiError: if it was refused.
            ConnectionFailedError: if there was no answer.
        """
        self._answer = self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, read to its end or not."""
        self.close()

    def close(self) -> None:
        """End it, read to its end or not."""
        if self._answer is not None:
            self._answer.close()

    @property
    def answer(self) -> httpx.Response:
        """Return the answer that is open.

        Raises:
            RuntimeError: outside of a ``with`` block.
        """
        if self._answer is None:
            raise RuntimeError("not open: use it in a with block")
        return self._answer

    @property
    def headers(self) -> httpx.Headers:
        """Return the headers of the answer."""
        return self.answer.headers

    def iter_bytes(self) -> Iterator[bytes]:
        """Yield the body in pieces.

        Raises:
            ConnectionFailedError: if it breaks off, or is silent for longer than allowed.
        """
        try:
            yield from self.answer.iter_bytes()
        except httpx.TransportError as error:
            raise _broken(error) from error


class AsyncOpened:
    """An answer that is read as it arrives: opened by an ``async with`` block, closed by it."""

    def __init__(self, open_: Callable[[], Awaitable[httpx.Response]]) -> None:
        self._open = open_
        self._answer: httpx.Response | None = None

    async def __aenter__(self) -> Self:
        """Send the call.

        Raises:
            ApiError: if it was refused.
            ConnectionFailedError: if there was no answer.
        """
        self._answer = await self._open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, read to its end or not."""
        await self.aclose()

    async def aclose(self) -> None:
        """End it, read to its end or not."""
        if self._answer is not None:
            await self._answer.aclose()

    @property
    def answer(self) -> httpx.Response:
        """Return the answer that is open.

        Raises:
            RuntimeError: outside of an ``async with`` block.
        """
        if self._answer is None:
            raise RuntimeError("not open: use it in an async with block")
        return self._answer

    @property
    def headers(self) -> httpx.Headers:
        """Return the headers of the answer."""
        return self.answer.headers

    async def iter_bytes(self) -> AsyncGenerator[bytes]:
        """Yield the body in pieces.

        Raises:
            ConnectionFailedError: if it breaks off, or is silent for longer than allowed.
        """
        try:
            async for piece in self.answer.aiter_bytes():
                yield piece
        except httpx.TransportError as error:
            raise _broken(error) from error


class Download(Opened):
    """A body that is read piece by piece; use it in a ``with`` block."""

    def save(self, path: Path) -> None:
        """Write the body to ``path``."""
        with path.open("wb") as file:
            for piece in self.iter_bytes():
                file.write(piece)


class AsyncDownload(AsyncOpened):
    """A body that is read piece by piece; use it in an ``async with`` block."""


def _broken(error: httpx.TransportError) -> ConnectionFailedError:
    return ConnectionFailedError(f"the answer broke off: {str(error) or type(error).__name__}")
