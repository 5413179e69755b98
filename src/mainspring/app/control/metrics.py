"""The control plane's own metrics, in Prometheus' text format."""

from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager

from mainspring.infra.telemetry.process import add_process
from mainspring.wire import telemetry
from mainspring.wire.exposition import CONTENT_TYPE, Histogram, MetricsPage

MEDIA_TYPE = CONTENT_TYPE
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class ControlMetrics:
    """Counts what this process does; label sets are closed."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str]] = Counter()
        self._durations: dict[tuple[str], Histogram] = {}
        self._records: Counter[tuple[str]] = Counter({("accepted",): 0, ("duplicate",): 0})
        self._in_flight = 0
        self._held = 0

    def answered(self, method: str, status: int, seconds: float) -> None:
        """Count an answer that began ``seconds`` after its request."""
        method = method if method in _METHODS else "other"
        self._requests[method, f"{status // 100}xx"] += 1
        durations = self._durations.get((method,))
        if durations is None:
            durations = self._durations[method,] = Histogram()
        durations.observe(seconds)

    def received(self, *, accepted: int, duplicates: int) -> None:
        """Count a batch of records."""
        self._records["accepted",] += accepted
        self._records["duplicate",] += duplicates

    def held(self) -> None:
        """Count a change that waits for a second person."""
        self._held += 1

    @contextmanager
    def in_flight(self) -> Generator[None]:
        """Count a request for as long as the block lasts."""
        self._in_flight += 1
        try:
            yield
        finally:
            self._in_flight -= 1

    def add_to(
        self,
        page: MetricsPage,
        *,
        snapshot_version: int,
        parts: Mapping[tuple[str, str], int] | None,
        emergencies: int,
    ) -> None:
        """Add everything to ``page``; ``parts`` counts the fleet, ``None`` without a database."""
        page.samples(telemetry.CONTROL_REQUESTS, sorted(self._requests.items()))
        page.histograms(telemetry.CONTROL_DURATION, sorted(self._durations.items(), key=_first))
        page.single(telemetry.CONTROL_IN_FLIGHT, self._in_flight)
        page.samples(telemetry.CONTROL_RECORDS, sorted(self._records.items()))
        page.single(telemetry.CONTROL_SNAPSHOT_VERSION, max(snapshot_version, 0))
        page.single(telemetry.CONTROL_BREAK_GLASS, emergencies)
        page.samples(telemetry.CONTROL_CHANGES_HELD, [((), self._held)])
        page.single(telemetry.CONTROL_DATABASE_UP, int(parts is not None))
        page.samples(telemetry.FLEET_PARTS, sorted((parts or {}).items()))
        add_process(page, role="control")


def _first(item: tuple[tuple[str], Histogram]) -> str:
    return item[0][0]
