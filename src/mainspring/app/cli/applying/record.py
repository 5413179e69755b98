"""What earlier runs applied: the only things that a later one may remove."""

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec

from mainspring.app.cli.applying.plan import Action, Step
from mainspring.app.cli.connection import ControlClient
from mainspring.app.cli.output import CommandError
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode

FORMAT = 1


class Applied(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An object that files declared; ids are unique, so it means nothing to another platform."""

    kind: str
    name: str
    path: str


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: every object of the last run that could be removed again, in its order."""

    format: int = FORMAT
    objects: list[Applied] = []


def read_record(path: Path) -> Record:
    """Return what the file tells; nothing, if there is none yet.

    Raises:
        CommandError: if it is no such file.
    """
    try:
        record = msgspec.json.decode(path.read_bytes(), type=Record)
    except FileNotFoundError:
        return Record()
    except (OSError, msgspec.MsgspecError) as error:
        raise CommandError(
            t("apply.record.strange", path=path, reason=error), exit_code=ExitCode.CONFIGURATION
        ) from error
    if record.format != FORMAT:
        raise CommandError(
            t("apply.record.strange", path=path, reason=f"format {record.format}"),
            exit_code=ExitCode.CONFIGURATION,
        )
    return record


def write_record(path: Path, steps: Iterable[Step], left: Iterable[Applied] = ()) -> None:
    """Note what ``steps`` left behind, and what was applied before and is ``left`` as it is."""
    objects = [
        Applied(step.kind, step.name, step.path)
        for step in steps
        if step.path is not None and step.action is not Action.REMOVE
    ]
    known = {each.path for each in objects}
    objects += [each for each in left if each.path not in known]
    content = json.dumps(msgspec.to_builtins(Record(objects=objects)), indent=2, ensure_ascii=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.partial")
    temporary.write_text(content + "\n", encoding="utf-8")
    temporary.replace(path)


def removals(client: ControlClient, record: Record, steps: Iterable[Step]) -> list[Step]:
    """Return the removal of everything that was applied once and is declared no more.

    The last applied goes first: what refers to others stands after them. What somebody removed
    meanwhile is not told.
    """
    declared = {step.path for step in steps}
    return [
        Step(kind=each.kind, name=each.name, action=Action.REMOVE, path=each.path)
        for each in reversed(record.objects)
        if each.path not in declared and client.exists(each.path)
    ]
