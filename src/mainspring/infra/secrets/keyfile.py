"""Key material in files that only their owner may read.

The master key file holds one url-safe base64 key a line, newest first. The internal token file
holds one line. Both are created whole or not at all, so that two processes which start together
end up with the same secret.
"""

import base64
import binascii
import os
import secrets
import stat
import tempfile
from pathlib import Path

from mainspring.kernel.ids import new_secret

KEY_BYTES = 32


class KeyFileError(RuntimeError):
    """A key file is missing, damaged, or readable by others."""


def load_or_create_key(path: Path) -> bytes:
    """Return the newest master key of the file at ``path``, creating the file if there is none.

    Raises:
        KeyFileError: if the file is damaged or open to other users.
    """
    if not path.exists():
        _create_once(path, _line(secrets.token_bytes(KEY_BYTES)))
    return load_keys(path)[0]


def load_keys(path: Path) -> tuple[bytes, ...]:
    """Return all master keys of the file, newest first.

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


def add_key(path: Path) -> bytes:
    """Put a new key before the others in the file, which then seals, and return it.

    Old keys stay to unseal what they sealed; remove their lines once all of it was sealed anew.

    Raises:
        KeyFileError: if the file cannot be used.
    """
    key = secrets.token_bytes(KEY_BYTES)
    lines = b"".join(_line(each) for each in (key, *load_keys(path)))
    temporary = _write_private(path.parent, lines)
    temporary.replace(path)
    return key


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
