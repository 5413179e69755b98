"""Which language the command line speaks: English, or Chinese where the environment says so."""

from collections.abc import Mapping
from typing import Literal

from mainspring.app.environment import environment

Language = Literal["en", "zh"]


def language(environ: Mapping[str, str] | None = None) -> Language:
    """Return the language of ``MAINSPRING_LANG``, or else of the locale's variables."""
    source = environment() if environ is None else environ
    for name in ("MAINSPRING_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = source.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
