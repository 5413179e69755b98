"""What a finished request leaves behind for those who tell of it."""

from typing import NamedTuple

from mainspring.gateway.watch.trace import Trace
from mainspring.wire.records import UsageRecord


class Told(NamedTuple):
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


class Note(NamedTuple):
    """One finished request. ``at_ns`` is Unix time when it ended; ``duration_s`` counts from its
    arrival. ``request_id`` is for a request of which the pipeline told nothing.
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
