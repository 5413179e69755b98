"""Durations counted in buckets: percentiles to one per cent, in memory that does not grow."""

from collections.abc import Iterator
from math import ceil, exp, floor, log

_RATIO = log(1.01)
_LEAST_S = 1e-6


class Histogram:
    """Counts durations, each in a bucket that begins one per cent above the one before."""

    __slots__ = ("_buckets", "count", "most", "total")

    def __init__(self) -> None:
        self._buckets: dict[int, int] = {}
        self.count = 0
        self.total = 0.0
        """Seconds, all together."""
        self.most = 0.0

    def add(self, seconds: float) -> None:
        """Count a duration; what is shorter than a microsecond counts as one."""
        seconds = max(seconds, _LEAST_S)
        bucket = floor(log(seconds / _LEAST_S) / _RATIO)
        self._buckets[bucket] = self._buckets.get(bucket, 0) + 1
        self.count += 1
        self.total += seconds
        self.most = max(self.most, seconds)

    def percentile(self, share: float) -> float:
        """Return seconds that ``share`` (0 to 1) of all durations do not exceed; 0 without any.

        It is at most one per cent too high, and never too low.
        """
        wanted = max(ceil(self.count * share), 1)
        for seconds, reached in self.steps():
            if reached >= wanted:
                return seconds
        return 0.0

    def steps(self) -> Iterator[tuple[float, int]]:
        """Yield, in ascending order, seconds and how many durations do not exceed them."""
        reached = 0
        for bucket in sorted(self._buckets):
            reached += self._buckets[bucket]
            yield min(_LEAST_S * exp((bucket + 1) * _RATIO), self.most), reached
