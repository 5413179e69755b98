"""What a finished request leaves behind for those who tell of it.

Made for every request or nearly so. Nothing here is ever part of a circle of references, so the
garbage collector need not know of it.
"""

from typing import Final

import msgspec

from mainspring.gateway.watch.trace import Trace
from mainspring.wire.records import UsageRecord

MAX_READ: Final = 512 * 1024
"""Bytes of a request or an answer beyond which it is not read for the record of a call."""


class Told(msgspec.Struct, frozen=True, gc=False):
    """What the pipeline knows of a request.

    ``record`` is there for a call of a model that was admitted; ``error`` is the code of a refusal
    that came before it, and the other fields are then what is known all the same.
    """

    request_id: str
    trace: Trace
    record: UsageRecord | None = None
    operation: str | None = None
    error: str | None = None
    org_id: str | None = None
    project_id: str | None = None
    key_id: str | None = None


class Captured(msgspec.Struct, frozen=True, gc=False):
    """What was kept of a call whose project wants it; bytes are as they came and went.

    ``level`` is ``metadata``, ``redacted`` or ``full``. ``request`` is ``None`` for a form with
    files, ``answer`` where it is not to be kept. ``cut`` says that the answer was longer.
    ``session`` is what the caller's header named, ``path`` the endpoint that it called.
    """

    level: str
    dialect: str | None
    session: str | None
    request: bytes | None
    answer: bytes | None = None
    cut: bool = False
    path: str | None = None

    @property
    def size(self) -> int:
        """Return how many bytes are held."""
        return len(self.request or b"") + len(self.answer or b"")


class Note(msgspec.Struct, frozen=True, gc=False):
    """One finished request.

    ``at_ns`` is Unix time when it ended; ``duration_s`` counts from its arrival. ``bytes_out`` is
    -1 where nobody counted. ``request_id`` is for a request of which the pipeline told nothing.
    """

    method: str
    path: str
    status: int
    bytes_in: int
    bytes_out: int
    at_ns: int
    duration_s: float
    told: Told | None
    request_id: str | None = None
    captured: Captured | None = None
