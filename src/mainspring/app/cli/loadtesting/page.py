"""A report as one HTML file: tables and charts, no script, nothing fetched from anywhere."""

from collections.abc import Mapping, Sequence
from html import escape

from mainspring.app.cli.language import language
from mainspring.app.cli.loadtesting.charts import Line, chart
from mainspring.app.cli.loadtesting.figures import Report, Share, Stage
from mainspring.app.cli.loadtesting.words import (
    STAGE_COLUMNS,
    conclusion,
    errors_of,
    label,
    notes_of,
    stage_rows,
)
from mainspring.app.cli.texts import t

_SOURCES = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse;display:block;overflow-x:auto}
th,td{padding:.25rem .6rem;border-bottom:1px solid #8884;text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left}
svg{width:100%;height:auto;margin:.5rem 0 1rem}
svg text{font-size:12px;fill:currentColor}
.grid{stroke:#8884;fill:none}.line{fill:none;stroke-width:2}
"""


def page(report: Report) -> str:
    """Return the whole file, in the present language."""
    title = t("loadtest.page.title", model=report.model)
    facts = {
        "url": report.url,
        "model": report.model,
        "mode": t(f"loadtest.mode.{report.mode}"),
        "started": report.started_at[:19].replace("T", " ") + " UTC",
    }
    parts = [
        f'<!doctype html><html lang="{language()}"><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width">',
        f'<meta http-equiv="Content-Security-Policy" content="{_SOURCES}">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>",
        _table(
            {"name": "", "value": ""},
            [{"name": t(f"loadtest.page.{name}"), "value": value} for name, value in facts.items()],
        ),
    ]
    if report.saturation is not None:
        parts.append(f"<p><strong>{escape(conclusion(report.saturation))}</strong></p>")
    parts += [f"<p>{escape(note)}</p>" for note in notes_of(report)]
    parts += [
        _heading("stages"),
        _table({name: label(name) for name in STAGE_COLUMNS}, stage_rows(report.stages)),
    ]
    errors = errors_of(report.stages)
    if errors:
        rows: list[dict[str, object]] = [
            {"code": code, "count": count} for code, count in errors.items()
        ]
        parts += [
            _heading("errors"),
            _table({name: t(f"column.{name}") for name in ("code", "count")}, rows),
        ]
    if len(report.stages) > 1:
        parts += [_heading("by_rate"), *_by_rate(report.stages)]
    parts += [_heading("spread"), *_spreads(report.stages)]
    parts += [_heading("time"), *_over_time(report.stages[-1])]
    return "\n".join(parts) + "</html>\n"


def _by_rate(stages: Sequence[Stage]) -> list[str]:
    ordered = sorted(stages, key=lambda each: each.offered)
    offered = t("loadtest.page.offered")
    return [
        chart(
            t("loadtest.page.throughput"),
            offered,
            t("loadtest.page.per_second"),
            [
                Line(offered, [(each.offered, each.offered) for each in ordered]),
                Line(
                    t("loadtest.page.answered"),
                    [(each.offered, each.throughput) for each in ordered],
                ),
            ],
        ),
        chart(
            t("loadtest.page.latency"),
            offered,
            "ms",
            [
                Line("p50", [(each.offered, each.latency.p50) for each in ordered]),
                Line("p95", [(each.offered, each.latency.p95) for each in ordered]),
                Line("TTFT p95", [(each.offered, each.ttft.p95) for each in _streamed(ordered)]),
            ],
        ),
    ]


def _spreads(stages: Sequence[Stage]) -> list[str]:
    chosen = _chosen(stages)
    percent = t("loadtest.page.percent")
    return [
        chart(
            t("loadtest.page.latency"),
            percent,
            "ms",
            [Line(_called(each), _points(each.latencies)) for each in chosen],
        ),
        chart(
            "TTFT",
            percent,
            "ms",
            [Line(_called(each), _points(each.first_tokens)) for each in chosen],
        ),
    ]


def _over_time(stage: Stage) -> list[str]:
    moments = stage.moments
    seconds = t("loadtest.page.seconds")
    return [
        chart(
            t("loadtest.page.throughput"),
            seconds,
            t("loadtest.page.per_second"),
            [
                Line(
                    t("column.done"), [(each.at_s, each.done / each.length_s) for each in moments]
                ),
                Line(
                    t("column.failed"),
                    [(each.at_s, each.failed / each.length_s) for each in moments],
                ),
            ],
        ),
        chart(
            t("loadtest.page.latency"),
            seconds,
            "ms",
            [
                Line("p50", [(each.at_s, each.latency_p50) for each in moments if each.done]),
                Line("p95", [(each.at_s, each.latency_p95) for each in moments if each.done]),
            ],
        ),
    ]


def _chosen(stages: Sequence[Stage]) -> list[Stage]:
    """Return the stages that tell most: the lowest rate, the highest good one, the first bad."""
    ordered = sorted(stages, key=lambda each: each.offered)
    good = [each for each in ordered if not each.saturated_by]
    bad = [each for each in ordered if each.saturated_by]
    found: list[Stage] = []
    for each in (*good[:1], *good[-1:], *bad[:1]):
        if each not in found:
            found.append(each)
    return found


def _called(stage: Stage) -> str:
    if stage.clients is not None:
        return t("loadtest.page.clients", count=stage.clients)
    return t("loadtest.page.rate", rate=f"{stage.offered:.3g}")


def _streamed(stages: Sequence[Stage]) -> list[Stage]:
    return [each for each in stages if each.ttft.count]


def _points(shares: Sequence[Share]) -> list[tuple[float, float]]:
    return [(each.percent, each.ms) for each in shares]


def _heading(name: str) -> str:
    return f"<h2>{escape(t(f'loadtest.page.{name}'))}</h2>"


def _table(columns: Mapping[str, str], rows: Sequence[Mapping[str, object]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in columns.values())
    lines = [
        "".join(f"<td>{escape(str(row.get(name, '')))}</td>" for name in columns) for row in rows
    ]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table>{f'<tr>{head}</tr>' if any(columns.values()) else ''}{body}</table>"
