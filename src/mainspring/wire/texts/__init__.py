"""What users read about an error, by language: the title, and the sentence that says what to do.

English stands beside each error class (:mod:`mainspring.kernel.errors`); every other language is
a TOML file here, one table per code. A test fails when a code has no text, or a text no code.
Messages on the model protocols stay English, because client libraries match on them; consoles,
command lines and the reference pages use this.
"""

import functools
import tomllib
from importlib import resources
from typing import Final, Literal

import msgspec

from mainspring.kernel.errors import error_catalogue

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
        texts |= {code: text for code, text in translated(language).items() if code in texts}
    return texts


@functools.cache
def translated(language: Language) -> dict[str, ErrorText]:
    """Return exactly what the file of ``language`` holds.

    Raises:
        FileNotFoundError: for English, which has no file.
        msgspec.ValidationError: if a table is not a title and a next step.
    """
    source = resources.files(__name__).joinpath(f"errors.{language}.toml")
    return msgspec.convert(tomllib.loads(source.read_text("utf-8")), dict[str, ErrorText])
