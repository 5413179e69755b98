"""Who is told of runs and of their steps while they execute.

Failure policy: a watcher never raises and never holds a run up. The null implementation tells
nobody.
"""

from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from typing import Final, Protocol

TRACE_ARGUMENT: Final = "_traceparent"
"""Beside a run's arguments in the journal: the span that started it. A worker of another release,
which does not know it, passes it to a body that does not read it."""


class StepWatch(Protocol):
    """Is told of the steps of one run."""

    def step(self, name: str) -> AbstractContextManager[None]:
        """Be told of a step for as long as the block runs; journalled ones are not made again."""
        ...


class RunWatch(Protocol):
    """Is told of runs."""

    def run(self, job: str, run_id: str, parent: str | None) -> AbstractContextManager[StepWatch]:
        """Be told of a run for as long as the block runs; ``parent`` is what started it."""
        ...


class NoWatch:
    """Tells nobody."""

    @contextmanager
    def run(self, job: str, run_id: str, parent: str | None) -> Generator[StepWatch]:
        """Do nothing."""
        del job, run_id, parent
        yield self

    @contextmanager
    def step(self, name: str) -> Generator[None]:
        """Do nothing."""
        del name
        yield
