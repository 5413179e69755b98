"""``mainspring models``: the names that callers use, and where they lead."""

from typing import Any

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import is_called
from mainspring.app.cli.output import CommandError, json_option, result, result_json, table
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode


@click.group("models", help=t("models.help"))
def command() -> None:
    """List and show."""


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
    headings = {key: t(f"column.{key}") for key in ("name", "tasks", "targets", "id")}
    rows = [{**model, "targets": _targets(model, upstreams)} for model in models]
    result(table(headings, rows))


@command.command("show", help=t("models.show.help"))
@click.argument("name")
@json_option
def show(*, name: str, as_json: bool) -> None:
    """Show every field of one model."""
    with control_client() as client:
        model = next((m for m in client.items("/models") if is_called(m, name)), None)
        upstreams = {each["id"]: each["name"] for each in client.items("/upstreams")}
    if model is None:
        raise CommandError(
            t("models.none", name=name),
            exit_code=ExitCode.REFUSED,
            next_step=t("models.none.next"),
        )
    if as_json:
        result_json(model)
        return
    rows = [
        {"field": field, "value": value}
        for field, value in {**model, "targets": _targets(model, upstreams)}.items()
    ]
    result(table({key: t(f"column.{key}") for key in ("field", "value")}, rows))


def _targets(model: dict[str, Any], upstreams: dict[str, str]) -> list[str]:
    return [
        f"{upstreams.get(target['upstream_id'], target['upstream_id'])}/{target['upstream_model']}"
        for target in model["targets"]
    ]
