"""What a scripted upstream remembers: requests, departures, tokens served."""

import asyncio
import json
import time
from typing import Any


class Served:
    """Tokens that were told to clients in full usage objects, and requests answered to the end.

    This is the ground truth for a ledger: an answer whose usage object was written to the socket
    counts, one that was cut off before does not (of that, ``ReceivedRequest.tokens_sent`` tells).
    """

    def __init__(self) -> None:
        self.requests = 0
        self.prompt_tokens = 0
        self.cached_tokens = 0
        self.completion_tokens = 0
        self.reasoning_tokens = 0

    def __repr__(self) -> str:
        return f"Served({', '.join(f'{name}={value}' for name, value in vars(self).items())})"


class ReceivedRequest:
    """One request as it arrived, and what became of its answer.

    Times are ``time.monotonic()`` seconds. ``tokens_sent`` counts content tokens handed to the
    socket, finished or not. ``finished_at`` is when the last byte was handed over;
    ``client_closed_at`` is when the client went away before that. ``held_back`` is set once the
    client has read so slowly that the socket took no more.
    """

    def __init__(
        self, method: str, path: str, headers: dict[str, str], body: bytes, connection: int
    ) -> None:
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
        self.connection = connection
        self.received_at = time.monotonic()
        self.headers_sent_at: float | None = None
        self.finished_at: float | None = None
        self.client_closed_at: float | None = None
        self.tokens_sent = 0
        self.held_back = asyncio.Event()
        self._settled = asyncio.Event()

    def __repr__(self) -> str:
        return f"<{self.method} {self.path} on connection {self.connection}>"

    @property
    def client_closed(self) -> bool:
        """Tell whether the client went away before its answer was complete."""
        return self.client_closed_at is not None

    @property
    def settled(self) -> bool:
        """Tell whether the answer ended, in whatever way."""
        return self._settled.is_set()

    def json(self) -> dict[str, Any]:
        """Return the JSON object that is the body."""
        return json.loads(self.body)

    async def wait_settled(self, timeout_s: float = 5.0) -> None:
        """Wait until the answer ended, by its last byte, a scripted fault or the client's leaving.

        Raises:
            TimeoutError: if it has not within ``timeout_s`` seconds.
        """
        async with asyncio.timeout(timeout_s):
            await self._settled.wait()

    def mark_settled(self) -> None:
        """Note that nothing more will be written for this request (called by the upstream)."""
        self._settled.set()
