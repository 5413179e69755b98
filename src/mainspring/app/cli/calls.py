"""``mainspring calls``: what projects keep of their calls."""

import click

from mainspring.app.cli.calls_replay import replay
from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import find_project
from mainspring.app.cli.moments import ago
from mainspring.app.cli.output import json_option, result, result_json, table
from mainspring.app.cli.texts import t

_PREVIEW = 40


@click.group("calls", help=t("calls.help"))
def command() -> None:
    """List and show, and make again."""


command.add_command(replay)


@command.command("list", help=t("calls.list.help"))
@click.option("--since", default="24h", show_default=True, help=t("calls.since"))
@click.option("-p", "--project", help=t("calls.project"))
@click.option("-m", "--model", help=t("calls.model"))
@click.option("-t", "--text", help=t("calls.text"))
@click.option("--session", help=t("calls.session"))
@click.option("--user", help=t("calls.user"))
@click.option("--failed", is_flag=True, help=t("calls.failed"))
@click.option(
    "-n",
    "--limit",
    default=50,
    show_default=True,
    type=click.IntRange(1, 200),
    help=t("calls.limit"),
)
@json_option
def list_calls(
    *,
    since: str,
    project: str | None,
    model: str | None,
    text: str | None,
    session: str | None,
    user: str | None,
    failed: bool,
    limit: int,
    as_json: bool,
) -> None:
    """List calls, newest first."""
    begin = ago(since)
    with control_client() as client:
        project_id = None if project is None else str(find_project(client, project)["id"])
        page = client.get(
            "/calls",
            since=begin.isoformat(),
            project_id=project_id,
            model=model,
            text=text,
            session_id=session,
            user_id=user,
            failed="true" if failed else None,
            limit=limit,
        )
    if as_json:
        result_json(page)
        return
    headings = {
        "at": t("column.at"),
        "model": t("column.model"),
        "outcome": t("column.outcome"),
        "duration": t("column.duration"),
        "input": t("column.input"),
        "output": t("column.output"),
        "id": t("column.id"),
    }
    rows = [
        {
            **call,
            "at": call["at"][:19].replace("T", " "),
            "duration": round(call["duration_ms"]),
            "input": _shortened(call["input_preview"]),
            "output": _shortened(call["output_preview"]),
        }
        for call in page["items"]
    ]
    result(table(headings, rows))


@command.command("show", help=t("calls.show.help"))
@click.argument("call_id")
@json_option
def show(*, call_id: str, as_json: bool) -> None:
    """Show every field of one call."""
    with control_client() as client:
        call = client.get(f"/calls/{call_id}")
    if as_json:
        result_json(call)
        return
    contents = {name: call.pop(name) for name in ("request", "answer", "scores")}
    rows = [{"field": name, "value": value} for name, value in call.items() if value is not None]
    result(table({key: t(f"column.{key}") for key in ("field", "value")}, rows))
    for name, value in contents.items():
        if value:
            result(f"\n{name}:")
            result_json(value)


def _shortened(text: str | None) -> str | None:
    if text is None or len(text) <= _PREVIEW:
        return text
    return text[:_PREVIEW] + "…"
