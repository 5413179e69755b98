"""The query parameters of every list."""

from typing import Annotated

from fastapi import Depends, Query

from mainspring.kernel.paging import MAX_LIMIT, PageRequest


def page_params(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT, description="The most items to return.")] = 50,
    cursor: Annotated[
        str | None, Query(max_length=512, description="`next_cursor` of the page before.")
    ] = None,
) -> PageRequest:
    """Return which page the caller wants."""
    return PageRequest(limit, cursor)


PageParams = Annotated[PageRequest, Depends(page_params)]
"""Which page of a list the caller wants."""
