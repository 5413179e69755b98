"""What settings are in force, and where each comes from; secrets are only said to be set."""

import re
from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec

from mainspring.app.environment import home_directory
from mainspring.app.variables import documented_variables

SECRET_NAME: Final = re.compile(
    r"KEY|TOKEN(?!S$)|SECRET|PASSW|CREDENTIAL|HEADERS|AUTHORIZATION|COOKIE|DSN", re.IGNORECASE
)
_PLACE: Final = re.compile(r"_(?:FILE|DIR|DIRECTORY|PATH|SOURCE)$", re.IGNORECASE)
_SET: Final = "[set]"

Source = Literal["environment", "default", "unset"]


class EffectiveSetting(msgspec.Struct, frozen=True):
    """One variable: which parts read it, its value as far as that may be seen, and where from."""

    name: str
    parts: tuple[str, ...]
    meaning: str
    meaning_zh: str
    value: str | None
    default: str | None
    source: Source


def effective_settings(environ: Mapping[str, str]) -> list[EffectiveSetting]:
    """Return every documented variable, by name, as a process with this environment has it."""
    home = str(home_directory(environ))
    found: list[EffectiveSetting] = []
    for each in documented_variables():
        variable = each.variable
        text = environ.get(variable.name, "")
        source: Source = "environment" if text else "default"
        default = variable.default
        if default is not None:
            default = default.replace("{home}", home)
        elif not text:
            source = "unset"
        value = shown(variable.name, text) if text else default
        found.append(
            EffectiveSetting(
                variable.name,
                each.parts,
                variable.meaning,
                variable.meaning_zh,
                value,
                default,
                source,
            )
        )
    return found


def shown(name: str, value: str) -> str:
    """Return what may be seen of a setting: of a URL no more than where it leads."""
    if is_secret_name(name) and not _is_plain(value):
        return _SET
    if not name.endswith(("_URL", "_ENDPOINT")):
        return value
    try:
        parts = urlsplit(value)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return _SET
    if not parts.scheme or not (parts.hostname or parts.path):
        return _SET
    return f"{parts.scheme}://{parts.hostname or ''}{port}{parts.path}"


def is_secret_name(name: str) -> bool:
    """Tell whether a variable of this name may hold a secret, and not just the place of one."""
    return SECRET_NAME.search(name) is not None and _PLACE.search(name) is None


def _is_plain(value: str) -> bool:
    return value.isdigit() or value.lower() in {"true", "false", "on", "off", ""}
