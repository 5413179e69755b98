"""``mainspring logs``: the one log stream, filtered by source, and a search through all logs."""

import os
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click
import msgspec

from mainspring.app.cli.output import CommandError, result
from mainspring.app.cli.texts import t
from mainspring.app.environment import environment, home_directory
from mainspring.app.exit_codes import ExitCode
from mainspring.app.home import Home
from mainspring.app.log_files import LEVELS, LogQuery, LogSearch
from mainspring.app.supervisor.log_stream import KEPT_FILES

_POLL_S = 0.2


class _Line(msgspec.Struct):
    at: str = ""
    level: str = "info"
    source: str = ""
    message: str = ""
    exception: str | None = None


@click.command("logs", help=t("logs.help"))
@click.option("-f", "--follow", is_flag=True, help=t("logs.follow"))
@click.option("-s", "--source", "sources", multiple=True, help=t("logs.source"))
@click.option(
    "-n", "--lines", default=100, show_default=True, type=click.IntRange(0), help=t("logs.lines")
)
@click.option("--request", "request_id", help=t("logs.request"))
@click.option("--trace", "trace_id", help=t("logs.trace"))
@click.option("--level", type=click.Choice(LEVELS), default=LEVELS[0], help=t("logs.level"))
@click.option("--text", default="", help=t("logs.text"))
@click.option("--json", "as_json", is_flag=True, help=t("option.json"))
def command(
    *,
    follow: bool,
    sources: tuple[str, ...],
    lines: int,
    request_id: str | None,
    trace_id: str | None,
    level: str,
    text: str,
    as_json: bool,
) -> None:
    """Show the last lines; as JSON they come as they are in the file, one object a line."""
    path = Home(home_directory(environment())).log_file
    query = LogQuery(
        request_id=request_id, trace_id=trace_id, sources=sources, level=level, text=text
    )
    if query != LogQuery(sources=sources):
        if follow:
            raise click.UsageError(t("logs.follow.search"))
        _search(path.parent, query, lines, as_json=as_json)
        return
    if not path.exists():
        raise CommandError(
            t("logs.none", path=path),
            exit_code=ExitCode.NOT_RUNNING,
            next_step=t("logs.none.next"),
        )
    last: deque[bytes] = deque(maxlen=lines)
    with path.open("rb") as file:
        last.extend(line for line in file if _wanted(line, sources))
        for line in last:
            _show(line, as_json=as_json)
        if follow:
            for line in _new_lines(path, file):
                if _wanted(line, sources):
                    _show(line, as_json=as_json)


def _search(directory: Path, query: LogQuery, lines: int, *, as_json: bool) -> None:
    """Show what is found in all files, older ones and access logs too, the newest last."""
    if not directory.is_dir():
        raise CommandError(
            t("logs.none", path=directory),
            exit_code=ExitCode.NOT_RUNNING,
            next_step=t("logs.none.next"),
        )
    page = LogSearch(directory, query).page(lines)
    for entry in reversed(page.entries):
        if as_json:
            result(msgspec.json.encode(entry).decode())
        else:
            _print(entry.at, entry.level, entry.source, entry.message, entry.exception)


def _new_lines(path: Path, file: BinaryIO) -> Iterator[bytes]:
    """Yield the lines from where ``file`` stands as they are written, across rotations."""
    rest = b""
    while True:
        # Looked for before the read: nothing is added to a file that has a successor.
        successor = _successor(path, os.fstat(file.fileno()).st_ino)
        rest += file.read()
        *lines, rest = rest.split(b"\n")
        yield from lines
        if successor is not None:
            file.close()
            file = successor
        elif not lines:
            time.sleep(_POLL_S)


def _successor(path: Path, inode: int) -> BinaryIO | None:
    """Open what was begun when the file of ``inode`` was full; ``None`` while it is the newest.

    Files are opened before they are compared: one that is looked for again by its name may have
    been renamed in between, and its own successor be there instead.
    """
    newer: BinaryIO | None = None
    older = (path.with_name(f"{path.name}.{index}") for index in range(1, KEPT_FILES + 1))
    for each in (path, *older):
        try:
            file = each.open("rb")
        except FileNotFoundError:  # none is so old, or it is between two steps of a rotation
            continue
        if os.fstat(file.fileno()).st_ino == inode:
            file.close()
            return newer
        if newer is not None:
            newer.close()
        newer = file
    return newer  # it is gone already: go on with the oldest that is left


def _parse(line: bytes) -> _Line:
    try:
        return msgspec.json.decode(line, type=_Line)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _Line(message=line.decode(errors="replace"))


def _wanted(line: bytes, sources: tuple[str, ...]) -> bool:
    return not sources or _parse(line).source in sources


def _show(line: bytes, *, as_json: bool) -> None:
    if as_json:
        result(line.decode(errors="replace").rstrip())
        return
    entry = _parse(line)
    _print(entry.at, entry.level, entry.source, entry.message, entry.exception)


def _print(at: str, level: str, source: str, message: str, exception: str | None) -> None:
    result(f"{at[11:23]} {level:<8} {source:<10} {message}")
    if exception:
        result(exception)
