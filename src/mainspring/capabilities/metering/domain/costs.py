"""What calls cost, by whatever tells them apart."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec

Dimension = Literal[
    "organization",
    "project",
    "key",
    "actor",
    "model",
    "upstream",
    "upstream_model",
    "region",
    "operation",
    "track",
]
"""What sums can be split by. ``actor`` is who called: a person, a service account or a key;
``region`` is where the upstream is now."""

Interval = Literal["hour", "day", "month"]
"""How long each sum is; days and months are UTC's."""

COLUMNS: Final[Mapping[Dimension, str]] = {
    "organization": "org_id",
    "project": "project_id",
    "key": "key_id",
    "actor": "actor_id",
    "model": "model",
    "upstream": "upstream_id",
    "upstream_model": "upstream_model",
    "region": "region",
    "operation": "operation",
    "track": "track",
}
"""What a dimension is called in a record."""

MAX_DIMENSIONS: Final = 4
MAX_ROWS: Final = 10_000
"""The most sums of one report: a person reads fewer, a program asks for a shorter range."""

MAX_COST_RANGE: Final = timedelta(days=366)
MAX_HOURLY_RANGE: Final = timedelta(days=31)

COUNTS: Final = (
    "requests",
    "errors",
    "unpriced",
    "input_tokens",
    "cached_input_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cache_write_tokens",
    "images",
    "characters",
    "seconds",
    "searches",
)
"""What is counted, in the order in which tables show it."""

_TOKENS: Final = tuple(name for name in COUNTS if name.endswith("_tokens"))


class CostSum(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over some calls.

    ``errors`` counts outcomes other than ``ok`` and ``client_closed``, ``unpriced`` the calls that
    no price was known for: what they cost is not among ``costs``. ``costs`` and ``saved`` (what
    answers from the cache had cost when they were made) are billionths of each currency. ``gpu`` is
    what of ``costs`` are shares of GPU hours; hours that nobody used are in neither.
    """

    requests: int = 0
    errors: int = 0
    unpriced: int = 0
    input_tokens: int = 0
    cached_input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    cache_write_tokens: int = 0
    images: int = 0
    characters: int = 0
    seconds: float = 0.0
    searches: int = 0
    costs: dict[str, int] = {}
    saved: dict[str, int] = {}
    gpu: dict[str, int] = {}

    @property
    def tokens(self) -> int:
        """All tokens, each counted once."""
        return sum(getattr(self, name) for name in _TOKENS)


class CostRow(CostSum, frozen=True, kw_only=True):
    """The calls of one group, and of one interval if it was split by time.

    ``group`` has the value of each dimension by its column, ``names`` what those things are called
    now, as far as they still exist.
    """

    start: datetime | None = None
    group: dict[str, str | None] = {}
    names: dict[str, str] = {}


class CostQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: the calls that arrived in ``since <= at < until``, split ``by`` dimensions."""

    since: datetime
    until: datetime
    by: tuple[Dimension, ...] = ()
    interval: Interval | None = None
    org_id: str | None = None
    project_id: str | None = None
    key_id: str | None = None
    actor_id: str | None = None
    model: str | None = None


class CostReport(msgspec.Struct, frozen=True, kw_only=True):
    """Sums by group, by time and then largest cost first, and over all of them."""

    since: datetime
    until: datetime
    interval: Interval | None
    by: tuple[Dimension, ...]
    items: list[CostRow]
    totals: CostSum


class Part(msgspec.Struct, frozen=True):
    """One line of a database's answer: the sums of one group in one currency."""

    start: datetime | None
    group: dict[str, str | None]
    currency: str | None
    cost_nanos: int
    saved_nanos: int
    counts: dict[str, int | float]
    gpu_nanos: int = 0


def report_of(
    query: CostQuery, parts: Iterable[Part], regions: Mapping[str, str | None]
) -> CostReport:
    """Put a report together; ``regions`` has the regions of upstreams, by their ids."""
    by_region = "region" in query.by
    columns = [COLUMNS[dimension] for dimension in query.by]
    groups: dict[tuple[object, ...], list[Part]] = {}
    every: list[Part] = []
    for part in parts:
        group = dict(part.group)
        if by_region:
            group["region"] = regions.get(group.get("upstream_id") or "")
        told = msgspec.structs.replace(part, group={column: group[column] for column in columns})
        groups.setdefault((told.start, *told.group.values()), []).append(told)
        every.append(told)
    rows = [
        msgspec.convert({**_summed(some), "start": some[0].start, "group": some[0].group}, CostRow)
        for some in groups.values()
    ]
    rows.sort(key=_turn)
    return CostReport(
        since=query.since,
        until=query.until,
        interval=query.interval,
        by=query.by,
        items=rows,
        totals=msgspec.convert(_summed(every), CostSum),
    )


def _turn(row: CostRow) -> tuple[float, int, int, str]:
    at = 0.0 if row.start is None else row.start.timestamp()
    return at, -sum(row.costs.values()), -row.requests, str(row.group)


def _summed(parts: Sequence[Part]) -> dict[str, object]:
    costs: dict[str, int] = {}
    saved: dict[str, int] = {}
    gpu: dict[str, int] = {}
    for part in parts:
        if part.currency is not None:
            costs[part.currency] = costs.get(part.currency, 0) + part.cost_nanos
            if part.gpu_nanos:
                gpu[part.currency] = gpu.get(part.currency, 0) + part.gpu_nanos
            if part.saved_nanos:
                saved[part.currency] = saved.get(part.currency, 0) + part.saved_nanos
    counts = {name: sum(part.counts[name] for part in parts) for name in COUNTS}
    sums = {"costs": costs, "saved": saved, "gpu": gpu}
    return {**counts, **{name: dict(sorted(each.items())) for name, each in sums.items()}}
