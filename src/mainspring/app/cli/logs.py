"""``mainspring logs``: the one log stream, filtered by source."""

import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from mainspring.app.cli.output import CommandError, result
from mainspring.app.cli.texts import t
from mainspring.app.environment import environment, home_directory
from mainspring.app.exit_codes import ExitCode
from mainspring.app.home import Home

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
@click.option("--json", "as_json", is_flag=True, help=t("option.json"))
def command(*, follow: bool, sources: tuple[str, ...], lines: int, as_json: bool) -> None:
    """Show the last lines; as JSON they come as they are in the file, one object a line."""
    path = Home(home_directory(environment())).log_file
    if not path.exists():
        raise CommandError(
            t("logs.none", path=path),
            exit_code=ExitCode.NOT_RUNNING,
            next_step=t("logs.none.next"),
        )
    last: deque[bytes] = deque(maxlen=lines)
    with path.open("rb") as file:
        last.extend(line for line in file if _wanted(line, sources))
        position = file.tell()
    for line in last:
        _show(line, as_json=as_json)
    if follow:
        for line in _new_lines(path, position):
            if _wanted(line, sources):
                _show(line, as_json=as_json)


def _new_lines(path: Path, position: int) -> Iterator[bytes]:
    """Yield lines as they are written, across rotations, until interrupted."""
    file = path.open("rb")
    file.seek(position)
    inode = path.stat().st_ino
    rest = b""
    try:
        while True:
            rest += file.read()
            *lines, rest = rest.split(b"\n")
            yield from lines
            try:
                now = path.stat().st_ino
            except FileNotFoundError:  # between the two steps of a rotation
                now = inode
            if now != inode and not lines:
                file.close()
                file, inode = path.open("rb"), now
            elif not lines:
                time.sleep(_POLL_S)
    finally:
        file.close()


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
    result(f"{entry.at[11:23]} {entry.level:<8} {entry.source:<10} {entry.message}")
    if entry.exception:
        result(entry.exception)
