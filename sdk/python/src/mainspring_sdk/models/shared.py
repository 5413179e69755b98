"""Objects that several parts of the API share.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from msgspec import field

from mainspring_sdk._models import Model


class BreakerBody(Model, frozen=True, kw_only=True):
    """When a target is left alone."""

    window_s: float = 30.0
    min_samples: int = 20
    error_share: float = 0.5
    open_s: float = 10.0
    eject_after: int = 5
    """Failures in a row."""
    max_ejected_share: float = 0.5
    max_cooldown_s: float = 60.0
    """Bounds `Retry-After`."""


class DataPolicyBody(Model, frozen=True, kw_only=True):
    """Where calls may be served. A place that is not known is not allowed."""

    regions: list[str] | None = None
    """Regions of upstreams and targets; a trailing `*` stands for any rest. `null`: all."""
    hosting: list[str] | None = None
    """Who may run the servers; `null`: anybody."""


class HeaderRuleBody(Model, frozen=True, kw_only=True):
    """A header by which a call belongs to the canary."""

    name: str
    values: list[str] = field(default_factory=list[str])
    """Without any, whatever it says will do."""


class LimitsBody(Model, frozen=True, kw_only=True):
    """Bounds on one subject; `null` leaves that dimension unbounded. Days and months are UTC."""

    requests_per_second: int | None = None
    requests_per_minute: int | None = None
    requests_per_day: int | None = None
    requests_per_month: int | None = None
    tokens_per_minute: int | None = None
    tokens_per_day: int | None = None
    tokens_per_month: int | None = None
    max_concurrency: int | None = None
    budget_per_day: int | None = None
    budget_per_month: int | None = None
    currency: str = "USD"
    unpriced: str = "deny"
    """What a budget does with a call whose price is not known. One of `deny`, `allow`."""


class ModelSumView(Model, frozen=True, kw_only=True):
    """The calls of one model."""

    requests: int
    errors: int
    """Outcomes other than `ok` and `client_closed`."""
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cache_write_tokens: int
    images: int
    characters: int
    seconds: float
    searches: int
    ttft_ms_p50: float | None
    ttft_ms_p95: float | None
    unpriced: int
    """Calls for which no price was known."""
    costs: dict[str, int]
    """Billionths of each currency."""
    model: str


class ProjectOutline(Model, frozen=True, kw_only=True):
    """A project, as the switcher shows it."""

    id: str
    name: str
    slug: str


class OrganizationOutline(Model, frozen=True, kw_only=True):
    """An organisation, as the switcher shows it."""

    id: str
    name: str
    slug: str
    projects: list[ProjectOutline]


class PartView(Model, frozen=True, kw_only=True):
    """A running part as it last told of itself."""

    instance_id: str
    role: str
    name: str
    state: str
    """`starting`, `ready`, `degraded`, `stopping`, `stopped`, `failed` or `lost`."""
    version: str
    started_at: datetime
    last_seen_at: datetime
    details: dict[str, str | int | float | bool]


class UnitPricesBody(Model, frozen=True, kw_only=True):
    """What else than tokens costs: each call, image made, second of sound heard and search.
    `characters` is for a million characters spoken.
    """

    call: int = 0
    """Billionths of `currency`; a string such as `"0.04"` is an amount of it."""
    image: int = 0
    """Billionths of `currency`; a string such as `"0.04"` is an amount of it."""
    characters: int = 0
    """Billionths of `currency`; a string such as `"0.04"` is an amount of it."""
    second: int = 0
    """Billionths of `currency`; a string such as `"0.04"` is an amount of it."""
    search: int = 0
    """Billionths of `currency`; a string such as `"0.04"` is an amount of it."""


class PriceBody(Model, frozen=True, kw_only=True):
    """What a million tokens of each kind cost, and what else does.
    Without a price of their own, cached and cache-written tokens cost as input, reasoning as
    output, sound heard as input and sound spoken as output.
    """

    currency: str = "USD"
    input: int = 0
    """For a million tokens, in billionths of `currency`; a string such as `"0.15"` is an amount of
    it.
    """
    output: int = 0
    """For a million tokens, in billionths of `currency`; a string such as `"0.15"` is an amount of
    it.
    """
    cached_input: int | None = None
    cache_write: int | None = None
    reasoning: int | None = None
    audio_input: int | None = None
    cached_audio: int | None = None
    audio_output: int | None = None
    batch_percent: int = 100
    """What a call of a batch costs, as a part of that."""
    units: UnitPricesBody | None = None
    """Prices beside tokens; `null`: only tokens cost."""


class RetryBody(Model, frozen=True, kw_only=True):
    """When another target is asked; never after the client has seen a byte."""

    max_attempts: int = 3
    statuses: list[int] = field(default_factory=lambda: [429, 500, 502, 503, 504, 529])
    on_timeout: bool = True
    """After silence, once the request was sent."""
    on_reset: bool = True
    """After a connection that broke without an answer."""
    deadline_s: float | None = None
    """Over all attempts together."""
    same_target_after_ms: int | None = None
    """Ask the last target again after this pause; `null`: never."""


class StickyBody(Model, frozen=True, kw_only=True):
    """What keeps calls together under the strategy `sticky`."""

    by: str = "user"
    """One of `user`, `header`, `prefix`."""
    header: str = "x-session-id"
    prefix_bytes: int = 1024


class RoutingBody(Model, frozen=True, kw_only=True):
    """How targets are chosen, and what happens when they fail."""

    strategy: str = "weighted"
    """One of `weighted`, `priority`, `least_busy`, `latency`, `cost`, `sticky`."""
    sticky: StickyBody = field(default_factory=StickyBody)
    retry: RetryBody = field(default_factory=RetryBody)
    breaker: BreakerBody = field(default_factory=BreakerBody)
    hedge_after_ms: int | None = None
    """Ask a second target when the first shows nothing for so long."""
    degraded_text: str | None = None
    """Answered, and so marked, when everything failed."""
    client_hints: bool = False
    """Honour X-Mainspring-Region and -Tags."""


class UserView(Model, frozen=True, kw_only=True):
    """A person."""

    id: str
    email: str
    name: str
    language: str
    is_platform_admin: bool


class SessionView(Model, frozen=True, kw_only=True):
    """Who is signed in, and what they can switch to."""

    secret_fields_: ClassVar[frozenset[str]] = frozenset({"csrf_token"})

    user: UserView
    organizations: list[OrganizationOutline]
    csrf_token: str | None
    """For `X-CSRF-Token`; null where a token was shown instead of a session."""


class UsageRecordView(Model, frozen=True, kw_only=True):
    """One call. Every token is in exactly one of the five counts; units stand beside them."""

    id: str
    request_id: str
    at: datetime
    org_id: str
    project_id: str
    key_id: str | None
    key_name: str | None
    actor_id: str
    operation: str
    model: str
    upstream_id: str | None
    upstream: str | None
    """The upstream's name."""
    upstream_model: str | None
    stream: bool
    status: int
    outcome: str
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cache_write_tokens: int
    """Input that was stored into a cache."""
    images: int
    """Images made."""
    characters: int
    """Characters spoken."""
    seconds: float
    """Seconds of sound heard."""
    searches: int
    """Searches of a reranker."""
    estimated: bool
    """Whether the counts are not the upstream's own."""
    ttft_ms: float | None
    """Milliseconds to the first byte of the answer."""
    duration_ms: float
    attempts: int
    fallback_from: str | None
    """The model that was asked for, where another one answered in its place."""
    track: str
    """The release track of the target."""
    batch: bool
    """Whether a batch made the call, at the price for batches."""
    trace_id: str | None
    gateway_id: str
    cost_nanos: int | None
    """Billionths of `currency`; `null` where no price was known."""
    currency: str | None
    cache: str | None
    """How the answer was found in the cache, where it was."""
    saved_nanos: int | None
    """What making an answer from the cache had cost, in billionths of the currency."""


class UsageSumView(Model, frozen=True, kw_only=True):
    """Sums over some calls."""

    requests: int
    errors: int
    """Outcomes other than `ok` and `client_closed`."""
    input_tokens: int
    cached_input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    cache_write_tokens: int
    images: int
    characters: int
    seconds: float
    searches: int
    ttft_ms_p50: float | None
    ttft_ms_p95: float | None
    unpriced: int
    """Calls for which no price was known."""
    costs: dict[str, int]
    """Billionths of each currency."""


class UsageSummaryView(Model, frozen=True, kw_only=True):
    """Sums by model, largest first, and over all of them."""

    since: datetime
    until: datetime
    items: list[ModelSumView]
    totals: UsageSumView
