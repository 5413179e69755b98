"""Lists by cursor: a page, and the way through all of them."""

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from typing import Any, Generic, TypeVar

import msgspec

from mainspring_sdk.errors.tree import UnexpectedAnswerError

T = TypeVar("T")


class Items(msgspec.Struct, Generic[T], frozen=True):
    """What an answer with a page holds."""

    items: list[T]
    next_cursor: str | None = None


def _checked(cursor: str, next_cursor: str | None) -> None:
    if next_cursor == cursor:
        raise UnexpectedAnswerError("a page names itself as the next one")


class Page(Generic[T]):
    """Some items of a list. Iterating goes on to the pages after this one, as they are needed."""

    def __init__(self, found: Items[T], follow: Callable[[str], "Page[T]"]) -> None:
        self.items = found.items
        self.next_cursor = found.next_cursor
        self._follow = follow

    def next_page(self) -> "Page[T] | None":
        """Fetch the page after this one; ``None`` if this is the last."""
        if self.next_cursor is None:
            return None
        page = self._follow(self.next_cursor)
        _checked(self.next_cursor, page.next_cursor)
        return page

    def pages(self) -> Iterator["Page[T]"]:
        """Yield this page and all that follow."""
        page: Page[T] | None = self
        while page is not None:
            yield page
            page = page.next_page()

    def __iter__(self) -> Iterator[T]:
        """Yield every item of this page and of all that follow."""
        for page in self.pages():
            yield from page.items


class AsyncPage(Generic[T]):
    """Some items of a list. Iterating goes on to the pages after this one, as they are needed."""

    def __init__(self, found: Items[T], follow: Callable[[str], "Awaitable[AsyncPage[T]]"]) -> None:
        self.items = found.items
        self.next_cursor = found.next_cursor
        self._follow = follow

    async def next_page(self) -> "AsyncPage[T] | None":
        """Fetch the page after this one; ``None`` if this is the last."""
        if self.next_cursor is None:
            return None
        page = await self._follow(self.next_cursor)
        _checked(self.next_cursor, page.next_cursor)
        return page

    async def pages(self) -> AsyncIterator["AsyncPage[T]"]:
        """Yield this page and all that follow."""
        page: AsyncPage[T] | None = self
        while page is not None:
            yield page
            page = await page.next_page()

    async def __aiter__(self) -> AsyncIterator[T]:
        """Yield every item of this page and of all that follow."""
        async for page in self.pages():
            for item in page.items:
                yield item


class AsyncPages(Generic[T]):
    """A list that is not asked for yet: ``await`` returns its first page, ``async for`` its items.

    Nothing is sent before either.
    """

    def __init__(self, first: Callable[[], Awaitable[AsyncPage[T]]]) -> None:
        self._first = first

    def __await__(self) -> Generator[Any, Any, AsyncPage[T]]:
        """Fetch the first page."""
        return self._first().__await__()

    async def __aiter__(self) -> AsyncIterator[T]:
        """Yield every item of every page."""
        async for item in await self._first():
            yield item
