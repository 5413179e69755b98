"""``mainspring break-glass``: act at once and alone, and be asked about it afterwards."""

from itertools import islice
from typing import Any

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.output import json_option, progress, result, result_json, table
from mainspring.app.cli.texts import t


@click.group("break-glass", help=t("break-glass.help"))
def command() -> None:
    """Open, list, end, review."""


@command.command("open", help=t("break_glass.open.help"))
@click.option("--reason", required=True, help=t("break_glass.reason"))
@click.option("--minutes", default=30, show_default=True, help=t("break_glass.minutes"))
@click.option("--role", default="platform_admin", show_default=True, help=t("break_glass.role"))
@json_option
def open_glass(*, reason: str, minutes: int, role: str, as_json: bool) -> None:
    """Begin."""
    body = {"reason": reason, "minutes": minutes, "role": role}
    with control_client() as client:
        _told(client.post("/break-glass", body), as_json=as_json)


@command.command("list", help=t("break_glass.list.help"))
@click.option("--limit", default=50, show_default=True, help=t("changes.limit"))
@json_option
def list_emergencies(*, limit: int, as_json: bool) -> None:
    """List emergencies, newest first."""
    with control_client() as client:
        found = list(islice(client.items("/break-glass"), limit))
    if as_json:
        result_json({"items": found})
        return
    names = ("id", "user_id", "role", "until", "ended_at", "uses", "verdict")
    result(table({name: t(f"column.{name}") for name in names}, found))


@command.command("end", help=t("break_glass.end.help"))
@click.argument("emergency_id")
@json_option
def end(*, emergency_id: str, as_json: bool) -> None:
    """End it before its time."""
    with control_client() as client:
        _told(client.post(f"/break-glass/{emergency_id}/end", {}), as_json=as_json)


@command.command("review", help=t("break_glass.review.help"))
@click.argument("emergency_id")
@click.option(
    "--verdict",
    required=True,
    type=click.Choice(["justified", "unjustified"]),
    help=t("break_glass.verdict"),
)
@click.option("--text", default="", help=t("access.comment"))
@json_option
def review(*, emergency_id: str, verdict: str, text: str, as_json: bool) -> None:
    """Say whether it was right."""
    body = {"verdict": verdict, "text": text}
    with control_client() as client:
        _told(client.post(f"/break-glass/{emergency_id}/review", body), as_json=as_json)


def _told(found: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        result_json(found)
        return
    result(found["id"])
    progress(t("break_glass.until", role=found["role"], until=found["ended_at"] or found["until"]))
