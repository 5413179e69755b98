"""What an organisation, and each of its projects, owes for a month."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from mainspring.capabilities.metering.domain.costs import CostReport, CostRow, CostSum, Dimension

CHARGED_BY: Final[tuple[Dimension, ...]] = ("organization", "project", "key", "model")

_MONTH: Final = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class ChargeLine(msgspec.Struct, frozen=True, kw_only=True):
    """The calls of one key with one model, in one currency.

    What was counted stands in the first line of several currencies only, so that lines can be
    summed. ``currency`` and ``nanos`` (billionths of it) are ``None`` where nothing had a price.
    """

    org_id: str
    organization: str
    project_id: str
    project: str
    key_id: str | None
    key: str
    model: str
    requests: int
    tokens: int
    unpriced: int
    currency: str | None
    nanos: int | None


class ProjectCharge(msgspec.Struct, frozen=True, kw_only=True):
    """What one project owes."""

    org_id: str
    organization: str
    project_id: str
    project: str
    requests: int
    tokens: int
    unpriced: int
    costs: dict[str, int]


class Chargeback(msgspec.Struct, frozen=True, kw_only=True):
    """A month's charges; while the month lasts, those so far."""

    month: str
    since: datetime
    until: datetime
    made_at: datetime
    projects: list[ProjectCharge]
    lines: list[ChargeLine]
    totals: CostSum

    @property
    def complete(self) -> bool:
        """Tell whether the month was over when this was made."""
        return self.until <= self.made_at


def month_before(now: datetime) -> str:
    """Return the month before the one of ``now``, by UTC."""
    first = now.astimezone(UTC).replace(day=1)
    return f"{first - timedelta(days=1):%Y-%m}"


def span_of(month: str) -> tuple[datetime, datetime] | None:
    """Return when ``month`` (``2026-10``, by UTC) begins and ends; ``None`` if it is not one."""
    match = _MONTH.fullmatch(month)
    if match is None:
        return None
    start = datetime(int(match[1]), int(match[2]), 1, tzinfo=UTC)
    return start, (start + timedelta(days=32)).replace(day=1)


def chargeback_of(month: str, report: CostReport, made_at: datetime) -> Chargeback:
    """Put a month's charges together from its sums by :data:`CHARGED_BY`, without intervals."""
    lines = [line for row in report.items for line in _lines(row)]
    lines.sort(
        key=lambda line: (
            *(line.organization, line.org_id, line.project, line.project_id),
            *(line.key, line.key_id or "", line.model),
        )
    )
    return Chargeback(
        month=month,
        since=report.since,
        until=report.until,
        made_at=made_at,
        projects=_projects(lines),
        lines=lines,
        totals=report.totals,
    )


def _lines(row: CostRow) -> Iterable[ChargeLine]:
    org_id, project_id = row.group["org_id"] or "", row.group["project_id"] or ""
    key_id = row.group["key_id"]
    whole = ChargeLine(
        org_id=org_id,
        organization=row.names.get("org_id", org_id),
        project_id=project_id,
        project=row.names.get("project_id", project_id),
        key_id=key_id,
        key=row.names.get("key_id", key_id or ""),
        model=row.group["model"] or "",
        requests=row.requests,
        tokens=row.tokens,
        unpriced=row.unpriced,
        currency=None,
        nanos=None,
    )
    if not row.costs:
        yield whole
    for number, (currency, nanos) in enumerate(row.costs.items()):
        counted = whole
        if number:
            counted = msgspec.structs.replace(whole, requests=0, tokens=0, unpriced=0)
        yield msgspec.structs.replace(counted, currency=currency, nanos=nanos)


def _projects(lines: Sequence[ChargeLine]) -> list[ProjectCharge]:
    groups: dict[tuple[str, str], list[ChargeLine]] = {}
    for line in lines:
        groups.setdefault((line.org_id, line.project_id), []).append(line)
    return [_charge(some) for some in groups.values()]


def _charge(lines: Sequence[ChargeLine]) -> ProjectCharge:
    first = lines[0]
    costs: dict[str, int] = {}
    for line in lines:
        if line.currency is not None and line.nanos is not None:
            costs[line.currency] = costs.get(line.currency, 0) + line.nanos
    return ProjectCharge(
        org_id=first.org_id,
        organization=first.organization,
        project_id=first.project_id,
        project=first.project,
        requests=sum(line.requests for line in lines),
        tokens=sum(line.tokens for line in lines),
        unpriced=sum(line.unpriced for line in lines),
        costs=dict(sorted(costs.items())),
    )
