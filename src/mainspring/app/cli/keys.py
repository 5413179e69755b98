"""``mainspring keys``: API keys of a project."""

from typing import Any

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import find_project, is_called
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

_project_option = click.option(
    "-p", "--project", default="default", show_default=True, help=t("keys.project")
)


@click.group("keys", help=t("keys.help"))
def command() -> None:
    """List, create and revoke."""


@command.command("list", help=t("keys.list.help"))
@_project_option
@json_option
def list_keys(*, project: str, as_json: bool) -> None:
    """List the keys of a project, without their secrets."""
    with control_client() as client:
        found = find_project(client, project)
        keys = list(client.items(f"/projects/{found['id']}/keys"))
    if as_json:
        result_json({"items": keys})
        return
    columns = {"name": "name", "hint": "prefix", "state": "state", "created_at": "created"}
    headings = {key: t(f"column.{text}") for key, text in columns.items()} | {"id": t("column.id")}
    result(table(headings, [{**key, "state": _state(key)} for key in keys]))


@command.command("create", help=t("keys.create.help"))
@click.argument("name")
@_project_option
@json_option
def create(*, name: str, project: str, as_json: bool) -> None:
    """Create a key; only its secret goes to standard output."""
    with control_client() as client:
        found = find_project(client, project)
        key = client.post(f"/projects/{found['id']}/keys", {"name": name})
    if as_json:
        result_json(key)
        return
    progress(t("keys.created", name=key["name"], id=key["id"]))
    result(key["secret"])


@command.command("revoke", help=t("keys.revoke.help"))
@click.argument("name")
@_project_option
@json_option
def revoke(*, name: str, project: str, as_json: bool) -> None:
    """Revoke a key that is not revoked yet."""
    with control_client() as client:
        found = find_project(client, project)
        keys = client.items(f"/projects/{found['id']}/keys")
        key = next((k for k in keys if is_called(k, name) and not k.get("revoked_at")), None)
        if key is None:
            raise CommandError(
                t("keys.none", name=name, project=project),
                exit_code=ExitCode.REFUSED,
                next_step=t("keys.none.next"),
            )
        client.delete(f"/keys/{key['id']}")
    if as_json:
        result_json({"id": key["id"], "name": key["name"], "revoked": True})
    else:
        result(t("keys.revoked", name=key["name"], id=key["id"]))


def _state(key: dict[str, Any]) -> str:
    return t("keys.state.revoked") if key.get("revoked_at") else t("keys.state.active")
