"""The span that this process is in at a moment: what it tells those whom it calls.

A server that serves a request, or a worker that executes a job, says so for as long as that lasts;
whoever calls another process or starts a job meanwhile names the span as the parent. Tasks inherit
it from the one that starts them.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_HEADER: Final = "traceparent"
MAX_PARENT: Final = 200
"""Characters of a W3C ``traceparent`` that are passed on; one of today has 55."""

_current: ContextVar[str | None] = ContextVar("mainspring_traceparent", default=None)


def current_parent() -> str | None:
    """Return the W3C ``traceparent`` of the span that this task is in, if it is in one."""
    return _current.get()


def trace_headers() -> dict[str, str]:
    """Return the headers that make a call a part of the present trace; empty outside of one."""
    parent = _current.get()
    return {} if parent is None else {_HEADER: parent}


@contextmanager
def within_span(parent: str | None) -> Generator[None]:
    """Be in the span that ``parent`` names, for as long as the block runs; ``None``: in none.

    What could not be sent as a header is none either.
    """
    if parent is not None and not (
        len(parent) <= MAX_PARENT and parent.isascii() and parent.isprintable()
    ):
        parent = None
    token = _current.set(parent)
    try:
        yield
    finally:
        _current.reset(token)
