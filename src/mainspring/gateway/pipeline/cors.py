"""Letting pages of other origins call the API from a browser, where an operator allows it."""

import re
from collections.abc import Coroutine
from typing import Any, Final

from mainspring.gateway.http.exchange import Exchange, Handler

_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+")
_MAX_AGE_S: Final = 600
_EXPOSED: Final = (
    b"x-request-id, x-trace-id, retry-after, retry-after-ms, x-mainspring-attempts,"
    b" x-mainspring-degraded, x-mainspring-dropped-params, x-mainspring-estimated,"
    b" x-ratelimit-limit-requests, x-ratelimit-limit-tokens, x-ratelimit-remaining-requests,"
    b" x-ratelimit-remaining-tokens, x-ratelimit-reset-requests, x-ratelimit-reset-tokens"
)
_ASKED_HEADERS: Final = re.compile(rb"[A-Za-z0-9\-, ]{0,2000}")


def with_cors(origins: str, handle: Handler) -> Handler:
    """Return ``handle`` with CORS for ``origins``, which are separated by commas.

    ``*`` allows every origin. Without any, ``handle`` is returned as it is: browsers then keep
    pages of other origins out. Keys travel in headers, never in cookies, so credentials in CORS'
    sense are never allowed.

    Raises:
        ValueError: if one of ``origins`` is no origin.
    """
    allowed = read_origins(origins)
    return _Cors(allowed, handle).handle if allowed else handle


def read_origins(origins: str) -> frozenset[bytes]:
    """Return the origins that an operator lists, separated by commas; ``*`` stands for all.

    Raises:
        ValueError: if one of them is no origin.
    """
    listed = frozenset(filter(None, (each.strip().rstrip("/") for each in origins.split(","))))
    for origin in listed:
        if origin != "*" and _ORIGIN.fullmatch(origin) is None:
            raise ValueError(f"not an origin such as https://app.example: {origin!r}")
    return frozenset(each.encode() for each in listed)


class _Cors:
    """Answers preflights itself and marks the answers to allowed origins."""

    def __init__(self, allowed: frozenset[bytes], handle: Handler) -> None:
        self._allowed = allowed
        self._handle = handle

    def handle(self, exchange: Exchange) -> Coroutine[Any, Any, bool | None] | None:
        """Answer one exchange."""
        origin = exchange.headers.get(b"origin")
        if origin is None or not exchange.path.startswith("/v"):
            return self._handle(exchange)
        allowed = b"*" in self._allowed or origin in self._allowed
        asked = exchange.headers.get(b"access-control-request-method")
        if exchange.method == "OPTIONS" and asked is not None and allowed:
            self._preflight(exchange, origin)
            return None
        mark = b"vary: origin\r\n"
        if allowed:
            mark += b"access-control-allow-origin: %b\r\naccess-control-expose-headers: %b\r\n" % (
                origin,
                _EXPOSED,
            )
        exchange.add_to_head(mark)
        return self._handle(exchange)

    def _preflight(self, exchange: Exchange, origin: bytes) -> None:
        wanted = exchange.headers.get(b"access-control-request-headers", b"")
        if _ASKED_HEADERS.fullmatch(wanted) is None:
            wanted = b""
        headers = [
            (b"access-control-allow-origin", origin),
            (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE"),
            (b"access-control-allow-headers", wanted or b"authorization, content-type"),
            (b"access-control-max-age", b"%d" % _MAX_AGE_S),
            (b"vary", b"origin, access-control-request-headers"),
        ]
        exchange.respond(204, b"", headers)
