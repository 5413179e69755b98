"""Which language the command line speaks: English, or Chinese where the environment says so."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, Literal

from mainspring.app.environment import environment

Language = Literal["en", "zh"]

_spoken: Final[ContextVar[Language | None]] = ContextVar("spoken", default=None)


def language(environ: Mapping[str, str] | None = None) -> Language:
    """Return the language of ``MAINSPRING_LANG``, or else of the locale's variables.

    Within :func:`speaking` it is the one that is named there.
    """
    spoken = _spoken.get()
    if spoken is not None:
        return spoken
    source = environment() if environ is None else environ
    for name in ("MAINSPRING_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = source.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


@contextmanager
def speaking(wanted: Language) -> Generator[None]:
    """Have texts made within in a language of somebody's own, whatever the environment says."""
    token = _spoken.set(wanted)
    try:
        yield
    finally:
        _spoken.reset(token)
