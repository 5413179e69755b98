"""The certificate authorities that this machine trusts."""

import ssl
from functools import cache
from typing import Literal


@cache
def system_trust(use: Literal["any", "httpcore"] = "any") -> ssl.SSLContext:
    """Return what verifies certificates by the machine's authorities, for everybody in common.

    Reading them takes tens of milliseconds, so it is done once. ``httpcore`` writes into a context
    which protocols it speaks: it has one of its own, so that nobody else claims to speak them.
    """
    del use
    return ssl.create_default_context()
