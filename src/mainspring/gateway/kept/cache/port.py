"""Where answers are kept to be given again to whoever asks the same."""

from collections.abc import Awaitable
from typing import Protocol

import msgspec

from mainspring.wire.usage import Usage


class CachedAnswer(msgspec.Struct, frozen=True, array_like=True):
    """The body of a complete answer. ``at`` is Unix seconds; ``usage`` what it cost to make.

    ``streamed`` says that it is a stream of events; ``tells_usage`` that a client had asked for
    the usage event in it.
    """

    body: bytes
    content_type: bytes
    streamed: bool
    tells_usage: bool
    at: float
    usage: Usage

    @property
    def size(self) -> int:
        """Return roughly how many bytes of memory it takes."""
        return len(self.body) + 512


class CacheStore(Protocol):
    """Fails open: where it cannot be asked, every question is a miss.

    ``key`` is a whole digest over everything that makes an answer, the tenant first of all.
    """

    @property
    def problem(self) -> str | None:
        """Return what keeps the store from its work, for health reports."""
        ...

    def get(self, key: bytes) -> CachedAnswer | Awaitable[CachedAnswer | None] | None:
        """Return what is kept under ``key``."""
        ...

    def put(self, key: bytes, answer: CachedAnswer, ttl_s: float) -> None:
        """Keep ``answer`` for ``ttl_s`` at the most."""
        ...

    async def run(self) -> None:
        """Do what has to be done beside traffic, until cancelled."""
        ...

    async def close(self) -> None:
        """Let go of whatever is held outside this process."""
        ...
