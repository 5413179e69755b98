"""A request's body that is handed over as it arrives, with the client held back where that lags."""

import asyncio
from collections import deque
from collections.abc import Callable


class BodyStream:
    """Pieces on their way from a connection to one reader.

    No more than ``window`` bytes wait, and what one read from the client brings. ``deadline`` is
    the loop's time by which more has to come; it does not count while the client is held back.
    """

    __slots__ = (
        "_arrival",
        "_failure",
        "_hold",
        "_pieces",
        "_waiting",
        "_window",
        "_woken",
        "complete",
        "deadline",
        "held",
        "size",
    )

    def __init__(self, hold: Callable[[bool], None], window: int, deadline: float) -> None:
        """``hold`` stops and resumes reading from the client."""
        self.size = 0
        """Bytes that have arrived."""
        self.complete = False
        """All of the body has arrived."""
        self.deadline = deadline
        self.held = False
        self._hold = hold
        self._window = window
        self._waiting = 0
        self._woken = False
        self._pieces: deque[bytes] = deque()
        self._failure: Exception | None = None
        self._arrival = asyncio.Event()

    @property
    def failed(self) -> bool:
        """Tell whether the rest will never come."""
        return self._failure is not None

    async def read(self) -> bytes | None:
        """Return what has arrived; ``b""`` at the end, ``None`` if :meth:`wake` was called.

        Raises:
            Exception: what :meth:`fail` was told.
        """
        while not self._pieces and not self.complete and not self._woken:
            if self._failure is not None:
                raise self._failure
            self._arrival.clear()
            await self._arrival.wait()
        if self._woken:
            self._woken = False
            return None
        pieces = self._pieces
        data = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self._waiting = 0
        if self.held:
            self.held = False
            self._hold(False)
        return data

    def wake(self) -> None:
        """Have the reader look up from its waiting."""
        self._woken = True
        self._arrival.set()

    # What the connection tells

    def put(self, data: bytes) -> None:
        """Add a piece."""
        self.size += len(data)
        self._waiting += len(data)
        self._pieces.append(data)
        self._arrival.set()
        if self._waiting > self._window and not self.held:
            self.held = True
            self._hold(True)

    def finish(self) -> None:
        """Take note of the end."""
        self.complete = True
        self._arrival.set()

    def fail(self, failure: Exception) -> None:
        """Take note that the rest will never come; what has arrived is still read."""
        if self._failure is None and not self.complete:
            self._failure = failure
            self._arrival.set()


class ClientGoneError(Exception):
    """The client left before its body was complete."""
