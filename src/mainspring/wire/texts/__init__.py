"""What users read about errors and metrics, by language.

English stands beside each error class (:mod:`mainspring.kernel.errors`) and each metric
(:mod:`mainspring.wire.telemetry`); every other language is a TOML file here. A test fails when
something has no text, or a text belongs to nothing.
Messages on the model protocols stay English, because client libraries match on them; consoles,
command lines and the reference pages use this.
"""

import functools
import tomllib
from importlib import resources
from typing import Any, Final, Literal

import msgspec

from mainspring.kernel.errors import error_catalogue
from mainspring.wire.telemetry import METRICS

Language = Literal["en", "zh"]
"""The languages that every user-visible surface exists in."""

LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")


class ErrorText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an error is called, and what its reader should do now."""

    title: str
    next_step: str


def error_texts(language: Language) -> dict[str, ErrorText]:
    """Return the texts of every error in ``language``, by code.

    A code that has no text in that language keeps its English one: a reader is better served by
    English than by nothing.
    """
    texts = {
        code: ErrorText(error.title, error.next_step) for code, error in error_catalogue().items()
    }
    if language != "en":
        texts |= {code: text for code, text in translated_errors(language).items() if code in texts}
    return texts


def metric_texts(language: Language) -> dict[str, str]:
    """Return the help of every metric in ``language``, by name; English where there is none."""
    texts = {metric.name: metric.help for metric in METRICS}
    if language != "en":
        texts |= {
            name: text for name, text in translated_metrics(language).items() if name in texts
        }
    return texts


@functools.cache
def translated_errors(language: Language) -> dict[str, ErrorText]:
    """Return exactly what the file of errors in ``language`` holds.

    Raises:
        FileNotFoundError: for English, which has no file.
        msgspec.ValidationError: if a table is not a title and a next step.
    """
    return msgspec.convert(_read(f"errors.{language}.toml"), dict[str, ErrorText])


class AccessTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What permissions and built-in roles are for, by name."""

    permissions: dict[str, str]
    roles: dict[str, str]


@functools.cache
def translated_access(language: Language) -> AccessTexts:
    """Return exactly what the file of permissions and roles in ``language`` holds.

    Raises:
        FileNotFoundError: for English, which stands beside each of them in the code.
        msgspec.ValidationError: if an entry is not a text.
    """
    return msgspec.convert(_read(f"access.{language}.toml"), AccessTexts)


@functools.cache
def translated_metrics(language: Language) -> dict[str, str]:
    """Return exactly what the file of metrics in ``language`` holds.

    Raises:
        FileNotFoundError: for English, which has no file.
        msgspec.ValidationError: if an entry is not a text.
    """
    return msgspec.convert(_read(f"metrics.{language}.toml"), dict[str, str])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__name__).joinpath(name).read_text("utf-8"))
