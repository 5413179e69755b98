"""Responses that are kept: how one travels from the gateway that made it to control and back.

A turn's ``id`` is made once, by the gateway, and names the response to clients too; control keeps
it with ``ON CONFLICT DO NOTHING``, so delivery may repeat. Fields are only ever added, with a
default.
"""

import msgspec

MAX_TURN_BYTES = 6 * 1024 * 1024
"""A larger turn (its own input and output together) is not kept."""
MAX_CHAIN_TURNS = 1000
"""A conversation of more turns cannot be gone on with."""
MAX_CHAIN_BYTES = 24 * 1024 * 1024
"""Nor can one whose turns are larger together."""


class StoredTurn(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One response with what was asked for it; times are Unix milliseconds.

    ``input`` is a JSON array of this turn's own input items, ``response`` the response object as
    its client got it. Earlier turns are found by ``previous_id``.
    """

    id: str
    org_id: str
    project_id: str
    actor_id: str
    at_ms: int
    expires_at_ms: int
    model: str
    input: bytes
    response: bytes
    key_id: str | None = None
    previous_id: str | None = None

    @property
    def size(self) -> int:
        """Return the bytes of what was said."""
        return len(self.input) + len(self.response)


class TurnChain(msgspec.Struct, frozen=True):
    """What control answers when a response is asked for: it, then what came before, newest first.

    ``complete`` is false where a turn of it was deleted or has expired; of the one that was asked
    for there is nothing at all then.
    """

    turns: list[StoredTurn]
    complete: bool = True
