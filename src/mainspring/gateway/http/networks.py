"""Peers that are trusted with more than others, named by address or network."""

import asyncio
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, cast

UNIX: Final = "unix"
"""How peers on a Unix socket are named: they have no address."""


class Networks:
    """A set of networks, asked once per connection or forwarded request."""

    __slots__ = ("_networks", "_unix")

    def __init__(self, networks: list[IPv4Network | IPv6Network], *, unix: bool = False) -> None:
        self._networks = tuple(networks)
        self._unix = unix

    @classmethod
    def parse(cls, text: str) -> "Networks":
        """Read addresses and networks (``10.0.0.0/8``) separated by commas, and ``unix``.

        Raises:
            ValueError: if one is neither.
        """
        names = [name.strip() for name in text.split(",") if name.strip()]
        return cls(
            [ip_network(name, strict=False) for name in names if name != UNIX], unix=UNIX in names
        )

    def __bool__(self) -> bool:
        return self._unix or bool(self._networks)

    def __contains__(self, peer: str) -> bool:
        if peer == UNIX:
            return self._unix
        try:
            address = plain_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._networks)


NOBODY: Final = Networks([])


def plain_address(text: str) -> IPv4Address | IPv6Address:
    """Return an address, one that IPv6 only wraps (``::ffff:10.0.0.1``) as the IPv4 it is.

    Raises:
        ValueError: if it is none.
    """
    address = ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address


def peer_of(transport: asyncio.BaseTransport) -> str:
    """Return the address at the other end of ``transport``, without the port."""
    peer = cast("tuple[object, ...] | str", transport.get_extra_info("peername"))
    return str(peer[0]) if isinstance(peer, tuple) else UNIX
