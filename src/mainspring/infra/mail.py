"""E-mail through a server whose name people typed in; where it may be is judged first.

The name is resolved once, every address is judged as :mod:`mainspring.infra.outbound` does, and
the connection goes to one that was judged. A message is handed over once: whoever wants it to be
tried again does so.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Literal

import aiosmtplib
import msgspec

from mainspring.infra.networks import Network
from mainspring.infra.outbound import may_reach
from mainspring.infra.trust import system_trust

_CONNECT_S = 5.0
_MAX_ADDRESSES = 3


class MailError(Exception):
    """The server did not take the message; the text may be shown to whoever asked.

    ``lasting`` says that trying again cannot help.
    """

    def __init__(self, text: str, *, lasting: bool = False) -> None:
        super().__init__(text)
        self.lasting = lasting


class MailServer(msgspec.Struct, frozen=True):
    """A server, and how one is let in.

    ``tls`` is TLS from the first byte, ``starttls`` insists on it after the greeting.
    """

    host: str
    port: int
    security: Literal["starttls", "tls", "none"]
    username: str | None = None
    password: str | None = None


class Mailer:
    """Hands messages over; each within one deadline. Certificates are verified, always."""

    def __init__(
        self, network: Network, *, timeout_s: float = 20.0, trust: ssl.SSLContext | None = None
    ) -> None:
        self._network: Network = network
        self._timeout_s = timeout_s
        self._trust = trust or system_trust()

    async def send(
        self, server: MailServer, message: EmailMessage, sender: str, recipients: Sequence[str]
    ) -> int:
        """Hand ``message`` over; return how many recipients the server refused, not all of them.

        Raises:
            MailError: if nobody will get it.
        """
        try:
            async with asyncio.timeout(self._timeout_s):
                return await self._send(server, message, sender, recipients)
        except TimeoutError as error:
            raise MailError(f"the mail server did not answer in {self._timeout_s:g} s") from error
        except aiosmtplib.SMTPAuthenticationError as error:
            raise MailError(
                f"the mail server refuses the password ({error.code})", lasting=error.code >= 500
            ) from error
        except aiosmtplib.SMTPRecipientsRefused as error:
            codes = [each.code for each in error.recipients]
            raise MailError(
                f"the mail server refuses every recipient ({max(codes)})",
                lasting=min(codes) >= 500,
            ) from error
        except aiosmtplib.SMTPResponseException as error:
            raise MailError(
                f"the mail server answered with {error.code}", lasting=error.code >= 500
            ) from error
        except (aiosmtplib.SMTPException, OSError, UnicodeError) as error:
            if isinstance(error.__cause__ or error, ssl.SSLCertVerificationError):
                raise MailError("the mail server's certificate is not to be trusted") from error
            # Only the kind: what an address inside answers is not told.
            raise MailError(f"no mail server there ({type(error).__name__})") from error

    async def _send(
        self, server: MailServer, message: EmailMessage, sender: str, recipients: Sequence[str]
    ) -> int:
        connected = await self._connected(server.host, server.port)
        client = aiosmtplib.SMTP(
            hostname=server.host,
            sock=connected,
            local_hostname=socket.gethostname(),  # the default asks the DNS, and waits for it
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=self._trust,
            username=server.username,
            password=server.password,
            timeout=self._timeout_s,
        )
        # From here on the socket is the client's, which closes it in every case.
        try:
            await client.connect()
            refused, _ = await client.send_message(
                message, sender=sender, recipients=list(recipients)
            )
            with contextlib.suppress(aiosmtplib.SMTPException):
                await client.quit()  # it has the message: how it says good-bye is its own affair
        finally:
            client.close()
        return len(refused)

    async def _connected(self, host: str, port: int) -> socket.socket:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if not found or not all(may_reach(str(each[4][0]), self._network) for each in found):
            raise MailError(
                "the address lies in a network that may not be called from here", lasting=True
            )
        problem: OSError = OSError("no address")
        for family, kind, protocol, _, address in found[:_MAX_ADDRESSES]:
            connecting = socket.socket(family, kind, protocol)
            connecting.setblocking(False)
            try:
                async with asyncio.timeout(_CONNECT_S):
                    await loop.sock_connect(connecting, address)
            except OSError as error:  # a TimeoutError is one too
                connecting.close()
                problem = error
            except BaseException:
                connecting.close()
                raise
            else:
                return connecting
        raise problem
