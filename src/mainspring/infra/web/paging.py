"""The query parameters of every list, and pages of lists that are read whole."""

from collections.abc import Callable, Sequence
from typing import Annotated, TypeVar

from fastapi import Depends, Query

from mainspring.kernel.paging import (
    MAX_LIMIT,
    Page,
    PageRequest,
    decode_cursor,
    encode_cursor,
)

T = TypeVar("T")


def page_params(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="The most items to return.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=512, description="`next_cursor` of the page before.")
    ] = None,
) -> PageRequest:
    """Return which page the caller wants."""
    return PageRequest(limit, cursor)


def whole_page_params(
    limit: Annotated[
        int, Query(ge=1, le=MAX_LIMIT, description="The most items to return.")
    ] = MAX_LIMIT,
    cursor: Annotated[
        str | None, Query(max_length=512, description="`next_cursor` of the page before.")
    ] = None,
) -> PageRequest:
    """Return which page the caller wants; without a wish, as much as one page holds."""
    return PageRequest(limit, cursor)


def page_of_all(values: Sequence[T], page: PageRequest, key: Callable[[T], str]) -> Page[T]:
    """Cut a page from all of a short list, whose items ``key`` tells apart.

    A cursor holds the place and the key of the last item, so that a list which changed meanwhile
    is gone on with where that item is now, or was.

    Raises:
        InvalidRequestError: if the cursor is not one of this list.
    """
    start = 0
    after = decode_cursor(page.cursor, tuple[int, str])
    if after is not None:
        at, last = after
        places = (place for place, each in enumerate(values) if key(each) == last)
        start = next(places, at - 1) + 1
    items = list(values[start : start + page.limit])
    end = start + len(items)
    more = items and end < len(values)
    return Page(items, encode_cursor((end - 1, key(items[-1]))) if more else None)


PageParams = Annotated[PageRequest, Depends(page_params)]
"""Which page of a list the caller wants."""

WholePageParams = Annotated[PageRequest, Depends(whole_page_params)]
"""Which page of a list that is short as a rule the caller wants."""
