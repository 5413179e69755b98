"""Lists as OpenAI's API tells them."""

from collections.abc import Sequence
from typing import Protocol

from starlette.responses import JSONResponse


class Listed(Protocol):
    """Something that stands in a list."""

    @property
    def id(self) -> str:
        """Return what names it."""
        ...

    def shape(self) -> dict[str, object]:
        """Return it as OpenAI's API tells it."""
        ...


def openai_list(found: Sequence[Listed], *, more: bool) -> JSONResponse:
    """Return a page of a list; ``more`` tells whether it goes on behind the last of ``found``."""
    return JSONResponse(
        {
            "object": "list",
            "data": [each.shape() for each in found],
            "first_id": found[0].id if found else None,
            "last_id": found[-1].id if found else None,
            "has_more": more,
        }
    )
