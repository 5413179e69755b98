"""Compare the gateway with others: ``python -m benchmarks``, or ``make bench``.

Progress goes to stderr, the tables to stdout; ``--json`` keeps every sample. Loopback only. The
default run takes about five minutes, ``--quick`` about one.
"""

import sys
import tempfile
from pathlib import Path

import click
import msgspec

from benchmarks.contestants import CONTESTANTS
from benchmarks.harness import Cores, Harness, Sample, Scenario, Timing
from benchmarks.load import LoadResult
from benchmarks.processes import orderly_end
from benchmarks.report import Machine, Report, figures, insert, markdown, warnings


def make_scenarios(
    *,
    connections: tuple[int, ...],
    prompt_bytes: tuple[int, ...],
    streams: tuple[int, ...],
    idle: int,
    half_load: bool = False,
) -> list[Scenario]:
    """Return the scenarios of a run; memory comes first, while the gateways are fresh.

    With ``half_load``, each closed loop is followed by requests at half the rate that it reached.
    """
    found: list[Scenario] = []
    if idle:
        found.append(
            Scenario(name=f"{idle} idle streams", mode="idle", unit="stream", connections=idle)
        )
    for size in prompt_bytes:
        for count in connections:
            closed = Scenario(
                name=f"{count} connections, {size / 1000:g} kB",
                mode="closed",
                unit="request",
                connections=count,
                prompt_bytes=size,
            )
            found.append(closed)
            if half_load:
                found.append(
                    msgspec.structs.replace(
                        closed, name=f"Half load, {closed.name}", mode="paced", half_of=closed.name
                    )
                )
    found += [
        Scenario(name=f"{count} streams", mode="streams", unit="chunk", connections=count)
        for count in streams
    ]
    return found


@click.command(help=__doc__)
@click.option("--quick", is_flag=True, help="One short round: does it work, and roughly how?")
@click.option("--rounds", type=int, help="Interleaved rounds per scenario.  [default: 3]")
@click.option("--window", type=float, help="Seconds measured per run.  [default: 2.5]")
@click.option("--shared-cores", is_flag=True, help="Pin nothing: all processes on all cores.")
@click.option("--awake", is_flag=True, help="Load generator and upstream poll, never sleep.")
@click.option("--only", multiple=True, help="A contestant to run; may be repeated.")
@click.option("--connections", multiple=True, type=int, default=(64,), show_default=True)
@click.option("--prompt-bytes", multiple=True, type=int, default=(1000,), show_default=True)
@click.option("--streams", multiple=True, type=int, default=(50, 500), show_default=True)
@click.option("--idle", default=1000, show_default=True, help="Idle streams; 0 leaves them out.")
@click.option("--half-load", is_flag=True, help="Also measure latencies at half the rate.")
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write all samples.")
@click.option("--markdown", "md_path", type=click.Path(path_type=Path), help="Write the tables.")
@click.option(
    "--docs", "docs_path", type=click.Path(path_type=Path), help="Put the tables into this page."
)
@click.option("--keep", type=click.Path(path_type=Path), help="Keep logs and files here.")
def main(
    *,
    quick: bool,
    rounds: int | None,
    window: float | None,
    shared_cores: bool,
    awake: bool,
    only: tuple[str, ...],
    connections: tuple[int, ...],
    prompt_bytes: tuple[int, ...],
    streams: tuple[int, ...],
    idle: int,
    half_load: bool,
    json_path: Path | None,
    md_path: Path | None,
    docs_path: Path | None,
    keep: Path | None,
) -> None:
    """Run the comparison."""
    names = [contestant.name for contestant in CONTESTANTS]
    for name in only:
        if name not in names:
            raise click.BadParameter(f"{name!r} is none of {', '.join(names)}", param_hint="--only")
    timing = Timing(
        rounds=rounds or (1 if quick else 3),
        warmup_s=0.4 if quick else 0.7,
        window_s=window or (1.0 if quick else 2.5),
        awake=awake,
    )
    scenarios = make_scenarios(
        connections=connections,
        prompt_bytes=prompt_bytes,
        streams=streams,
        idle=idle,
        half_load=half_load,
    )
    with orderly_end(), tempfile.TemporaryDirectory(prefix="mainspring-bench-") as temporary:
        directory = keep or Path(temporary)
        directory.mkdir(parents=True, exist_ok=True)
        cores = Cores.shared() if shared_cores else Cores.of_this_machine()
        usual = tuple(contestant.name for contestant in CONTESTANTS if contestant.usual)
        report = run(scenarios, only or usual, directory, timing, cores)
    text = markdown(report, scenarios)
    sys.stdout.write(text)
    if json_path:
        json_path.write_bytes(msgspec.json.format(msgspec.json.encode(report)))
    if md_path:
        md_path.write_text(text)
    if docs_path:
        docs_path.write_text(insert(docs_path.read_text("utf-8"), text), "utf-8")
    if any(sample.result.errors for sample in report.samples):
        raise click.ClickException("some requests failed; see the warnings")


def run(
    scenarios: list[Scenario],
    only: tuple[str, ...],
    directory: Path,
    timing: Timing,
    cores: Cores,
) -> Report:
    """Run ``scenarios`` with the contestants named in ``only``."""
    chosen = [contestant for contestant in CONTESTANTS if contestant.name in only]

    def say(line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    harness = Harness(chosen, directory=directory, timing=timing, cores=cores, say=say)
    samples: list[Sample] = []
    ceilings: dict[str, LoadResult] = {}
    with harness.started():
        harness.burn_in()
        for scenario in scenarios:
            if scenario.mode in {"closed", "streams"}:
                ceilings[scenario.name] = harness.ceiling(scenario)
            samples.extend(harness.rounds(scenario))
    return Report(
        machine=Machine.this(),
        timing=timing,
        cores=harness.cores,
        contestants={contestant.name: contestant.version() for contestant in harness.contestants},
        does={contestant.name: contestant.does for contestant in harness.contestants},
        absent=harness.absent,
        ceilings=ceilings,
        figures=figures(harness.contestants, scenarios, samples),
        warnings=warnings(harness.cores, samples, scenarios),
        samples=samples,
    )


if __name__ == "__main__":
    main()
