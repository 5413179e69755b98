"""``mainspring down``: stop the supervisor, and wait until nothing of the platform runs."""

import signal
import time

import click

from mainspring.app.cli.output import CommandError, json_option, progress, result, result_json
from mainspring.app.cli.texts import t
from mainspring.app.environment import environment, home_directory
from mainspring.app.home import Home
from mainspring.app.supervisor.state import RunState, read_state
from mainspring.infra.processes.identity import ProcessIdentity, end_all

_POLL_S = 0.05
_ORDERLY_S = 120.0
_LEFTOVERS_S = 10.0


@click.command("down", help=t("down.help"))
@json_option
def command(*, as_json: bool) -> None:
    """Stop the platform; what a killed supervisor left behind is ended as well."""
    state = read_state(Home(home_directory(environment())).state_file)
    stopped = state is not None and _stop(state)
    if as_json:
        result_json({"stopped": stopped})
    else:
        result(t("down.done") if stopped else t("down.nothing"))


def _stop(state: RunState) -> bool:
    """Stop what ``state`` tells of; return whether anything ran.

    Raises:
        CommandError: if something cannot be ended.
    """
    parts = [
        (part.process, signal.Signals(part.stop_signal))
        for part in state.parts.values()
        if part.process is not None
    ]
    everything = [state.supervisor, *(process for process, _ in parts)]
    if not _alive(everything):
        return False
    if state.supervisor.is_alive():
        progress(t("down.stopping", pid=state.pid))
        state.supervisor.send(signal.SIGTERM)
        deadline = time.monotonic() + _ORDERLY_S
        while state.supervisor.is_alive() and time.monotonic() < deadline:
            time.sleep(_POLL_S)
        state.supervisor.send(signal.SIGKILL)
    end_all(parts, patience_s=_LEFTOVERS_S, on_signal=lambda _process, _number: None)
    left = _alive(everything)
    if left:
        pids = " ".join(str(process.pid) for process in left)
        raise CommandError(t("down.left", pids=pids), next_step=t("down.left.next", pids=pids))
    return True


def _alive(processes: list[ProcessIdentity]) -> list[ProcessIdentity]:
    return [process for process in processes if process.is_alive()]
