"""The way to a server, one stage at a time: its name, a connection, TLS.

For those who want to know at which stage it ends. Where calls may go is judged as
:mod:`mainspring.infra.outbound` does, and nothing is sent over the connections made here.
"""

import asyncio
import contextlib
import socket
import ssl

import msgspec

from mainspring.infra.networks import Network
from mainspring.infra.outbound import may_reach
from mainspring.infra.trust import system_trust

_MAX_ADDRESSES = 3
"""A name may stand for many; a test needs no more."""


class ReachError(Exception):
    """A stage failed; the text may be shown to whoever gave the address."""


class UnknownNameError(ReachError):
    """The name stands for no address."""


class RefusedAddressError(ReachError):
    """The name stands for an address that may not be called from here."""


class NoConnectionError(ReachError):
    """No connection; ``timed_out`` tells that nothing answered at all."""

    def __init__(self, text: str, *, timed_out: bool) -> None:
        super().__init__(text)
        self.timed_out = timed_out


class HandshakeError(ReachError):
    """TLS could not be agreed on, or the certificate is not to be trusted."""


class TlsSession(msgspec.Struct, frozen=True):
    """What was agreed on, by whom the certificate is, and until when it is good (Unix seconds)."""

    version: str
    issuer: str
    ends_at: float


class Reach:
    """Goes the way to a server; each stage has the deadline that its caller sets."""

    def __init__(self, network: Network) -> None:
        self._network: Network = network
        self._trust = system_trust()

    async def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Return up to three addresses of ``host``, all of which may be called.

        Raises:
            UnknownNameError: if the name stands for none.
            RefusedAddressError: if one of them may not be called.
        """
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "not a name of the DNS"
            raise UnknownNameError(f"{host} has no address: {reason}") from error
        addresses = tuple(dict.fromkeys(str(each[4][0]) for each in found))
        if not all(may_reach(each, self._network) for each in addresses):
            raise RefusedAddressError(
                f"{host} lies in a network that may not be called from here ({self._network})"
            )
        return addresses[:_MAX_ADDRESSES]

    async def connect(self, address: str, port: int) -> None:
        """Connect, and close at once.

        Raises:
            NoConnectionError: if that fails.
        """
        try:
            _, writer = await asyncio.open_connection(address, port)
        except OSError as error:
            text = error.strerror or type(error).__name__
            timed_out = isinstance(error, TimeoutError)
            raise NoConnectionError(
                f"{address} port {port}: {text}", timed_out=timed_out
            ) from error
        await _close(writer)

    async def handshake(self, address: str, port: int, host: str) -> TlsSession:
        """Agree on TLS with the server at ``address`` under the name ``host``, and close.

        Raises:
            HandshakeError: if the certificate is not to be trusted, or it is not TLS.
            NoConnectionError: if there is no connection any more.
        """
        try:
            _, writer = await asyncio.open_connection(
                address, port, ssl=self._trust, server_hostname=host
            )
        except ssl.SSLCertVerificationError as error:
            raise HandshakeError(f"the certificate: {error.verify_message}") from error
        except ssl.SSLError as error:
            raise HandshakeError(f"no TLS: {error.reason or 'the handshake failed'}") from error
        except OSError as error:
            text = error.strerror or type(error).__name__
            raise NoConnectionError(text, timed_out=False) from error
        try:
            return _session(writer.get_extra_info("ssl_object"))
        finally:
            await _close(writer)


def _session(tls: ssl.SSLObject) -> TlsSession:
    certificate = tls.getpeercert() or {}
    ends = str(certificate.get("notAfter", ""))
    ends_at = float(ssl.cert_time_to_seconds(ends)) if ends else 0.0
    issuer = ""
    for part in certificate.get("issuer", ()):
        for name, value in part:
            if name in {"organizationName", "commonName"} and not issuer:
                issuer = str(value)
    return TlsSession(tls.version() or "", issuer, ends_at)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
