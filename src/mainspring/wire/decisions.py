"""How a call was routed, as it travels from a gateway to control: small, and complete enough to
tell why.

Fields are only ever added, always with a default.
"""

import msgspec


class Candidate(msgspec.Struct, frozen=True, omit_defaults=True):
    """A target that was looked at; ``excluded`` is why it could not be chosen."""

    upstream_id: str
    upstream_model: str
    excluded: str | None = None


class AttemptNote(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One attempt, or one search for a target that found none (``chosen`` is then ``None``).

    ``candidates`` are in the model's order and ``chosen`` counts among them. ``draw`` is the random
    number that decided. ``cause`` says what this attempt answered to: ``first``, ``retry``,
    ``again`` (the same target after a pause), ``hedge`` or ``fallback``. ``result`` is ``ok``, the
    HTTP status of a refusal, a kind of failure, or ``cancelled``. ``at_ms`` is milliseconds after
    the request's arrival.
    """

    model: str
    strategy: str = "weighted"
    track: str = "stable"
    track_reason: str = "only"
    draw: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    chosen: int | None = None
    cause: str = "first"
    result: str = ""
    at_ms: float = 0.0
    duration_ms: float = 0.0


class Decision(msgspec.Struct, frozen=True, omit_defaults=True):
    """Every attempt of a call, in order."""

    attempts: tuple[AttemptNote, ...] = ()
    degraded: bool = False
