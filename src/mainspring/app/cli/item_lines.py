"""Items of data sets as lines of a file, and as the parts in which they are sent."""

from collections.abc import Iterable, Iterator
from typing import Final

from mainspring.app.cli.output import CommandError
from mainspring.app.cli.texts import t

_LONGEST_LINE: Final = 1024 * 1024
_AT_ONCE: Final = 500
_AT_ONCE_BYTES: Final = 2 * 1024 * 1024


def checked_lines(file: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines that hold something, each with its end.

    Raises:
        CommandError: if one is longer than any item.
    """
    for number, line in enumerate(file, 1):
        if len(line) > _LONGEST_LINE:
            raise CommandError(t("datasets.long_line", number=number))
        if line.strip():
            yield line if line.endswith(b"\n") else line + b"\n"


def parts(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield what one request takes at a time."""
    part = bytearray()
    count = 0
    for line in lines:
        if count == _AT_ONCE or (count and len(part) + len(line) > _AT_ONCE_BYTES):
            yield bytes(part)
            part.clear()
            count = 0
        part += line
        count += 1
    if count:
        yield bytes(part)
