"""``mainspring diff``: what applying files would change, field by field."""

from pathlib import Path

import click
import msgspec

from mainspring.app.cli.apply import plan, print_plan, refuse
from mainspring.app.cli.applying.documents import read_documents
from mainspring.app.cli.applying.plan import Action
from mainspring.app.cli.connection import control_client
from mainspring.app.cli.output import json_option, progress, result_json
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode


@click.command("diff", help=t("diff.help"))
@click.option(
    "-f",
    "--file",
    "files",
    multiple=True,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help=t("apply.file"),
)
@click.option(
    "--record",
    type=click.Path(dir_okay=False, path_type=Path),
    help=t("diff.record"),
)
@json_option
def command(*, files: tuple[Path, ...], record: Path | None, as_json: bool) -> int:
    """Print what differs; an exit status of its own says that something does."""
    documents = read_documents(files)
    refuse(documents.problems)
    with control_client() as client:
        steps = plan(client, documents, credentials=False, record=record)
    differing = [step for step in steps if step.action is not Action.UNCHANGED]
    if as_json:
        result_json({"same": not differing, "steps": msgspec.to_builtins(differing)})
    else:
        print_plan(differing, changes=True)
        if not differing:
            progress(t("diff.same"))
    return ExitCode.DIFFERENT if differing else ExitCode.OK
