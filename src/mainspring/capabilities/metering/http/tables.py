"""Reports as tables for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from mainspring.capabilities.metering.api import CostReport, CostRow
from mainspring.capabilities.metering.domain import COLUMNS, COUNTS
from mainspring.capabilities.metering.domain.focus import amount
from mainspring.infra.web import as_text

_NAMED: Final = {
    "org_id": "organization",
    "project_id": "project",
    "key_id": "key",
    "upstream_id": "upstream",
}
"""Where the name of what a column names stands."""


def csv_of(columns: Sequence[str], lines: Iterable[Mapping[str, object]]) -> str:
    """Return a table; what a spreadsheet would take for a formula is marked as text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_cell(line.get(column)) for column in columns] for line in lines)
    return out.getvalue()


def columns_of(report: CostReport) -> list[str]:
    """Return the columns of a report: when, whose, how much, at what cost."""
    columns = ["start"] if report.interval is not None else []
    for dimension in report.by:
        column = COLUMNS[dimension]
        columns.append(column)
        if column in _NAMED:
            columns.append(_NAMED[column])
    return [*columns, *COUNTS, "currency", "cost", "saved", "gpu"]


def lines_of(report: CostReport) -> Iterable[dict[str, object]]:
    """Yield the lines of a report: for each currency of a group one.

    What was counted stands in a group's first line only, so that columns can be summed.
    """
    for row in report.items:
        known = _known(row)
        counts = {name: getattr(row, name) for name in COUNTS}
        for currency in list(row.costs) or [None]:
            yield {
                **known,
                **counts,
                "currency": currency,
                "cost": None if currency is None else amount(row.costs[currency]),
                "saved": None if currency is None else amount(row.saved.get(currency, 0)),
                "gpu": None if currency is None else amount(row.gpu.get(currency, 0)),
            }
            counts = {}


def _known(row: CostRow) -> dict[str, object]:
    known: dict[str, object] = {"start": None if row.start is None else row.start.isoformat()}
    for column, value in row.group.items():
        known[column] = value
        if column in _NAMED:
            known[_NAMED[column]] = row.names.get(column)
    return known


def _cell(value: object) -> object:
    if isinstance(value, str):
        return as_text(value)
    return format(value, "f") if isinstance(value, Decimal) else value
