"""``/healthz``, ``/readyz`` and ``/metrics``."""

import ipaddress
from collections.abc import Callable

import msgspec

from mainspring.gateway.admin.exposition import CONTENT_TYPE
from mainspring.gateway.http.exchange import Exchange
from mainspring.kernel.errors import RouteNotFoundError

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
    ) -> None:
        self._readiness = readiness
        self._metrics = metrics
        self._metrics_to_all = metrics_to_all

    def alive(self, exchange: Exchange) -> None:
        """Answer that the process runs; restarting it would not help whatever is wrong."""
        exchange.respond(200, b'{"status":"alive"}', _NO_STORE)

    def ready(self, exchange: Exchange) -> None:
        """Answer 200 if traffic is welcome, else 503 and why."""
        state = self._readiness()
        exchange.respond(200 if state.ready else 503, msgspec.json.encode(state), _NO_STORE)

    def metrics(self, exchange: Exchange) -> None:
        """Answer with all metrics; to other machines only if that was allowed.

        Raises:
            RouteNotFoundError: for a caller that may not know of this route.
        """
        if not self._metrics_to_all and not _is_loopback(exchange.peer):
            raise RouteNotFoundError
        exchange.respond(200, self._metrics(), _NO_STORE, CONTENT_TYPE)


def _is_loopback(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_loopback
    except ValueError:
        return False
