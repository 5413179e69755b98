"""Listening sockets: of a host and port, and of a path."""

import asyncio
import contextlib
import socket
import stat
from pathlib import Path
from typing import Final

BACKLOG: Final = 4096
"""Connections that may wait to be accepted; the kernel's own bound (``somaxconn``) applies too."""

_Identity = tuple[int, int]


async def bound_sockets(host: str, port: int, *, reuse_port: bool = False) -> list[socket.socket]:
    """Return listening sockets, one for each address of ``host``; port 0 takes a free one.

    Raises:
        OSError: if an address cannot be had; none is held then.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(
        host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )
    sockets: list[socket.socket] = []
    try:
        for family, kind, protocol, _, address in dict.fromkeys(found):
            listening = socket.socket(family, kind, protocol)
            sockets.append(listening)
            listening.setblocking(False)
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if reuse_port:
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            if family == socket.AF_INET6:
                listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            # Further addresses of a host share the port that the first one got.
            taken = sockets[0].getsockname()[1] if len(sockets) > 1 else port
            listening.bind((address[0], taken, *address[2:]))
            listening.listen(BACKLOG)
    except BaseException:
        for each in sockets:
            each.close()
        raise
    return sockets


def unix_socket(path: Path, mode: int) -> tuple[socket.socket, _Identity]:
    """Return a listening socket at ``path``, and what tells it from another one there later.

    A socket that nobody listens on any more gives way; anything else does not.

    Raises:
        OSError: if the path is taken, too long for a socket, or in no directory of ours.
    """
    with contextlib.suppress(FileNotFoundError):
        if stat.S_ISSOCK(path.lstat().st_mode) and not _answers(path):
            path.unlink()
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listening.setblocking(False)
        listening.bind(str(path))
        path.chmod(mode)
        listening.listen(BACKLOG)
    except BaseException:
        listening.close()
        raise
    status = path.stat()
    return listening, (status.st_dev, status.st_ino)


def unlink_socket(path: Path, identity: _Identity) -> None:
    """Remove the socket at ``path`` if it still is the one of ``identity``."""
    with contextlib.suppress(OSError):
        status = path.lstat()
        if (status.st_dev, status.st_ino) == identity:
            path.unlink()


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            return False
        except OSError:  # somebody is there, and slow
            return True
        return True
