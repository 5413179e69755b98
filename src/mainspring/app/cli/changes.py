"""``mainspring changes``: what waits for a second person, and who decides it."""

from itertools import islice
from typing import Any

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.output import json_option, progress, result, result_json, table
from mainspring.app.cli.texts import t

_STATES = ("pending", "approved", "executed", "failed", "rejected", "withdrawn", "expired")


@click.group("changes", help=t("changes.help"))
def command() -> None:
    """List, show, decide, set."""


@command.command("list", help=t("changes.list.help"))
@click.option("--state", type=click.Choice(_STATES), help=t("changes.state"))
@click.option("--limit", default=50, show_default=True, help=t("changes.limit"))
@json_option
def list_changes(*, state: str | None, limit: int, as_json: bool) -> None:
    """List changes, newest first."""
    with control_client() as client:
        found = list(islice(client.items("/changes", state=state), limit))
    if as_json:
        result_json({"items": found})
        return
    names = ("id", "state", "operation", "path", "author_id", "expires_at")
    result(table({name: t(f"column.{name}") for name in names}, found))


@command.command("show", help=t("changes.show.help"))
@click.argument("change_id")
@json_option
def show(*, change_id: str, as_json: bool) -> None:
    """Show a change with the request that it is."""
    with control_client() as client:
        found = client.get(f"/changes/{change_id}")
    if as_json:
        result_json(found)
        return
    rows = [{"field": name, "value": value} for name, value in found.items() if value]
    result(table({name: t(f"column.{name}") for name in ("field", "value")}, rows))


@command.command("approve", help=t("changes.approve.help"))
@click.argument("change_id")
@click.option("--comment", default="", help=t("access.comment"))
@json_option
def approve(*, change_id: str, comment: str, as_json: bool) -> None:
    """Agree, which makes the change."""
    _decide(change_id, "approval", {"comment": comment}, as_json=as_json)


@command.command("reject", help=t("changes.reject.help"))
@click.argument("change_id")
@click.option("--comment", required=True, help=t("access.comment"))
@json_option
def reject(*, change_id: str, comment: str, as_json: bool) -> None:
    """Refuse the change."""
    _decide(change_id, "rejection", {"comment": comment}, as_json=as_json)


@command.command("withdraw", help=t("changes.withdraw.help"))
@click.argument("change_id")
@json_option
def withdraw(*, change_id: str, as_json: bool) -> None:
    """Take back a change of one's own."""
    _decide(change_id, "withdrawal", {}, as_json=as_json)


@command.command("four-eyes", help=t("changes.four_eyes.help"))
@click.option("--on/--off", "enabled", default=None, help=t("changes.four_eyes.on"))
@click.option("--action", "actions", multiple=True, help=t("changes.four_eyes.action"))
@click.option("--hours", type=int, help=t("changes.four_eyes.hours"))
@json_option
def four_eyes(
    *, enabled: bool | None, actions: tuple[str, ...], hours: int | None, as_json: bool
) -> None:
    """Show which changes need two persons, or set it."""
    with control_client() as client:
        found: dict[str, Any] = client.get("/four-eyes")
        if enabled is not None or actions or hours is not None:
            wanted = {
                "enabled": found["enabled"] if enabled is None else enabled,
                "actions": list(actions) or found["actions"],
                "hours": hours or found["hours"],
            }
            client.put("/four-eyes", wanted)
            found = client.get("/four-eyes")
    if as_json:
        result_json(found)
        return
    progress(t("changes.four_eyes.now", state=t("on" if found["enabled"] else "off")))
    for action in found["actions"]:
        result(action)


def _decide(change_id: str, what: str, body: dict[str, Any], *, as_json: bool) -> None:
    with control_client() as client:
        found = client.post(f"/changes/{change_id}/{what}", body)
    if as_json:
        result_json(found)
        return
    result(found["state"])
    if found["detail"]:
        progress(f"{found['status']} {found['code']}: {found['detail']}")
