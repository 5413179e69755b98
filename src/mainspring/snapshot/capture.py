"""Whether anything of a project's calls is kept."""

from typing import Final

from mainspring.snapshot.resources import Project

LEVELS: Final = ("off", "metadata", "redacted", "full")
_KEEPS: Final = frozenset(LEVELS[1:])


def captures(project: Project) -> bool:
    """Tell whether something is kept; a level from the future keeps nothing."""
    capture = project.capture
    return capture is not None and capture.level in _KEEPS and capture.sample > 0
