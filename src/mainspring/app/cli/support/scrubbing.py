"""Taking secrets out of whatever leaves in a bundle: those that are known here, and their like."""

import contextlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import unquote, urlsplit

from mainspring.app.effective import SECRET_NAME, is_secret_name
from mainspring.app.home import Home
from mainspring.wire.redaction import redact

REPLACED: Final = "[secret]"
LONGEST: Final = 16 * 1024
"""Characters of one text; more is cut off."""

_PIECE: Final = re.compile(r"[^\s\"',;{}\[\]()<>/?&#=:|]+")
_MAX_FILE_BYTES: Final = 64 * 1024
_SHORTEST_PIECE: Final = 12
_SHORTEST_VALUE: Final = 6
_SHORTEST_PASSWORD: Final = 3

_USERINFO: Final = re.compile(r"(?<=://)[^\s/@\"']{1,512}@")
_BEARER: Final = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{6,4096}")
_PEM: Final = re.compile(
    r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,40}-----|\Z)", re.DOTALL
)
_ASSIGNED: Final = re.compile(
    r"(?i)((?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|authorization|cookie)"
    r"[\w-]{0,32}[\"']?\s{0,3}[=:]\s{0,3}[\"']?)(?!\[secret\])[^\s\"',;&]{3,4096}"
)


class Scrubber:
    """Knows secrets of this machine and takes them out of texts."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Take out ``secrets``, the longest first, as one may be a part of another."""
        ordered = sorted(set(secrets), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    @classmethod
    def of(cls, home: Home, environ: Mapping[str, str]) -> "Scrubber":
        """Return one that knows what the data directory and the environment hold."""
        found: set[str] = set()
        for path in _secret_files(home, environ):
            found |= _in_file(path)
        for name, value in environ.items():
            if is_secret_name(name) and len(value) >= _SHORTEST_VALUE:
                found |= {value, *_pieces(value)}
            found |= _passwords(value)
        return cls(found)

    def text(self, text: str) -> str:
        """Return ``text`` without secrets, cut if it is long."""
        if len(text) > LONGEST:
            # Secrets are looked for in a little more, so that none is cut in two at the end.
            text = self._without(text[: LONGEST + 4096])[:LONGEST] + "…[cut]"
        return self._without(text)

    def value(self, value: Any) -> Any:  # noqa: ANN401 - decoded JSON
        """Return a decoded JSON value without secrets, in names as well."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            pairs = cast("dict[str, Any]", value)
            return {self.text(str(name)): self.value(each) for name, each in pairs.items()}
        if isinstance(value, list | tuple):
            return [self.value(each) for each in cast("list[Any]", value)]
        return value

    def _without(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(REPLACED, text)
        text = _PEM.sub(REPLACED, text)
        text = _USERINFO.sub(f"{REPLACED}@", text)
        text = _BEARER.sub(rf"\1 {REPLACED}", text)
        text = _ASSIGNED.sub(rf"\1{REPLACED}", text)
        return redact(text)


def _secret_files(home: Home, environ: Mapping[str, str]) -> set[Path]:
    found = {home.first_key, home.admin_token, home.setup_link}
    with contextlib.suppress(OSError):  # there is no such directory yet
        found |= {path for path in home.secrets.iterdir() if path.is_file()}
    for name, value in environ.items():
        if name.endswith("_FILE") and value and SECRET_NAME.search(name):
            found.add(Path(value).expanduser())
    return found


def _in_file(path: Path) -> set[str]:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES)
    except OSError:
        return set()  # what cannot be read here cannot have come from here
    text = content.decode("utf-8", "replace")
    lines = {line.strip() for line in text.splitlines()}
    return {line for line in lines if len(line) >= _SHORTEST_PIECE} | _pieces(text)


def _pieces(text: str) -> set[str]:
    return {piece for piece in _PIECE.findall(text) if len(piece) >= _SHORTEST_PIECE}


def _passwords(value: str) -> set[str]:
    """Return the password within a URL, as it stands there and as it is."""
    if "@" not in value or "://" not in value:
        return set()
    try:
        quoted = urlsplit(value).password
    except ValueError:
        return {value}
    if quoted is None:
        return set()
    return {each for each in (quoted, unquote(quoted)) if len(each) >= _SHORTEST_PASSWORD}
