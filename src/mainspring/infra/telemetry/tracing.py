"""The span that this process is in at a moment: what it tells those whom it calls.

A server that serves a request, or a worker that executes a job, says so for as long as that lasts;
whoever calls another process or starts a job meanwhile names the span as the parent. Tasks inherit
it from the one that starts them. Beside it stands for which tenant the span's work is done, as far
as those that do it say so: that decides who may be shown the span.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_HEADER: Final = "traceparent"
MAX_PARENT: Final = 200
"""Characters of a W3C ``traceparent`` that are passed on; one of today has 55."""

_current: ContextVar[str | None] = ContextVar("mainspring_traceparent", default=None)


class Beneficiary:
    """For which tenant something is done: the one that was named, nobody once two were."""

    def __init__(self) -> None:
        self._named: set[tuple[str, str]] = set()

    def name(self, org_id: str, project_id: str) -> None:
        """Say that this, or a part of it, is done for a project."""
        # Two are as good as any number, and this may be said of every call of a long run.
        if len(self._named) < 2:
            self._named.add((org_id, project_id))

    @property
    def tenant(self) -> tuple[str, str] | None:
        """Return the organisation and the project, if it is one alone."""
        return next(iter(self._named)) if len(self._named) == 1 else None


_beneficiary: ContextVar[Beneficiary | None] = ContextVar("mainspring_beneficiary", default=None)


def done_for(org_id: str, project_id: str) -> None:
    """Say that what this task does is done for that project; whoever says so has authorised it."""
    beneficiary = _beneficiary.get()
    if beneficiary is not None:
        beneficiary.name(org_id, project_id)


@contextmanager
def learning(beneficiary: Beneficiary) -> Generator[None]:
    """Have ``beneficiary`` hear of :func:`done_for` for as long as the block runs."""
    token = _beneficiary.set(beneficiary)
    try:
        yield
    finally:
        _beneficiary.reset(token)


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
