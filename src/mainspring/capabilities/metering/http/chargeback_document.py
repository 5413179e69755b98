"""A chargeback report as a document (PDF): what it is about, a table of projects, one of all lines.

Latin texts are set in Helvetica, all others in STSong-Light: both are known to every viewer by name
and are in no file, so a report of any length is small.
"""

import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from threading import Lock
from typing import Final, NamedTuple

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from mainspring.capabilities.metering.api import Chargeback
from mainspring.capabilities.metering.http.chargeback_texts import text
from mainspring.capabilities.metering.http.tables import amount
from mainspring.wire.texts import Language

_HAN: Final = "STSong-Light"
_WIDTH, _HEIGHT = landscape(A4)
_MARGIN: Final = 40.0
_ROW: Final = 15.0
_SIZE: Final = 8.5
_LONGEST: Final = 200
_FOUR: Final = Decimal("0.0001")

_drawing = Lock()
"""The library keeps its fonts in one place for the whole process."""


class _Column(NamedTuple):
    name: str
    width: float
    right: bool = False


_PROJECTS: Final = (
    _Column("organization", 190),
    _Column("project", 220),
    _Column("requests", 80, right=True),
    _Column("tokens", 100, right=True),
    _Column("unpriced", 60, right=True),
    _Column("cost", 110, right=True),
)
_LINES: Final = (
    _Column("project", 170),
    _Column("key", 140),
    _Column("model", 190),
    _Column("requests", 60, right=True),
    _Column("tokens", 80, right=True),
    _Column("unpriced", 50, right=True),
    _Column("cost", 70, right=True),
)


def document(report: Chargeback, lang: Language) -> bytes:
    """Return the file."""
    with _drawing:
        pdfmetrics.registerFont(UnicodeCIDFont(_HAN))  # pyright: ignore[reportUnknownMemberType] - its stub says nothing of fonts
        out = io.BytesIO()
        pages = _Pages(out, report, lang)
        pages.facts()
        pages.table(text("projects", lang), _PROJECTS, _project_rows(report, lang))
        pages.table(text("lines", lang), _LINES, _line_rows(report))
        pages.close()
        return out.getvalue()


class _Pages:
    """Sets lines from top to bottom, page after page."""

    def __init__(self, out: io.BytesIO, report: Chargeback, lang: Language) -> None:
        self._report = report
        self._lang: Language = lang
        self._canvas = Canvas(out, pagesize=(_WIDTH, _HEIGHT), pageCompression=1, lang=lang)
        self._title = f"{text('title', lang)} {report.month}"
        self._canvas.setTitle(self._title)
        self._canvas.setAuthor("Mainspring")
        self._at = _HEIGHT - _MARGIN
        self._number = 1

    def facts(self) -> None:
        """Say what the report is about."""
        report, lang = self._report, self._lang
        self._line([(_MARGIN, self._title)], size=16, height=26)
        last = f"{report.since:%Y-%m-%d} – {report.until:%Y-%m-%d}"
        self._line([(_MARGIN, f"{text('period', lang)}: {last}")])
        self._line([(_MARGIN, f"{text('made_at', lang)}: {report.made_at:%Y-%m-%d %H:%M}")])
        if not report.complete:
            self._line([(_MARGIN, text("so_far", lang))])
        if report.totals.unpriced:
            note = text("unpriced_note", lang, count=f"{report.totals.unpriced:,}")
            self._line([(_MARGIN, note)])
        if not report.lines:
            self._line([(_MARGIN, text("nothing", lang))])

    def table(self, title: str, columns: Sequence[_Column], rows: Iterable[Sequence[str]]) -> None:
        """Set a table, its heading again on each page."""
        self._at -= _ROW
        if self._at < _MARGIN + 4 * _ROW:
            self._turn()
        self._line([(_MARGIN, title)], size=12, height=20)
        self._row(columns, [text(column.name, self._lang) for column in columns], ruled=True)
        for row in rows:
            if self._at < _MARGIN + 2 * _ROW:
                self._turn()
                names = [text(column.name, self._lang) for column in columns]
                self._row(columns, names, ruled=True)
            self._row(columns, row)

    def close(self) -> None:
        """End the last page and the file."""
        self._foot()
        self._canvas.save()

    def _row(
        self, columns: Sequence[_Column], cells: Sequence[str], *, ruled: bool = False
    ) -> None:
        at = _MARGIN
        placed: list[tuple[float, str]] = []
        for column, cell in zip(columns, cells, strict=True):
            shown, wide = _fitting(cell, column.width - 8)
            start = at + column.width - 8 - wide if column.right else at
            placed.append((start, shown))
            at += column.width
        self._line(placed)
        if ruled:
            under = self._at + _ROW - 4
            self._canvas.setLineWidth(0.5)
            self._canvas.line(_MARGIN, under, _WIDTH - _MARGIN, under)

    def _line(
        self,
        placed: Sequence[tuple[float, str]],
        *,
        size: float = _SIZE,
        height: float = _ROW,
    ) -> None:
        for start, words in placed:
            self._canvas.setFont(_font(words), size)
            self._canvas.drawString(start, self._at, words)
        self._at -= height

    def _turn(self) -> None:
        self._foot()
        self._canvas.showPage()
        self._at = _HEIGHT - _MARGIN
        self._number += 1

    def _foot(self) -> None:
        words = text("page", self._lang, number=self._number)
        self._canvas.setFont(_font(words), _SIZE)
        self._canvas.drawRightString(_WIDTH - _MARGIN, _MARGIN / 2, words)


def _project_rows(report: Chargeback, lang: Language) -> Iterable[Sequence[str]]:
    for each in report.projects:
        counts: Sequence[str] = (f"{each.requests:,}", f"{each.tokens:,}", f"{each.unpriced:,}")
        for cost in _costs(each.costs):
            yield (each.organization, each.project, *counts, cost)
            counts = ("", "", "")
    totals = report.totals
    counts = (f"{totals.requests:,}", f"{totals.tokens:,}", f"{totals.unpriced:,}")
    for cost in _costs(totals.costs):
        yield (text("total", lang), "", *counts, cost)
        counts = ("", "", "")


def _line_rows(report: Chargeback) -> Iterable[Sequence[str]]:
    for each in report.lines:
        cost = "" if each.nanos is None else f"{_rounded(each.nanos)} {each.currency}"
        counts = (f"{each.requests:,}", f"{each.tokens:,}", f"{each.unpriced:,}")
        yield (each.project, each.key, each.model, *counts, cost)


def _costs(costs: dict[str, int]) -> list[str]:
    return [f"{_rounded(nanos)} {currency}" for currency, nanos in costs.items()] or [""]


def _rounded(nanos: int) -> str:
    return f"{amount(nanos).quantize(_FOUR):,}"


def _font(words: str) -> str:
    return "Helvetica" if words.isascii() else _HAN


def _plain(words: str) -> str:
    """Return ``words`` in what the fonts can say: no control and no rarer characters."""
    return "".join(
        char if char.isprintable() and ord(char) <= 0xFFFF else "□"  # fonts know two bytes
        for char in words
    )


def _width(words: str) -> float:
    return float(pdfmetrics.stringWidth(words, _font(words), _SIZE))


@lru_cache(maxsize=4096)
def _fitting(words: str, width: float) -> tuple[str, float]:
    """Return ``words``, cut where they are wider than ``width``, and how wide they are then.

    Kept, as the same names stand in many lines.
    """
    shown = _plain(words[:_LONGEST])
    if len(words) <= _LONGEST and (wide := _width(shown)) <= width:
        return shown, wide
    most, least = len(shown), 0
    while least < most:
        middle = (least + most + 1) // 2
        if _width(shown[:middle] + "…") <= width:
            least = middle
        else:
            most = middle - 1
    shown = shown[:least] + "…"
    return shown, _width(shown)
