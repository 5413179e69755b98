"""A report in words and rows, for the terminal and for the page alike."""

from collections import Counter
from collections.abc import Sequence

from mainspring.app.cli.loadtesting.figures import Report, Saturation, Spread, Stage
from mainspring.app.cli.texts import t

STAGE_COLUMNS = (
    "load",
    "requests",
    "done",
    "failed",
    "per_second",
    "tokens_per_second",
    "ttft_p50",
    "ttft_p95",
    "gap_p50",
    "latency_p50",
    "latency_p95",
    "latency_p99",
)


def label(column: str) -> str:
    """Return the heading of a column of :func:`stage_rows`."""
    kind, _, percentile = column.rpartition("_")
    if percentile.startswith("p") and percentile[1:].isdigit():
        return f"{t(f'loadtest.{kind}')} {percentile}"
    return t(f"column.{column}")


def stage_rows(stages: Sequence[Stage]) -> list[dict[str, object]]:
    """Return a row for each stage; times are milliseconds."""
    return [
        {
            "load": _load(stage),
            "requests": stage.requests,
            "done": stage.done,
            "failed": stage.failed,
            "per_second": f"{stage.throughput:.2f}",
            "tokens_per_second": f"{stage.output_rate:.1f}",
            "ttft_p50": _time(stage.ttft, stage.ttft.p50),
            "ttft_p95": _time(stage.ttft, stage.ttft.p95),
            "gap_p50": _time(stage.gaps, stage.gaps.p50),
            "latency_p50": _time(stage.latency, stage.latency.p50),
            "latency_p95": _time(stage.latency, stage.latency.p95),
            "latency_p99": _time(stage.latency, stage.latency.p99),
        }
        for stage in stages
    ]


def errors_of(stages: Sequence[Stage]) -> dict[str, int]:
    """Return all failures by code, most frequent first."""
    counts: Counter[str] = Counter()
    for stage in stages:
        counts.update(stage.errors)
    return dict(counts.most_common())


def conclusion(found: Saturation) -> str:
    """Return where it was too much, in a sentence."""
    if found.highest_good is None:
        if found.lowest_bad is None:
            return t("loadtest.conclusion.none")
        return t(
            "loadtest.conclusion.at_once",
            rate=f"{found.lowest_bad:.3g}",
            reason=t(f"loadtest.reason.{found.reason}"),
        )
    if found.lowest_bad is None:
        return t("loadtest.conclusion.open", rate=f"{found.highest_good:.3g}")
    return t(
        "loadtest.conclusion.found",
        good=f"{found.highest_good:.3g}",
        bad=f"{found.lowest_bad:.3g}",
        sustained=f"{found.sustained:.3g}",
        reason=t(f"loadtest.reason.{found.reason}"),
    )


def notes_of(report: Report) -> list[str]:
    """Return what to bear in mind when reading ``report``."""
    return [t(f"loadtest.note.{each}") for each in report.notes]


def _load(stage: Stage) -> str:
    if stage.clients is not None:
        return t("loadtest.load.clients", count=stage.clients)
    shown = t(
        "loadtest.load.rate", rate=f"{stage.offered if stage.rate is None else stage.rate:.3g}"
    )
    return f"{shown} *" if stage.saturated_by else shown


def _time(spread: Spread, value: float) -> str:
    if not spread.count:
        return "-"
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
