"""Key material in files that only their owner may read.

The master key file holds one url-safe base64 key a line; the first seals. The internal token file
holds one line. Both are created whole or not at all, so that two processes which start together
end up with the same secret.
"""

import base64
import binascii
import os
import secrets
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path

from mainspring.kernel.ids import new_secret

KEY_BYTES = 32


class KeyFileError(RuntimeError):
    """A key file is missing, damaged, or readable by others."""


def load_or_create_key(path: Path) -> bytes:
    """Return the first master key of the file at ``path``, creating the file if there is none.

    Raises:
        KeyFileError: if the file is damaged or open to other users.
    """
    if not path.exists():
        _create_once(path, _line(secrets.token_bytes(KEY_BYTES)))
    return load_keys(path)[0]


def load_keys(path: Path) -> tuple[bytes, ...]:
    """Return all master keys of the file, in its order: the first seals.

    Raises:
        KeyFileError: if the file is missing, damaged or open to other users.
    """
    keys: list[bytes] = []
    for number, line in enumerate(_read_private(path).split(), 1):
        try:
            key = base64.urlsafe_b64decode(line)
        except (binascii.Error, ValueError) as error:
            raise KeyFileError(f"{path}: line {number} is not base64") from error
        if len(key) != KEY_BYTES:
            raise KeyFileError(f"{path}: the key on line {number} has not {KEY_BYTES} bytes")
        keys.append(key)
    if not keys:
        raise KeyFileError(f"{path} holds no key; restore it from your backup")
    return tuple(keys)


def write_keys(path: Path, keys: Sequence[bytes]) -> None:
    """Replace the file by one that holds ``keys``, whole or not at all.

    Raises:
        OSError: if it cannot be written; the old file is then unharmed.
    """
    _write_private(path.parent, b"".join(map(_line, keys))).replace(path)


def read_lines(path: Path) -> list[str]:
    """Return the words of a file that only its owner may read, which holds one a line.

    Raises:
        KeyFileError: if it is missing, empty, no text, or open to other users.
    """
    try:
        lines = _read_private(path).decode().split()
    except UnicodeDecodeError as error:
        raise KeyFileError(f"{path} is no text") from error
    if not lines:
        raise KeyFileError(f"{path} is empty")
    return lines


def create_lines(path: Path, lines: Sequence[str]) -> None:
    """Create the file, for its owner only, unless another process just did."""
    _create_once(path, _text(lines))


def replace_lines(path: Path, lines: Sequence[str]) -> None:
    """Replace the file by one that holds ``lines``, whole or not at all.

    Raises:
        OSError: if it cannot be written; the old file is then unharmed.
    """
    _write_private(path.parent, _text(lines)).replace(path)


def load_or_create_token(path: Path) -> str:
    """Return the token by which our own processes know each other, creating it if there is none.

    Raises:
        KeyFileError: if the file is empty or open to other users.
    """
    if not path.exists():
        _create_once(path, new_secret("mst").encode() + b"\n")
    token = _read_private(path).decode().strip()
    if not token:
        raise KeyFileError(f"{path} is empty")
    return token


def _text(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _line(key: bytes) -> bytes:
    return base64.urlsafe_b64encode(key) + b"\n"


def _read_private(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read()
    except OSError as error:
        raise KeyFileError(f"{path} cannot be read: {error.strerror}") from error
    if stat.S_IMODE(mode) & 0o077:
        raise KeyFileError(f"{path} is open to other users; run: chmod 600 {path}")
    return content


def _write_private(directory: Path, content: bytes) -> Path:
    """Write a temporary file that only we may read, down to the disk, and return its path."""
    descriptor, name = tempfile.mkstemp(dir=directory)  # created with mode 0600
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _create_once(path: Path, content: bytes) -> None:
    """Create ``path`` with ``content`` unless another process just did."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = _write_private(path.parent, content)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    finally:
        temporary.unlink()
