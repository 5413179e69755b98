"""What calls need from outside."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date
from typing import Protocol

import msgspec

from mainspring.capabilities.calls.domain import (
    Call,
    CallFilter,
    KeptRequest,
    KeptSpan,
    Replay,
    Score,
)
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

    async def add_replay(self, replay: Replay) -> None:
        """Keep that a call was made again."""
        ...

    async def replays(self, since: date, request_id: str, project_id: str) -> Sequence[Replay]:
        """Return how often a call was made again since that day, oldest first."""
        ...

    async def replay_of(self, since: date, request_id: str, project_id: str) -> Replay | None:
        """Return the replay that the call itself is, since that day, if it is one."""
        ...

    async def trace(
        self, trace_id: str, *, org_id: str | None, project_id: str | None, limit: int
    ) -> Sequence[KeptSpan]:
        """Return up to ``limit`` spans of a trace by their start, of one tenant or of all."""
        ...


class MadeCall(msgspec.Struct, frozen=True, kw_only=True):
    """What a gateway answered; ``truncated``: the body was longer than is read, and is not here."""

    request_id: str
    status: int
    body: bytes
    streamed: bool = False
    truncated: bool = False


class ModelCaller(Protocol):
    """Calls models through a gateway in somebody's own name; fails closed."""

    async def call(self, within: Scope, path: str, body: bytes) -> MadeCall:
        """Make a call of ``path`` in the project of ``within``, as its actor.

        Raises:
            GatewayUnreachableError: if the gateway does not answer, or not in time.
        """
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
