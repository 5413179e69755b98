"""``mainspring capacity``: how much more can be carried, and what a rate would need."""

from pathlib import Path

import click
import msgspec

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.loadtesting.estimate import (
    Demand,
    Estimate,
    Question,
    demand_of,
    estimate,
)
from mainspring.app.cli.loadtesting.figures import Report
from mainspring.app.cli.moments import ago
from mainspring.app.cli.output import CommandError, json_option, result, result_json, table
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode
from mainspring.kernel.clock import SystemClock

_MAX_REPORT_BYTES = 64 * 1024 * 1024


@click.command("capacity", help=t("capacity.help"))
@click.option(
    "--report",
    "path",
    type=click.Path(dir_okay=False, path_type=Path),
    help=t("capacity.report"),
)
@click.option("--ledger", is_flag=True, help=t("capacity.ledger"))
@click.option("--since", default="7d", show_default=True, help=t("capacity.since"))
@click.option("-m", "--model", help=t("capacity.model"))
@click.option(
    "--replicas",
    default=1,
    show_default=True,
    type=click.IntRange(1, 100_000),
    help=t("capacity.replicas"),
)
@click.option("--target-rate", type=click.FloatRange(0.001), help=t("capacity.target"))
@click.option(
    "--reserve",
    default=30.0,
    show_default=True,
    type=click.FloatRange(0, 95),
    help=t("capacity.reserve"),
)
@click.option(
    "--spare", default=1, show_default=True, type=click.IntRange(0, 1000), help=t("capacity.spare")
)
@click.option(
    "--peak-factor",
    default=2.0,
    show_default=True,
    type=click.FloatRange(1, 100),
    help=t("capacity.peak_factor"),
)
@json_option
def command(
    *,
    path: Path | None,
    ledger: bool,
    since: str,
    model: str | None,
    replicas: int,
    target_rate: float | None,
    reserve: float,
    spare: int,
    peak_factor: float,
    as_json: bool,
) -> None:
    """Reckon, and say what was taken for granted."""
    if path is None and not ledger:
        raise CommandError(t("capacity.nothing"), exit_code=ExitCode.USAGE)
    report = None if path is None else _read(path)
    model = model or (report.model if report is not None else None)
    demand = _demand(since, model) if ledger else None
    question = Question(
        replicas=replicas,
        reserve=reserve / 100,
        spare=spare,
        peak_factor=peak_factor,
        target=target_rate,
    )
    found = estimate(report, demand, question)
    if found is None:
        raise CommandError(
            t("capacity.unknown"),
            exit_code=ExitCode.REFUSED,
            next_step=t("capacity.unknown.next"),
        )
    if as_json:
        result_json(
            {
                "model": model,
                "demand": msgspec.to_builtins(demand),
                "estimate": msgspec.to_builtins(found),
                "question": msgspec.to_builtins(question),
            }
        )
        return
    _show(found, demand, question)


def _read(path: Path) -> Report:
    try:
        if path.stat().st_size > _MAX_REPORT_BYTES:
            raise CommandError(t("capacity.strange", path=path), exit_code=ExitCode.USAGE)
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CommandError(
            t("capacity.strange", path=path),
            exit_code=ExitCode.USAGE,
            next_step=t("capacity.strange.next"),
        ) from error
    except OSError as error:
        raise CommandError(str(error), exit_code=ExitCode.USAGE) from error


def _demand(since: str, model: str | None) -> Demand:
    begin = ago(since)
    hours = (SystemClock().now() - begin).total_seconds() / 3600
    with control_client() as client:
        report = client.get("/costs", since=begin.isoformat(), interval="hour", model=model)
    return demand_of(report, since=begin.isoformat(), hours=hours)


def _show(found: Estimate, demand: Demand | None, question: Question) -> None:
    rows: list[tuple[str, str]] = [
        ("per_replica", _rate(found.per_replica)),
        ("usable", _rate(found.usable)),
    ]
    if demand is not None:
        rows += [
            ("mean", _rate(demand.mean)),
            ("busiest_hour", _rate(demand.busiest_hour)),
            ("tokens", f"{demand.input_tokens:.0f} + {demand.output_tokens:.0f}"),
        ]
    if found.peak is not None and found.headroom is not None:
        rows += [
            ("peak", _rate(found.peak)),
            ("headroom", f"{found.headroom:.0%}"),
            ("replicas_for_peak", str(found.replicas_for_peak)),
        ]
    if found.target is not None:
        rows.append(("replicas_for_target", str(found.replicas_for_target)))
    result(
        table(
            {"name": t("column.field"), "value": t("column.value")},
            [
                {"name": t(f"capacity.{name}.name", count=found.replicas), "value": value}
                for name, value in rows
            ],
        )
    )
    result("\n" + t("capacity.assumptions"))
    for each in found.assumptions:
        words = t(
            f"capacity.assumption.{each}",
            weight=f"{found.weight:.2g}",
            factor=f"{question.peak_factor:g}",
        )
        result(f"- {words}")
    kept = t("capacity.kept", reserve=f"{question.reserve:.0%}", spare=question.spare)
    result(f"- {kept}")


def _rate(value: float) -> str:
    return t("capacity.rate", rate=f"{value:.3g}")
