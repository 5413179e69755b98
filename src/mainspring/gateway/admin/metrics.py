"""Counters that cost a few additions per request."""

from collections import defaultdict

from mainspring.wire.exposition import Histogram

MAX_MODELS = 500
"""Distinct model names in labels; the rest is counted as :data:`OTHER`."""
OTHER = "other"


class Series:
    """What is counted for one operation on one model."""

    __slots__ = ("by_status", "duration", "input_tokens", "output_tokens", "tokens", "ttft")

    def __init__(self) -> None:
        self.by_status = [0] * 6
        self.duration = Histogram()
        self.ttft = Histogram()
        self.input_tokens = 0
        self.output_tokens = 0
        self.tokens = 0
        """Of every kind, also those that stand in neither direction."""


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

    def counted(self) -> dict[str, tuple[int, int]]:
        """Return the calls and tokens of each model since the process began."""
        sums: dict[str, tuple[int, int]] = {}
        for (_, model), each in self.series.items():
            calls, tokens = sums.get(model, (0, 0))
            sums[model] = calls + sum(each.by_status), tokens + each.tokens
        return sums

    def label(self, model: str) -> str:
        """Return what stands for a model in labels: its name, or ``other`` beyond the bound."""
        if model in self._models:
            return model
        if len(self._models) >= MAX_MODELS:
            return OTHER
        self._models.add(model)
        return model
