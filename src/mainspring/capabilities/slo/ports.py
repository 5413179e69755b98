"""What objectives need from outside."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from mainspring.capabilities.slo.domain import Alert, AlertState, Slo, WindowSum
from mainspring.kernel.scope import Scope


class MinuteSum(msgspec.Struct, frozen=True):
    """The calls that arrived within one minute, and how many of them were bad."""

    at: datetime
    total: int
    bad: int


class SloRepository(Protocol):
    """Objectives, measures and alerts as one transaction sees them; fails closed."""

    async def add(self, slo: Slo) -> None:
        """Keep a new objective; ``ConflictError`` if its name is taken."""
        ...

    async def get(self, slo_id: str) -> Slo | None:
        """Return the objective, if there is one."""
        ...

    async def slos(self, *, after: str | None, limit: int) -> Sequence[Slo]:
        """Return up to ``limit`` objectives, oldest first."""
        ...

    async def count(self) -> int:
        """Return how many objectives there are."""
        ...

    async def replace(self, slo: Slo) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def remove(self, slo_id: str) -> None:
        """Remove the objective with its measures and alerts."""
        ...

    async def measured_until(self, slo_id: str) -> datetime | None:
        """Return up to when calls were counted."""
        ...

    async def put_minutes(
        self, slo_id: str, minutes: Sequence[MinuteSum], *, until: datetime
    ) -> None:
        """Write what was counted, over what was counted before of the same minutes."""
        ...

    async def forget_minutes(self, slo_id: str, *, before: datetime | None = None) -> None:
        """Drop minutes before a moment, or all of them and how far was counted."""
        ...

    async def sums(
        self, slo_id: str, since: Mapping[str, datetime], until: datetime
    ) -> Mapping[str, WindowSum]:
        """Return sums of the minutes in ``since <= at < until``, by the names in ``since``."""
        ...

    async def open_alert(self, slo_id: str) -> Alert | None:
        """Return the objective's open alert, if there is one."""
        ...

    async def put_alert(self, alert: Alert) -> None:
        """Write an alert, new or known."""
        ...

    async def alerts(
        self, *, state: AlertState | None, slo_id: str | None, before: str | None, limit: int
    ) -> Sequence[Alert]:
        """Return up to ``limit`` alerts, newest first."""
        ...


class SloStore(Protocol):
    """Opens transactions."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[SloRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...


class Telling(Protocol):
    """Takes alerts to people; fails closed: what it could not take is taken a minute later."""

    async def tell(self, burning: Sequence[tuple[Slo, Alert]]) -> None:
        """Take every alert that is open now; what was taken before and is not here is over."""
        ...


class TellNobody:
    """Leaves alerts in their list."""

    async def tell(self, burning: Sequence[tuple[Slo, Alert]]) -> None:
        """Do nothing."""


class Measures(Protocol):
    """Counts calls in the ledger; fails closed: without it nothing is judged."""

    async def minutes(self, slo: Slo, since: datetime, until: datetime) -> Sequence[MinuteSum]:
        """Return the sums of each minute in ``since <= at < until`` that had calls."""
        ...
