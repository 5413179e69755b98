"""The way in for WebSockets: who asks, from which page, and whether what it offers can be taken.

Browsers and many devices cannot set headers of a WebSocket's handshake; they show their key as a
subprotocol. A key in a query string is never read: it would stand in every log on the way.
"""

from collections.abc import Mapping, Sequence

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.websocket import (
    HandshakeError,
    Offer,
    SocketHost,
    subprotocols_offered,
)
from mainspring.gateway.pipeline.cors import read_origins
from mainspring.kernel.errors import PermissionDeniedError, UpgradeRequiredError

KEY_SUBPROTOCOLS = ("mainspring.key.", "openai-insecure-api-key.")
"""What a key is written behind: ours, and the one that OpenAI's clients in browsers use."""

_OF_THE_HANDSHAKE = frozenset(
    {b"upgrade", b"connection", b"content-length", b"expect", b"idempotency-key"}
)
"""What is said once, and not of every call that follows."""


class SocketEntry:
    """Takes offers of WebSockets for one gateway."""

    def __init__(self, host: SocketHost, origins: str) -> None:
        """Let in pages of ``origins`` (see ``with_cors``) and of the gateway's own host.

        Raises:
            ValueError: if one of ``origins`` is no origin.
        """
        self._host = host
        self._origins = read_origins(origins)

    def offer(self, exchange: Exchange, spoken: Sequence[str]) -> Offer:
        """Check what ``exchange`` offers; of its subprotocols the first of ``spoken`` is taken.

        Raises:
            UpgradeRequiredError: if it offers no WebSocket.
            PermissionDeniedError: if a page of another origin makes the offer.
        """
        headers = exchange.headers
        if headers.get(b"upgrade", b"").lower() != b"websocket":
            raise UpgradeRequiredError
        origin = headers.get(b"origin")
        if origin is not None and not self._lets_in(origin, headers.get(b"host", b"")):
            raise PermissionDeniedError("pages of this origin may not open WebSockets here")
        try:
            return Offer(exchange, self._host, spoken)
        except HandshakeError as error:
            raise UpgradeRequiredError(str(error)) from error

    def _lets_in(self, origin: bytes, host: bytes) -> bool:
        allowed = self._origins
        if b"*" in allowed or origin in allowed:
            return True
        return origin.partition(b"://")[2].lower() == host.lower()


def request_headers(headers: Mapping[bytes, bytes]) -> dict[bytes, bytes]:
    """Return the headers that a handshake's calls have in common: its own, the key among them.

    A key shown as a subprotocol counts where no header shows one.
    """
    kept = {
        name: value
        for name, value in headers.items()
        if name not in _OF_THE_HANDSHAKE and not name.startswith(b"sec-websocket-")
    }
    if b"authorization" not in kept and b"x-api-key" not in kept:
        for name in subprotocols_offered(headers):
            for prefix in KEY_SUBPROTOCOLS:
                if name.startswith(prefix):
                    kept[b"authorization"] = b"Bearer " + name[len(prefix) :].encode("latin-1")
                    return kept
    return kept
