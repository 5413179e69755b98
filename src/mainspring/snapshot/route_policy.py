"""How a model's calls are routed: strategy, retries, circuit breaking, releases.

Part of the model resource; the rules of compatibility at the head of
:mod:`mainspring.snapshot.resources` hold here too. Names of strategies and tracks are plain texts,
so that a gateway which does not know one falls back instead of refusing the snapshot.
"""

from typing import Final

import msgspec

from mainspring.snapshot.lifecycle import HeaderRule

STRATEGIES: Final = ("weighted", "priority", "least_busy", "latency", "cost", "sticky")
"""``weighted`` draws in proportion; ``priority`` takes the first in order; ``least_busy`` the one
with the fewest calls per weight; ``latency`` the better of two drawn at random by its recent time
to the first byte; ``cost`` the cheapest hint; ``sticky`` the same one for the same key."""

TRACKS: Final = ("stable", "canary", "shadow")
STABLE: Final = "stable"
CANARY: Final = "canary"
SHADOW: Final = "shadow"

STICKY_KEYS: Final = ("user", "header", "prefix")
"""What keeps calls together: the caller, a header's value, or the first bytes of the request."""


class Sticky(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the ``sticky`` strategy hashes. ``header`` is in lower case.

    ``user`` falls back to the key where a call names no user; a call without the header is hashed
    by its caller. ``prefix`` keeps requests with the same first ``prefix_bytes`` bytes on one
    server, whose prompt cache then holds them.
    """

    by: str = "user"
    header: str = "x-session-id"
    prefix_bytes: int = 1024


class Retry(msgspec.Struct, frozen=True, omit_defaults=True):
    """When another target is asked; never after the client has seen a byte.

    A request that was never sent may always go elsewhere. One that was sent goes elsewhere after an
    answer of these ``statuses``, with ``on_reset`` after a connection that broke without an answer,
    and with ``on_timeout`` after silence. ``deadline_s`` bounds all attempts together (``None``:
    the longest total time of a target). ``same_target_after_ms`` lets the last target be asked
    again after a pause; ``None`` never does.
    """

    max_attempts: int = 3
    statuses: tuple[int, ...] = (429, 500, 502, 503, 504, 529)
    on_timeout: bool = True
    on_reset: bool = True
    deadline_s: float | None = None
    same_target_after_ms: int | None = None


class Breaker(msgspec.Struct, frozen=True, omit_defaults=True):
    """When a target is left alone.

    The circuit opens when at least ``error_share`` of at least ``min_samples`` calls in the last
    ``window_s`` seconds failed; after ``open_s`` (a fifth more or less, at random) a single probe
    decides whether it closes. Apart from that a target that fails ``eject_after`` times in a row is
    set aside for as long, but never more than ``max_ejected_share`` of a model's targets, and never
    all. ``max_cooldown_s`` bounds how long a target's own ``Retry-After`` is obeyed.
    """

    window_s: float = 30.0
    min_samples: int = 20
    error_share: float = 0.5
    open_s: float = 10.0
    eject_after: int = 5
    max_ejected_share: float = 0.5
    max_cooldown_s: float = 60.0


class Routing(msgspec.Struct, frozen=True, omit_defaults=True):
    """How targets are chosen, and what happens when they fail.

    ``hedge_after_ms`` asks a second target when the first has shown nothing for that long; the
    slower of the two is cancelled. ``degraded_text`` is answered, marked as such, when everything
    failed. With ``client_hints`` callers may demand a region and tags by header.
    """

    strategy: str = "weighted"
    sticky: Sticky = Sticky()
    retry: Retry = Retry()
    breaker: Breaker = Breaker()
    hedge_after_ms: int | None = None
    degraded_text: str | None = None
    client_hints: bool = False


class Release(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who is served by the targets of the track ``canary``.

    Callers in ``canary_subjects`` (ids of keys, people or service accounts, groups, projects or
    organisations; ``<token issuer's id>/<group>`` for a group that its tokens name) always are,
    and calls that one of ``canary_headers`` marks; of the others ``canary_weight`` of a hundred
    calls, or of a hundred callers with ``by_user``. With ``pin_header`` a call chooses by
    ``X-Routing-Strategy``. ``shadow_share`` of a hundred calls are sent to the targets of the track
    ``shadow`` as well; their answers are dropped.
    """

    canary_weight: int = 0
    canary_subjects: tuple[str, ...] = ()
    by_user: bool = False
    pin_header: bool = False
    shadow_share: int = 100
    canary_headers: tuple[HeaderRule, ...] = ()
