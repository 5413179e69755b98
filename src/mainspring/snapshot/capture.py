"""How much is kept of calls: what a project wants, and what policies leave of it."""

from collections.abc import Iterable
from typing import Final

import msgspec

from mainspring.snapshot.policy_rules import CaptureRule
from mainspring.snapshot.resources import Capture, Project

LEVELS: Final = ("off", "metadata", "redacted", "full")
_KEEPS: Final = frozenset(LEVELS[1:])


class CaptureBound(msgspec.Struct, frozen=True, kw_only=True):
    """The most that several policies leave; the sources are ids of those that bound the most."""

    level: str
    level_source: str
    sample: float
    sample_source: str

    def narrows(self, capture: Capture) -> Capture:
        """Return what is left of ``capture``; never more than it."""
        return Capture(
            LEVELS[min(_depth(self.level), _depth(capture.level))],
            min(self.sample, capture.sample),
        )

    def bounds_level(self, capture: Capture) -> bool:
        """Tell whether less contents are kept than ``capture`` says."""
        return _depth(self.level) < _depth(capture.level)

    def bounds_sample(self, capture: Capture) -> bool:
        """Tell whether fewer calls are kept than ``capture`` says."""
        return self.sample < capture.sample


def keeps(capture: Capture | None) -> bool:
    """Tell whether something is kept; a level from the future keeps nothing."""
    return capture is not None and capture.level in _KEEPS and capture.sample > 0


def captures(project: Project) -> bool:
    """Tell whether a project wants something to be kept; policies can only leave less."""
    return keeps(project.capture)


def bound_of(rules: Iterable[tuple[str, CaptureRule]]) -> CaptureBound | None:
    """Return the narrowest of rules, each with the id of its policy, outermost first."""
    found = list(rules)
    if not found:
        return None
    # Of equals the outermost is told: it would hold without the others.
    level = min(found, key=lambda each: _depth(each[1].level))
    sample = min(found, key=lambda each: each[1].sample)
    return CaptureBound(
        level=LEVELS[_depth(level[1].level)],
        level_source=level[0],
        sample=sample[1].sample,
        sample_source=sample[0],
    )


def _depth(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else 0
