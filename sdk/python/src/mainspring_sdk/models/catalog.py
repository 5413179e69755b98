"""Objects of the API's part `catalog`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import field

from mainspring_sdk._models import Model
from mainspring_sdk.models.shared import HeaderRuleBody, LimitsBody, PriceBody, RoutingBody


class LifecycleView(Model, frozen=True, kw_only=True):
    """That a model is on its way out, or gone; times are Unix seconds."""

    deprecated_at: int | None
    sunset_at: int | None
    replacement: str | None
    link: str | None
    offline: bool


class ReleaseBody(Model, frozen=True, kw_only=True):
    """Who is served by the targets of the track `canary`."""

    canary_weight: int = 0
    canary_subjects: list[str] = field(default_factory=list[str])
    """Ids of keys, people, service accounts, groups, projects or organisations; `<token issuer's
    id>/<group>` for a group that its tokens name.
    """
    canary_headers: list[HeaderRuleBody] = field(default_factory=list[HeaderRuleBody])
    by_user: bool = False
    """Share callers out, not calls."""
    pin_header: bool = False
    """Honour `X-Routing-Strategy`."""
    shadow_share: int = 100


class TargetBody(Model, frozen=True, kw_only=True):
    """One way to serve a model: which upstream, and what the model is called there."""

    upstream_id: str
    upstream_model: str
    weight: int = 100
    """Share among equal priorities."""
    priority: int = 0
    """Lower is tried first."""
    region: str | None = None
    tags: list[str] = field(default_factory=list[str])
    track: str = "stable"
    """One of `stable`, `canary`, `shadow`."""
    cost: float | None = None
    """A hint for the strategy `cost`; it only has to compare."""
    tasks: list[str] = field(default_factory=list[str])
    """Only these tasks; empty: all of the model's."""
    subjects: list[str] = field(default_factory=list[str])
    """Only these callers, by ids as `canary_subjects` has them; empty: everybody."""


class ModelView(Model, frozen=True, kw_only=True):
    """A model."""

    id: str
    name: str
    tasks: list[str]
    targets: list[TargetBody]
    org_id: str | None
    owned_by: str
    context_length: int | None
    limits: LimitsBody | None
    key_limits: LimitsBody | None
    price: PriceBody | None
    aliases: list[str]
    fallbacks: list[str]
    routing: RoutingBody
    release: ReleaseBody | None
    governed: bool
    """Whether its versions decide over targets and release."""
    lifecycle: LifecycleView | None
    """Set where it is deprecated or offline."""
    access: str
    """`restricted`: projects without a grant neither see it nor may call it. One of `open`,
    `restricted`.
    """
    created_at: datetime
    updated_at: datetime


class PassthroughRouteBody(Model, frozen=True, kw_only=True):
    """A route of the upstream that callers may reach as it is."""

    path: str
    """Behind the base URL. `*` stands for any one segment, `**` at the end for any rest."""
    methods: list[str] = field(default_factory=lambda: ["POST"])
    price: PriceBody | None = None
    """What a call costs; `null`: not known, which budgets refuse."""


class PassthroughBody(Model, frozen=True, kw_only=True):
    """What of an upstream callers may reach as it is, below `/v1/passthrough/{its name}`."""

    routes: list[PassthroughRouteBody]
    org_ids: list[str] | None = None
    """For these organisations only; `null`: for all."""
    request_headers: list[str] = field(default_factory=list[str])
    """Further headers of requests that go along."""
    answer_headers: list[str] = field(default_factory=list[str])
    """Further headers of answers that pass."""
    max_body_bytes: int = 33554432
    """A larger request is refused."""


class TimeoutsBody(Model, frozen=True, kw_only=True):
    """Deadlines toward the upstream, in seconds; each phase has its own."""

    connect_s: float = 3.0
    first_byte_s: float = 120.0
    idle_s: float = 60.0
    total_s: float = 900.0


class UpstreamView(Model, frozen=True, kw_only=True):
    """An upstream; of its credential only that there is one."""

    id: str
    name: str
    base_url: str
    protocol: str
    has_credential: bool
    credential_header: str | None
    timeouts: TimeoutsBody
    max_connections: int
    max_waiting: int
    enforces_tool_choice: bool
    sigv4_region: str | None
    passthrough: PassthroughBody | None
    region: str | None
    """Where it stands, for data policies."""
    hosting: str | None
    """Who runs it, for data policies."""
    created_at: datetime
    updated_at: datetime
