"""Clients behind proxies that are trusted to say who they speak for (``X-Forwarded-For``)."""

from mainspring.gateway.http.connection import ServerConnection
from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.listener import Listener, RequestHead
from mainspring.gateway.http.networks import Networks, plain_address

_HEADER = b"x-forwarded-for"
_MOST_HOPS = 32


def client_behind(peer: str, hops: bytes, trusted: Networks) -> str:
    """Return the address of the client that ``peer``, a trusted proxy, forwards for.

    Every proxy appends whom it got the request from, so the list is read from its end and believed
    only as far as trusted proxies reach: the first address that is not one of theirs is the client.
    What stands before it anybody may have written. An entry that is no address ends the reading.
    """
    client = peer
    for hop in reversed(hops.decode("latin-1").split(",")[-_MOST_HOPS:]):
        try:
            client = str(plain_address(_without_port(hop.strip())))
        except ValueError:
            return client
        if client not in trusted:
            return client
    return client


def _without_port(hop: str) -> str:
    """Return ``hop`` without the port that some proxies add."""
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


class ForwardedConnection(ServerConnection):
    """A connection of a server that stands behind trusted proxies; others pay nothing for it."""

    __slots__ = ("_earlier", "_proxy", "_trusted")

    def __init__(self, listener: Listener, trusted: Networks, peer: str | None = None) -> None:
        super().__init__(listener, peer)
        self._trusted = trusted
        self._proxy: str | None = None
        self._earlier = b""

    def on_headers_complete(self) -> None:
        """Check the head, and find the client for whom a proxy asks."""
        if self._earlier:
            self._headers[_HEADER] = self._earlier + self._headers[_HEADER]
        super().on_headers_complete()
        self._find_client(self._request_headers)

    def _exchange(self, known: RequestHead, length: bytes, body: bytes) -> Exchange:
        self._find_client(known[3])
        return super()._exchange(known, length, body)

    def _find_client(self, headers: dict[bytes, bytes]) -> None:
        if self._proxy is None:
            self._proxy = self._peer if self._peer in self._trusted else ""
        if self._proxy:
            hops = headers.get(_HEADER)
            self._peer = client_behind(self._proxy, hops, self._trusted) if hops else self._proxy

    def _reset_message(self) -> None:
        self._earlier = b""  # also what stood in trailers: the next request is another client's
        super()._reset_message()

    def _repeated(self, name: bytes) -> None:
        if name == _HEADER:
            self._earlier += self._headers[name] + b","
        super()._repeated(name)
