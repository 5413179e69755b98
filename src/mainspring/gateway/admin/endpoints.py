"""``/healthz``, ``/readyz`` and ``/metrics``."""

import ipaddress
from collections.abc import Callable, Coroutine
from typing import Any

import msgspec

from mainspring.gateway.admin.exposition import CONTENT_TYPE
from mainspring.gateway.admin.siblings import Siblings
from mainspring.gateway.http.exchange import Exchange
from mainspring.kernel.errors import RouteNotFoundError

_FORWARDED = (b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via")
"""What proxies add, if nothing forbids them to; a local scraper sends none of them."""
_NO_STORE = ((b"cache-control", b"no-store"),)


class Readiness(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a gateway may be sent traffic, and what it is doing."""

    ready: bool
    snapshot_version: int
    control_connected: bool
    spool_full: bool
    draining: bool


class AdminEndpoints:
    """Answers operators; none of these routes tells anything about tenants."""

    def __init__(
        self,
        readiness: Callable[[], Readiness],
        metrics: Callable[[], bytes],
        *,
        metrics_to_all: bool,
        siblings: Siblings | None = None,
    ) -> None:
        """Answer with ``metrics``, of all ``siblings`` too where there are some."""
        self._readiness = readiness
        self._metrics = metrics
        self._metrics_to_all = metrics_to_all
        self._siblings = siblings

    def alive(self, exchange: Exchange) -> None:
        """Answer that the process runs; restarting it would not help whatever is wrong."""
        exchange.respond(200, b'{"status":"alive"}', _NO_STORE)

    def ready(self, exchange: Exchange) -> None:
        """Answer 200 if traffic is welcome, else 503 and why."""
        state = self._readiness()
        exchange.respond(200 if state.ready else 503, msgspec.json.encode(state), _NO_STORE)

    def metrics(self, exchange: Exchange) -> Coroutine[Any, Any, None] | None:
        """Answer with all metrics; to other machines only if that was allowed.

        Raises:
            RouteNotFoundError: for a caller that may not know of this route.
        """
        if not self._metrics_to_all and not _is_from_here(exchange):
            raise RouteNotFoundError
        if self._siblings is not None:
            return self._metrics_of_all(exchange, self._siblings)
        exchange.respond(200, self._metrics(), _NO_STORE, CONTENT_TYPE)
        return None

    async def _metrics_of_all(self, exchange: Exchange, siblings: Siblings) -> None:
        page = await siblings.together(self._metrics())
        exchange.respond(200, page, _NO_STORE, CONTENT_TYPE)


def _is_from_here(exchange: Exchange) -> bool:
    """Tell whether this machine itself asks, and not somebody through a proxy that runs on it."""
    if any(name in exchange.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(exchange.peer).is_loopback
    except ValueError:
        return False
