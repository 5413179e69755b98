"""Objects of the API's part `releases`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import field

from mainspring_sdk._models import Model
from mainspring_sdk.models.shared import HeaderRuleBody, PriceBody


class ArtifactBody(Model, frozen=True, kw_only=True):
    """A file of the weights."""

    path: str
    """Below the directory of the weights, with `/` between names."""
    sha256: str
    bytes: int | None = None


class CanaryStepBody(Model, frozen=True, kw_only=True):
    """One share of calls, for how long at the least."""

    weight: int
    """Percent of calls, or of callers."""
    hold_s: float = 600.0
    min_calls: int = 100
    """Calls of the canary before the next step."""


class CanaryPlanBody(Model, frozen=True, kw_only=True):
    """Who gets the candidate, step by step."""

    steps: list[CanaryStepBody] = field(
        default_factory=lambda: [
            CanaryStepBody(weight=5),
            CanaryStepBody(weight=25),
            CanaryStepBody(weight=50),
        ]
    )
    subjects: list[str] = field(default_factory=list[str])
    """Ids of keys, people, projects or organisations that get it at every step."""
    headers: list[HeaderRuleBody] = field(default_factory=list[HeaderRuleBody])
    """Calls with one of these get it too."""
    by_user: bool = False
    """Share callers out, not calls."""
    pin_header: bool = True
    """Honour `X-Routing-Strategy`, as soon as it is deployed."""
    advance: bool = True
    """Go on to the next step by itself."""
    promote: bool = False
    """Become stable by itself after the last step."""


class CheckView(Model, frozen=True, kw_only=True):
    """One thing that was looked at when the release was verified."""

    name: str
    passed: bool
    detail: str
    waived: bool
    """It failed, and was accepted all the same."""


class ComparedFieldView(Model, frozen=True, kw_only=True):
    """One property, in the order of the models."""

    name: str
    values: list[Any]
    differs: bool


class ComparedQualityView(Model, frozen=True, kw_only=True):
    """One benchmark, in the order of the models."""

    benchmark: str
    metric: str
    higher_is_better: bool
    values: list[float | None]
    best: list[int]
    """The places of the best values."""


class HardwareBody(Model, frozen=True, kw_only=True):
    """What one instance needs."""

    accelerator: str | None = None
    accelerators: int = 0
    accelerator_memory_gib: float | None = None
    memory_gib: float | None = None
    cpus: float | None = None


class QualityFigureBody(Model, frozen=True, kw_only=True):
    """A measured quality."""

    benchmark: str
    metric: str
    value: float
    higher_is_better: bool = True
    source: str | None = None
    """Who measured it, or where it is told."""


class SpecificationBody(Model, frozen=True, kw_only=True):
    """The card of a model: what it is, what it needs, under which licence."""

    display_name: str | None = None
    description: str | None = None
    family: str | None = None
    vendor: str | None = None
    parameters: int | None = None
    active_parameters: int | None = None
    precision: str | None = None
    context_length: int | None = None
    max_output_tokens: int | None = None
    knowledge_cutoff: str | None = None
    hardware: HardwareBody | None = None
    licence: str | None = None
    """An SPDX id, if it has one."""
    licence_url: str | None = None
    source: str | None = None
    """Where it comes from, in words or by an address."""
    source_repository: str | None = None
    """Where the files were taken from."""
    source_revision: str | None = None
    """The commit or the tag of the repository."""
    capabilities: list[str] = field(default_factory=list[str])
    languages: list[str] = field(default_factory=list[str])
    tags: list[str] = field(default_factory=list[str])
    quality: list[QualityFigureBody] = field(default_factory=list[QualityFigureBody])
    release_notes: str | None = None
    artifacts: list[ArtifactBody] = field(default_factory=list[ArtifactBody])
    """The files of the weights, each path once."""


class VersionView(Model, frozen=True, kw_only=True):
    """A version of the model."""

    release_id: str
    version: str
    state: str
    stable_since: datetime | None
    specification: SpecificationBody


class RegistryEntryView(Model, frozen=True, kw_only=True):
    """A model with its card and its versions."""

    model_id: str
    name: str
    org_id: str | None
    aliases: list[str]
    tasks: list[str]
    owned_by: str
    price: PriceBody | None
    version: str | None
    """Which serves it; `null` where there are no releases."""
    deprecated: bool
    offline: bool
    replacement: str | None
    specification: SpecificationBody
    """Of the version that serves it, over the model's own card."""
    versions: list[VersionView]


class ComparisonView(Model, frozen=True, kw_only=True):
    """Models side by side."""

    models: list[RegistryEntryView]
    fields: list[ComparedFieldView]
    quality: list[ComparedQualityView]


class FigureView(Model, frozen=True, kw_only=True):
    """One comparison of the canary with the stable release."""

    measure: str
    """`errors`, `ttft`, `duration` (ms) or `score`."""
    stable: float | None = None
    """As it was seen."""
    canary: float | None = None
    stable_bound: float | None = None
    """The worst that the stable side may truly be."""
    canary_bound: float | None = None
    """The best that the canary may truly be."""
    allowed: float | None = None
    stable_count: int
    canary_count: int
    worse: bool = False
    """Proven."""
    doubtful: bool = False
    """It looks so."""


class ScoreGuardBody(Model, frozen=True, kw_only=True):
    """Which score of calls tells quality; higher is better."""

    name: str
    max_drop: float = 0.05
    """How far its mean may fall."""
    min_scores: int = 50


class GuardBody(Model, frozen=True, kw_only=True):
    """When a canary is rolled back by itself."""

    enabled: bool = True
    window_s: float = 600.0
    """After which counting begins anew."""
    confidence: float = 0.95
    """That a canary which is as good as the stable release is never rolled back."""
    min_calls: int = 10
    """Before anything is decided."""
    max_error_increase: float | None = 0.02
    """As a share of calls."""
    max_ttft_ratio: float | None = 1.5
    max_duration_ratio: float | None = 2.0
    latency_quantile: float = 0.95
    latency_slack_ms: float = 50.0
    score: ScoreGuardBody | None = None


class ReleaseEventView(Model, frozen=True, kw_only=True):
    """One step of a release, by whom and why."""

    id: str
    at: datetime
    org_id: str | None
    model_id: str
    release_id: str
    version: str
    action: str
    before: str | None
    after: str
    actor_kind: str
    """`platform` where nobody had to ask for it."""
    actor_id: str
    reason: str
    details: dict[str, Any]
    """What the step was about."""


class ReleaseTargetBody(Model, frozen=True, kw_only=True):
    """One way to serve the release: which upstream, and what it is called there."""

    upstream_id: str
    upstream_model: str
    weight: int = 100
    """Share among equal priorities."""
    priority: int = 0
    """Lower is tried first."""
    region: str | None = None
    tags: list[str] = field(default_factory=list[str])
    cost: float | None = None
    """A hint for the strategy `cost`."""
    tasks: list[str] = field(default_factory=list[str])
    """Only these tasks; empty: all of the model's."""


class MainspringCapabilitiesReleasesHttpBodiesVerificationView(Model, frozen=True, kw_only=True):
    """What was found when the release was verified."""

    at: datetime
    passed: bool
    checks: list[CheckView]


class ReleaseView(Model, frozen=True, kw_only=True):
    """A release."""

    id: str
    org_id: str | None
    model_id: str
    version: str
    state: str
    targets: list[ReleaseTargetBody]
    specification: SpecificationBody
    plan: CanaryPlanBody
    guard: GuardBody
    verification: MainspringCapabilitiesReleasesHttpBodiesVerificationView | None
    step: int | None
    """Counts into the plan's steps while it is a canary."""
    step_began_at: datetime | None
    stable_since: datetime | None
    """When it last became stable."""
    deprecated_at: datetime | None
    sunset_at: datetime | None
    replacement: str | None
    link: str | None
    created_at: datetime
    updated_at: datetime


class MainspringCapabilitiesReleasesHttpHistoryDecisionView(Model, frozen=True, kw_only=True):
    """What was decided about a canary; the same one again counts in `repeats`."""

    id: str
    at: datetime
    last_at: datetime
    model_id: str
    release_id: str
    version: str
    step: int
    block: int
    """Counts the guard's windows within the step."""
    verdict: str
    """One of `hold`, `advance`, `promote`, `roll_back`."""
    reason: str
    alpha: float
    """The chance of error that each bound was given."""
    figures: list[FigureView]
    repeats: int
