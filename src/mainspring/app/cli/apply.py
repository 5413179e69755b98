"""``mainspring apply``: declared configuration, carried out through the control API."""

import json
from collections import Counter
from pathlib import Path

import click
import msgspec

from mainspring.app.cli.applying.documents import Documents, Problem, read_documents
from mainspring.app.cli.applying.plan import Action, Step
from mainspring.app.cli.applying.record import read_record, removals, write_record
from mainspring.app.cli.applying.steps import Applier
from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.output import CommandError, json_option, progress, result, result_json
from mainspring.app.cli.texts import t
from mainspring.app.environment import environment
from mainspring.app.exit_codes import ExitCode

_MARKS = {Action.CREATE: "+", Action.UPDATE: "~", Action.UNCHANGED: "=", Action.REMOVE: "-"}
_LONGEST_VALUE = 200


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
@click.option("--record", type=click.Path(dir_okay=False, path_type=Path), help=t("apply.record"))
@click.option("--prune", is_flag=True, help=t("apply.prune"))
@json_option
def command(
    *,
    files: tuple[Path, ...],
    dry_run: bool,
    credentials: bool,
    record: Path | None,
    prune: bool,
    as_json: bool,
) -> None:
    """Print the plan, then carry it out; nothing is changed while anything is wrong."""
    if prune and record is None:
        raise CommandError(
            t("apply.prune.record"),
            exit_code=ExitCode.USAGE,
            next_step=t("apply.prune.record.next"),
        )
    documents = read_documents(files)
    refuse(documents.problems)
    with control_client() as client:
        steps = plan(client, documents, credentials=credentials, record=record if prune else None)
        if not as_json:
            print_plan(steps)
        client.waiting = []
        if not dry_run:
            steps = _carry_out(client, documents, steps, credentials=credentials, record=record)
        waiting = list(dict.fromkeys(client.waiting))
    if as_json:
        told = {"dry_run": dry_run, "steps": msgspec.to_builtins(steps), "waiting": waiting}
        result_json(told)
    else:
        _print_done(steps, dry_run=dry_run)
    if waiting:
        raise CommandError(
            t("changes.waiting", count=len(waiting), ids=", ".join(waiting)),
            exit_code=ExitCode.PENDING,
            next_step=t("changes.waiting.next"),
        )


def _print_done(steps: list[Step], *, dry_run: bool) -> None:
    for step in steps:
        if step.secret is not None:
            progress(t("apply.secret", name=step.name))
            result(step.secret)
    counts = Counter(step.action for step in steps)
    progress(
        t("apply.planned")
        if dry_run
        else t("apply.done", **{_past(action): counts[action] for action in Action})
    )


def plan(
    client: ControlClient, documents: Documents, *, credentials: bool, record: Path | None
) -> list[Step]:
    """Return what applying would do; with a ``record``, also what it would remove.

    Raises:
        CommandError: if anything in the documents is wrong, or control refuses something.
    """
    steps = _walk(client, documents, dry_run=True, credentials=credentials)
    if record is not None:
        steps += removals(client, read_record(record), steps)
    return steps


def print_plan(steps: list[Step], *, changes: bool = False) -> None:
    """Print a line for each step; with ``changes``, from what to what every field goes."""
    for step in steps:
        changed = f"  ({', '.join(step.fields)})" if step.fields and not changes else ""
        result(
            f"{_MARKS[step.action]} {t(f'apply.{step.action}')} {step.kind} {step.name}{changed}"
        )
        for change in step.changes if changes else ():
            result(f"    {change.field}: {_short(change.before)} -> {_short(change.after)}")


def refuse(problems: list[Problem]) -> None:
    """Print every problem and fail, if there is any.

    Raises:
        CommandError: if there is one.
    """
    if not problems:
        return
    for problem in problems:
        progress(str(problem))
    raise CommandError(
        t("apply.invalid", count=len(problems)),
        exit_code=ExitCode.REFUSED,
        next_step=t("apply.invalid.next"),
    )


def _carry_out(
    client: ControlClient,
    documents: Documents,
    planned: list[Step],
    *,
    credentials: bool,
    record: Path | None,
) -> list[Step]:
    removed = [step for step in planned if step.action is Action.REMOVE]
    steps = _walk(client, documents, dry_run=False, credentials=credentials)
    for step in removed:
        client.delete(str(step.path), may_be_gone=True)
    if record is not None:
        # What was applied and is declared no more stays known until it is pruned.
        gone = {step.path for step in removed}
        left = [each for each in read_record(record).objects if each.path not in gone]
        write_record(record, steps, left)
    return steps + removed


def _walk(
    client: ControlClient, documents: Documents, *, dry_run: bool, credentials: bool
) -> list[Step]:
    applier = Applier(
        client, documents, environment(), dry_run=dry_run, send_credentials=credentials
    )
    applier.run()
    refuse(applier.problems)
    return applier.steps


def _past(action: Action) -> str:
    return {
        Action.CREATE: "created",
        Action.UPDATE: "updated",
        Action.UNCHANGED: "unchanged",
        Action.REMOVE: "removed",
    }[action]


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"
