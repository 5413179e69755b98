"""Partial updates: a struct whose fields are ``UNSET`` unless they are to change."""

from typing import TypeVar

import msgspec

from mainspring.kernel.errors import PreconditionFailedError

T = TypeVar("T", bound=msgspec.Struct)


def apply_changes(target: T, changes: msgspec.Struct) -> T:
    """Return ``target`` with every field of ``changes`` that is set.

    ``changes`` has a subset of the fields of ``target``; one that is left ``UNSET`` stays.
    """
    values = {
        name: value
        for name, value in msgspec.structs.asdict(changes).items()
        if value is not msgspec.UNSET
    }
    return msgspec.structs.replace(target, **values)


def check_revision(expected: int | None, present: int) -> None:
    """Check that what is to change is as its writer last saw it; ``None`` expects nothing.

    Raises:
        PreconditionFailedError: if it has changed since.
    """
    if expected not in (None, present):
        raise PreconditionFailedError
