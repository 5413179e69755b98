"""What vendors need from outside."""

from collections.abc import Mapping
from typing import Protocol

from mainspring.infra.outbound import OutboundAnswer
from mainspring.infra.reach import TlsSession


class Way(Protocol):
    """The stages on the way to a server; errors are of :mod:`mainspring.infra.reach`.

    Fails closed: what may not be called is not connected to.
    """

    async def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Return addresses of ``host``."""
        ...

    async def connect(self, address: str, port: int) -> None:
        """Connect and close."""
        ...

    async def handshake(self, address: str, port: int, host: str) -> TlsSession:
        """Agree on TLS and close."""
        ...


class Requests(Protocol):
    """Requests to a server that somebody named; ``OutboundError`` where there is no answer.

    Fails closed, as :class:`Way` does.
    """

    async def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        *,
        timeout_s: float | None = None,
    ) -> OutboundAnswer:
        """Return the answer to one request."""
        ...
