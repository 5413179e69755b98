"""Files of weights below a directory: found, and hashed without holding them in memory."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import msgspec

from mainspring.app.cli.output import CommandError
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode

_PIECE: Final = 1024 * 1024


class WeightFile(msgspec.Struct, frozen=True):
    """A file: where it lies below the directory (``/`` between names), and how large it is."""

    path: str
    bytes: int


class Difference(msgspec.Struct, frozen=True):
    """How a file is not as the card says: ``missing``, ``unknown``, ``size`` or ``content``."""

    path: str
    what: str


def weight_files(directory: Path, only: Sequence[str] = ()) -> list[WeightFile]:
    """Return the files below ``directory``, by path; names that begin with a dot are passed over.

    ``only`` are patterns of paths or of names, such as ``*.safetensors``. A link to a file counts
    as the file, as stores of downloaded models lay them out.

    Raises:
        CommandError: if something there is no file, or cannot be read.
    """
    return sorted(_walk(directory, directory, only), key=lambda each: each.path)


def is_wanted(path: str, only: Sequence[str]) -> bool:
    """Tell whether one of the patterns fits the path or its last name; no pattern fits all."""
    names = (path, path.rpartition("/")[2])
    return not only or any(fnmatchcase(name, pattern) for name in names for pattern in only)


def hashed(
    directory: Path, files: Sequence[WeightFile], tell: Callable[[str, int], None]
) -> list[dict[str, Any]]:
    """Return ``files`` as a card names them: path, SHA-256, bytes.

    ``tell`` hears of the file that is read and of how many percent of all bytes are done, whenever
    that is a percent more.

    Raises:
        CommandError: if a file cannot be read, or changes meanwhile.
    """
    total = sum(each.bytes for each in files)
    done, told = 0, -1
    artifacts: list[dict[str, Any]] = []
    for file in files:

        def note(size: int, path: str = file.path) -> None:
            nonlocal done, told
            done += size
            percent = 100 * done // max(total, 1)
            if percent > told:
                told = percent
                tell(path, percent)

        digest = _sha256(directory / file.path, file, note)
        artifacts.append({"path": file.path, "sha256": digest, "bytes": file.bytes})
    return artifacts


def differences(
    directory: Path,
    card: Sequence[Mapping[str, Any]],
    present: Sequence[WeightFile],
    tell: Callable[[str, int], None],
) -> list[Difference]:
    """Return how the files below ``directory`` are not as ``card`` names them.

    ``present`` are those that were found: one that the card does not name is ``unknown``. Files of
    another size are not read.

    Raises:
        CommandError: if a file cannot be read, or changes meanwhile, or the card names a path
            that leads elsewhere.
    """
    found: list[Difference] = []
    same_size: list[WeightFile] = []
    named = {str(each["path"]): each for each in card}
    for path, each in named.items():
        if {"", ".", ".."} & set(path.split("/")):
            raise CommandError(t("weights.elsewhere", path=path), exit_code=ExitCode.REFUSED)
        try:
            about = (directory / path).stat()
        except OSError:
            found.append(Difference(path, "missing"))
            continue
        size: int | None = each.get("bytes")
        if not stat.S_ISREG(about.st_mode):
            found.append(Difference(path, "missing"))
        elif size is not None and size != about.st_size:
            found.append(Difference(path, "size"))
        else:
            same_size.append(WeightFile(path, about.st_size))
    found += [
        Difference(each["path"], "content")
        for each in hashed(directory, same_size, tell)
        if each["sha256"] != named[each["path"]]["sha256"]
    ]
    found += [Difference(each.path, "unknown") for each in present if each.path not in named]
    return sorted(found, key=lambda each: each.path)


def _walk(root: Path, directory: Path, only: Sequence[str]) -> Iterator[WeightFile]:
    try:
        entries = sorted(os.scandir(directory), key=lambda entry: entry.name)
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = Path(entry.path).relative_to(root).as_posix()
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(root, Path(entry.path), only)
            elif is_wanted(path, only):
                about = entry.stat()
                if not stat.S_ISREG(about.st_mode):
                    raise CommandError(t("weights.no_file", path=path), exit_code=ExitCode.REFUSED)
                yield WeightFile(path, about.st_size)
    except OSError as error:
        raise _unreadable(Path(error.filename or directory), error) from error


def _sha256(path: Path, file: WeightFile, note: Callable[[int], None]) -> str:
    digest = hashlib.sha256()
    piece = bytearray(_PIECE)
    view = memoryview(piece)
    try:
        with path.open("rb", buffering=0) as source:
            before = os.fstat(source.fileno())
            while count := source.readinto(piece):
                digest.update(view[:count])
                note(count)
            after = os.fstat(source.fileno())
    except OSError as error:
        raise _unreadable(path, error) from error
    read = (after.st_size, after.st_mtime_ns)
    if read != (file.bytes, before.st_mtime_ns):
        raise CommandError(
            t("weights.changed", path=file.path), next_step=t("weights.changed.next")
        )
    return digest.hexdigest()


def _unreadable(path: Path, error: OSError) -> CommandError:
    return CommandError(t("weights.unreadable", path=path, reason=error.strerror or error))
