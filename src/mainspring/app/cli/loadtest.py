"""``mainspring loadtest``: put load on a model and report how it was borne."""

from pathlib import Path
from typing import Any

import click
import msgspec

from mainspring.app.cli.connection import GatewayAccess, client_settings, gateway_access
from mainspring.app.cli.loadtesting.campaign import Plan, RefusedError, run
from mainspring.app.cli.loadtesting.exchange import Target
from mainspring.app.cli.loadtesting.figures import Report
from mainspring.app.cli.loadtesting.generator import Bounds
from mainspring.app.cli.loadtesting.page import page
from mainspring.app.cli.loadtesting.steps import Ladder, Tolerance
from mainspring.app.cli.loadtesting.tally import Tally
from mainspring.app.cli.loadtesting.words import (
    STAGE_COLUMNS,
    conclusion,
    errors_of,
    label,
    notes_of,
    stage_rows,
)
from mainspring.app.cli.loadtesting.workload import (
    Bodies,
    Piece,
    Shaping,
    WorkloadError,
    built_in_prompts,
    read_prompts,
    read_trace,
)
from mainspring.app.cli.output import (
    CommandError,
    json_option,
    progress,
    result,
    result_json,
    table,
)
from mainspring.app.cli.texts import t
from mainspring.app.environment import environment
from mainspring.app.exit_codes import ExitCode
from mainspring.gateway.http.sink import FailureKind
from mainspring.kernel.clock import SystemClock

_STEP_S = 10.0
_DURATION_S = 30.0
_MAX_TOKENS = 64
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW_FILE = click.Path(dir_okay=False, writable=True, path_type=Path)
_RATE = click.FloatRange(0.01, 100_000)


@click.command("loadtest", help=t("loadtest.help"))
@click.option("-m", "--model", help=t("loadtest.model"))
@click.option("--url", help=t("loadtest.url"))
@click.option("--key-env", metavar="NAME", help=t("loadtest.key_env"))
@click.option("--rate", type=_RATE, help=t("loadtest.rate.help"))
@click.option("--clients", type=click.IntRange(1, 10_000), help=t("loadtest.clients.help"))
@click.option("--trace", type=_FILE, help=t("loadtest.trace"))
@click.option("--steps", is_flag=True, help=t("loadtest.steps"))
@click.option("--prompts", type=_FILE, help=t("loadtest.prompts"))
@click.option("--max-tokens", type=click.IntRange(1), help=t("loadtest.max_tokens"))
@click.option("--stream/--no-stream", default=None, help=t("loadtest.stream"))
@click.option("--unique", is_flag=True, help=t("loadtest.unique"))
@click.option("--cached", is_flag=True, help=t("loadtest.cached"))
@click.option("--duration", type=click.FloatRange(0.1, 86_400), help=t("loadtest.duration"))
@click.option(
    "-n",
    "--requests",
    default=10_000,
    show_default=True,
    type=click.IntRange(1, 1_000_000),
    help=t("loadtest.requests"),
)
@click.option(
    "--max-in-flight",
    default=1000,
    show_default=True,
    type=click.IntRange(1, 20_000),
    help=t("loadtest.in_flight"),
)
@click.option(
    "--timeout",
    default=120.0,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    help=t("loadtest.timeout"),
)
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.001, 1000),
    help=t("loadtest.speed"),
)
@click.option("--max-rate", default=1000.0, show_default=True, type=_RATE, help=t("loadtest.most"))
@click.option(
    "--growth",
    default=1.5,
    show_default=True,
    type=click.FloatRange(1.05, 10),
    help=t("loadtest.growth"),
)
@click.option(
    "--refine",
    default=2,
    show_default=True,
    type=click.IntRange(0, 6),
    help=t("loadtest.refine"),
)
@click.option(
    "--max-failures",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0, 100),
    help=t("loadtest.max_failures"),
)
@click.option("--max-latency-ms", type=click.FloatRange(1), help=t("loadtest.max_latency"))
@click.option("--max-ttft-ms", type=click.FloatRange(1), help=t("loadtest.max_ttft"))
@click.option("--check", is_flag=True, help=t("loadtest.check"))
@click.option("--seed", default=0, show_default=True, help=t("loadtest.seed"))
@click.option("--no-warm-up", is_flag=True, help=t("loadtest.no_warm_up"))
@click.option("--save", type=_NEW_FILE, help=t("loadtest.save"))
@click.option("--html", type=_NEW_FILE, help=t("loadtest.html"))
@json_option
def command(
    *,
    as_json: bool,
    check: bool,
    save: Path | None,
    html: Path | None,
    **asked: Any,  # noqa: ANN401 - what click has checked
) -> None:
    """Put the load on; say how it goes on standard error."""
    options = msgspec.convert(asked, type=_Options)
    _one_mode(options)
    trace = None if options.trace is None else _read(read_trace, options.trace)
    bodies = _bodies(options, trace)
    access = _access(options)
    plan = _plan(options, trace)
    try:
        target = Target(
            access.url,
            access.api_key or None,
            connections=max(options.max_in_flight, options.clients or 0),
            timeout_s=options.timeout,
            cached=options.cached,
        )
    except ValueError as error:
        raise CommandError(str(error), exit_code=ExitCode.USAGE) from error
    progress(t("loadtest.begins", url=target.url, model=bodies.model))
    try:
        report = run(plan, target, bodies, SystemClock(), _tell)
    except RefusedError as error:
        away = error.code in set(FailureKind)
        raise CommandError(
            t("loadtest.refused", reason=str(error)),
            exit_code=ExitCode.UNREACHABLE if away else ExitCode.REFUSED,
            next_step=t("loadtest.refused.next"),
        ) from error
    if save is not None:
        _write(save, msgspec.json.format(msgspec.json.encode(report), indent=1).decode() + "\n")
    if html is not None:
        _write(html, page(report))
    if as_json:
        result_json(msgspec.to_builtins(report))
    else:
        _show(report)
    passed = [each.saturated_by for each in report.stages if each.saturated_by]
    if check and passed and report.mode != "steps":
        raise CommandError(
            t("loadtest.passed", reason=t(f"loadtest.reason.{passed[0]}")),
            exit_code=ExitCode.UNHEALTHY,
        )


class _Options(msgspec.Struct, frozen=True, kw_only=True):
    model: str | None
    url: str | None
    key_env: str | None
    rate: float | None
    clients: int | None
    trace: Path | None
    steps: bool
    prompts: Path | None
    max_tokens: int | None
    stream: bool | None
    unique: bool
    cached: bool
    duration: float | None
    requests: int
    max_in_flight: int
    timeout: float
    speed: float
    max_rate: float
    growth: float
    refine: int
    max_failures: float
    max_latency_ms: float | None
    max_ttft_ms: float | None
    seed: int
    no_warm_up: bool


def _one_mode(options: _Options) -> None:
    modes = (options.rate is not None or options.steps, options.clients is not None)
    if sum((*modes, options.trace is not None)) > 1:
        raise CommandError(t("loadtest.one_mode"), exit_code=ExitCode.USAGE)
    if options.trace is not None and options.prompts is not None:
        raise CommandError(t("loadtest.one_source"), exit_code=ExitCode.USAGE)
    if options.url is None and options.key_env is not None:
        raise CommandError(t("loadtest.key_without_url"), exit_code=ExitCode.USAGE)


def _bodies(options: _Options, trace: list[Piece] | None) -> Bodies:
    if trace is not None:
        bodies = [piece.body for piece in trace]
        stream, max_tokens = options.stream, options.max_tokens
    else:
        bodies = (
            built_in_prompts() if options.prompts is None else _read(read_prompts, options.prompts)
        )
        stream = options.stream is not False
        max_tokens = options.max_tokens or _MAX_TOKENS
    if options.model is None and not all(each.get("model") for each in bodies):
        raise CommandError(t("loadtest.no_model"), exit_code=ExitCode.USAGE)
    return Bodies(
        bodies,
        Shaping(model=options.model, max_tokens=max_tokens, stream=stream, unique=options.unique),
    )


def _access(options: _Options) -> GatewayAccess:
    """Return where to send to. The platform's own key never goes to a URL that was given."""
    if options.url is None:
        return gateway_access(client_settings())
    key = "" if options.key_env is None else environment().get(options.key_env, "").strip()
    if options.key_env is not None and not key:
        raise CommandError(
            t("loadtest.no_key", name=options.key_env), exit_code=ExitCode.CONFIGURATION
        )
    return GatewayAccess(options.url, key)


def _plan(options: _Options, trace: list[Piece] | None) -> Plan:
    duration_s = options.duration
    ladder = None
    if options.steps:
        duration_s = duration_s or _STEP_S
        first = options.rate or 1.0
        ladder = Ladder(
            first=first,
            growth=options.growth,
            most=max(options.max_rate, first),
            refine=options.refine,
            step_s=duration_s,
        )
    elif trace is not None and duration_s is None:
        duration_s = trace[-1].at_s / options.speed
    return Plan(
        bounds=Bounds(
            duration_s=_DURATION_S if duration_s is None else duration_s,
            requests=options.requests,
            under_way=options.max_in_flight,
            timeout_s=options.timeout,
        ),
        rate=None if trace is not None or options.clients else options.rate or 1.0,
        clients=options.clients,
        trace=trace,
        speed=options.speed,
        ladder=ladder,
        tolerance=Tolerance(
            failures=options.max_failures / 100,
            latency_ms=options.max_latency_ms,
            ttft_ms=options.max_ttft_ms,
        ),
        seed=options.seed,
        streamed=options.stream is not False,
        warm_up=not options.no_warm_up,
    )


def _read(reader: Any, path: Path) -> Any:  # noqa: ANN401 - one of two readers
    try:
        return reader(path)
    except (WorkloadError, OSError) as error:
        raise CommandError(str(error), exit_code=ExitCode.USAGE) from error


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(str(error)) from error
    progress(t("loadtest.written", path=path))


def _tell(tally: Tally) -> None:
    progress(
        t(
            "loadtest.progress",
            sent=tally.requests,
            done=tally.done,
            failed=tally.failed,
            under_way=tally.under_way,
            p95=round(tally.latency.percentile(0.95) * 1000),
        )
    )


def _show(report: Report) -> None:
    result(table({name: label(name) for name in STAGE_COLUMNS}, stage_rows(report.stages)))
    errors = errors_of(report.stages)
    if errors:
        headings = {name: t(f"column.{name}") for name in ("code", "count")}
        rows = [{"code": code, "count": count} for code, count in errors.items()]
        result("\n" + table(headings, rows))
    if report.saturation is not None:
        result("\n" + conclusion(report.saturation))
    for note in notes_of(report):
        progress(note)
