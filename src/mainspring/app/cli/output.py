"""How commands speak: results on standard output, progress and errors on standard error."""

import json
import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any, TypeVar

import click

from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """Give ``command`` the option ``--json``, as its argument ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help=t("option.json"))(command)


class CommandError(click.ClickException):
    """A command failed: what happened, what to do now, and the exit status."""

    def __init__(
        self, message: str, *, exit_code: ExitCode = ExitCode.ERROR, next_step: str = ""
    ) -> None:
        super().__init__(message)
        self.exit_code = int(exit_code)  # pyright: ignore[reportAttributeAccessIssue] - click reads the instance
        self.next_step = next_step

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the error on standard error; as JSON where the command was asked for JSON."""
        target = file or sys.stderr
        context = click.get_current_context(silent=True)
        if "--json" in sys.argv[1:] or (context is not None and context.params.get("as_json")):
            error = {
                "message": self.message,
                "next_step": self.next_step,
                "exit_code": self.exit_code,
            }
            print(json.dumps({"error": error}, ensure_ascii=False), file=target)
            return
        print(t("error", text=self.message), file=target)
        if self.next_step:
            print(t("next_step", text=self.next_step), file=target)


def progress(text: str) -> None:
    """Say what is going on, on standard error."""
    print(text, file=sys.stderr, flush=True)


def result(text: str) -> None:
    """Print a result for people."""
    print(text, flush=True)


def result_json(value: object) -> None:
    """Print a result for machines: one JSON document."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str), flush=True)


def read_password(*, from_stdin: bool) -> str:
    """Return a password that is typed unseen, or the first line of standard input.

    It never stands on the command line, where every process could read it.
    """
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    password: str = click.prompt(t("users.password"), hide_input=True, err=True)
    return password


def table(columns: Mapping[str, str], rows: Sequence[Mapping[str, object]]) -> str:
    """Return ``rows`` as aligned text. ``columns`` maps each key of a row to its heading."""
    cells = [list(columns.values())]
    cells += [[_cell(row.get(key)) for key in columns] for row in rows]
    widths = [max(_width(line[index]) for line in cells) for index in range(len(columns))]
    return "\n".join(
        "  ".join(
            text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in cells
    )


def _cell(value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - decoded JSON
    return str(value)


def _width(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
