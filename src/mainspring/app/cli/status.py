"""``mainspring status``: what runs, and how it is."""

import time

import click

from mainspring.app.cli.banner import facts
from mainspring.app.cli.checks.platform import open_emergencies
from mainspring.app.cli.connection import client_settings, running_platform
from mainspring.app.cli.output import (
    CommandError,
    json_option,
    progress,
    result,
    result_json,
    table,
)
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode
from mainspring.app.home import Home
from mainspring.app.supervisor.state import PartCondition, PartState


@click.command("status", help=t("status.help"))
@json_option
def command(*, as_json: bool) -> None:
    """Show every part; the exit status says whether all are well."""
    state = running_platform(client_settings())
    if as_json:
        rows = {name: _row(part) for name, part in state.parts.items()}
        result_json({**facts(state), "parts": rows})
    else:
        columns = ("part", "state", "pid", "restarts", "since", "url")
        result(
            table(
                {column: t(f"status.{column}") for column in columns},
                [_row(part) for part in state.parts.values()],
            )
        )
    token = _admin_token()
    for each in (token and open_emergencies(state.control_url, token)) or ():
        progress(
            t(
                "doctor.break_glass",
                user=each["user_id"],
                role=each["role"],
                until=each["until"],
                reason=each["reason"],
            )
        )
    unwell = [p.name for p in state.parts.values() if p.state is not PartCondition.READY]
    if unwell:
        raise CommandError(
            t("status.unwell", parts=", ".join(unwell)),
            exit_code=ExitCode.UNHEALTHY,
            next_step=t("status.unwell.next", part=unwell[0]),
        )


def _admin_token() -> str | None:
    try:
        return Home(client_settings().home).admin_token.read_text(encoding="utf-8").strip()
    except OSError:
        return None


def _row(part: PartState) -> dict[str, object]:
    since = None
    if part.started_at_ms is not None:
        since = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(part.started_at_ms / 1000))
    return {
        "part": part.name,
        "role": part.role,
        "state": part.state.value,
        "pid": part.pid,
        "port": part.port,
        "restarts": part.restarts,
        "since": since,
        "last_exit": part.last_exit,
        "url": part.url,
    }
