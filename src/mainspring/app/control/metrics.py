"""The control plane's own metrics, in Prometheus' text format."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from mainspring.wire.telemetry import (
    CONTROL_IN_FLIGHT,
    CONTROL_RECORDS,
    CONTROL_REQUESTS,
    CONTROL_SNAPSHOT_VERSION,
    Metric,
)

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class ControlMetrics:
    """Counts what this process does; label sets are closed."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str]] = Counter()
        self._records: Counter[tuple[str]] = Counter({("accepted",): 0, ("duplicate",): 0})
        self._in_flight = 0

    def answered(self, method: str, status: int) -> None:
        """Count an answer."""
        self._requests[method if method in _METHODS else "other", f"{status // 100}xx"] += 1

    def received(self, *, accepted: int, duplicates: int) -> None:
        """Count a batch of records."""
        self._records["accepted",] += accepted
        self._records["duplicate",] += duplicates

    @contextmanager
    def in_flight(self) -> Generator[None]:
        """Count a request for as long as the block lasts."""
        self._in_flight += 1
        try:
            yield
        finally:
            self._in_flight -= 1

    def expose(self, *, snapshot_version: int) -> str:
        """Return all metrics as Prometheus reads them."""
        lines = [
            *_lines(CONTROL_REQUESTS, self._requests),
            *_lines(CONTROL_IN_FLIGHT, {(): self._in_flight}),
            *_lines(CONTROL_RECORDS, self._records),
            *_lines(CONTROL_SNAPSHOT_VERSION, {(): max(snapshot_version, 0)}),
        ]
        return "\n".join(lines) + "\n"


def _lines(
    metric: Metric, values: "dict[tuple[()], int] | Counter[tuple[str, str]] | Counter[tuple[str]]"
) -> Generator[str]:
    yield f"# HELP {metric.name} {metric.help}"
    yield f"# TYPE {metric.name} {metric.type}"
    for labels, value in sorted(values.items()):
        pairs = ",".join(
            f'{name}="{label}"' for name, label in zip(metric.labels, labels, strict=True)
        )
        yield f"{metric.name}{{{pairs}}} {value}" if pairs else f"{metric.name} {value}"
