"""``mainspring models``: the names that callers use, and where they lead."""

from typing import Any

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import find_model
from mainspring.app.cli.output import json_option, progress, result, result_json, table
from mainspring.app.cli.texts import t


@click.group("models", help=t("models.help"))
def command() -> None:
    """List, show, restrict, open."""


@command.command("list", help=t("models.list.help"))
@json_option
def list_models(*, as_json: bool) -> None:
    """List the models, with the upstreams by name."""
    with control_client() as client:
        models = list(client.items("/models"))
        upstreams = {each["id"]: each["name"] for each in client.items("/upstreams")}
    if as_json:
        result_json({"items": models})
        return
    headings = {key: t(f"column.{key}") for key in ("name", "tasks", "targets", "access", "id")}
    rows = [{**model, "targets": _targets(model, upstreams)} for model in models]
    result(table(headings, rows))


@command.command("show", help=t("models.show.help"))
@click.argument("name")
@json_option
def show(*, name: str, as_json: bool) -> None:
    """Show every field of one model."""
    with control_client() as client:
        model = find_model(client, name)
        upstreams = {each["id"]: each["name"] for each in client.items("/upstreams")}
    if as_json:
        result_json(model)
        return
    rows = [
        {"field": field, "value": value}
        for field, value in {**model, "targets": _targets(model, upstreams)}.items()
    ]
    result(table({key: t(f"column.{key}") for key in ("field", "value")}, rows))


@command.command("restrict", help=t("models.restrict.help"))
@click.argument("name")
@json_option
def restrict(*, name: str, as_json: bool) -> None:
    """Show the model to those alone who were granted it."""
    _set_access(name, "restricted", as_json=as_json)


@command.command("unrestrict", help=t("models.unrestrict.help"))
@click.argument("name")
@json_option
def unrestrict(*, name: str, as_json: bool) -> None:
    """Let everybody who sees the model call it; its grants stay."""
    _set_access(name, "open", as_json=as_json)


def _set_access(name: str, access: str, *, as_json: bool) -> None:
    with control_client() as client:
        model = find_model(client, name)
        made = client.patch(f"/models/{model['id']}", {"access": access})
    if as_json:
        result_json(made)
        return
    progress(t("models.access.now", name=made["name"], access=made["access"]))


def _targets(model: dict[str, Any], upstreams: dict[str, str]) -> list[str]:
    return [
        f"{upstreams.get(target['upstream_id'], target['upstream_id'])}/{target['upstream_model']}"
        for target in model["targets"]
    ]
