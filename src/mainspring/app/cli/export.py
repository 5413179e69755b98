"""``mainspring export``: the platform's configuration as files for ``mainspring apply``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import yaml

from mainspring.app.cli.applying.exporting import Declared, export
from mainspring.app.cli.applying.schema import file_schema
from mainspring.app.cli.connection import control_client
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
@click.option("--schema", is_flag=True, help=t("export.schema"))
@json_option
def command(*, output: Path | None, schema: bool, as_json: bool) -> None:
    """Print everything, or write a file for each organisation and for each other section."""
    if schema:
        result_json(file_schema())
        return
    if output is not None and output.exists() and any(output.iterdir()):
        raise CommandError(
            t("export.full", path=output),
            exit_code=ExitCode.USAGE,
            next_step=t("export.full.next"),
        )
    with control_client() as client:
        sections = export(client, SystemClock().now())
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
        result_json({"files": [str(output / name) for name in files]})
    else:
        progress(t("export.done", count=len(files), path=output))


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
