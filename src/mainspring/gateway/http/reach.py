"""Where connections to upstreams may lead, judged by address when they are made.

A name is resolved once, and the connection goes to an address that was judged: a name that stands
for something else a moment later gains nothing.
"""

import asyncio
import socket
import ssl as tls
from collections.abc import Callable

from mainspring.kernel.addresses import is_guarded_address


class GuardedAddressError(OSError):
    """The name stands for nothing but addresses that may not be called."""


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses that ``host`` stands for at this moment.

    Raises:
        OSError: if it stands for none.
    """
    found = await asyncio.get_running_loop().getaddrinfo(host, port, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


async def reachable(host: str, port: int) -> list[str]:
    """Return the addresses of ``host`` that may be called, in the order to try them.

    Raises:
        GuardedAddressError: if there is none among those that there are.
        OSError: if the name cannot be resolved.
    """
    allowed = [each for each in await resolve(host, port) if not is_guarded_address(each)]
    if not allowed:
        raise GuardedAddressError("the address is one that upstreams may not have")
    return allowed


async def connect(
    make: Callable[[], asyncio.Protocol],
    host: str,
    port: int,
    *,
    ssl: tls.SSLContext | None,
    guarded: bool,
) -> None:
    """Connect to ``host``; if ``guarded``, to the first address that may be called and answers.

    Raises:
        OSError: if there is no connection; TLS failures are among these.
        ValueError: if the name cannot be one.
    """
    loop = asyncio.get_running_loop()
    server_hostname = host if ssl is not None else None
    if not guarded:
        await loop.create_connection(make, host, port, ssl=ssl, server_hostname=server_hostname)
        return
    addresses = await reachable(host, port)
    for address in addresses:
        try:
            await loop.create_connection(
                make, address, port, ssl=ssl, server_hostname=server_hostname
            )
        except tls.SSLError:
            raise
        except OSError:
            if address == addresses[-1]:
                raise
        else:
            return
