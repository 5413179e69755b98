"""What calls need from outside."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Protocol

from mainspring.capabilities.calls.domain import Call, CallFilter, KeptRequest, KeptSpan, Score
from mainspring.kernel.scope import Scope


class CallRepository(Protocol):
    """What is kept, as one transaction sees it; fails closed."""

    async def add_calls(self, calls: Sequence[tuple[Call, str]]) -> int:
        """Keep calls, each with the words it is found by; return how many were not there yet.

        ``ObservationRefusedError`` if the database cannot hold one of them.
        """
        ...

    async def add_spans(self, spans: Sequence[KeptSpan]) -> int:
        """Keep spans; return how many were not there yet. Refuses as ``add_calls``."""
        ...

    async def add_score(self, score: Score) -> None:
        """Keep a score."""
        ...

    async def calls(
        self, which: CallFilter, *, before: tuple[int, str] | None, limit: int
    ) -> Sequence[Call]:
        """Return up to ``limit`` calls, newest first, without contents; ``before`` is (ms, id)."""
        ...

    async def call(self, days: Collection[date], request_id: str) -> Call | None:
        """Return the call of that request, of one of those days, with its contents."""
        ...

    async def requests(
        self, days: Collection[date], request_ids: Collection[str]
    ) -> Sequence[KeptRequest]:
        """Return what was asked in those requests, of those days, as far as it was kept."""
        ...

    async def scores(self, since: date, request_id: str, project_id: str) -> Sequence[Score]:
        """Return the scores of a call since that day, oldest first."""
        ...

    async def trace(
        self, trace_id: str, *, org_id: str | None, project_id: str | None, limit: int
    ) -> Sequence[KeptSpan]:
        """Return up to ``limit`` spans of a trace by their start, of one tenant or of all."""
        ...


class ScoreFollower(Protocol):
    """Hears of scores; fails open: what it misses it does without."""

    async def scored(self, score: Score) -> None:
        """Take note of the first score of its name that a call was given."""
        ...


class NoScoreFollower:
    """Takes no note."""

    async def scored(self, score: Score) -> None:
        """Do nothing."""


class CallStore(Protocol):
    """Opens transactions, makes room for days, and drops days that are over."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[CallRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...

    async def ensure_days(self, days: Collection[date]) -> None:
        """Make sure that what belongs to those days can be kept."""
        ...

    async def drop_before(self, *, calls: date, spans: date) -> int:
        """Drop the days before these; return how many partitions went."""
        ...


class ObservationRefusedError(ValueError):
    """The database cannot hold something; the transaction is lost."""
