"""``mainspring export``: the platform's configuration as files for ``mainspring apply``."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import yaml

from mainspring.app.cli.applying.exporting import Declared, export
from mainspring.app.cli.applying.schema import file_schema
from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.output import CommandError, json_option, progress, result, result_json
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode
from mainspring.kernel.clock import SystemClock


@click.command("export", help=t("export.help"))
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help=t("export.output"),
)
@click.option("--items", "with_items", is_flag=True, help=t("export.items"))
@click.option("--schema", is_flag=True, help=t("export.schema"))
@json_option
def command(*, output: Path | None, with_items: bool, schema: bool, as_json: bool) -> None:
    """Print everything, or write a file for each organisation and for each other section."""
    if schema:
        result_json(file_schema())
        return
    if with_items and output is None:
        raise CommandError(t("export.items.where"), exit_code=ExitCode.USAGE)
    if output is not None and output.exists() and any(output.iterdir()):
        raise CommandError(
            t("export.full", path=output),
            exit_code=ExitCode.USAGE,
            next_step=t("export.full.next"),
        )
    items: dict[str, str] = {}
    with control_client() as client:
        sections = export(client, SystemClock().now(), items=items if with_items else None)
        if output is not None:
            _write_items(client, output, items)
    if output is None:
        if as_json:
            result_json(sections)
        else:
            result(_yaml(sections).rstrip("\n"))
        return
    output.mkdir(parents=True, exist_ok=True)
    files = _files(sections)
    for name, content in files.items():
        (output / name).write_text(_yaml(content), encoding="utf-8")
    if as_json:
        result_json({"files": [str(output / name) for name in (*files, *items)]})
    else:
        progress(t("export.done", count=len(files) + len(items), path=output))


def _write_items(client: ControlClient, output: Path, items: Mapping[str, str]) -> None:
    """Write the items of data sets; they may hold people's words, so only the owner reads them."""
    for name, dataset_id in items.items():
        path = output / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            os.fdopen(descriptor, "w", encoding="utf-8") as file,
            client.lines(f"/datasets/{dataset_id}/export") as lines,
        ):
            for line in lines:
                file.write(f"{_portable(line)}\n")


def _portable(line: str) -> str:
    """Return an item without its id, which another platform does not know."""
    item: dict[str, Any] = json.loads(line)
    item.pop("id", None)
    return json.dumps(item, ensure_ascii=False, separators=(",", ":"))


def _files(sections: Mapping[str, list[Declared] | Declared]) -> dict[str, Mapping[str, Any]]:
    files: dict[str, Mapping[str, Any]] = {}
    for name, documents in sections.items():
        if name == "organizations" and isinstance(documents, list):
            for each in documents:
                files[f"organization-{each['slug']}.yaml"] = {name: [each]}
        else:
            files[f"{name}.yaml"] = {name: documents}
    return files


def _yaml(content: Mapping[str, Any]) -> str:
    text: str = yaml.safe_dump(
        dict(content), sort_keys=False, allow_unicode=True, default_flow_style=False, width=100
    )
    return text
