"""Choosing the ports of a run: the wanted one, or else the next that is free."""

import errno
import socket
from collections.abc import Collection

import msgspec

TRIES = 100


class NoFreePortError(RuntimeError):
    """None of the ports that were tried is free."""


class PortChoice(msgspec.Struct, frozen=True):
    """The port that a part gets, and the one that was wanted (0: any)."""

    part: str
    wanted: int
    chosen: int

    @property
    def moved(self) -> bool:
        """Tell whether another port than the wanted one had to be taken."""
        return self.wanted not in (0, self.chosen)


def choose_port(part: str, host: str, wanted: int, *, reserved: Collection[int]) -> PortChoice:
    """Return ``wanted`` if it is free on ``host``, else the next free port above it.

    ``reserved`` are ports that other parts were given and do not listen on yet. The answer can be
    outdated a moment later; a part that then cannot bind says so and is started anew.

    Raises:
        NoFreePortError: if the hundred ports from ``wanted`` on are all taken.
    """
    if wanted == 0:
        while (chosen := _any_free_port(host)) in reserved:
            continue
        return PortChoice(part, wanted, chosen)
    for candidate in range(wanted, min(wanted + TRIES, 65_536)):
        if candidate not in reserved and is_free(host, candidate):
            return PortChoice(part, wanted, candidate)
    raise NoFreePortError(f"no port from {wanted} to {wanted + TRIES - 1} is free on {host}")


def is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen on ``port`` now.

    Raises:
        OSError: if ``host`` is no address of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # TIME_WAIT is no obstacle
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
        return True


def _any_free_port(host: str) -> int:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port
