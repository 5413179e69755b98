"""What this gateway has seen of a target lately, and what follows from it.

All of it runs in the event loop between two awaits, so there are no locks. Times are
``time.monotonic()`` seconds, told by the caller.
"""

import math
import random
from collections.abc import Callable
from enum import StrEnum

from mainspring.snapshot.route_policy import Breaker
from mainspring.snapshot.routing import EJECTED

_BUCKETS = 10
_LATENCY_DECAY_S = 10.0
"""An observation of the latency weighs ``1/e`` after this long."""


class Verdict(StrEnum):
    """What an attempt says of its target."""

    GOOD = "good"
    BAD = "bad"
    NEUTRAL = "neutral"
    """Nothing: the caller left, a rival was faster, or the fault was not the target's."""


class CircuitState(StrEnum):
    """Whether a target is asked."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"
    """One probe is asked; it decides."""


# Before Python 3.12 each look-up of an enum's member by its class runs a Python function.
_CLOSED, _OPEN, _HALF_OPEN = CircuitState
_GOOD, _BAD, _NEUTRAL = Verdict


class TargetHealth:
    """Calls in flight, latency, circuit, cool-down and ejection of one target.

    A target is an upstream together with what the model is called there, whichever of our models
    lead to it. While :attr:`calm` holds there is nothing that :meth:`look` could find out.
    """

    __slots__ = (
        "_bad",
        "_bucket",
        "_consecutive",
        "_cooling_until",
        "_draw",
        "_ejected_until",
        "_good",
        "_last_latency_at",
        "_open_until",
        "_policy",
        "_width",
        "calm",
        "circuit",
        "in_flight",
        "latency_ms",
        "obstacle",
        "opened",
        "probing",
    )

    def __init__(self, policy: Breaker, draw: Callable[[], float] = random.random) -> None:
        """Follow ``policy``; ``draw`` gives the jitter of open circuits."""
        self._draw = draw
        self.circuit = _CLOSED
        self.in_flight = 0
        self.latency_ms = 0.0
        self.obstacle: str | None = None
        self.calm = True
        self.opened = 0
        """How often the circuit opened."""
        self.probing = False
        self._last_latency_at = 0.0
        self._open_until = 0.0
        self._cooling_until = 0.0
        self._ejected_until = 0.0
        self._consecutive = 0
        self._bucket = -1
        self._good = [0] * _BUCKETS
        self._bad = [0] * _BUCKETS
        self.follow(policy)

    def follow(self, policy: Breaker) -> None:
        """Take another policy; what was seen stays."""
        self._policy = policy
        self._width = max(policy.window_s, 0.1) / _BUCKETS

    def look(self, now: float) -> None:
        """Bring :attr:`obstacle` up to date."""
        if self.calm:
            return
        self.obstacle = None
        if now < self._cooling_until:
            self.obstacle = "cooling_down"
        elif self.circuit is _OPEN and now < self._open_until:
            self.obstacle = "circuit_open"
        elif self.circuit is not _CLOSED:
            self.circuit = _HALF_OPEN
            if self.probing:
                self.obstacle = "probing"
        elif now < self._ejected_until:
            self.obstacle = EJECTED
        else:
            self.calm = True

    def available_in(self, now: float) -> float:
        """Return after how many seconds the target may be asked again, as far as is known."""
        return max(self._cooling_until - now, self._open_until - now, self._ejected_until - now, 0)

    def fade(self, now: float) -> None:
        """Let an old latency count for less: a target that was slow once is tried again."""
        idle = now - self._last_latency_at
        if idle > _LATENCY_DECAY_S and self.latency_ms:
            self.latency_ms *= math.exp(-idle / _LATENCY_DECAY_S)
            self._last_latency_at = now

    def begin(self) -> bool:
        """Note that an attempt is under way; tell whether it is the probe of a half-open circuit.

        What this returns is handed back to :meth:`end`.
        """
        self.in_flight += 1
        if self.circuit is _HALF_OPEN and not self.probing:
            self.probing = True
            return True
        return False

    def end(
        self, verdict: Verdict, now: float, latency_ms: float | None = None, *, probe: bool = False
    ) -> None:
        """Note how an attempt ended; ``latency_ms`` is its time to the first byte."""
        self.in_flight -= 1
        if probe:
            self._probed(verdict, now)
            return
        if verdict is _NEUTRAL or self.circuit is not _CLOSED:
            # What began before the circuit opened says nothing about how the target is now.
            return
        if latency_ms is not None:
            self._observe(latency_ms, now)
        index = self._turn(now)
        if verdict is _GOOD:
            self._good[index] += 1
            self._consecutive = 0
            return
        self._bad[index] += 1
        self._consecutive += 1
        policy = self._policy
        bad = sum(self._bad)
        total = bad + sum(self._good)
        if total >= policy.min_samples and bad >= policy.error_share * total:
            self._open(now)
        elif self._consecutive >= policy.eject_after:
            self._ejected_until = now + policy.open_s
            self._consecutive = 0
            self.calm = False

    def _probed(self, verdict: Verdict, now: float) -> None:
        self.probing = False
        if verdict is _GOOD:
            self._close()
        elif verdict is _BAD:
            self._open(now)

    def cool_down(self, seconds: float, now: float) -> None:
        """Leave the target alone for as long as it asked, within the policy's bound."""
        until = now + min(max(seconds, 0.0), self._policy.max_cooldown_s)
        self._cooling_until = max(self._cooling_until, until)
        self.calm = False

    def _observe(self, latency_ms: float, now: float) -> None:
        if self.latency_ms == 0.0:
            self.latency_ms = latency_ms
        else:
            # A slow answer is believed at once, a quick one as the old value fades: a target that
            # begins to stall loses its calls before it has answered many of them.
            old = math.exp(-max(now - self._last_latency_at, 0.1) / _LATENCY_DECAY_S)
            if latency_ms > self.latency_ms:
                old *= 0.5
            self.latency_ms = self.latency_ms * old + latency_ms * (1 - old)
        self._last_latency_at = now

    def _turn(self, now: float) -> int:
        """Return the window's present bucket, with those that have passed emptied."""
        bucket = int(now / self._width)
        passed = bucket - self._bucket
        if passed:
            self._bucket = bucket
            for step in range(min(max(passed, 0), _BUCKETS)):
                self._good[(bucket - step) % _BUCKETS] = 0
                self._bad[(bucket - step) % _BUCKETS] = 0
        return bucket % _BUCKETS

    def _open(self, now: float) -> None:
        self.circuit = _OPEN
        self.opened += 1
        self.probing = False
        self.calm = False
        self._open_until = now + self._policy.open_s * (0.8 + 0.4 * self._draw())
        self.obstacle = "circuit_open"

    def _close(self) -> None:
        self.circuit = _CLOSED
        self.probing = False
        self.obstacle = None
        self._good = [0] * _BUCKETS
        self._bad = [0] * _BUCKETS
