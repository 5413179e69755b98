"""A chargeback report as a workbook (XLSX): a sheet of projects, a sheet of all lines."""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from mainspring.capabilities.metering.api import Chargeback
from mainspring.capabilities.metering.http.chargeback_texts import text
from mainspring.capabilities.metering.http.tables import amount
from mainspring.wire.texts import Language

_Cell = str | int | Decimal | None

_LONGEST: Final = 32_767
"""Characters that a cell may have."""

_WIDTHS: Final = {"organization": 24, "project": 24, "key": 24, "model": 32, "cost": 16}
_PROJECTS: Final = (
    "organization",
    "project",
    "requests",
    "tokens",
    "unpriced",
    "currency",
    "cost",
)
_LINES: Final = (
    "organization",
    "project",
    "key",
    "model",
    "requests",
    "tokens",
    "unpriced",
    "currency",
    "cost",
)


def workbook(report: Chargeback, lang: Language) -> bytes:
    """Return the file. Names stand in cells of text, which no spreadsheet takes for a formula."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"title": f"{text('title', lang)} {report.month}"})
        _fill(book, text("projects", lang), _PROJECTS, _project_rows(report), lang)
        _fill(book, text("lines", lang), _LINES, _line_rows(report), lang)
    return out.getvalue()


def _fill(
    book: Workbook,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[_Cell]],
    lang: Language,
) -> None:
    heading = book.add_format({"bold": True, "bottom": 1})
    money = book.add_format({"num_format": "#,##0.00####"})
    count = book.add_format({"num_format": "#,##0"})
    sheet: Worksheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, _WIDTHS.get(column, 12))
        sheet.write_string(0, number, text(column, lang), heading)
    last = 0
    for last, row in enumerate(rows, start=1):
        for number, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(last, number, value[:_LONGEST])
            elif value is not None:
                form = money if columns[number] == "cost" else count
                sheet.write_number(last, number, value, form)
    if last:
        sheet.autofilter(0, 0, last, len(columns) - 1)


def _project_rows(report: Chargeback) -> Iterable[Sequence[_Cell]]:
    for each in report.projects:
        counts: tuple[int | None, ...] = (each.requests, each.tokens, each.unpriced)
        for currency, nanos in each.costs.items() or ((None, None),):
            cost = None if nanos is None else amount(nanos)
            yield (each.organization, each.project, *counts, currency, cost)
            counts = (None, None, None)


def _line_rows(report: Chargeback) -> Iterable[Sequence[_Cell]]:
    for each in report.lines:
        cost = None if each.nanos is None else amount(each.nanos)
        yield (
            *(each.organization, each.project, each.key, each.model),
            *(each.requests, each.tokens, each.unpriced, each.currency, cost),
        )
