"""The PROXY protocol, versions 1 and 2: what a load balancer says of its client, ahead of all else.

Written after the public specification (haproxy.org, "The PROXY protocol"). The header is read from
the bare socket and not one byte more, so that TLS or HTTP begins exactly behind it.
"""

import asyncio
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address
from typing import Final

from mainspring.gateway.http.networks import plain_address

_V1: Final = b"PROXY "
_V2: Final = b"\r\n\r\n\0\r\nQUIT\n"
_V2_HEAD: Final = 16
_V1_LONGEST: Final = 107
_V2_LONGEST: Final = 4096
"""The specification allows 64 KiB; what balancers add behind the addresses is far below this."""
_PEEK: Final = 512


class ProxyHeaderError(Exception):
    """A connection that had to begin with a PROXY header did not."""


async def read_proxy_header(connection: socket.socket) -> str | None:
    """Take the header off ``connection`` and return the client's address.

    ``None`` means that the balancer speaks for itself (a health check) or cannot say for whom.
    The caller bounds the time.

    Raises:
        ProxyHeaderError: if what comes is not a header, or the connection ends before it does.
        OSError: if the connection fails.
    """
    data = b""
    while True:
        try:
            ahead = connection.recv(_PEEK, socket.MSG_PEEK)
        except (BlockingIOError, InterruptedError):
            await _readable(connection)
            continue
        if not ahead:
            raise ProxyHeaderError("the connection ended within its PROXY header")
        length = header_length(data + ahead)
        # Until the length is known, all that came belongs to the header; taking it at once keeps
        # a slow sender from waking us for the same bytes again and again.
        wanted = len(ahead) if length is None else min(length - len(data), len(ahead))
        data += connection.recv(wanted)
        if length == len(data):
            return stated_client(data)


def header_length(data: bytes) -> int | None:
    """Return how long the header is that ``data`` begins with, ``None`` while that is not known.

    Raises:
        ProxyHeaderError: if it is no header, or a larger one than is accepted.
    """
    if data[: len(_V2)] == _V2[: len(data)]:
        if len(data) < _V2_HEAD:
            return None
        length = _V2_HEAD + int.from_bytes(data[14:16], "big")
        if length > _V2_LONGEST:
            raise ProxyHeaderError("the PROXY header is too long")
        return length
    if data[: len(_V1)] == _V1[: len(data)]:
        end = data.find(b"\r\n", 0, _V1_LONGEST)
        if end < 0 and len(data) >= _V1_LONGEST:
            raise ProxyHeaderError("the PROXY header has no end")
        return None if end < 0 else end + 2
    raise ProxyHeaderError("the connection does not begin with a PROXY header")


def stated_client(header: bytes) -> str | None:
    """Return the client's address that a whole header states.

    Raises:
        ProxyHeaderError: if the header is not well formed.
    """
    try:
        return _stated_in_text(header) if header.startswith(_V1) else _stated_in_binary(header)
    except ValueError as error:
        raise ProxyHeaderError(f"the PROXY header cannot be read: {error}") from None


def _stated_in_text(header: bytes) -> str | None:
    fields = header[:-2].decode("ascii").split(" ")
    if fields[1] == "UNKNOWN":
        return None
    if len(fields) != 6:
        raise ProxyHeaderError("the PROXY header has not the fields that it should have")
    _, family, source, destination, *ports = fields
    wanted = {"TCP4": IPv4Address, "TCP6": IPv6Address}.get(family)
    if wanted is None:
        raise ProxyHeaderError("the PROXY header names an unknown family")
    wanted(destination)
    for port in ports:
        if not (port.isascii() and port.isdigit() and int(port) < 65_536):
            raise ProxyHeaderError("the PROXY header has a port that is none")
    return str(plain_address(str(wanted(source))))


def _stated_in_binary(header: bytes) -> str | None:
    version, command = divmod(header[12], 16)
    if version != 2 or command not in (0, 1):
        raise ProxyHeaderError("the PROXY header is of an unknown version or command")
    if command == 0:  # LOCAL: the balancer itself
        return None
    transport = header[13]
    if transport in (0x00, 0x31):  # unspecified; a Unix socket on the balancer's side
        return None
    size = {0x11: 4, 0x21: 16}.get(transport)
    if size is None:
        raise ProxyHeaderError("the PROXY header is not about a stream over IP")
    if len(header) < _V2_HEAD + 2 * size + 4:
        raise ProxyHeaderError("the PROXY header is too short for its addresses")
    source = header[_V2_HEAD : _V2_HEAD + size]
    address = IPv4Address(source) if size == 4 else IPv6Address(source)
    return str(plain_address(str(address)))


async def _readable(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    came = loop.create_future()
    loop.add_reader(connection, _once(came))
    try:
        await came
    finally:
        loop.remove_reader(connection)


def _once(came: "asyncio.Future[None]") -> Callable[[], None]:
    def tell() -> None:
        if not came.done():
            came.set_result(None)

    return tell
