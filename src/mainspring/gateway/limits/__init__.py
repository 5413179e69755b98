"""How much a subject may use: reserve before the call, settle with what it took, or release.

May enter: the :class:`Limiter` port and its implementations (this process, later Redis).
Must never know: requests, protocols, upstreams; a limiter sees subjects and numbers. The pure
arithmetic is in ``mainspring.snapshot.limits``.
"""

from mainspring.gateway.limits.local import LocalLimiter
from mainspring.gateway.limits.port import (
    FailurePolicy,
    Limiter,
    Refusal,
    Reservation,
    UnlimitedLimiter,
)

__all__ = [
    "FailurePolicy",
    "Limiter",
    "LocalLimiter",
    "Refusal",
    "Reservation",
    "UnlimitedLimiter",
]
