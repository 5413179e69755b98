"""A release, its canary's plan, what guards it, and what is told of each step."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.capabilities.releases.domain.lifecycle import Action, State
from mainspring.capabilities.releases.domain.specification import (
    Specification,
    checked_specification,
)
from mainspring.kernel.errors import InvalidRequestError
from mainspring.snapshot.lifecycle import HeaderRule
from mainspring.snapshot.resources import ModelTarget

VERSION_PATTERN: Final = r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$"
ADOPTED_VERSION: Final = "initial"
"""What the release is called that a model's targets become when it gets its first other one."""
MAX_TARGETS: Final = 32
MAX_STEPS: Final = 20
MAX_SUBJECTS: Final = 1000
MAX_HEADERS: Final = 16
MAX_REASON: Final = 2000


class CanaryStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """One share of calls: ``weight`` percent for at least ``hold_s`` seconds.

    The next step also waits for ``min_calls`` calls of the canary in this one.
    """

    weight: int
    hold_s: float = 600.0
    min_calls: int = 100


DEFAULT_STEPS: Final = (CanaryStep(5), CanaryStep(25), CanaryStep(50))


class CanaryPlan(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Who gets the candidate, step by step.

    Callers in ``subjects`` (ids of keys, people or service accounts, projects, organisations) and
    calls with one of ``headers`` get it at every step. With ``by_user`` shares are of callers. With
    ``pin_header`` a call may choose its track, as soon as the release is deployed. ``advance`` goes
    on to the next step by itself when all is well, ``promote`` makes it stable after the last.
    """

    steps: tuple[CanaryStep, ...] = DEFAULT_STEPS
    subjects: tuple[str, ...] = ()
    headers: tuple[HeaderRule, ...] = ()
    by_user: bool = False
    pin_header: bool = True
    advance: bool = True
    promote: bool = False


class ScoreGuard(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which score of calls tells quality (higher is better), and how far its mean may fall."""

    name: str
    max_drop: float = 0.05
    min_scores: int = 50


class Guard(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """When a canary is rolled back by itself.

    Counting begins anew with each step and every ``window_s`` seconds. Over a whole canary the
    chance of a rollback without cause is at most ``1 - confidence``. Nothing is decided before the
    canary has ``min_calls`` calls. ``max_error_increase`` is a share of calls; ``None`` does not
    look at errors, and likewise for the others. Times to the first byte and of whole calls may be
    longer by their factor, at ``latency_quantile``, and by ``latency_slack_ms`` besides.
    """

    enabled: bool = True
    window_s: float = 600.0
    confidence: float = 0.95
    min_calls: int = 10
    max_error_increase: float | None = 0.02
    max_ttft_ratio: float | None = 1.5
    max_duration_ratio: float | None = 2.0
    latency_quantile: float = 0.95
    latency_slack_ms: float = 50.0
    score: ScoreGuard | None = None


class Check(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that was looked at; ``waived`` means it failed and was accepted all the same."""

    name: str
    passed: bool
    detail: str = ""
    waived: bool = False


class Verification(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was found when a release was verified; ``at`` is RFC 3339."""

    at: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Tell whether nothing stands against the release."""
        return all(each.passed or each.waived for each in self.checks)


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A version of a model; ``org_id`` is the model's.

    ``step`` counts into the plan's steps while it is a canary. ``stable_since`` is when it last
    became stable. ``replacement`` names the model that callers are told to use in its place.
    """

    id: str
    org_id: str | None
    model_id: str
    version: str
    state: State = State.REGISTERED
    targets: tuple[ModelTarget, ...]
    specification: Specification = Specification()
    plan: CanaryPlan = CanaryPlan()
    guard: Guard = Guard()
    verification: Verification | None = None
    step: int | None = None
    step_began_at: datetime | None = None
    stable_since: datetime | None = None
    deprecated_at: datetime | None = None
    sunset_at: datetime | None = None
    replacement: str | None = None
    link: str | None = None
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    @property
    def canary_step(self) -> CanaryStep | None:
        """Return the step that its canary is at."""
        if self.state is not State.CANARY or self.step is None:
            return None
        steps = self.plan.steps
        return steps[min(self.step, len(steps) - 1)]


class ReleaseChanges(msgspec.Struct, frozen=True):
    """What may change about a release; ``UNSET`` stays. Targets only while it takes no calls."""

    targets: tuple[ModelTarget, ...] | UnsetType = UNSET
    specification: Specification | UnsetType = UNSET
    plan: CanaryPlan | UnsetType = UNSET
    guard: Guard | UnsetType = UNSET


class ReleaseEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a release, by whom and why. It outlives the release and its model.

    ``seq`` is its place in the history, made when it is kept.
    """

    id: str
    at: datetime
    org_id: str | None
    model_id: str
    release_id: str
    version: str
    action: Action
    before: State | None
    after: State
    actor_kind: str
    actor_id: str
    reason: str
    details: dict[str, Any] = {}
    seq: int = 0


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided about a canary, and by which figures.

    Decisions in a row that say the same are one: ``repeats`` counts them, ``last_at`` is when the
    last was made, and the figures are its.
    """

    id: str
    at: datetime
    last_at: datetime
    org_id: str | None
    model_id: str
    release_id: str
    version: str
    step: int
    block: int
    verdict: str
    reason: str
    alpha: float
    figures: list[dict[str, Any]]
    repeats: int = 1


class ReleaseFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which releases."""

    model_id: str | None = None
    state: State | None = None


def checked_release(release: Release) -> Release:
    """Return ``release`` if all of it is acceptable.

    Raises:
        InvalidRequestError: naming the field that is not.
    """
    if not re.fullmatch(VERSION_PATTERN, release.version):
        raise InvalidRequestError(
            "a version has 1 to 64 letters, digits and . _ + -", param="version"
        )
    if not 1 <= len(release.targets) <= MAX_TARGETS:
        raise InvalidRequestError(f"a release has 1 to {MAX_TARGETS} targets", param="targets")
    if not any(target.weight > 0 for target in release.targets):
        raise InvalidRequestError("at least one target has a weight above 0", param="targets")
    _check_plan(release.plan)
    _check_guard(release.guard)
    return msgspec.structs.replace(
        release, specification=checked_specification(release.specification)
    )


def checked_reason(reason: str) -> str:
    """Return ``reason`` without blanks around it.

    Raises:
        InvalidRequestError: if it is too long, or holds what no text holds.
    """
    reason = reason.strip()
    if len(reason) > MAX_REASON or "\x00" in reason:
        raise InvalidRequestError(f"a reason has up to {MAX_REASON} characters", param="reason")
    return reason


def checked_link(link: str | None) -> str | None:
    """Return ``link`` if it is an address that may stand in a header.

    Raises:
        InvalidRequestError: if it is not.
    """
    if link is None:
        return None
    try:
        parts = urlsplit(link)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        fine = False
    if not fine or len(link) > 2000 or not re.fullmatch(r"[!#-;=?-~]+", link):
        raise InvalidRequestError("a link is an http(s) address in ASCII", param="link")
    return link


def pairs_of(release: Release) -> frozenset[tuple[str, str]]:
    """Return the targets of ``release`` as calls name them: upstream, and its name there."""
    return frozenset((each.upstream_id, each.upstream_model) for each in release.targets)


def _check_plan(plan: CanaryPlan) -> None:
    if not 1 <= len(plan.steps) <= MAX_STEPS:
        raise InvalidRequestError(f"a plan has 1 to {MAX_STEPS} steps", param="plan.steps")
    weights = [step.weight for step in plan.steps]
    if weights != sorted(weights) or not all(0 <= each <= 100 for each in weights):
        raise InvalidRequestError(
            "weights are percentages that grow from step to step", param="plan.steps"
        )
    if any(step.hold_s < 0 or step.min_calls < 0 for step in plan.steps):
        raise InvalidRequestError("a step's bounds are not negative", param="plan.steps")
    if len(plan.subjects) > MAX_SUBJECTS or len(plan.headers) > MAX_HEADERS:
        raise InvalidRequestError(
            f"a plan names up to {MAX_SUBJECTS} subjects and {MAX_HEADERS} headers", param="plan"
        )


def _check_guard(guard: Guard) -> None:
    bounds: Mapping[str, tuple[float | None, float, float]] = {
        "window_s": (guard.window_s, 1.0, 86_400.0),
        "confidence": (guard.confidence, 0.5, 0.9999),
        "min_calls": (guard.min_calls, 1, 1_000_000),
        "max_error_increase": (guard.max_error_increase, 0.0, 1.0),
        "max_ttft_ratio": (guard.max_ttft_ratio, 1.0, 1000.0),
        "max_duration_ratio": (guard.max_duration_ratio, 1.0, 1000.0),
        "latency_quantile": (guard.latency_quantile, 0.5, 0.99),
        "latency_slack_ms": (guard.latency_slack_ms, 0.0, 600_000.0),
    }
    for name, (value, least, most) in bounds.items():
        if value is not None and not least <= value <= most:
            raise InvalidRequestError(f"lies between {least:g} and {most:g}", param=f"guard.{name}")
