"""ETags and ``If-Match`` (RFC 9110): nobody overwrites a revision that they never read."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from mainspring.kernel.errors import InvalidRequestError, PreconditionFailedError

_OURS = re.compile(r'"r(\d{1,18})"')


def tag(response: Response, revision: int) -> None:
    """Put the ETag of ``revision`` on ``response``."""
    response.headers["ETag"] = f'"r{revision}"'


def expected_revision(
    if_match: Annotated[
        str | None,
        Header(description="The ETag that you read; the change is refused if it is outdated."),
    ] = None,
) -> int | None:
    """Return the revision that the caller wants to change; ``None`` means whichever there is.

    Raises:
        InvalidRequestError: if the header is not an entity tag.
        PreconditionFailedError: if it is one that we never gave out.
    """
    if if_match is None or if_match.strip() == "*":
        return None
    match = _OURS.fullmatch(if_match.strip())
    if match is not None:
        return int(match[1])
    if re.fullmatch(r'(W/)?"[^"]*"', if_match.strip()):
        raise PreconditionFailedError(f"the ETag {if_match} is not one of this object")
    raise InvalidRequestError("If-Match must hold one entity tag", param="If-Match")


IfMatch = Annotated[int | None, Depends(expected_revision)]
"""The revision of the ``If-Match`` header."""
