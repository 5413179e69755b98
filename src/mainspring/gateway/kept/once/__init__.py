"""Idempotency keys: a call that is repeated with its key is made, and charged, once."""

from mainspring.gateway.kept.once.local import LocalOnceStore, UnsharedOnceStore
from mainspring.gateway.kept.once.port import (
    Begun,
    Different,
    Full,
    Lost,
    OnceStore,
    Running,
    Started,
    StoreAwayError,
)
from mainspring.gateway.kept.once.service import IDEMPOTENCY_KEY, MAX_ANSWER_BYTES, Caller, Once

__all__ = [
    "IDEMPOTENCY_KEY",
    "MAX_ANSWER_BYTES",
    "Begun",
    "Caller",
    "Different",
    "Full",
    "LocalOnceStore",
    "Lost",
    "Once",
    "OnceStore",
    "Running",
    "Started",
    "StoreAwayError",
    "UnsharedOnceStore",
]
