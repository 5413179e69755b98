"""``mainspring registry``: what models are, found and set side by side."""

from typing import Any

import click

from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.lookup import find_model
from mainspring.app.cli.output import json_option, result, result_json, table
from mainspring.app.cli.texts import t


@click.group("registry", help=t("registry.help"))
def command() -> None:
    """Search, show, compare."""


@command.command("search", help=t("registry.search.help"))
@click.argument("words", nargs=-1)
@click.option("--capability", multiple=True, help=t("registry.capability"))
@click.option("--language", multiple=True, help=t("registry.language"))
@click.option("--tag", multiple=True, help=t("registry.tag"))
@click.option("--licence", help=t("releases.licence"))
@click.option("--min-context", type=int, help=t("registry.min_context"))
@json_option
def search(
    *,
    words: tuple[str, ...],
    capability: tuple[str, ...],
    language: tuple[str, ...],
    tag: tuple[str, ...],
    licence: str | None,
    min_context: int | None,
    as_json: bool,
) -> None:
    """Find models by what they are."""
    query: dict[str, Any] = {
        "text": " ".join(words) or None,
        "capability": capability or None,
        "language": language or None,
        "tag": tag or None,
        "licence": licence,
        "min_context_length": min_context,
    }
    with control_client() as client:
        found = _pages(client, query)
    if as_json:
        result_json({"items": found})
        return
    names = ("name", "version", "licence", "context_length", "capabilities", "languages")
    rows = [{**each["specification"], **each} for each in found]
    result(table({name: t(f"column.{name}") for name in names}, rows))


@command.command("show", help=t("registry.show.help"))
@click.argument("model")
@json_option
def show(*, model: str, as_json: bool) -> None:
    """Show the card of a model, and its versions."""
    with control_client() as client:
        entry = client.get(f"/registry/models/{_model_id(client, model)}")
    if as_json:
        result_json(entry)
        return
    versions = [f"{each['version']} ({each['state']})" for each in entry["versions"]]
    fields = {**entry["specification"], "versions": versions}
    rows = [{"field": name, "value": value} for name, value in fields.items() if value]
    result(table({name: t(f"column.{name}") for name in ("field", "value")}, rows))


@command.command("compare", help=t("registry.compare.help"))
@click.argument("models", nargs=-1, required=True)
@json_option
def compare(*, models: tuple[str, ...], as_json: bool) -> None:
    """Set models side by side."""
    with control_client() as client:
        ids = [_model_id(client, each) for each in models]
        found = client.get("/registry/comparison", model_id=ids)
    if as_json:
        result_json(found)
        return
    names = [each["name"] for each in found["models"]]
    rows = [
        {"field": f"{'*' if each['differs'] else ' '} {each['name']}", **_by(names, each["values"])}
        for each in found["fields"]
        if any(each["values"])
    ]
    rows += [
        {"field": f"  {each['benchmark']} {each['metric']}", **_by(names, each["values"])}
        for each in found["quality"]
    ]
    result(table({"field": t("column.field"), **dict(zip(names, names, strict=True))}, rows))


def _by(names: list[str], values: list[Any]) -> dict[str, Any]:
    return dict(zip(names, values, strict=True))


def _pages(client: ControlClient, query: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = client.get("/registry/models", cursor=cursor, **query)
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found


def _model_id(client: ControlClient, wanted: str) -> str:
    return str(find_model(client, wanted)["id"])
