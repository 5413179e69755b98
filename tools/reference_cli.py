"""The command line as its own reference: the click tree, walked and rendered.

Texts of the command line follow the language of the environment when they are loaded, so each
language is rendered by an interpreter of its own: ``python -m tools.reference_cli``.
"""

import ast
import inspect
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from mainspring.app import exit_codes
from mainspring.app.cli.default_group import DefaultGroup
from mainspring.app.cli.language import language
from mainspring.app.cli.main import build
from mainspring.wire.texts import Language
from tools.reference_texts import CLI_LABELS, EXIT_CODES_ZH, CliLabels

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = "mainspring"


def commands(
    command: click.Command | None = None, path: tuple[str, ...] = (PROGRAM,)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every visible command and group, with its path, parents before children."""
    command = command or build()
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path[-1])
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from commands(child, (*path, name))


def find(words: Sequence[str]) -> click.Command:
    """Return the command that ``words`` name; words after a leaf are its arguments.

    Raises:
        click.UsageError: if there is no such command.
    """
    command: click.Command = build()
    for word in words:
        if not isinstance(command, click.Group):
            break
        child = command.get_command(click.Context(command), word)
        if child is None:
            raise click.UsageError(f"no such command: {word}")
        command = child
    return command


def parse(words: Sequence[str]) -> None:
    """Parse ``words`` as the program would, without running anything.

    Raises:
        click.UsageError: if a command or an option does not exist, or an argument is missing.
    """
    command: click.Command = build()
    rest = list(words)
    while isinstance(command, click.Group):
        if isinstance(command, DefaultGroup):
            rest = command.spelled_out(rest)
        if not rest:
            raise click.UsageError("a command is missing")
        child = command.get_command(click.Context(command), rest[0])
        if child is None:
            raise click.UsageError(f"no such command: {rest[0]}")
        command, rest = child, rest[1:]
    command.make_context(command.name or PROGRAM, rest)


def cli_sections(wanted: Language) -> list[str]:
    """Return the sections of the page in ``wanted``, one per command, then the exit codes."""
    rendered = subprocess.run(
        [sys.executable, "-m", "tools.reference_cli"],
        cwd=ROOT,
        env={**os.environ, "MAINSPRING_LANG": wanted},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return rendered.stdout.rstrip("\n").split("\n\n")


def _sections(wanted: Language) -> Iterator[str]:
    labels = CLI_LABELS[wanted]
    for path, command in commands():
        name = " ".join(path)
        yield f"## {name} {{ #{'-'.join(path)} }}"
        if command.help:
            yield " ".join(command.help.split())
        if isinstance(command, click.Group):
            continue
        context = click.Context(command, info_name=name)
        usage = " ".join([name, *command.collect_usage_pieces(context)])
        yield f"```text\n{usage}\n```"
        rows = [_option(option, labels) for option in command.params]
        rows = [row for row in rows if row is not None]
        if rows:
            yield "\n".join([f"| {labels.option} | {labels.meaning} |", "| --- | --- |", *rows])
    yield f"## {labels.exit_codes} {{ #exit-codes }}"
    yield "\n".join(
        [
            f"| {labels.code} | {labels.meaning} |",
            "| --- | --- |",
            *(f"| {code.value} | {text} |" for code, text in _exit_codes(wanted).items()),
        ]
    )


def _option(parameter: click.Parameter, labels: CliLabels) -> str | None:
    if not isinstance(parameter, click.Option) or parameter.hidden:
        return None
    names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
    notes = [" ".join((parameter.help or "").split())]
    default = parameter.default
    if not parameter.is_flag and isinstance(default, str | int | float):
        notes.append(f"{labels.default} `{default}`{labels.stop}")
    if isinstance(parameter.type, click.Choice):
        choices = ", ".join(f"`{choice}`" for choice in parameter.type.choices)
        notes.append(f"{labels.choices} {choices}{labels.stop}")
    return f"| {names} | {' '.join(notes).replace('|', chr(92) + '|')} |"


def _exit_codes(wanted: Language) -> dict[exit_codes.ExitCode, str]:
    """Return each exit code with its text: in English, the one that stands below the member."""
    if wanted == "zh":
        return {code: EXIT_CODES_ZH[code.name] for code in exit_codes.ExitCode}
    tree = ast.parse(inspect.getsource(exit_codes.ExitCode))
    found: dict[exit_codes.ExitCode, str] = {}
    member = ""
    for node in ast.walk(tree):
        if not isinstance(node, ast.ClassDef):
            continue
        for line in node.body:
            if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
                member = line.targets[0].id
            elif isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and member:
                found[exit_codes.ExitCode[member]] = str(line.value.value)
    return found


if __name__ == "__main__":
    print("\n\n".join(_sections(language())))
