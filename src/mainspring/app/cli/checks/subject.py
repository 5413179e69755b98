"""What the doctor looks at: the environment, the data directory, and the run if there is one."""

from collections.abc import Mapping
from typing import Self

import msgspec

from mainspring.app.environment import home_directory
from mainspring.app.home import Home
from mainspring.app.supervisor.state import RunState, read_running


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """``run`` is the present account of the supervisor, ``None`` where none runs."""

    environ: Mapping[str, str]
    home: Home
    run: RunState | None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> Self:
        """Return the subject that ``environ`` points to."""
        home = Home(home_directory(environ))
        return cls(environ=environ, home=home, run=read_running(home.state_file))
