"""``mainspring up``: the supervisor, in this terminal or detached from it."""

import asyncio
import os
import subprocess
import sys
import time

import click

from mainspring.app.cli.banner import banner, facts
from mainspring.app.cli.output import CommandError, json_option, progress, result, result_json
from mainspring.app.cli.texts import t
from mainspring.app.environment import environment
from mainspring.app.exit_codes import ExitCode
from mainspring.app.home import Home
from mainspring.app.settings import SupervisorSettings
from mainspring.app.supervisor.state import PartCondition, RunState, read_running
from mainspring.app.variables import SUPERVISOR

_POLL_S = 0.1


@click.command("up", help=t("up.help"))
@click.option("-d", "--detach", is_flag=True, help=t("up.detach"))
@click.option("-q", "--quiet", is_flag=True, help=t("up.quiet"))
@json_option
def command(*, detach: bool, quiet: bool, as_json: bool) -> None:
    """Start the platform; return at once where it already runs."""
    settings = SUPERVISOR.read(environment())
    running = read_running(Home(settings.home).state_file)
    if running is not None and running.state is PartCondition.READY:
        _announce(running, t("up.running", pid=running.pid), detached=True, as_json=as_json)
    elif detach:
        _start_detached(settings, as_json=as_json)
    else:
        _run_here(settings, quiet=quiet, as_json=as_json)


def _run_here(settings: SupervisorSettings, *, quiet: bool, as_json: bool) -> None:
    try:
        from mainspring.app.supervisor.supervisor import (  # noqa: PLC0415 - heavy, and optional
            AlreadyRunningError,
            Ready,
            StartFailedError,
            Supervisor,
        )
    except ModuleNotFoundError as error:
        raise CommandError(
            t("up.extras", missing=error.name),
            exit_code=ExitCode.CONFIGURATION,
            next_step=t("up.extras.next"),
        ) from error
    from mainspring.kernel.clock import SystemClock  # noqa: PLC0415 - likewise

    def on_ready(ready: Ready) -> None:
        _tell_moves(settings, ready.state)
        headline = t("up.ready", seconds=ready.took_s)
        _announce(ready.state, headline, detached=False, as_json=as_json)

    if not quiet:
        progress(t("up.starting", home=settings.home))
    supervisor = Supervisor(
        settings,
        environment(),
        clock=SystemClock(),
        console=None if quiet else sys.stderr,
        on_ready=on_ready,
    )
    try:
        asyncio.run(supervisor.run())
    except AlreadyRunningError as error:
        raise _busy(settings) from error
    except OSError as error:  # most often: the data directory is not ours
        raise _failed(error) from error
    except StartFailedError as error:
        if quiet:
            for line in dict.fromkeys(error.lines):  # every attempt says the same
                progress(f"{error.part} | {line}")
        raise _failed(error) from error


def _start_detached(settings: SupervisorSettings, *, as_json: bool) -> None:
    """Start a supervisor in a session of its own, and wait until it is ready or has ended."""
    home = Home(settings.home)
    try:
        home.create()
    except OSError as error:
        raise _failed(error) from error
    progress(t("up.starting", home=settings.home))
    started = time.monotonic()
    output = home.log_file.with_name("up.log")
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        supervisor = subprocess.Popen(
            (sys.executable, "-P", "-m", "mainspring.app.cli.main", "up", "--quiet"),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            start_new_session=True,
        )
    try:
        state = _await_detached(home, supervisor)
    except KeyboardInterrupt:
        supervisor.terminate()
        supervisor.wait()
        raise
    if state is not None:
        _tell_moves(settings, state)
        headline = t("up.ready", seconds=time.monotonic() - started)
        _announce(state, headline, detached=True, as_json=as_json)
        return
    for line in output.read_text(encoding="utf-8", errors="replace").splitlines():
        progress(line)
    # It said why, in the lines above; its status is ours.
    raise SystemExit(supervisor.returncode if supervisor.returncode > 0 else ExitCode.START_FAILED)


def _await_detached(home: Home, supervisor: subprocess.Popen[bytes]) -> RunState | None:
    """Return the account of ``supervisor`` once it is ready, or ``None`` if it ended before."""
    while supervisor.poll() is None:
        state = read_running(home.state_file)
        if state is not None and state.pid == supervisor.pid and state.state is PartCondition.READY:
            return state
        time.sleep(_POLL_S)
    return None


def _tell_moves(settings: SupervisorSettings, state: RunState) -> None:
    """Say which of the ports that callers know had to be another one."""
    for part, wanted in (("gateway", settings.gateway_port), ("control", settings.control_port)):
        chosen = state.parts[part].port
        if wanted not in (0, chosen):
            progress(t("up.moved", wanted=wanted, chosen=chosen, part=part))


def _announce(state: RunState, headline: str, *, detached: bool, as_json: bool) -> None:
    if as_json:
        result_json(facts(state))
    else:
        result(banner(state, headline=headline, detached=detached))


def _failed(why: Exception) -> CommandError:
    return CommandError(
        t("up.failed", why=why),
        exit_code=ExitCode.START_FAILED,
        next_step=t("up.failed.next"),
    )


def _busy(settings: SupervisorSettings) -> CommandError:
    return CommandError(
        t("up.busy", home=settings.home),
        exit_code=ExitCode.ERROR,
        next_step=t("up.busy.next"),
    )
