"""How files of ``mainspring apply`` declare releases."""

from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType


class ReleaseTargetDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to serve the release, by the upstream's name."""

    upstream: str
    upstream_model: str
    weight: int = 100
    priority: int = 0
    region: str | None = None
    tags: list[str] = []
    cost: float | None = None
    tasks: list[str] = []


class CanaryStepDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One share of calls."""

    weight: int
    hold_s: float = 600.0
    min_calls: int = 100


class HeaderRuleDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A header by which a call belongs to the canary."""

    name: str
    values: list[str] = []

    def __post_init__(self) -> None:
        """Spell it as it compares: without regard to case."""
        msgspec.structs.force_setattr(self, "name", self.name.lower())
        values = [each.strip().lower() for each in self.values]
        msgspec.structs.force_setattr(self, "values", values)


class CanaryPlanDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who gets the candidate; what is left out is at its default."""

    steps: list[CanaryStepDocument] | UnsetType = UNSET
    subjects: list[str] = []
    headers: list[HeaderRuleDocument] = []
    by_user: bool = False
    pin_header: bool = True
    advance: bool = True
    promote: bool = False


class ScoreGuardDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which score tells quality."""

    name: str
    max_drop: float = 0.05
    min_scores: int = 50


class GuardDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a canary is rolled back by itself; what is left out is at its default."""

    enabled: bool = True
    window_s: float = 600.0
    confidence: float = 0.95
    min_calls: int = 10
    max_error_increase: float | None = 0.02
    max_ttft_ratio: float | None = 1.5
    max_duration_ratio: float | None = 2.0
    latency_quantile: float = 0.95
    latency_slack_ms: float = 50.0
    score: ScoreGuardDocument | None = None


class HardwareDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one instance needs; memory in GiB."""

    accelerator: str | None = None
    accelerators: int = 0
    accelerator_memory_gib: float | None = None
    memory_gib: float | None = None
    cpus: float | None = None


class QualityFigureDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A measured quality."""

    benchmark: str
    metric: str
    value: float
    higher_is_better: bool = True
    source: str | None = None


class ArtifactDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the weights."""

    path: str
    sha256: str
    bytes: int | None = None


class SpecificationDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The card of a model; what is left out is unknown."""

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
    hardware: HardwareDocument | None = None
    licence: str | None = None
    licence_url: str | None = None
    source: str | None = None
    source_repository: str | None = None
    source_revision: str | None = None
    capabilities: list[str] = []
    languages: list[str] = []
    tags: list[str] = []
    quality: list[QualityFigureDocument] = []
    release_notes: str | None = None
    artifacts: list[ArtifactDocument] = []


class ModelReleaseDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A version of a model, known by both, and how far it is to come.

    ``state`` is where it is brought from wherever it is before that; it is never taken back, and
    one that was rolled back stays so.
    """

    model: str
    version: str
    targets: list[ReleaseTargetDocument]
    organization: str | None = None
    specification: SpecificationDocument | UnsetType = UNSET
    plan: CanaryPlanDocument | UnsetType = UNSET
    guard: GuardDocument | UnsetType = UNSET
    state: Literal[
        "registered", "verified", "deployed", "canary", "stable", "deprecated", "offline"
    ] = "registered"
    waive: list[str] = []
    sunset_at: datetime | None = None
    replacement: str | None = None
    link: str | None = None
    reason: str = ""
