"""Addresses behind which clouds keep the credentials of the machine itself."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

_GUARDED: Final = tuple(
    ip_network(each)
    for each in (
        "169.254.0.0/16",  # link-local, with the metadata service of most clouds
        "fe80::/10",
        "fd00:ec2::254/128",  # Amazon's, over IPv6
        "fd20:ce::254/128",  # Google's, over IPv6
        "100.100.100.200/32",  # Alibaba's
        "168.63.129.16/32",  # Azure's
        "0.0.0.0/8",  # to many systems this machine itself
        "::/128",
        "224.0.0.0/4",
        "ff00::/8",
        "255.255.255.255/32",
    )
)
_NAMES: Final = frozenset({"metadata", "metadata.google.internal", "instance-data"})
_NAT64: Final = IPv6Network("64:ff9b::/96")


def is_guarded_address(text: str) -> bool:
    """Tell whether an IP address leads to a cloud's own services, however it is wrapped.

    What is no address is none of these: names are judged when it is known what they stand for.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return any(_is_guarded(each) for each in (address, *_wrapped(address)))


def is_guarded_host(host: str) -> bool:
    """Tell whether a host, by name or address, is known to lead there."""
    return host.rstrip(".").lower() in _NAMES or is_guarded_address(host)


def _is_guarded(address: IPv4Address | IPv6Address) -> bool:
    return any(address.version == each.version and address in each for each in _GUARDED)


def _wrapped(address: IPv4Address | IPv6Address) -> list[IPv4Address]:
    """Return the IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return []
    found = [address.ipv4_mapped, address.sixtofour]
    if address in _NAT64 or 0xFFFF < int(address) <= 0xFFFFFFFF:  # not ::1, this machine
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [each for each in found if each is not None]
