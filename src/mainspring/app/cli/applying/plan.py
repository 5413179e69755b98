"""What a plan is made of, and when an object is already as a document wants it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec


class Action(StrEnum):
    """What a step does."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REMOVE = "remove"


class Change(msgspec.Struct, frozen=True):
    """A field that differs: what control told of it, and what the document wants."""

    field: str
    before: Any
    after: Any


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One object: what is done to it, which fields change, and a new key's secret.

    ``path`` is where the API knows it, if it is there and can be removed there again.
    """

    kind: str
    name: str
    action: Action
    fields: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    secret: str | None = None
    path: str | None = None


def compare(
    kind: str,
    name: str,
    present: Mapping[str, Any],
    wanted: Mapping[str, Any],
    *,
    path: str | None = None,
) -> tuple[Step, dict[str, Any]]:
    """Return the step that brings ``present`` to ``wanted``, and the fields to send for it."""
    differing = {
        field: value
        for field, value in wanted.items()
        if not same_to_control(present.get(field), value)
    }
    step = Step(
        kind=kind,
        name=name,
        action=Action.UPDATE if differing else Action.UNCHANGED,
        fields=tuple(differing),
        changes=tuple(
            Change(field, None, None)
            if field in _UNTOLD
            else Change(field, present.get(field), value)
            for field, value in differing.items()
        ),
        path=path,
    )
    return step, differing


_UNTOLD = frozenset({"credential", "client_secret", "url", "secret", "password"})
"""Fields whose values are secrets: that they change is told, not to what."""


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
