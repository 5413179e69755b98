"""How long to wait before asking again."""

import random


class Backoff:
    """Doubles from ``first_s`` to ``most_s`` with full jitter, so that a fleet does not march."""

    def __init__(self, first_s: float = 0.1, most_s: float = 5.0) -> None:
        self._first = first_s
        self._most = most_s
        self._ceiling = first_s

    def next(self) -> float:
        """Return the seconds to wait now; the following wait may be twice as long."""
        ceiling = self._ceiling
        self._ceiling = min(ceiling * 2, self._most)
        return random.uniform(ceiling / 2, ceiling)

    def reset(self) -> None:
        """Begin anew: the last attempt went well."""
        self._ceiling = self._first
