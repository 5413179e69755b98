"""When a call is sent again, and after which pause."""

import random
from dataclasses import dataclass

import httpx

from mainspring_sdk._calls import Call
from mainspring_sdk.errors.tree import ApiError, ConflictError

_UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""The server saw nothing of the call."""

_STATUSES = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how soon; times are in seconds.

    A call is sent again after a failed connection, a timeout, 429 and 503, and only where that
    can do nothing twice: reading, and whatever carries an ``Idempotency-Key`` (every creation
    does). A call that never left is sent again in any case. The pause doubles from ``first_s`` to
    ``most_s``, less up to half of it by chance; a ``Retry-After`` is waited for as told, and where
    it is longer than ``most_retry_after_s`` the refusal is raised at once.
    """

    max_retries: int = 2
    first_s: float = 0.5
    most_s: float = 8.0
    most_retry_after_s: float = 60.0

    def after_failure(self, call: Call, failure: Exception, retries: int) -> float | None:
        """Return the pause after a broken attempt; ``None`` gives up."""
        if retries >= self.max_retries:
            return None
        if not call.is_repeatable and not isinstance(failure, _UNSENT):
            return None
        return self._pause(retries)

    def after_refusal(self, call: Call, refusal: ApiError, retries: int) -> float | None:
        """Return the pause after an answer that refuses; ``None`` gives up."""
        if retries >= self.max_retries or not call.is_repeatable:
            return None
        # An earlier attempt of ours may be under way still; then the conflict passes.
        passing = isinstance(refusal, ConflictError) and refusal.retry_after_s is not None
        if refusal.status not in _STATUSES and not passing:
            return None
        if refusal.retry_after_s is None:
            return self._pause(retries)
        if refusal.retry_after_s > self.most_retry_after_s:
            return None
        return refusal.retry_after_s + random.uniform(0, self.first_s / 2)

    def _pause(self, retries: int) -> float:
        whole = min(self.most_s, self.first_s * 2**retries)
        return whole * random.uniform(0.5, 1.0)
