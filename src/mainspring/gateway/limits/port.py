"""The limiter as the pipeline sees it."""

import asyncio
from collections.abc import Awaitable
from enum import StrEnum
from typing import Protocol

import msgspec

from mainspring.kernel.money import Money
from mainspring.snapshot.limits import Bound, Dimension, Period


class FailurePolicy(StrEnum):
    """What happens to traffic when the limiter's store cannot be asked."""

    OPEN = "open"
    """Calls pass unlimited, and are counted."""
    CLOSED = "closed"
    """Calls are refused."""
    LOCAL_SHARE = "local"
    """This process counts by itself, with its share of every limit."""
    CANNOT_FAIL = "cannot_fail"
    """There is no store outside this process."""


class Refusal:
    """A limit is used up: whose, which, and when to come back.

    ``retry_after_s`` is ``None`` where waiting cannot help, because the request alone exceeds
    the limit. ``currency`` is that of a budget, whose ``limit`` is nanos.
    """

    __slots__ = ("currency", "dimension", "limit", "period", "retry_after_s", "subject")

    def __init__(
        self,
        subject: str,
        dimension: Dimension,
        limit: int,
        retry_after_s: float | None,
        *,
        period: Period = "minute",
        currency: str = "",
    ) -> None:
        self.subject = subject
        self.dimension: Dimension = dimension
        self.limit = limit
        self.retry_after_s = retry_after_s
        self.period: Period = period
        self.currency = currency


class Allowance(msgspec.Struct, frozen=True):
    """The tightest bound of one dimension, for the answer's headers."""

    limit: int
    remaining: int
    reset_s: float


class Reservation(msgspec.Struct, eq=False, gc=False):
    """A lease on capacity, to be settled or released exactly once.

    One that is neither (a bug, a lost process) is released when its time is over.
    """

    tokens: int
    expires_at: float
    requests: Allowance | None = None
    token_allowance: Allowance | None = None
    closed: bool = False


Decision = Reservation | Refusal


class Limiter(Protocol):
    """Holds every bound of a call at once, or none.

    ``now`` is seconds on the clock that the limiter was made for; the same clock must be used in
    every call. Each limiter declares by ``on_failure`` how it fails.
    """

    on_failure: FailurePolicy

    @property
    def problem(self) -> str | None:
        """Return what keeps the limiter from its ordinary work, for health reports."""
        ...

    def reserve(
        self,
        bounds: tuple[Bound, ...],
        tokens: int,
        now: float,
        lease_s: float,
        cost: Money | None = None,
        *,
        place: bool = True,
    ) -> Decision | Awaitable[Decision]:
        """Reserve one request, ``tokens``, ``cost`` and one place under every bound.

        ``cost`` ``None`` is unknown; each budget says what that means. What runs in a place that
        is held already (a response of a session) takes no ``place``. A limiter inside this
        process answers at once; one that must ask a server returns an awaitable, so that the
        ordinary case never yields.
        """
        ...

    def settle(
        self, reservation: Reservation, tokens: int, now: float, cost: Money | None = None
    ) -> None:
        """End the lease; the call used ``tokens`` and cost ``cost``. Idempotent."""
        ...

    def release(self, reservation: Reservation, now: float) -> None:
        """End the lease of a call that reached no upstream: nothing was used. Idempotent."""
        ...

    def sweep(self, now: float) -> None:
        """End overdue leases and forget what is over; called every few seconds."""
        ...

    async def run(self) -> None:
        """Do what has to be done beside traffic, until cancelled."""
        ...

    async def close(self) -> None:
        """Let go of whatever is held outside this process."""
        ...


class UnlimitedLimiter:
    """Limits nothing: for installations that leave limits to something else."""

    on_failure = FailurePolicy.CANNOT_FAIL
    problem = None

    def reserve(
        self,
        bounds: tuple[Bound, ...],
        tokens: int,
        now: float,
        lease_s: float,
        cost: Money | None = None,
        *,
        place: bool = True,
    ) -> Decision:
        """Admit the call."""
        del bounds, cost, place
        return Reservation(tokens, now + lease_s)

    def settle(
        self, reservation: Reservation, tokens: int, now: float, cost: Money | None = None
    ) -> None:
        """End the lease."""
        del tokens, now, cost
        reservation.closed = True

    def release(self, reservation: Reservation, now: float) -> None:
        """End the lease."""
        del now
        reservation.closed = True

    def sweep(self, now: float) -> None:
        """Nothing is kept."""

    async def run(self) -> None:
        """Nothing is to be done."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Nothing is held."""
