"""Identifiers: a readable prefix, then a time-ordered random part.

An id looks like ``req_0193f2c4a7be5d0f6c1a9e3b7d42c8f1``: 12 hex digits of Unix milliseconds and
20 hex digits of randomness, so ids sort by creation time and two processes never meet in one
(80 random bits per millisecond). Ids name things; they are never secrets. Secrets come from
:func:`new_secret`.
"""

import random
import secrets
import time
from typing import Final, Literal

Prefix = Literal[
    "req",
    "use",
    "cal",
    "scr",
    "org",
    "prj",
    "usr",
    "svc",
    "key",
    "mdl",
    "ups",
    "ses",
    "evt",
    "job",
    "ins",
    "tok",
    "grp",
    "rol",
    "inv",
    "pol",
    "iss",
    "sec",
    "sig",
    "rel",
    "dec",
    "arq",
    "brk",
    "chg",
    "arl",
    "mgr",
    "idp",
    "xid",
    "dtk",
    "dus",
    "dgr",
    "slo",
    "alt",
    "alr",
    "nch",
    "sil",
    "ntf",
    "gpr",
    "gch",
    "rpl",
    "dst",
    "dsi",
]

_random: Final = random.Random(secrets.randbits(256))
_randbits: Final = _random.getrandbits


def new_id(prefix: Prefix) -> str:
    """Return a new time-ordered id; costs well under a microsecond."""
    return "%s_%012x%020x" % (prefix, int(time.time() * 1000), _randbits(80))  # noqa: UP031 - hot path


def id_time_ms(value: str) -> int:
    """Return the Unix milliseconds at which ``value`` was made.

    Raises:
        ValueError: if ``value`` is not one of our ids.
    """
    _, _, digits = value.rpartition("_")
    if len(digits) != 32:
        raise ValueError(f"not an id: {value!r}")
    return int(digits[:12], 16)


def new_secret(prefix: str, *, nbytes: int = 32) -> str:
    """Return a new secret of ``nbytes`` random bytes as ``prefix-<url-safe base64>``."""
    return f"{prefix}-{secrets.token_urlsafe(nbytes)}"
