"""Records that leave the gateway through its spool and arrive at control exactly once.

A record's ``id`` is made once, where the fact happened; control inserts it with
``ON CONFLICT DO NOTHING``, so delivery may repeat and counting may not.
Fields are only ever added, always with a default.
"""

from typing import Final

import msgspec

from mainspring.wire.decisions import Decision
from mainspring.wire.usage import Usage

MAX_TARGETS_TOLD: Final = 100
"""Targets that one heartbeat tells of."""


class UsageRecord(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, tag="usage"):
    """One call as the ledger will know it.

    ``at_ms`` is the Unix time of arrival; durations are milliseconds. ``ttft_ms`` is the time to
    the first byte of the answer's body. ``usage_frame`` is the upstream's own usage object, byte
    for byte: every amount can be traced to it. ``outcome`` is ``ok``, ``client_closed`` or an
    error code of ours; ``status`` is what the client was sent (499 where it had gone).
    ``cost_nanos`` is what the call cost in billionths of ``currency``, by the price that its
    gateway knew; ``None`` marks a call whose price was not known.

    ``fallback_from`` is the model that was asked for where another one answered in its place;
    ``track`` is the release track of the target. ``decision`` tells how the target was chosen; it
    is absent where there was nothing to choose and nothing failed.

    ``cache`` says how the answer was found in the cache (``exact``, ``semantic``), where it was:
    nothing was used then, and ``saved_nanos`` is what making the answer had cost.

    ``batch`` marks a call of a batch, whose price may be lower.
    """

    id: str
    request_id: str
    at_ms: int
    org_id: str
    project_id: str
    key_id: str | None
    actor_id: str
    operation: str
    model: str
    upstream_id: str | None = None
    upstream_model: str | None = None
    stream: bool = False
    status: int = 200
    outcome: str = "ok"
    usage: Usage = Usage()
    usage_frame: bytes | None = None
    ttft_ms: float | None = None
    duration_ms: float = 0.0
    attempts: int = 1
    trace_id: str | None = None
    snapshot_version: int = 0
    gateway_id: str = ""
    cost_nanos: int | None = None
    currency: str | None = None
    fallback_from: str | None = None
    track: str = "stable"
    decision: Decision | None = None
    cache: str | None = None
    saved_nanos: int | None = None
    batch: bool = False


class RecordBatch(msgspec.Struct, frozen=True):
    """What the shipper sends: records in spool order, as their encoded bytes."""

    gateway_id: str
    records: list[msgspec.Raw]


class BatchReceipt(msgspec.Struct, frozen=True):
    """What control answers once a batch is durable: the gateway may then forget it."""

    accepted: int
    duplicates: int


HELD_KEYS = "master_keys"
"""The detail of a heartbeat that names the master keys its part holds, by their ids; the first one
seals. Only parts that unseal secrets have it."""


class TargetSeen(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What one gateway has seen of a target lately.

    ``circuit`` is ``closed``, ``open`` or ``half_open``; ``obstacle`` says why the target is not
    asked now, and ``retry_in_s`` after how many seconds it may be. ``latency_ms`` is the time to
    the first byte, the newest calls counting most; 0 where none was measured. ``opened`` counts how
    often the circuit opened since the gateway began.
    """

    upstream_id: str
    upstream_model: str
    circuit: str = "closed"
    obstacle: str | None = None
    retry_in_s: float = 0.0
    in_flight: int = 0
    latency_ms: float = 0.0
    opened: int = 0


class Heartbeat(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a running part tells control about itself every few seconds.

    ``state`` is ``starting``, ``ready``, ``degraded``, ``stopping`` or ``failed``; ``details``
    are small display facts (port, pid, snapshot version, spool depth). A gateway tells of the
    targets that it called as well, up to :data:`MAX_TARGETS_TOLD`.
    """

    instance_id: str
    role: str
    name: str
    state: str
    version: str
    started_at_ms: int
    details: dict[str, str | int | float | bool] = {}
    targets: list[TargetSeen] = []


class HeartbeatBatch(msgspec.Struct, frozen=True):
    """Heartbeats of one or several parts (the supervisor reports for parts that cannot)."""

    heartbeats: list[Heartbeat]


class KeyRefreshRequest(msgspec.Struct, frozen=True):
    """Which token issuers' keys a gateway would like to have anew."""

    issuer_ids: list[str]
