"""``mainspring apply``: declared configuration, carried out through the control API."""

from collections import Counter
from pathlib import Path

import click
import msgspec

from mainspring.app.cli.applying.documents import Documents, Problem, read_documents
from mainspring.app.cli.applying.plan import Action, Step
from mainspring.app.cli.applying.steps import Applier
from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.output import CommandError, json_option, progress, result, result_json
from mainspring.app.cli.texts import t
from mainspring.app.environment import environment
from mainspring.app.exit_codes import ExitCode

_MARKS = {Action.CREATE: "+", Action.UPDATE: "~", Action.UNCHANGED: "="}


@click.command("apply", help=t("apply.help"))
@click.option(
    "-f",
    "--file",
    "files",
    multiple=True,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    help=t("apply.file"),
)
@click.option("--dry-run", is_flag=True, help=t("apply.dry_run"))
@click.option("--credentials", is_flag=True, help=t("apply.credentials"))
@json_option
def command(*, files: tuple[Path, ...], dry_run: bool, credentials: bool, as_json: bool) -> None:
    """Print the plan, then carry it out; nothing is changed while anything is wrong."""
    documents = read_documents(files)
    _refuse(documents.problems)
    with control_client() as client:
        steps = _walk(client, documents, dry_run=True, credentials=credentials)
        if not as_json:
            _print_plan(steps)
        if not dry_run:
            steps = _walk(client, documents, dry_run=False, credentials=credentials)
    if as_json:
        result_json({"dry_run": dry_run, "steps": msgspec.to_builtins(steps)})
        return
    for step in steps:
        if step.secret is not None:
            progress(t("apply.secret", name=step.name))
            result(step.secret)
    counts = Counter(step.action for step in steps)
    progress(
        t("apply.planned")
        if dry_run
        else t("apply.done", **{str(_past(action)): counts[action] for action in Action})
    )


def _walk(
    client: ControlClient, documents: Documents, *, dry_run: bool, credentials: bool
) -> list[Step]:
    applier = Applier(
        client, documents, environment(), dry_run=dry_run, send_credentials=credentials
    )
    applier.run()
    _refuse(applier.problems)
    return applier.steps


def _print_plan(steps: list[Step]) -> None:
    for step in steps:
        changed = f"  ({', '.join(step.fields)})" if step.fields else ""
        result(
            f"{_MARKS[step.action]} {t(f'apply.{step.action}')} {step.kind} {step.name}{changed}"
        )


def _past(action: Action) -> str:
    return {Action.CREATE: "created", Action.UPDATE: "updated"}.get(action, "unchanged")


def _refuse(problems: list[Problem]) -> None:
    """Print every problem and fail, if there is any."""
    if not problems:
        return
    for problem in problems:
        progress(str(problem))
    raise CommandError(
        t("apply.invalid", count=len(problems)),
        exit_code=ExitCode.REFUSED,
        next_step=t("apply.invalid.next"),
    )
