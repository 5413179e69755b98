"""From samples to medians, ratios and warnings; as JSON and as Markdown."""

import os
import platform
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import msgspec

from benchmarks.contestants import Contestant
from benchmarks.harness import Cores, Sample, Scenario, Timing
from benchmarks.load import LoadResult

FEEDER_SATURATED = 0.92
"""Share of their core from which load generator and upstream may be what is measured."""

OTHERS_BUSY = 0.10
"""Share of the machine that other programs may take before a run is called noisy."""

YARDSTICK = "nginx"

BEGIN = "<!-- figures: written by `make bench`, not by hand -->"
END = "<!-- end of figures -->"
SCALE_BEGIN = "<!-- figures of scale: written by `python -m benchmarks.scale`, not by hand -->"
SCALE_END = "<!-- end of figures of scale -->"
VOLUME_BEGIN = "<!-- figures of volume: written by `python -m benchmarks.volume`, not by hand -->"
VOLUME_END = "<!-- end of figures of volume -->"


class Figure(msgspec.Struct, frozen=True):
    """The median of one contestant under one scenario, with the spread of the rounds.

    ``cost`` is CPU microseconds per unit, for idle streams bytes of memory per stream. ``ratio``
    is ``cost`` over the yardstick's in the same run (``None`` without one). ``rate`` is units a
    second, ``memory_bytes`` the proportional set size at the end of the window. ``added_*`` is, of
    a paced load, what the gateway adds to the latency of the same requests sent straight.
    """

    contestant: str
    scenario: str
    unit: str
    cost: float
    cost_low: float
    cost_high: float
    ratio: float | None
    rate: float
    p50_ms: float
    p99_ms: float
    memory_bytes: float
    gateway_share: float
    feeder_share: float
    errors: int
    added_p50_ms: float = 0.0
    added_p99_ms: float = 0.0


class Machine(msgspec.Struct, frozen=True):
    """Where the run took place."""

    cpu: str
    cores: int
    kernel: str
    python: str

    @classmethod
    def this(cls) -> "Machine":
        """Describe this machine without naming it."""
        cpu = platform.processor()
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                cpu = line.partition(":")[2].strip()
                break
        return cls(
            cpu,
            len(os.sched_getaffinity(0)),
            f"Linux {platform.release().partition('-')[0]}",
            platform.python_version(),
        )


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about one run."""

    machine: Machine
    timing: Timing
    cores: Cores
    contestants: dict[str, str]
    does: dict[str, str]
    absent: dict[str, str]
    ceilings: dict[str, LoadResult]
    figures: list[Figure]
    warnings: list[str]
    samples: list[Sample]


def _cost(sample: Sample, scenario: Scenario) -> float:
    gateway = sample.result.watched["gateway"]
    if scenario.unit == "stream":
        grown = gateway.resident_bytes - gateway.resident_before_bytes
        return grown / scenario.connections
    count = sample.result.requests if scenario.unit == "request" else sample.result.events
    return gateway.cpu_s / count * 1e6 if count else float("nan")


def figures(
    contestants: list[Contestant], scenarios: list[Scenario], samples: list[Sample]
) -> list[Figure]:
    """Return the medians, scenario by scenario in the contestants' order."""
    found: list[Figure] = []
    for scenario in scenarios:
        mine = [sample for sample in samples if sample.scenario == scenario.name]
        by_name = {
            contestant.name: [s for s in mine if s.contestant == contestant.name]
            for contestant in contestants
        }
        yard = [_cost(sample, scenario) for sample in by_name.get(YARDSTICK, [])]
        for name, runs in by_name.items():
            if not runs:
                continue
            costs = [_cost(run, scenario) for run in runs]
            results = [run.result for run in runs]
            found.append(
                Figure(
                    contestant=name,
                    scenario=scenario.name,
                    unit=scenario.unit,
                    cost=median(costs),
                    cost_low=min(costs),
                    cost_high=max(costs),
                    ratio=median(costs) / median(yard) if yard and median(yard) > 0 else None,
                    rate=median(
                        (r.requests if scenario.unit == "request" else r.events) / r.window_s
                        for r in results
                    ),
                    p50_ms=median(r.latency_ms.get("p50", 0.0) for r in results),
                    p99_ms=median(r.latency_ms.get("p99", 0.0) for r in results),
                    memory_bytes=median(r.watched["gateway"].resident_bytes for r in results),
                    gateway_share=median(run.cpu_share for run in runs),
                    feeder_share=median(run.feeder_share for run in runs),
                    errors=sum(r.errors for r in results),
                    added_p50_ms=median(run.added_ms("p50") for run in runs),
                    added_p99_ms=median(run.added_ms("p99") for run in runs),
                )
            )
    return found


def warnings(cores: Cores, samples: list[Sample], scenarios: list[Scenario]) -> list[str]:
    """Say what makes a figure doubtful: a saturated feeder, a busy machine, errors, lost pace."""
    by_name = {scenario.name: scenario for scenario in scenarios}
    feeder_cores = len({*cores.upstream, *cores.load})
    machine_cores = len({*cores.gateway, *cores.upstream, *cores.load})
    noise: list[float] = []
    doubts: dict[tuple[str, str], dict[str, list[str]]] = {}
    for sample in samples:
        share = sample.result.other_cpu_s / sample.result.window_s / machine_cores
        if share > OTHERS_BUSY:
            noise.append(share)
        kinds = doubts.setdefault((sample.scenario, sample.contestant), {})
        for kind, value in _doubts(sample, by_name[sample.scenario], feeder_cores):
            kinds.setdefault(kind, []).append(value)
    found = [
        f"{scenario}, {contestant}: {kind.format(', '.join(values))}"
        for (scenario, contestant), kinds in doubts.items()
        for kind, values in kinds.items()
    ]
    if noise:
        found.append(
            f"other programs used more than {OTHERS_BUSY:.0%} of the machine in {len(noise)} of "
            f"{len(samples)} runs, in the median {median(noise):.0%}"
        )
    return found


def _doubts(sample: Sample, scenario: Scenario, feeder_cores: int) -> Iterator[tuple[str, str]]:
    """Tell what is doubtful about one run: a sentence with a gap, and what fills the gap."""
    result = sample.result
    if sample.feeder_share > FEEDER_SATURATED * feeder_cores:
        yield (
            "load generator and upstream used {} of their core: the rate is theirs",
            f"{sample.feeder_share:.0%}",
        )
    if result.errors:
        yield "errors: {}", f"{result.errors} ({result.first_error})"
    if scenario.mode == "streams":
        expected = scenario.connections * 1000 / scenario.pace_ms * result.window_s
        if result.events < 0.9 * expected:
            yield "of the paced events only {} came through", f"{result.events / expected:.0%}"
    if scenario.mode == "idle" and result.open_streams < scenario.connections:
        yield "only {} streams opened", str(result.open_streams)
    if sample.left_open:
        yield "{} upstream streams outlived their client", str(sample.left_open)


def markdown(report: Report, scenarios: list[Scenario]) -> str:
    """Return the report as Markdown tables."""
    machine = report.machine
    timing = report.timing
    lines = [f"Machine: {machine.cpu}, {machine.cores} cores, {machine.kernel}."]
    lines += [f"Python {machine.python}; {timing.rounds} rounds of {timing.window_s:g} s, medians;"]
    lines += ["in brackets the lowest and the highest round.", ""]
    for scenario in scenarios:
        rows = [figure for figure in report.figures if figure.scenario == scenario.name]
        if not rows:
            continue
        lines += [f"### {scenario.name}", ""]
        lines += _memory_table(rows) if scenario.unit == "stream" else _cost_table(rows, scenario)
        lines.append("")
    lines += [
        "### What each of them does",
        "",
        "| gateway | version | work done |",
        "|---|---|---|",
    ]
    lines += [
        f"| {name} | {report.contestants[name]} | {does} |" for name, does in report.does.items()
    ]
    if report.ceilings:
        lines += ["", "### The feeders alone (no gateway between)", ""]
        lines += [_ceiling_line(name, result) for name, result in report.ceilings.items()]
    for title, items in (("Left out", report.absent), ("Warnings", report.warnings)):
        if items:
            lines += ["", f"### {title}", ""]
            texts = [f"{k}: {v}" for k, v in items.items()] if isinstance(items, dict) else items
            lines += [f"- {text}" for text in texts]
    return "\n".join(lines) + "\n"


def insert(page: str, tables: str, *, begin: str = BEGIN, end: str = END) -> str:
    """Return ``page`` with ``tables`` between its two marks, in place of what was there.

    Raises:
        ValueError: if the page has no such marks.
    """
    before, first, rest = page.partition(begin)
    _, last, after = rest.partition(end)
    if not first or not last:
        raise ValueError(f"the page has no place for tables, between {begin} and {end}")
    return f"{before}{begin}\n\n{tables}\n{end}{after}"


def _ceiling_line(name: str, result: LoadResult) -> str:
    events = result.events or result.requests
    return (
        f"- {name}: {events / result.window_s:,.0f} a second; load generator "
        f"{result.load_cpu_s / events * 1e6:.1f} µs each, upstream "
        f"{result.watched['upstream'].cpu_s / events * 1e6:.1f} µs each"
    )


def _ratio(figure: Figure) -> str:
    return "" if figure.ratio is None else f"{figure.ratio:.2f}"


def _cost_table(rows: list[Figure], scenario: Scenario) -> list[str]:
    unit = scenario.unit
    latency = "" if unit == "request" else " to the first event"
    titles = ["gateway", f"CPU µs per {unit}", f"× {YARDSTICK}", f"{unit}s/s"]
    titles += [f"p50 ms{latency}", f"p99 ms{latency}"]
    paced = scenario.mode == "paced"
    if paced:
        titles += ["added p50 ms", "added p99 ms"]
    titles += ["gateway's core", "feeders' core"]
    cells = [
        [
            row.contestant,
            f"{row.cost:.1f} ({row.cost_low:.1f} to {row.cost_high:.1f})",
            _ratio(row),
            f"{row.rate:,.0f}",
            f"{row.p50_ms:.2f}",
            f"{row.p99_ms:.2f}",
            *([f"{row.added_p50_ms:.2f}", f"{row.added_p99_ms:.2f}"] if paced else []),
            f"{row.gateway_share:.0%}",
            f"{row.feeder_share:.0%}",
        ]
        for row in sorted(rows, key=lambda row: row.cost)
    ]
    return _table(titles, cells)


def _memory_table(rows: list[Figure]) -> list[str]:
    titles = ["gateway", "memory MB", "kB per idle stream", f"× {YARDSTICK}"]
    cells = [
        [row.contestant, f"{row.memory_bytes / 1e6:.1f}", f"{row.cost / 1e3:.1f}", _ratio(row)]
        for row in sorted(rows, key=lambda row: row.cost)
    ]
    return _table(titles, cells)


def _table(titles: list[str], cells: list[list[str]]) -> list[str]:
    head = ["| " + " | ".join(titles) + " |", "|---" + "|---:" * (len(titles) - 1) + "|"]
    return head + ["| " + " | ".join(row) + " |" for row in cells]
