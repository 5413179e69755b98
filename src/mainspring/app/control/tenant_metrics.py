"""What entered the ledger, by organisation, for Prometheus.

A record enters the ledger once, whichever control plane receives it and however often it is sent,
and is counted here by the process that wrote it: sums over all control planes are exact. The
gateway's own metrics know no tenants.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence

from mainspring.capabilities.metering.api import UsageEntry
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.kernel.money import NANOS
from mainspring.wire import telemetry
from mainspring.wire.exposition import Histogram, MetricsPage

MAX_TENANTS = 200
"""Distinct organisations in labels; the others are counted as :data:`OTHER`."""
OTHER = "other"
_NAMES_FOR_S = 60.0
_MISSING_FOR_S = 5.0
_CURRENCIES = 8

Names = Callable[[Collection[str]], Awaitable[Mapping[str, str]]]


class TenantMetrics:
    """Follows the ledger. ``names`` tells what organisations are called, by id."""

    def __init__(self, names: Names, clock: Clock) -> None:
        self._names_of = names
        self._clock = clock
        self._names: Mapping[str, str] = {}
        self._named_at: float | None = None
        self._known: set[str] = set()
        self._currencies: set[str] = set()
        self._requests: Counter[tuple[str, str]] = Counter()
        self._tokens: Counter[tuple[str, str]] = Counter()
        self._nanos: Counter[tuple[str, str]] = Counter()
        self._unpriced: Counter[str] = Counter()
        self._durations: dict[str, Histogram] = {}

    async def added(self, entries: Sequence[UsageEntry]) -> None:
        """Count entries that are durable now."""
        for entry in entries:
            self._count(entry)

    async def add_to(self, page: MetricsPage) -> None:
        """Add everything to ``page``."""
        await self._look_up_names()
        page.samples(telemetry.TENANT_REQUESTS, sorted(self._requests.items()))
        page.samples(telemetry.TENANT_TOKENS, sorted(self._tokens.items()))
        page.samples(
            telemetry.TENANT_COST,
            [(labels, nanos / NANOS) for labels, nanos in sorted(self._nanos.items())],
        )
        page.by_label(telemetry.TENANT_UNPRICED, dict(sorted(self._unpriced.items())))
        page.histograms(
            telemetry.TENANT_DURATION,
            [((name,), each) for name, each in sorted(self._durations.items())],
        )
        page.samples(
            telemetry.TENANT_INFO,
            [((org_id, self._names.get(org_id, org_id)), 1) for org_id in sorted(self._durations)],
        )

    def _count(self, entry: UsageEntry) -> None:
        organization = self._label(entry.org_id)
        durations = self._durations.get(organization)
        if durations is None:
            durations = self._durations[organization] = Histogram()
            self._unpriced[organization] += 0
            for result in ("ok", "error", "client_closed"):
                self._requests[organization, result] += 0
        durations.observe(entry.duration_ms / 1000)
        result = entry.outcome if entry.outcome in {"ok", "client_closed"} else "error"
        self._requests[organization, result] += 1
        taken_in = entry.input_tokens + entry.cached_input_tokens + entry.cache_write_tokens
        self._tokens[organization, "input"] += taken_in
        self._tokens[organization, "output"] += entry.output_tokens + entry.reasoning_tokens
        if entry.cost_nanos is not None and entry.currency is not None:
            self._nanos[organization, self._currency(entry.currency)] += entry.cost_nanos
        elif result == "ok":
            self._unpriced[organization] += 1

    def _label(self, org_id: str) -> str:
        if org_id in self._known:
            return org_id
        if len(self._known) >= MAX_TENANTS:
            return OTHER
        self._known.add(org_id)
        return org_id

    def _currency(self, currency: str) -> str:
        if currency in self._currencies:
            return currency
        if len(self._currencies) >= _CURRENCIES:
            return OTHER
        self._currencies.add(currency)
        return currency

    async def _look_up_names(self) -> None:
        """Ask again now and then: organisations are renamed, and new ones appear."""
        now = self._clock.monotonic()
        patience_s = _NAMES_FOR_S if self._known <= self._names.keys() else _MISSING_FOR_S
        if not self._known or (self._named_at is not None and now - self._named_at < patience_s):
            return
        try:
            self._names = await self._names_of(sorted(self._known))
        except DatabaseUnavailableError:
            return
        self._named_at = now
