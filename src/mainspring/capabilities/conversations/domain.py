"""Turns as the platform keeps them."""

from datetime import UTC, datetime

import msgspec

from mainspring.kernel.errors import BodyTooLargeError
from mainspring.wire.stored import MAX_CHAIN_BYTES, StoredTurn

_LONGEST_TEXT = 500


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One kept response; see :class:`mainspring.wire.stored.StoredTurn`.

    Once ``deleted_at`` is set nothing of what was said is left; the row stays until it expires, so
    that a late delivery of the same turn does not bring it back.
    """

    id: str
    org_id: str
    project_id: str
    key_id: str | None
    actor_id: str
    created_at: datetime
    expires_at: datetime
    model: str
    previous_id: str | None
    input: bytes
    response: bytes
    gateway_id: str
    deleted_at: datetime | None = None

    def wire(self) -> StoredTurn:
        """Return the turn as gateways know it."""
        return StoredTurn(
            id=self.id,
            org_id=self.org_id,
            project_id=self.project_id,
            key_id=self.key_id,
            actor_id=self.actor_id,
            at_ms=_unix_ms(self.created_at),
            expires_at_ms=_unix_ms(self.expires_at),
            model=self.model,
            previous_id=self.previous_id,
            input=self.input,
            response=self.response,
        )


class Link(msgspec.Struct, frozen=True):
    """One turn of a chain without its content; ``usable`` unless it was deleted or has expired."""

    id: str
    previous_id: str | None
    size: int
    usable: bool


def turn_of(stored: StoredTurn, gateway_id: str) -> Turn:
    """Return what is kept of a delivered turn.

    Raises:
        ValueError: if a time is none.
    """
    return Turn(
        id=_text(stored.id),
        org_id=_text(stored.org_id),
        project_id=_text(stored.project_id),
        key_id=None if stored.key_id is None else _text(stored.key_id),
        actor_id=_text(stored.actor_id),
        created_at=_moment(stored.at_ms),
        expires_at=_moment(stored.expires_at_ms),
        model=_text(stored.model),
        previous_id=None if stored.previous_id is None else _text(stored.previous_id),
        input=stored.input,
        response=stored.response,
        gateway_id=_text(gateway_id),
    )


def usable_part(links: list[Link], wanted: int) -> tuple[list[str], bool]:
    """Return the ids of a chain's turns, newest first, and whether it is whole.

    ``wanted`` is how many turns were asked for; a chain of that length was not looked beyond.

    Raises:
        BodyTooLargeError: if they are too large together.
    """
    ids: list[str] = []
    size = 0
    for link in links:
        if not link.usable:
            return ids, False
        ids.append(link.id)
        size += link.size
        if size > MAX_CHAIN_BYTES:
            raise BodyTooLargeError("the conversation is too large to go on with")
    whole = len(links) >= wanted or not links or links[-1].previous_id is None
    return ids, whole


def _text(value: str) -> str:
    return value.replace("\x00", "\N{REPLACEMENT CHARACTER}")[:_LONGEST_TEXT]


def _moment(unix_ms: int) -> datetime:
    try:
        return datetime.fromtimestamp(unix_ms / 1000, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise ValueError(f"{unix_ms} is not a time") from error


def _unix_ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
