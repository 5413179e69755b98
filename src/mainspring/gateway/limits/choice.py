"""Which limiter a gateway's settings ask for."""

import time

from mainspring.gateway.limits.ledger import LedgerFile
from mainspring.gateway.limits.local import LocalLimiter
from mainspring.gateway.limits.port import Limiter, UnlimitedLimiter
from mainspring.gateway.limits.shares import SharingLimiter
from mainspring.gateway.settings import GatewaySettings, GatewaySettingsError


class SharedLimitsError(GatewaySettingsError):
    """Several gateways were asked for, and nothing that lets them count together."""


def make_limiter(settings: GatewaySettings) -> Limiter:
    """Return the limiter.

    Raises:
        LedgerError: if the file of calendar windows cannot be used.
        SharedLimitsError: if several gateways have no store in common.
        ValueError: if the store's address is none.
    """
    if settings.limits == "off":
        return UnlimitedLimiter()
    if settings.redis_url is not None:
        try:
            from mainspring.gateway.limits.shared import RedisLimiter  # noqa: PLC0415 - an extra
        except ModuleNotFoundError as error:
            raise SharedLimitsError(
                "shared limits need the package redis: install mainspring[redis]"
            ) from error
        return RedisLimiter(
            settings.redis_url,
            degraded=settings.limits_degraded,
            gateways=settings.gateway_count * settings.process_count,
        )
    together = settings.process_count > 1
    if settings.gateway_count > 1 or (settings.reuse_port and not together):
        raise SharedLimitsError(
            "several gateways would each grant every limit in full: set MAINSPRING_REDIS_URL, or"
            " MAINSPRING_LIMITS=off where something else limits"
        )
    file = settings.limits_file
    ledger = None if file is None else LedgerFile(file, time.time())
    if together:
        return SharingLimiter(
            ledger, number=settings.process_number or 1, count=settings.process_count
        )
    return LocalLimiter(ledger)
