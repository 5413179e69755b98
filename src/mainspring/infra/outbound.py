"""Calls to servers whose addresses people typed in: HTTPS only, and only where we may go.

An address that a tenant chose must not lead into our own network. The name is resolved once, every
address it stands for is judged, and the connection goes to one that was judged: a name that later
stands for something else gains nothing. Redirects are not followed.
"""

import asyncio
import contextlib
import ipaddress
import ssl
from collections.abc import Iterable, Mapping
from typing import cast
from urllib.parse import urlencode, urlsplit

import httpcore
import msgspec

from mainspring.infra.networks import Network
from mainspring.infra.trust import system_trust

_LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_CONNECT_S = 3.0
_MAX_CONNECTIONS = 8


class OutboundError(Exception):
    """The call was not made or got no usable answer; the text may be shown to whoever asked."""


class OutboundAnswer(msgspec.Struct, frozen=True):
    """The status and the whole body of an answer."""

    status: int
    body: bytes


class Outbound:
    """A small client for such calls; each has one deadline and a bound on its answer's size.

    With ``plain_http`` addresses without TLS may be called too: model servers within one's own
    network have none.
    """

    def __init__(
        self,
        network: Network,
        *,
        timeout_s: float = 10.0,
        max_bytes: int = 1024 * 1024,
        plain_http: bool = False,
        connections: int = _MAX_CONNECTIONS,
    ) -> None:
        self._network: Network = network
        self._plain_http = plain_http
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=system_trust("httpcore"),
            max_connections=connections,
            max_keepalive_connections=2,
            keepalive_expiry=30.0,
            network_backend=_GuardedNetwork(network),
        )

    def check_url(self, url: str) -> str:
        """Return ``url`` if it is one that may be called.

        Raises:
            OutboundError: if it is not.
        """
        try:
            target = urlsplit(url)
            host, _ = target.hostname, target.port
        except ValueError as error:
            raise OutboundError("this is not a URL") from error
        if not host or not url.isascii() or not url.isprintable() or " " in url:
            raise OutboundError("this is not the URL of a server")
        if target.username is not None or target.fragment:
            raise OutboundError("the URL holds a user name or a fragment")
        if target.scheme == "https" or (target.scheme == "http" and self._plain_http):
            return url
        if target.scheme == "http" and self._network == "loopback" and host in _LOCAL_NAMES:
            return url
        raise OutboundError("the URL must begin with https://")

    async def get(self, url: str, headers: Mapping[str, str] | None = None) -> OutboundAnswer:
        """Return the answer to GET ``url``.

        Raises:
            OutboundError: if there is none.
        """
        return await self.send("GET", url, headers or {}, b"")

    async def post_form(
        self, url: str, fields: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> OutboundAnswer:
        """Return the answer to ``fields``, sent as a form.

        Raises:
            OutboundError: if there is none.
        """
        form = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return await self.send("POST", url, form, urlencode(fields).encode())

    async def close(self) -> None:
        """Close every connection."""
        await self._pool.aclose()

    async def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        timeout_s: float | None = None,
    ) -> OutboundAnswer:
        """Return the answer to one request, within ``timeout_s`` instead of the usual deadline.

        Raises:
            OutboundError: if there is none.
        """
        self.check_url(url)
        deadline_s = timeout_s or self._timeout_s
        phases = {"connect": _CONNECT_S, "read": deadline_s, "write": deadline_s}
        named = {"Accept": "application/json", "User-Agent": "mainspring", **headers}
        if body:
            named["Content-Length"] = str(len(body))
        try:
            async with (
                asyncio.timeout(deadline_s),
                self._pool.stream(
                    method,
                    url,
                    headers=[("Host", urlsplit(url).netloc), *named.items()],
                    content=body or None,
                    extensions={"timeout": {**phases, "pool": deadline_s}},
                ) as answer,
            ):
                return OutboundAnswer(answer.status, await self._whole(answer))
        except TimeoutError as error:
            raise OutboundError(f"no answer within {deadline_s:g} s") from error
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.TimeoutException,
            httpcore.UnsupportedProtocol,
            ssl.SSLError,
            OSError,
            UnicodeError,  # a name that cannot be one of the DNS
        ) as error:
            # Only the kind: what an address inside answers, or how it refuses, is not told.
            raise OutboundError(f"no answer ({type(error).__name__})") from error

    async def _whole(self, answer: httpcore.Response) -> bytes:
        body = bytearray()
        async for piece in answer.aiter_stream():
            body += piece
            if len(body) > self._max_bytes:
                raise OutboundError(f"the answer is larger than {self._max_bytes} bytes")
        return bytes(body)


class _GuardedNetwork(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were judged."""

    def __init__(self, network: Network) -> None:
        self._network: Network = network
        self._below = cast("httpcore.AsyncNetworkBackend", httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface's own
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(timeout):
            found = await loop.getaddrinfo(host, port, proto=6)
        addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
        if not addresses or not all(may_reach(each, self._network) for each in addresses):
            raise OutboundError("the address lies in a network that may not be called from here")
        for address in addresses[:-1]:
            with contextlib.suppress(httpcore.ConnectError, httpcore.ConnectTimeout):
                return await self._below.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
        return await self._below.connect_tcp(
            addresses[-1], port, timeout, local_address, socket_options
        )

    async def sleep(self, seconds: float) -> None:
        await self._below.sleep(seconds)


def may_reach(address: str, network: Network) -> bool:
    """Tell whether the IP address lies within how far calls may go."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if ip.is_multicast or ip.is_unspecified or ip.is_link_local:
        return False  # link-local is where clouds keep their machines' credentials
    if ip.is_loopback:
        return network == "loopback"
    return ip.is_global or (network != "public" and ip.is_private)
