"""Which limiter a gateway's settings ask for."""

import time

from mainspring.gateway.limits.ledger import LedgerFile
from mainspring.gateway.limits.local import LocalLimiter
from mainspring.gateway.limits.port import Limiter
from mainspring.gateway.settings import GatewaySettings


def make_limiter(settings: GatewaySettings) -> Limiter:
    """Return the limiter.

    Raises:
        LedgerError: if the file of calendar windows cannot be used.
    """
    file = settings.limits_file
    return LocalLimiter(None if file is None else LedgerFile(file, time.time()))
