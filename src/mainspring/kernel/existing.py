"""What was looked up, or the refusal that it is not there."""

from typing import TypeVar

from mainspring.kernel.errors import NotFoundError

T = TypeVar("T")


def existing(found: T | None) -> T:
    """Return ``found``.

    Raises:
        NotFoundError: if it is ``None``; that it may be another tenant's is not told.
    """
    if found is None:
        raise NotFoundError
    return found
