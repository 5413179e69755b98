"""Metrics in Prometheus' text format, as every role shows them."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping

from mainspring.wire.telemetry import Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

DURATION_BUCKETS_S = (
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0,
)  # fmt: skip

Sample = tuple[tuple[str, ...], int | float]
"""Label values in the metric's order, and the figure."""


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


class MetricsPage:
    """A page under construction. A family that has no samples is told of all the same."""

    def __init__(self) -> None:
        self._parts: list[str] = []

    def single(self, metric: Metric, value: float) -> None:
        """Add a metric without labels."""
        self.samples(metric, [((), value)])

    def by_label(self, metric: Metric, counts: Mapping[str, int | float]) -> None:
        """Add a metric with one label."""
        self.samples(metric, [((label,), count) for label, count in counts.items()])

    def samples(self, metric: Metric, samples: Iterable[Sample]) -> None:
        """Add a counter or gauge."""
        self._head(metric)
        self._parts.extend(
            f"{metric.name}{_labels(metric, values)} {value}\n" for values, value in samples
        )

    def histograms(
        self, metric: Metric, samples: Iterable[tuple[tuple[str, ...], Histogram]]
    ) -> None:
        """Add a histogram of durations."""
        self._head(metric)
        bounds = [*map(str, DURATION_BUCKETS_S), "+Inf"]
        for values, histogram in samples:
            count = 0
            for bound, in_bucket in zip(bounds, histogram.counts, strict=True):
                count += in_bucket
                labels = _labels(metric, values, f'le="{bound}"')
                self._parts.append(f"{metric.name}_bucket{labels} {count}\n")
            labels = _labels(metric, values)
            self._parts.append(f"{metric.name}_sum{labels} {histogram.total}\n")
            self._parts.append(f"{metric.name}_count{labels} {count}\n")

    def encode(self) -> bytes:
        """Return the page as Prometheus reads it."""
        return "".join(self._parts).encode()

    def _head(self, metric: Metric) -> None:
        self._parts.append(
            f"# HELP {metric.name} {metric.help}\n# TYPE {metric.name} {metric.type}\n"
        )


def _labels(metric: Metric, values: tuple[str, ...], *more: str) -> str:
    pairs = [
        f'{name}="{_escape(value)}"' for name, value in zip(metric.labels, values, strict=True)
    ]
    pairs.extend(more)
    return "{" + ",".join(pairs) + "}" if pairs else ""


def _escape(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
