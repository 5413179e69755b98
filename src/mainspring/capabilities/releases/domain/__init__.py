"""Releases: values, states, permissions, and what follows from them."""

from mainspring.capabilities.releases.domain.counting import (
    Amount,
    Key,
    Watched,
    counted,
    scored,
)
from mainspring.capabilities.releases.domain.guarding import (
    Arm,
    Figure,
    Judgement,
    Moment,
    Moments,
    Verdict,
    block_of,
    judge,
)
from mainspring.capabilities.releases.domain.lifecycle import (
    CANDIDATE,
    LIVE,
    SERVING,
    Action,
    State,
    check_offline,
    check_step,
)
from mainspring.capabilities.releases.domain.routes import (
    Routes,
    candidate_of,
    previous_of,
    routes_of,
    serving_of,
)
from mainspring.capabilities.releases.domain.specification import (
    Artifact,
    Hardware,
    QualityFigure,
    Specification,
    differing_files,
)
from mainspring.capabilities.releases.domain.values import (
    ADOPTED_VERSION,
    MAX_HEADERS,
    MAX_REASON,
    MAX_STEPS,
    MAX_SUBJECTS,
    MAX_TARGETS,
    VERSION_PATTERN,
    CanaryPlan,
    CanaryStep,
    Check,
    Decision,
    Guard,
    Release,
    ReleaseChanges,
    ReleaseEvent,
    ReleaseFilter,
    ScoreGuard,
    Verification,
    checked_link,
    checked_reason,
    checked_release,
    pairs_of,
)
from mainspring.kernel.access import Permission

RELEASE_READ = Permission(
    "release:read", "See releases, their history and what guards them.", of_platform=True
)
RELEASE_WRITE = Permission(
    "release:write", "Register, change, verify and withdraw releases.", of_platform=True
)
RELEASE_OPERATE = Permission(
    "release:operate", "Bring releases into service and take them out.", of_platform=True
)

PERMISSIONS = (RELEASE_READ, RELEASE_WRITE, RELEASE_OPERATE)
"""Every permission of this capability."""

__all__ = [
    "ADOPTED_VERSION",
    "CANDIDATE",
    "LIVE",
    "MAX_HEADERS",
    "MAX_REASON",
    "MAX_STEPS",
    "MAX_SUBJECTS",
    "MAX_TARGETS",
    "PERMISSIONS",
    "RELEASE_OPERATE",
    "RELEASE_READ",
    "RELEASE_WRITE",
    "SERVING",
    "VERSION_PATTERN",
    "Action",
    "Amount",
    "Arm",
    "Artifact",
    "CanaryPlan",
    "CanaryStep",
    "Check",
    "Decision",
    "Figure",
    "Guard",
    "Hardware",
    "Judgement",
    "Key",
    "Moment",
    "Moments",
    "QualityFigure",
    "Release",
    "ReleaseChanges",
    "ReleaseEvent",
    "ReleaseFilter",
    "Routes",
    "ScoreGuard",
    "Specification",
    "State",
    "Verdict",
    "Verification",
    "Watched",
    "block_of",
    "candidate_of",
    "check_offline",
    "check_step",
    "checked_link",
    "checked_reason",
    "checked_release",
    "counted",
    "differing_files",
    "judge",
    "pairs_of",
    "previous_of",
    "routes_of",
    "scored",
    "serving_of",
]
