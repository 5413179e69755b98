"""Whether the ledger has what gateways counted, hour by hour.

A gateway's own counts come from its metrics, the ledger from records that travelled through the
spool: where both agree, nothing was lost on the way and nothing was booked twice.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from mainspring.wire.tallies import TallyReport

OTHER: Final = "other"
"""Under this a gateway counts the models beyond its bound."""

SETTLES_AFTER: Final = timedelta(minutes=5)
"""So long after it ended an hour is compared first: records take a moment."""

RECORDS_MAY_WAIT: Final = timedelta(hours=24)
"""What a spool still holds after that is taken for lost: somebody has to look."""

TOLERANCE: Final = 0.001
"""The share of an hour's calls, or tokens, that may differ. Of fewer than a thousand calls none
may; of more, one may have ended in the very millisecond in which the hour did."""

KEPT_DAYS: Final = 92
MAX_RECONCILIATION_RANGE: Final = timedelta(days=KEPT_DAYS)
_LONGEST_TEXT: Final = 500


class Agreement(StrEnum):
    """How an hour of a gateway stands."""

    WAITING = "waiting"
    """Not compared yet, or records are still on their way."""
    MATCHED = "matched"
    DRIFTED = "drifted"


class Count(msgspec.Struct, frozen=True, array_like=True):
    """Calls and tokens."""

    calls: int = 0
    tokens: int = 0

    def plus(self, other: "Count") -> "Count":
        """Return both together."""
        return Count(self.calls + other.calls, self.tokens + other.tokens)


class Reconciliation(msgspec.Struct, frozen=True, kw_only=True):
    """What one process of a gateway counted in an hour, and what the ledger has of it.

    ``epoch`` is the process: what it counted dies with it. The calls are those that ended in
    ``since <= end < until``; what ended between a gateway's last word and its sudden death is in
    no such window. ``counted`` and ``booked`` go by model. ``delivered`` says that every record
    of these calls had reached control.
    """

    gateway_id: str
    epoch: str
    since: datetime
    until: datetime
    delivered: bool
    counted: dict[str, Count]
    booked: dict[str, Count] | None = None
    state: Agreement = Agreement.WAITING
    checked_at: datetime | None = None

    @property
    def total_counted(self) -> Count:
        """Return all that the gateway counted."""
        return total_of(self.counted)

    @property
    def total_booked(self) -> Count | None:
        """Return all that the ledger has; ``None`` before the first comparison."""
        return None if self.booked is None else total_of(self.booked)

    @property
    def missing(self) -> bool:
        """Tell whether the ledger has less than was counted, in sum."""
        booked, counted = self.total_booked, self.total_counted
        if booked is None:
            return False
        return (booked.calls, booked.tokens) < (counted.calls, counted.tokens)


class ModelDifference(msgspec.Struct, frozen=True, kw_only=True):
    """A model whose calls or tokens differ."""

    model: str
    counted: Count
    booked: Count


def total_of(counts: Mapping[str, Count]) -> Count:
    """Return the sum over models."""
    whole = Count()
    for each in counts.values():
        whole = whole.plus(each)
    return whole


def tallies_of(report: TallyReport) -> list[Reconciliation]:
    """Return what ``report`` tells, not compared yet; a time that is none is left out."""
    found: list[Reconciliation] = []
    for window in report.windows:
        try:
            since = datetime.fromtimestamp(window.since_ms / 1000, UTC)
            until = datetime.fromtimestamp(window.until_ms / 1000, UTC)
        except (OverflowError, OSError, ValueError):
            continue
        found.append(
            Reconciliation(
                gateway_id=_text(report.gateway_id),
                epoch=_text(report.epoch),
                since=since,
                until=until,
                delivered=window.delivered,
                counted={
                    _text(each.model): Count(max(each.calls, 0), max(each.tokens, 0))
                    for each in window.models
                },
            )
        )
    return found


def differences(hour: Reconciliation) -> list[ModelDifference]:
    """Return the models that differ, by name.

    Where a gateway counted more models than it keeps apart, those that it did not name are
    compared together.
    """
    if hour.booked is None:
        return []
    booked: dict[str, Count] = {}
    for model, count in hour.booked.items():
        known = model if model in hour.counted or OTHER not in hour.counted else OTHER
        booked[known] = booked.get(known, Count()).plus(count)
    return [
        ModelDifference(
            model=model,
            counted=hour.counted.get(model, Count()),
            booked=booked.get(model, Count()),
        )
        for model in sorted(hour.counted.keys() | booked.keys())
        if hour.counted.get(model, Count()) != booked.get(model, Count())
    ]


def compared(
    hour: Reconciliation,
    booked: Mapping[str, Count],
    now: datetime,
    *,
    tolerance: float = TOLERANCE,
) -> Reconciliation:
    """Return ``hour`` as it stands with what the ledger has ``booked`` of it until ``now``.

    Less than was counted is no drift while the gateway says that records wait, for a day. What is
    judged is the sum and each model that the gateway named, so that one cannot make up for
    another.
    """
    seen = msgspec.structs.replace(hour, booked=dict(booked), checked_at=now)
    pairs = [(seen.total_counted, total_of(booked))]
    pairs += [(each.counted, each.booked) for each in differences(seen)]
    apart = [pair for pair in pairs if not _agree(*pair, tolerance)]
    if not apart:
        state = Agreement.MATCHED
    elif (
        not hour.delivered
        and now - hour.until < RECORDS_MAY_WAIT
        and all(there.calls <= counted.calls for counted, there in apart)
    ):
        state = Agreement.WAITING
    else:
        state = Agreement.DRIFTED
    return msgspec.structs.replace(seen, state=state)


def _agree(counted: Count, booked: Count, tolerance: float) -> bool:
    return all(
        abs(one - other) <= int(max(one, other) * tolerance)
        for one, other in zip(
            (counted.calls, counted.tokens), (booked.calls, booked.tokens), strict=True
        )
    )


def _text(value: str) -> str:
    return value.replace("\x00", "\N{REPLACEMENT CHARACTER}")[:_LONGEST_TEXT]
