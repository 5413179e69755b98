"""What is said of releases, as bodies and answers spell it."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from pydantic import Field

from mainspring.capabilities.catalog.api import Task
from mainspring.capabilities.releases.domain import (
    MAX_HEADERS,
    MAX_REASON,
    MAX_STEPS,
    MAX_SUBJECTS,
    MAX_TARGETS,
    VERSION_PATTERN,
    CanaryPlan,
    Guard,
    ReleaseChanges,
    Specification,
    State,
)
from mainspring.infra.web import Body, HeaderRuleBody, Patch, Shape, View
from mainspring.snapshot.resources import ModelTarget

Tag = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^,\s]+$")]
Text = Annotated[str, Field(max_length=500)]
LongText = Annotated[str, Field(max_length=20_000)]
Reason = Annotated[str, Field(max_length=MAX_REASON, description="Why; it stands in the history.")]
Version = Annotated[str, Field(pattern=VERSION_PATTERN, examples=["2026-11"])]
Seconds = Annotated[float, Field(ge=0, le=31 * 86_400)]
Ratio = Annotated[float, Field(ge=1, le=1000)]


class ReleaseTargetBody(Shape):
    """One way to serve the release: which upstream, and what it is called there."""

    upstream_id: str = Field(max_length=64, examples=["ups_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    upstream_model: str = Field(min_length=1, max_length=200, examples=["qwen3-32b-2026-11"])
    weight: int = Field(
        default=100, ge=0, le=1_000_000, description="Share among equal priorities."
    )
    priority: int = Field(default=0, ge=0, le=1000, description="Lower is tried first.")
    region: str | None = Field(default=None, max_length=64, examples=["eu"])
    tags: tuple[Tag, ...] = Field(default=(), max_length=32)
    cost: float | None = Field(default=None, ge=0, description="A hint for the strategy `cost`.")
    tasks: tuple[Task, ...] = Field(
        default=(), description="Only these tasks; empty: all of the model's."
    )

    def value(self) -> ModelTarget:
        """Return the snapshot's value."""
        return ModelTarget(**self.model_dump())


Targets = Annotated[tuple[ReleaseTargetBody, ...], Field(min_length=1, max_length=MAX_TARGETS)]


class CanaryStepBody(Shape):
    """One share of calls, for how long at the least."""

    weight: int = Field(ge=0, le=100, description="Percent of calls, or of callers.")
    hold_s: Seconds = 600.0
    min_calls: int = Field(
        default=100, ge=0, le=10_000_000, description="Calls of the canary before the next step."
    )


class CanaryPlanBody(Shape):
    """Who gets the candidate, step by step."""

    steps: Annotated[tuple[CanaryStepBody, ...], Field(min_length=1, max_length=MAX_STEPS)] = (
        CanaryStepBody(weight=5),
        CanaryStepBody(weight=25),
        CanaryStepBody(weight=50),
    )
    subjects: Annotated[
        tuple[Annotated[str, Field(max_length=64)], ...],
        Field(
            max_length=MAX_SUBJECTS,
            description="Ids of keys, people, projects or organisations that get it at every step.",
        ),
    ] = ()
    headers: Annotated[
        tuple[HeaderRuleBody, ...],
        Field(max_length=MAX_HEADERS, description="Calls with one of these get it too."),
    ] = ()
    by_user: bool = Field(default=False, description="Share callers out, not calls.")
    pin_header: bool = Field(
        default=True, description="Honour `X-Routing-Strategy`, as soon as it is deployed."
    )
    advance: bool = Field(default=True, description="Go on to the next step by itself.")
    promote: bool = Field(default=False, description="Become stable by itself after the last step.")

    def value(self) -> CanaryPlan:
        """Return the domain's value."""
        fields = self.model_dump()
        fields["headers"] = [rule.lowered() for rule in self.headers]
        return msgspec.convert(fields, CanaryPlan)


class ScoreGuardBody(Shape):
    """Which score of calls tells quality; higher is better."""

    name: str = Field(min_length=1, max_length=100, examples=["helpful"])
    max_drop: float = Field(default=0.05, ge=0, le=1e9, description="How far its mean may fall.")
    min_scores: int = Field(default=50, ge=10, le=1_000_000)


class GuardBody(Shape):
    """When a canary is rolled back by itself."""

    enabled: bool = True
    window_s: float = Field(
        default=600.0, ge=1, le=86_400, description="After which counting begins anew."
    )
    confidence: float = Field(
        default=0.95,
        ge=0.5,
        le=0.9999,
        description="That a canary which is as good as the stable release is never rolled back.",
    )
    min_calls: int = Field(
        default=10, ge=1, le=1_000_000, description="Before anything is decided."
    )
    max_error_increase: float | None = Field(
        default=0.02, ge=0, le=1, description="As a share of calls."
    )
    max_ttft_ratio: Ratio | None = 1.5
    max_duration_ratio: Ratio | None = 2.0
    latency_quantile: float = Field(default=0.95, ge=0.5, le=0.99)
    latency_slack_ms: float = Field(default=50.0, ge=0, le=600_000)
    score: ScoreGuardBody | None = None

    def value(self) -> Guard:
        """Return the domain's value."""
        return msgspec.convert(self.model_dump(), Guard)


class HardwareBody(Shape):
    """What one instance needs."""

    accelerator: Text | None = Field(default=None, examples=["H100"])
    accelerators: int = Field(default=0, ge=0, le=10_000)
    accelerator_memory_gib: float | None = Field(default=None, ge=0, le=1e6)
    memory_gib: float | None = Field(default=None, ge=0, le=1e6)
    cpus: float | None = Field(default=None, ge=0, le=1e6)


class QualityFigureBody(Shape):
    """A measured quality."""

    benchmark: str = Field(min_length=1, max_length=200, examples=["MMLU-Pro"])
    metric: str = Field(min_length=1, max_length=100, examples=["accuracy"])
    value: float = Field(ge=-1e12, le=1e12, allow_inf_nan=False, examples=[0.71])
    higher_is_better: bool = True
    source: Text | None = Field(default=None, description="Who measured it, or where it is told.")


class ArtifactBody(Shape):
    """A file of the weights."""

    path: str = Field(
        min_length=1,
        max_length=1000,
        description="Below the directory of the weights, with `/` between names.",
        examples=["model-00001-of-00004.safetensors"],
    )
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", examples=["0" * 64])
    bytes: int | None = Field(default=None, ge=0, le=2**53 - 1)


class SpecificationBody(Shape):
    """The card of a model: what it is, what it needs, under which licence."""

    display_name: Text | None = Field(default=None, examples=["Qwen3 32B"])
    description: LongText | None = None
    family: Text | None = Field(default=None, examples=["qwen3"])
    vendor: Text | None = Field(default=None, examples=["Alibaba"])
    parameters: int | None = Field(default=None, ge=0, le=2**53 - 1, examples=[32_000_000_000])
    active_parameters: int | None = Field(default=None, ge=0, le=2**53 - 1)
    precision: Text | None = Field(default=None, examples=["bf16"])
    context_length: int | None = Field(default=None, ge=1, le=1_000_000_000, examples=[131_072])
    max_output_tokens: int | None = Field(default=None, ge=1, le=1_000_000_000)
    knowledge_cutoff: Text | None = Field(default=None, examples=["2025-06"])
    hardware: HardwareBody | None = None
    licence: Text | None = Field(default=None, description="An SPDX id, if it has one.")
    licence_url: Text | None = None
    source: Text | None = Field(
        default=None,
        description="Where it comes from, in words or by an address.",
        examples=["https://models.example/qwen3-32b"],
    )
    source_repository: Annotated[str, Field(min_length=1, max_length=500)] | None = Field(
        default=None,
        description="Where the files were taken from.",
        examples=["Qwen/Qwen3-32B"],
    )
    source_revision: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        default=None,
        description="The commit or the tag of the repository.",
        examples=["9216db5781bf21249d130ec9da846c4624c16137"],
    )
    capabilities: tuple[Tag, ...] = Field(default=(), max_length=64, examples=[["tools", "vision"]])
    languages: tuple[Tag, ...] = Field(default=(), max_length=64, examples=[["en", "zh"]])
    tags: tuple[Tag, ...] = Field(default=(), max_length=64)
    quality: tuple[QualityFigureBody, ...] = Field(default=(), max_length=64)
    release_notes: LongText | None = None
    artifacts: tuple[ArtifactBody, ...] = Field(
        default=(), max_length=512, description="The files of the weights, each path once."
    )

    def value(self) -> Specification:
        """Return the domain's value."""
        return msgspec.convert(self.model_dump(), Specification)


class NewRelease(Body):
    """A version of a model, and where it is served."""

    version: Version
    targets: Targets
    specification: SpecificationBody = SpecificationBody()
    plan: CanaryPlanBody = CanaryPlanBody()
    guard: GuardBody = GuardBody()
    reason: Reason = ""


class ReleasePatch(Patch):
    """What is to change; a field that is left out stays."""

    targets: Targets = ()
    specification: SpecificationBody = SpecificationBody()
    plan: CanaryPlanBody = CanaryPlanBody()
    guard: GuardBody = GuardBody()

    def changes(self) -> ReleaseChanges:
        """Return the fields that were sent."""
        fields: dict[str, Any] = {}
        sent = self.model_fields_set
        if "targets" in sent:
            fields["targets"] = tuple(target.value() for target in self.targets)
        for name in ("specification", "plan", "guard"):
            if name in sent:
                fields[name] = getattr(self, name).value()
        return ReleaseChanges(**fields)


class CheckView(View):
    """One thing that was looked at when the release was verified."""

    name: str
    passed: bool
    detail: str
    waived: bool = Field(description="It failed, and was accepted all the same.")


class VerificationView(View):
    """What was found when the release was verified."""

    at: datetime
    passed: bool
    checks: list[CheckView]


class ReleaseView(View):
    """A release."""

    id: str = Field(examples=["rel_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str | None
    model_id: str
    version: str
    state: State
    targets: list[ReleaseTargetBody]
    specification: SpecificationBody
    plan: CanaryPlanBody
    guard: GuardBody
    verification: VerificationView | None
    step: int | None = Field(description="Counts into the plan's steps while it is a canary.")
    step_began_at: datetime | None
    stable_since: datetime | None = Field(description="When it last became stable.")
    deprecated_at: datetime | None
    sunset_at: datetime | None
    replacement: str | None
    link: str | None
    created_at: datetime
    updated_at: datetime


class ReleasePage(View):
    """Some releases."""

    items: list[ReleaseView]
    next_cursor: str | None
