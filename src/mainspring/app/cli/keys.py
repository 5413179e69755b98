"""``mainspring keys``: API keys of a project."""

from datetime import UTC, datetime
from typing import Any

import click

from mainspring.app.cli.connection import ControlClient, control_client
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


_scope_option = click.option("--scope", "scopes", multiple=True, help=t("keys.scope"))
_model_option = click.option("--model", "models", multiple=True, help=t("keys.model"))
_expires_option = click.option("--expires", type=click.DateTime(), help=t("keys.expires"))


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
    columns = {
        "name": "name",
        "hint": "prefix",
        "state": "state",
        "created_at": "created",
        "last_used_at": "used",
    }
    headings = {key: t(f"column.{text}") for key, text in columns.items()} | {"id": t("column.id")}
    result(table(headings, [{**key, "state": _state(key)} for key in keys]))


@command.command("create", help=t("keys.create.help"))
@click.argument("name")
@_project_option
@_scope_option
@_model_option
@_expires_option
@json_option
def create(
    *,
    name: str,
    project: str,
    scopes: tuple[str, ...],
    models: tuple[str, ...],
    expires: datetime | None,
    as_json: bool,
) -> None:
    """Create a key; only its secret goes to standard output."""
    body = {"name": name, **_given(scopes, models, expires)}
    with control_client() as client:
        found = find_project(client, project)
        key = client.post(f"/projects/{found['id']}/keys", body)
    if as_json:
        result_json(key)
        return
    progress(t("keys.created", name=key["name"], id=key["id"]))
    result(key["secret"])


@command.command("update", help=t("keys.update.help"))
@click.argument("name")
@_project_option
@_scope_option
@_model_option
@_expires_option
@click.option("--all-models", is_flag=True, help=t("keys.update.all_models"))
@click.option("--never-expires", is_flag=True, help=t("keys.update.never_expires"))
@json_option
def update(
    *,
    name: str,
    project: str,
    scopes: tuple[str, ...],
    models: tuple[str, ...],
    expires: datetime | None,
    all_models: bool,
    never_expires: bool,
    as_json: bool,
) -> None:
    """Change what a key may be used for, and until when."""
    body = _given(scopes, models, expires)
    if all_models:
        body["models"] = None
    if never_expires:
        body["expires_at"] = None
    with control_client() as client:
        found = find_project(client, project)
        key = _find(client, found["id"], name, project)
        changed = client.patch(f"/keys/{key['id']}", body)
    if as_json:
        result_json(changed)
    else:
        progress(t("people.done"))


@command.command("rotate", help=t("keys.rotate.help"))
@click.argument("name")
@_project_option
@click.option("--overlap-hours", default=24.0, show_default=True, help=t("keys.rotate.overlap"))
@json_option
def rotate(*, name: str, project: str, overlap_hours: float, as_json: bool) -> None:
    """Make a key like this one; only its secret goes to standard output."""
    with control_client() as client:
        found = find_project(client, project)
        key = _find(client, found["id"], name, project)
        body = {"overlap_s": round(overlap_hours * 3600)}
        made = client.post(f"/keys/{key['id']}/rotate", body)
    if as_json:
        result_json(made)
        return
    progress(t("keys.rotated", name=key["name"], id=key["id"], hours=overlap_hours))
    result(made["secret"])


@command.command("revoke", help=t("keys.revoke.help"))
@click.argument("name")
@_project_option
@json_option
def revoke(*, name: str, project: str, as_json: bool) -> None:
    """Revoke a key that is not revoked yet."""
    with control_client() as client:
        found = find_project(client, project)
        key = _find(client, found["id"], name, project)
        client.delete(f"/keys/{key['id']}")
    if as_json:
        result_json({"id": key["id"], "name": key["name"], "revoked": True})
    else:
        result(t("keys.revoked", name=key["name"], id=key["id"]))


def _given(
    scopes: tuple[str, ...], models: tuple[str, ...], expires: datetime | None
) -> dict[str, Any]:
    """Return the fields that were given; a time without a zone is of UTC."""
    body: dict[str, Any] = {}
    if scopes:
        body["scopes"] = list(scopes)
    if models:
        body["models"] = list(models)
    if expires is not None:
        at = expires if expires.tzinfo is not None else expires.replace(tzinfo=UTC)
        body["expires_at"] = at.isoformat()
    return body


def _find(client: ControlClient, project_id: str, name: str, project: str) -> dict[str, Any]:
    """Return the newest key of that id or name that is not revoked.

    Raises:
        CommandError: if there is none.
    """
    for key in client.items(f"/projects/{project_id}/keys"):
        if is_called(key, name) and not key.get("revoked_at"):
            return key
    raise CommandError(
        t("keys.none", name=name, project=project),
        exit_code=ExitCode.REFUSED,
        next_step=t("keys.none.next"),
    )


def _state(key: dict[str, Any]) -> str:
    return t("keys.state.revoked") if key.get("revoked_at") else t("keys.state.active")
