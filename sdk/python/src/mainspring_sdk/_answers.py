"""Answers as a caller may want them: raw, and downloads that are read piece by piece."""

from collections.abc import AsyncIterator, Callable, Iterator
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


class Download:
    """A body that is read as it arrives; use it in a ``with`` block."""

    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer

    def __enter__(self) -> Self:
        """Begin to read."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection's side of it."""
        self._answer.close()

    @property
    def headers(self) -> httpx.Headers:
        """Return the headers."""
        return self._answer.headers

    def iter_bytes(self) -> Iterator[bytes]:
        """Yield the body in pieces.

        Raises:
            ConnectionFailedError: if it breaks off.
        """
        try:
            yield from self._answer.iter_bytes()
        except httpx.TransportError as error:
            raise ConnectionFailedError(f"the download broke off: {error}") from error

    def save(self, path: Path) -> None:
        """Write the body to ``path``."""
        with path.open("wb") as file:
            for piece in self.iter_bytes():
                file.write(piece)


class AsyncDownload:
    """A body that is read as it arrives; use it in an ``async with`` block."""

    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer

    async def __aenter__(self) -> Self:
        """Begin to read."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connection's side of it."""
        await self._answer.aclose()

    @property
    def headers(self) -> httpx.Headers:
        """Return the headers."""
        return self._answer.headers

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        """Yield the body in pieces.

        Raises:
            ConnectionFailedError: if it breaks off.
        """
        try:
            async for piece in self._answer.aiter_bytes():
                yield piece
        except httpx.TransportError as error:
            raise ConnectionFailedError(f"the download broke off: {error}") from error
