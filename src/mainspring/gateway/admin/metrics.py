"""Counters that cost a few additions per request."""

from bisect import bisect_left
from collections import defaultdict

DURATION_BUCKETS_S = (
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0,
)  # fmt: skip
MAX_MODELS = 500
"""Distinct model names in labels; the rest is counted as :data:`OTHER`."""
OTHER = "other"


class Histogram:
    """Observations in fixed buckets; ``counts`` are per bucket, the last is above all bounds."""

    __slots__ = ("counts", "total")

    def __init__(self) -> None:
        self.counts = [0] * (len(DURATION_BUCKETS_S) + 1)
        self.total = 0.0

    def observe(self, seconds: float) -> None:
        """Count one observation."""
        self.counts[bisect_left(DURATION_BUCKETS_S, seconds)] += 1
        self.total += seconds


class Series:
    """What is counted for one operation on one model."""

    __slots__ = ("by_status", "duration", "input_tokens", "output_tokens", "ttft")

    def __init__(self) -> None:
        self.by_status = [0] * 6
        self.duration = Histogram()
        self.ttft = Histogram()
        self.input_tokens = 0
        self.output_tokens = 0


class GatewayMetrics:
    """Everything that the pipeline counts."""

    def __init__(self) -> None:
        self.series: dict[tuple[str, str], Series] = {}
        self.refusals: defaultdict[str, int] = defaultdict(int)
        self.client_closed = 0
        self.in_flight = 0
        self.retries: defaultdict[str, int] = defaultdict(int)
        """By model."""
        self.fallbacks: defaultdict[str, int] = defaultdict(int)
        """By the model that was asked for."""
        self.hedges: defaultdict[str, int] = defaultdict(int, won=0, lost=0)
        """``won`` where the second attempt answered, ``lost`` where the first did after all."""
        self.degraded = 0
        self.shadows: defaultdict[str, int] = defaultdict(int, ok=0, failed=0, skipped=0)
        """By result: ``ok``, ``failed``, ``skipped``."""
        self.idempotency: defaultdict[str, int] = defaultdict(int, first=0, replayed=0, refused=0)
        """Calls with an idempotency key, by result."""
        self.cache: defaultdict[str, int] = defaultdict(int, hit=0, miss=0, bypass=0)
        """Calls under a policy with a cache, by result."""
        self._models: set[str] = set()

    def of(self, operation: str, model: str) -> Series:
        """Return the series of an operation on a model that exists (never a caller's invention)."""
        series = self.series.get((operation, model))
        if series is None:
            model = self.label(model)
            series = self.series.setdefault((operation, model), Series())
        return series

    def label(self, model: str) -> str:
        """Return what stands for a model in labels: its name, or ``other`` beyond the bound."""
        if model in self._models:
            return model
        if len(self._models) >= MAX_MODELS:
            return OTHER
        self._models.add(model)
        return model
