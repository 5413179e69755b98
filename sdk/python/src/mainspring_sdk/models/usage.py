"""Objects of the API's part `usage`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime

from mainspring_sdk._models import Model


class CandidateView(Model, frozen=True, kw_only=True):
    """A target that was looked at."""

    upstream_id: str
    upstream: str | None
    """The upstream's name, while it exists."""
    upstream_model: str
    excluded: str | None
    """Why it could not be chosen; `null`: it could have been."""


class AttemptView(Model, frozen=True, kw_only=True):
    """One attempt, or one search that found no target (`chosen` is then `null`)."""

    model: str
    cause: str
    """first, retry, again, hedge or fallback."""
    strategy: str
    track: str
    track_reason: str
    """only, pinned, subject, share or unavailable."""
    draw: float
    """The random number that decided."""
    candidates: list[CandidateView]
    chosen: int | None
    """Position among the candidates."""
    result: str
    at_ms: float
    """Milliseconds after the request arrived."""
    duration_ms: float


class CostRowView(Model, frozen=True, kw_only=True):
    """The calls of one group."""

    requests: int
    errors: int
    """Outcomes other than `ok` and `client_closed`."""
    unpriced: int
    """Calls for which no price was known: not among `costs`."""
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cache_write_tokens: int
    images: int
    characters: int
    seconds: float
    searches: int
    costs: dict[str, int]
    """Billionths of each currency."""
    saved: dict[str, int]
    """What answers from the cache had cost when they were made, likewise."""
    gpu: dict[str, int]
    """What of `costs` are shares of GPU hours, likewise; they are booked late."""
    start: datetime | None
    """Where the interval begins, if there is one."""
    group: dict[str, str | None]
    """What the calls have in common, by the field of their records."""
    names: dict[str, str]
    """What those things are called now, as far as they exist."""


class CostSumView(Model, frozen=True, kw_only=True):
    """Sums over some calls."""

    requests: int
    errors: int
    """Outcomes other than `ok` and `client_closed`."""
    unpriced: int
    """Calls for which no price was known: not among `costs`."""
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cache_write_tokens: int
    images: int
    characters: int
    seconds: float
    searches: int
    costs: dict[str, int]
    """Billionths of each currency."""
    saved: dict[str, int]
    """What answers from the cache had cost when they were made, likewise."""
    gpu: dict[str, int]
    """What of `costs` are shares of GPU hours, likewise; they are booked late."""


class CostReportView(Model, frozen=True, kw_only=True):
    """Sums by group, by time and then the largest first, and over all of them."""

    since: datetime
    until: datetime
    interval: str | None
    """One of `hour`, `day`, `month`."""
    by: list[str]
    items: list[CostRowView]
    totals: CostSumView


class CountView(Model, frozen=True, kw_only=True):
    """Calls and tokens, of every kind."""

    calls: int
    tokens: int


class DayCostView(Model, frozen=True, kw_only=True):
    """One whole day, by UTC."""

    start: datetime
    """When the day begins."""
    cost: int
    """Billionths of the currency."""
    expected: int | None
    """Unset where there was too little before it."""
    unlike: str | None
    """Set where it cost far more or less than expected. One of `more`, `less`."""


class CurrencyForecastView(Model, frozen=True, kw_only=True):
    """One currency; amounts are billionths of it."""

    currency: str
    so_far: int
    """What the month cost until now."""
    expected: int | None
    """What the whole month will have cost; unset with less than 14 days of history."""
    low: int | None
    """In 80 of 100 months like this it is not less."""
    high: int | None
    """In 80 of 100 months like this it is not more."""
    days: list[DayCostView]
    """Up to 28, the last of them yesterday."""


class ForecastView(Model, frozen=True, kw_only=True):
    """The present month, by UTC."""

    month: str
    made_at: datetime
    currencies: list[CurrencyForecastView]


class GpuPriceView(Model, frozen=True, kw_only=True):
    """What GPU hours cost, and when."""

    id: str
    name: str
    upstream_id: str
    upstream_model: str | None
    gpus: float
    hourly_nanos: int
    currency: str
    shared_by: str
    valid_from: datetime
    valid_until: datetime | None
    created_at: datetime
    updated_at: datetime
    revision: int


class IdleView(Model, frozen=True, kw_only=True):
    """A thing that nobody used."""

    kind: str
    id: str
    """Of a target: its model's."""
    name: str
    org_id: str | None
    project_id: str | None
    upstream_id: str | None
    upstream_model: str | None
    created_at: datetime
    last_used_at: datetime | None
    """Of keys, where it is known."""
    hourly: dict[str, int]
    """What its GPUs cost in every hour now, in billionths of each currency."""
    cost: dict[str, int]
    """What their hours without a call cost in that time, likewise."""


class IdleReportView(Model, frozen=True, kw_only=True):
    """What was not used between two moments."""

    since: datetime
    until: datetime
    items: list[IdleView]
    idle_hours: dict[str, int]
    """What all GPU hours without a call cost in that time, in billionths."""
    more_keys: bool
    """Whether further keys are idle, beyond a thousand."""


class ModelDifferenceView(Model, frozen=True, kw_only=True):
    """A model whose calls or tokens differ."""

    model: str
    counted: CountView
    booked: CountView


class ReconciliationView(Model, frozen=True, kw_only=True):
    """An hour of one process of a gateway."""

    gateway_id: str
    epoch: str
    """The process: what it counted dies with it."""
    since: datetime
    until: datetime
    """Where the hour ended, or the process last told of it."""
    state: str
    """`waiting`: not compared yet, or records are on their way; `matched`; `drifted`."""
    delivered: bool
    """Whether every record of these calls reached control."""
    counted: CountView
    """By the gateway's own metrics."""
    booked: CountView | None
    """In the ledger; unset before the comparison."""
    differences: list[ModelDifferenceView]
    checked_at: datetime | None


class MainspringCapabilitiesMeteringHttpUsageDecisionView(Model, frozen=True, kw_only=True):
    """Why a call went where it went."""

    request_id: str
    at: datetime
    model: str
    """The model that answered."""
    requested_model: str
    outcome: str
    status: int
    degraded: bool
    attempts: list[AttemptView]
