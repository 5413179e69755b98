"""The one place that reads the environment. It imports nothing, so that help texts stay instant."""

import os
from collections.abc import Mapping
from pathlib import Path

HOME = "MAINSPRING_HOME"
DEFAULT_HOME = "~/.mainspring"


class SettingError(ValueError):
    """A variable of the environment cannot be used; ``name`` says which."""

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        self.problem = problem
        super().__init__(f"{name}: {problem}")


def environment() -> Mapping[str, str]:
    """Return the environment; nothing else in the platform reads it."""
    return os.environ


def home_directory(environ: Mapping[str, str]) -> Path:
    """Return the data directory, absolute."""
    return Path(environ.get(HOME) or DEFAULT_HOME).expanduser().absolute()
