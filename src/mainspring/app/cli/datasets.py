"""``mainspring datasets``: questions, and what is expected of answers."""

from typing import Any, BinaryIO

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.item_lines import checked_lines, parts
from mainspring.app.cli.lookup import find_project
from mainspring.app.cli.output import json_option, progress, result, result_json, table
from mainspring.app.cli.texts import t

_PREVIEW = 60

_version_option = click.option("--version", type=click.IntRange(min=0), help=t("datasets.version"))


@click.group("datasets", help=t("datasets.help"))
def command() -> None:
    """List, make, fill and export."""


@command.command("list", help=t("datasets.list.help"))
@click.option("-p", "--project", required=True, help=t("datasets.project"))
@json_option
def list_datasets(*, project: str, as_json: bool) -> None:
    """List the data sets of a project."""
    with control_client() as client:
        place = find_project(client, project)
        found = list(client.items(f"/projects/{place['id']}/datasets"))
    if as_json:
        result_json({"items": found})
        return
    names = ("id", "name", "version", "item_count")
    result(table({name: t(f"column.{name}") for name in names}, found))


@command.command("create", help=t("datasets.create.help"))
@click.argument("name")
@click.option("-p", "--project", required=True, help=t("datasets.project"))
@click.option("--description", default="", help=t("datasets.description"))
@json_option
def create(*, name: str, project: str, description: str, as_json: bool) -> None:
    """Make an empty data set."""
    with control_client() as client:
        place = find_project(client, project)
        made = client.post(
            f"/projects/{place['id']}/datasets", {"name": name, "description": description}
        )
    if as_json:
        result_json(made)
        return
    result(made["id"])
    progress(t("datasets.made", name=made["name"]))


@command.command("show", help=t("datasets.show.help"))
@click.argument("dataset_id")
@json_option
def show(*, dataset_id: str, as_json: bool) -> None:
    """Show one data set."""
    with control_client() as client:
        found = client.get(f"/datasets/{dataset_id}")
    if as_json:
        result_json(found)
        return
    rows = [{"field": name, "value": value} for name, value in found.items()]
    result(table({key: t(f"column.{key}") for key in ("field", "value")}, rows))


@command.command("items", help=t("datasets.items.help"))
@click.argument("dataset_id")
@_version_option
@json_option
def items(*, dataset_id: str, version: int | None, as_json: bool) -> None:
    """List the items of a data set."""
    wanted = None if version is None else str(version)
    with control_client() as client:
        found = list(client.items(f"/datasets/{dataset_id}/items", version=wanted))
    if as_json:
        result_json({"items": found})
        return
    rows = [
        {
            **item,
            "input": _shortened(_asked(item["input"])),
            "output": _shortened(item["expected"]),
        }
        for item in found
    ]
    names = ("position", "id", "endpoint", "input", "output")
    result(table({name: t(f"column.{name}") for name in names}, rows))


@command.command("add-call", help=t("datasets.add_call.help"))
@click.argument("dataset_id")
@click.argument("request_id")
@click.option("--take-answer", is_flag=True, help=t("datasets.take_answer"))
@click.option("--expected", help=t("datasets.expected"))
@json_option
def add_call(
    *, dataset_id: str, request_id: str, take_answer: bool, expected: str | None, as_json: bool
) -> None:
    """Make an item of a recorded call."""
    body = {"request_id": request_id, "take_answer": take_answer, "expected": expected}
    with control_client() as client:
        made = client.post(f"/datasets/{dataset_id}/calls", body)
    if as_json:
        result_json(made)
        return
    result(made["id"])
    progress(t("datasets.added", count=1, version=made["added_in"]))


@command.command("import", help=t("datasets.import.help"))
@click.argument("dataset_id")
@click.argument("file", type=click.File("rb"))
@json_option
def import_items(*, dataset_id: str, file: BinaryIO, as_json: bool) -> None:
    """Add the items of a file, so many at a time; each part is added whole or not at all."""
    added, version = 0, None
    with control_client() as client:
        for part in parts(checked_lines(file)):
            made = client.send(f"/datasets/{dataset_id}/import", part, "application/jsonl")
            added, version = added + made["added"], made["version"]
    if as_json:
        result_json({"added": added, "version": version})
        return
    progress(t("datasets.added", count=added, version="-" if version is None else version))


@command.command("export", help=t("datasets.export.help"))
@click.argument("dataset_id")
@_version_option
@json_option
def export(*, dataset_id: str, version: int | None, as_json: bool) -> None:
    """Write the items to standard output; they are JSON either way."""
    del as_json
    wanted = None if version is None else str(version)
    with (
        control_client() as client,
        client.lines(f"/datasets/{dataset_id}/export", version=wanted) as lines,
    ):
        for line in lines:
            result(line)


@command.command("archive", help=t("datasets.archive.help"))
@click.argument("item_id")
@json_option
def archive(*, item_id: str, as_json: bool) -> None:
    """Leave an item out of the next version."""
    with control_client() as client:
        item = client.post(f"/dataset-items/{item_id}/archive", {})
    if as_json:
        result_json(item)
        return
    progress(t("datasets.archived", id=item_id, version=item["archived_in"]))


@command.command("delete", help=t("datasets.delete.help"))
@click.argument("thing_id")
@json_option
def delete(*, thing_id: str, as_json: bool) -> None:
    """Remove a data set or an item."""
    kind = "dataset-items" if thing_id.startswith("dsi_") else "datasets"
    with control_client() as client:
        client.delete(f"/{kind}/{thing_id}")
    if as_json:
        result_json({"removed": thing_id})
        return
    progress(t("datasets.deleted", id=thing_id))


def _asked(body: dict[str, Any]) -> object:
    """Return the last thing that an item says."""
    for name in ("messages", "input", "prompt", "query"):
        value: Any = body.get(name)
        if isinstance(value, list) and value:
            value = value[-1]  # pyright: ignore[reportUnknownVariableType] - decoded JSON
        if isinstance(value, dict):
            value = value.get("content", value)  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType] - likewise
        if value:
            return value  # pyright: ignore[reportUnknownVariableType] - likewise
    return None


def _shortened(value: object) -> str | None:
    if value is None:
        return None
    text = " ".join(str(value).split())
    return text if len(text) <= _PREVIEW else text[:_PREVIEW] + "…"
