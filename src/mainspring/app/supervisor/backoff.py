"""How long to wait before a part is started again, and when starting it is pointless."""

import random

import msgspec


class RestartPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """Delays double from ``first_s`` up to ``most_s``, each spread by ``jitter`` to both sides.

    A part that served for ``healthy_s`` has proven itself: its next failure counts as the first.
    After ``attempts`` failures in a row the part has failed; from then on it is tried every
    ``after_failure_s`` only (a full disk may be emptied), and each time said loudly.
    """

    first_s: float = 0.2
    most_s: float = 15.0
    jitter: float = 0.3
    healthy_s: float = 30.0
    attempts: int = 6
    after_failure_s: float = 60.0


class Backoff:
    """Counts the failures of one part."""

    def __init__(self, policy: RestartPolicy, rng: random.Random) -> None:
        self._policy = policy
        self._random = rng
        self.failures = 0

    @property
    def given_up(self) -> bool:
        """Tell whether the part has failed too often in a row."""
        return self.failures >= self._policy.attempts

    def give_up(self) -> None:
        """Note that another start unchanged cannot help."""
        self.failures = self._policy.attempts

    def failed(self, *, served_s: float) -> float:
        """Note that the part ended after serving for ``served_s``; return the seconds to wait."""
        policy = self._policy
        self.failures = 1 if served_s >= policy.healthy_s else self.failures + 1
        if self.given_up:
            return policy.after_failure_s
        delay = min(policy.first_s * 2 ** (self.failures - 1), policy.most_s)
        return delay * self._random.uniform(1 - policy.jitter, 1 + policy.jitter)
