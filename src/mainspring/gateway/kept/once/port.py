"""Where it is kept which calls were made with which idempotency key."""

from collections.abc import Awaitable
from enum import Enum
from typing import Final, Protocol

from mainspring.gateway.kept.answer import KeptAnswer


class Started:
    """The caller is the first: it makes the call, and finishes or releases ``slot`` once."""

    __slots__ = ("fingerprint", "slot")

    def __init__(self, slot: bytes, fingerprint: bytes) -> None:
        self.slot = slot
        self.fingerprint = fingerprint


class _Standing(Enum):
    """How it stands with a call that was begun before."""

    RUNNING = "running"
    """It is being made."""
    LOST = "lost"
    """It was made, or may have been, and there is no answer to give again."""
    DIFFERENT = "different"
    """The key was used for another request."""
    FULL = "full"
    """There is no room for another key."""


Running: Final = _Standing.RUNNING
Lost: Final = _Standing.LOST
Different: Final = _Standing.DIFFERENT
Full: Final = _Standing.FULL

Begun = Started | KeptAnswer | _Standing


class StoreAwayError(Exception):
    """The store cannot be asked."""


class OnceStore(Protocol):
    """Fails closed: where it cannot be told whether a call was made before, it is not made.

    ``slot`` names caller and key, ``fingerprint`` the request; both are whole digests.
    """

    @property
    def problem(self) -> str | None:
        """Return what keeps the store from its work, for health reports."""
        ...

    def begin(self, slot: bytes, fingerprint: bytes) -> Begun | Awaitable[Begun]:
        """Begin a call, or tell how it stands with the one that was begun before.

        Raises:
            StoreAwayError: if that cannot be told (the awaitable raises it, too).
        """
        ...

    def finish(self, started: Started, answer: KeptAnswer | None) -> None:
        """Keep the answer of a call that was made; ``None``: it cannot be given again."""
        ...

    def release(self, started: Started) -> None:
        """Forget a call that came to nothing: the key may be used again."""
        ...

    async def run(self) -> None:
        """Do what has to be done beside traffic, until cancelled."""
        ...

    async def close(self) -> None:
        """Let go of whatever is held outside this process."""
        ...
