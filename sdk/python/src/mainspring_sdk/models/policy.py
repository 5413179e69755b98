"""Objects of the API's part `policy`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET, UnsetType, field

from mainspring_sdk._models import Model
from mainspring_sdk.models.shared import DataPolicyBody, LimitsBody, RoutingBody


class SourceView(Model, frozen=True, kw_only=True):
    """The policy that something comes from."""

    policy_id: str
    policy: str
    level: str
    """One of `platform`, `organization`, `project`, `key`."""


class AllowedView(Model, frozen=True, kw_only=True):
    """A list of allowed values; a value has to be on every one."""

    values: list[Any]
    refuses: bool
    """Whether a call with another value is refused."""
    source: SourceView


class CacheRuleBody(Model, frozen=True, kw_only=True):
    """Whether answers are kept and given again."""

    mode: str = "exact"
    """One of `off`, `exact`, `semantic`."""
    ttl_s: int = 3600
    """How long one is given again."""
    scope: str = "project"
    """Who shares answers: never more than a project. One of `project`, `key`, `user`."""
    max_bytes: int = 262144
    """Of one answer."""
    max_temperature: float = 0.0
    """Requests with a higher one pass the cache by."""
    threshold: float = 0.98
    """`semantic`: the least cosine."""
    embedding_model: str = "multilingual-e5-small"
    embedding_deadline_ms: int = 500


class CaptureBoundView(Model, frozen=True, kw_only=True):
    """The most that policies leave to be kept of calls."""

    level: str
    level_source: SourceView
    sample: float
    sample_source: SourceView


class CaptureRuleBody(Model, frozen=True, kw_only=True):
    """The most that may be kept of calls; what the project wants is never added to."""

    level: str = "full"
    """`off`: nothing but the bill. One of `off`, `metadata`, `redacted`, `full`."""
    sample: float = 1.0
    """Of the calls, up to this share."""


class ChangedView(Model, frozen=True, kw_only=True):
    """How many calls would have been served differently."""

    refused: int = 0
    allowed: int = 0
    parameters: int = 0
    target: int = 0


class DataChangeBody(Model, frozen=True, kw_only=True):
    """A data policy in the place of that of one organisation or project."""

    org_id: str | UnsetType | None = UNSET
    project_id: str | UnsetType | None = UNSET
    data_policy: DataPolicyBody | UnsetType | None = UNSET


class ValueSourceView(Model, frozen=True, kw_only=True):
    """Whose setting a value is."""

    level: str
    """One of `default`, `platform`, `organization`, `project`, `key`, `model`."""
    id: str
    """Empty for the platform's settings and for defaults."""
    name: str
    by_policy: bool
    """A policy says it: `id` and `name` are its own, `level` is whom it is for."""


class DataStatementView(Model, frozen=True, kw_only=True):
    """What one of the owners allows; `null` leaves it open."""

    regions: list[str] | None
    hosting: list[str] | None
    source: ValueSourceView


class PlaceView(Model, frozen=True, kw_only=True):
    """A server of the model, and who does not allow it."""

    upstream_model: str
    track: str
    region: str | None
    hosting: str | None
    barred_by: str | None
    reason: str | None


class DataPlacesView(Model, frozen=True, kw_only=True):
    """Where the calls may be served; every statement has to allow a place."""

    statements: list[DataStatementView]
    targets: list[PlaceView]


class ParameterChangeView(Model, frozen=True, kw_only=True):
    """A member of the request that would have been another one."""

    name: str
    before: Any
    """A long or nested value is told by its size alone."""
    after: Any
    absent_before: bool
    absent_after: bool


class MainspringCapabilitiesPolicyHttpDryRunFindingView(Model, frozen=True, kw_only=True):
    """What would have been different about one call."""

    request_id: str
    at: datetime
    project_id: str
    model: str
    kind: str
    """One of `refused`, `allowed`, `parameters`, `target`."""
    reason: str
    """The code of the refusal."""
    detail: str
    changes: list[ParameterChangeView]


class DryRunView(Model, frozen=True, kw_only=True):
    """What would have been different, as far as records tell."""

    since: datetime
    until: datetime
    read: int
    """Calls that were looked at, the newest of the range."""
    stopped: str | None
    """Why not the whole range was looked at; `null`: it was. One of `calls`, `time`."""
    changed: ChangedView
    not_judged: dict[str, int]
    """Calls whose records leave something open, by what is missing: `contents_not_kept`,
    `contents_cut`, `not_json`, `model_gone`, `target_gone`.
    """
    findings: list[MainspringCapabilitiesPolicyHttpDryRunFindingView]
    """The newest two hundred."""
    limits_judged: bool


class EffectiveCacheView(Model, frozen=True, kw_only=True):
    """What holds for the cache; `scopes` are all that answers are kept apart by."""

    mode: str
    """One of `exact`, `semantic`."""
    ttl_s: int
    scopes: list[str]
    max_bytes: int
    max_temperature: float
    threshold: float
    embedding_model: str
    embedding_deadline_ms: int
    sources: list[SourceView]


class EffectiveCaptureView(Model, frozen=True, kw_only=True):
    """What is kept of the calls beside their bill."""

    level: str
    sample: float
    source: ValueSourceView
    """Whose word the level is."""
    sample_source: ValueSourceView
    at_most: CaptureBoundView | None
    """What policies leave at the most, whatever projects want; `null`: all."""


class EffectiveLimitView(Model, frozen=True, kw_only=True):
    """A limit that holds; a call has to fit under all of them."""

    name: str
    value: int
    """A budget: billionths of `currency`."""
    currency: str | None
    unpriced: str | None
    """What a budget does with calls without a price."""
    counts: str
    """Whose calls it counts. One of `organization`, `user_of_organization`, `project`,
    `user_of_project`, `key`, `model`, `key_on_model`.
    """
    source: ValueSourceView
    tightest: bool
    """No other limit of this name is lower."""


class EffectiveRoutingView(Model, frozen=True, kw_only=True):
    """How the model's calls are routed."""

    value: RoutingBody
    source: ValueSourceView


class KeptView(Model, frozen=True, kw_only=True):
    """For how long something is kept."""

    what: str
    """One of `usage`, `audit`, `traces`, `calls`, `responses`."""
    days: int | None
    """`null`: without end."""
    level: str | None
    """How much of it, where that can be chosen."""
    source: ValueSourceView


class SourcedView(Model, frozen=True, kw_only=True):
    """A value and where it comes from."""

    value: Any
    source: SourceView


class ParameterView(Model, frozen=True, kw_only=True):
    """Everything that holds for one parameter."""

    name: str
    default: SourcedView | None
    force: SourcedView | None
    min: SourcedView | None
    max: SourcedView | None
    refused_below: SourcedView | None
    refused_above: SourcedView | None
    allowed: list[AllowedView]
    denied: SourcedView | None
    """Its value is `drop` or `refuse`."""


class EffectiveView(Model, frozen=True, kw_only=True):
    """What holds for one caller, model and task, with the source of each value."""

    org_id: str
    project_id: str | None
    key_id: str | None
    model: str | None
    task: str
    parameters: list[ParameterView]
    cache: EffectiveCacheView | None
    limits: list[EffectiveLimitView]
    """By name, the tightest first."""
    routing: EffectiveRoutingView | None
    """Of a model that is known."""
    data: DataPlacesView
    capture: EffectiveCaptureView
    retention: list[KeptView]


class LimitChangeBody(Model, frozen=True, kw_only=True):
    """Limits in the place of those of one organisation, project, key or model."""

    org_id: str | UnsetType | None = UNSET
    project_id: str | UnsetType | None = UNSET
    key_id: str | UnsetType | None = UNSET
    model: str | UnsetType | None = UNSET
    """By name."""
    limits: LimitsBody | UnsetType | None = UNSET
    user_limits: LimitsBody | UnsetType | None = UNSET
    """Of an organisation or a project: for each of its users."""
    key_limits: LimitsBody | UnsetType | None = UNSET
    """Of a model: for each key."""


class ParameterRuleBody(Model, frozen=True, kw_only=True):
    """What may be said of one top-level parameter of a request."""

    name: str
    """By its name in OpenAI's chat; `context_length` bounds the prompt."""
    default: Any = None
    """Written where a caller says nothing."""
    force: Any = None
    """Written whatever a caller says."""
    min: int | float | None = None
    max: int | float | None = None
    values: list[str | bool | int | float] | None = None
    """All that is allowed: of `tools` their names, of an object its `type`. A trailing `*` of a
    text stands for any rest.
    """
    beyond: str = "clamp"
    """What happens to a value that is not allowed. One of `clamp`, `refuse`."""
    deny: str = ""
    """Forbids the parameter: leave it out, or refuse the call. One of ``, `drop`, `refuse`."""
    tasks: list[str] = field(default_factory=list[str])
    """Endpoints that the rule is for. Without any, a default or a forced value is written for chat
    and completions, and all else holds everywhere.
    """


class PolicyView(Model, frozen=True, kw_only=True):
    """A policy."""

    id: str
    org_id: str | None
    project_id: str | None
    key_id: str | None
    name: str
    models: list[str]
    enabled: bool
    locked: bool
    parameters: list[ParameterRuleBody]
    cache: CacheRuleBody | None
    capture: CaptureRuleBody | None
    created_at: datetime
    updated_at: datetime


class ProposedPolicyBody(Model, frozen=True, kw_only=True):
    """A policy that is thought of, as it would be created."""

    id: str | UnsetType | None = UNSET
    """Of the policy whose place it takes; none: a new one."""
    name: str | UnsetType = UNSET
    org_id: str | UnsetType | None = UNSET
    project_id: str | UnsetType | None = UNSET
    key_id: str | UnsetType | None = UNSET
    models: list[str] | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
    parameters: list[ParameterRuleBody] | UnsetType = UNSET
    cache: CacheRuleBody | UnsetType | None = UNSET
    capture: CaptureRuleBody | UnsetType | None = UNSET
    """Taken as it is; what would be kept of calls is not judged."""
