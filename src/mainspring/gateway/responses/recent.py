"""The turns that this gateway saw last, bounded by their size."""

import time
from collections import OrderedDict
from collections.abc import Callable

from mainspring.wire.stored import StoredTurn

FRESH_S = 60.0
"""For so long a turn is believed without asking whether another gateway deleted it."""
STALE_S = 600.0
"""For so long it serves while control cannot be asked."""


class RecentTurns:
    """A bounded memory of turns; the least recently used one is forgotten first.

    A turn is found only by the project that it belongs to.
    """

    def __init__(self, max_bytes: int, now: Callable[[], float] = time.monotonic) -> None:
        """Hold up to ``max_bytes``; ``now`` gives seconds on a clock that never goes back."""
        self._max_bytes = max_bytes
        self._now = now
        self._turns: OrderedDict[tuple[str, str], tuple[StoredTurn, float]] = OrderedDict()
        self._size = 0

    @property
    def size(self) -> int:
        """Return the bytes that are held."""
        return self._size

    def put(self, turn: StoredTurn) -> None:
        """Remember ``turn``."""
        key = (turn.project_id, turn.id)
        self.forget(*key)
        if turn.size > self._max_bytes:
            return
        self._turns[key] = (turn, self._now())
        self._size += turn.size
        while self._size > self._max_bytes:
            _, (oldest, _) = self._turns.popitem(last=False)
            self._size -= oldest.size

    def find(self, project_id: str, turn_id: str, within_s: float = FRESH_S) -> StoredTurn | None:
        """Return the turn if it was put here less than ``within_s`` ago and has not expired."""
        found = self._turns.get((project_id, turn_id))
        if found is None:
            return None
        turn, at = found
        if self._now() - at >= within_s:
            return None
        self._turns.move_to_end((project_id, turn_id))
        return turn

    def forget(self, project_id: str, turn_id: str) -> bool:
        """Forget a turn; tell whether it was known."""
        found = self._turns.pop((project_id, turn_id), None)
        if found is None:
            return False
        self._size -= found[0].size
        return True
