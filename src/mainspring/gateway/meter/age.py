"""How long the oldest record of a spool has waited, without a word in the records about time."""

from collections import deque

from mainspring.gateway.meter.spool import Position, Spool

_MAX_MARKS = 720


class SpoolAge:
    """Notes now and then how far the spool had been written.

    The answer is right up to the time between two looks. Once there are 720 notes every other one
    is dropped and they are made half as often: an outage of days costs no more memory, and the
    error stays below a hundredth of the age. What an earlier process left counts from the
    beginning of this one.
    """

    def __init__(self, spool: Spool, now: float) -> None:
        self._spool = spool
        self._marks: deque[tuple[Position, float]] = deque()
        self._every_s = 0.0
        self.look(now)

    @property
    def notes(self) -> int:
        """Return how many notes are kept."""
        return len(self._marks)

    def look(self, now: float) -> None:
        """Note where the spool ends at the monotonic time ``now``."""
        marks, spool = self._marks, self._spool
        if not spool.waiting_bytes:
            marks.clear()
            self._every_s = 0.0
            return
        while marks and marks[0][0] <= spool.acknowledged:
            marks.popleft()
        if not marks:
            marks.append((spool.end, now))
            self._every_s = 0.0
            return
        last, noted_at = marks[-1]
        if last < spool.end and now - noted_at >= self._every_s:
            marks.append((spool.end, now))
        if len(marks) > _MAX_MARKS:
            self._marks = deque(mark for place, mark in enumerate(marks) if place % 2 == 0)
            self._every_s = 2 * (now - marks[0][1]) / _MAX_MARKS

    def seconds(self, now: float) -> float:
        """Return the age in seconds, 0 while nothing waits."""
        self.look(now)
        return now - self._marks[0][1] if self._marks else 0.0
