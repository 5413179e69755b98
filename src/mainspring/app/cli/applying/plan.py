"""What a plan is made of, and when an object is already as a document wants it."""

from enum import StrEnum
from typing import Any

import msgspec


class Action(StrEnum):
    """What a step does."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One object: what is done to it, which fields change, and a new key's secret."""

    kind: str
    name: str
    action: Action
    fields: tuple[str, ...] = ()
    secret: str | None = None


def same_to_control(present: Any, wanted: Any) -> bool:  # noqa: ANN401 - decoded JSON
    """Tell whether what control told of a field is what a document wants."""
    return bool(_plain(present) == _plain(wanted))


def _plain(value: Any) -> Any:  # noqa: ANN401 - decoded JSON
    """Return ``value`` without absent members, so that an absent limit equals a null one."""
    if isinstance(value, dict):
        members: dict[str, Any] = value  # pyright: ignore[reportUnknownVariableType] - JSON
        return {name: _plain(member) for name, member in members.items() if member is not None}
    if isinstance(value, list | tuple):
        items: list[Any] | tuple[Any, ...] = value  # pyright: ignore[reportUnknownVariableType] - JSON
        return [_plain(item) for item in items]
    return value
