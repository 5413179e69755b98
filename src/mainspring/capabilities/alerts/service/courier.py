"""Carries one message to one channel."""

import logging

import msgspec

from mainspring.capabilities.alerts.domain import (
    Channel,
    ChannelKind,
    Keyring,
    Message,
    Verdict,
    http_message,
    mail_message,
    verdict_of,
)
from mainspring.capabilities.alerts.ports import Mail, SecretSealer, Web
from mainspring.infra.mail import MailError, MailServer
from mainspring.infra.outbound import OutboundError
from mainspring.infra.secrets import UnsealError
from mainspring.kernel.clock import Clock
from mainspring.snapshot.resources import Sealed

_log = logging.getLogger(__name__)

_ANSWERED_WITHIN_S = 10.0


class Ways(msgspec.Struct, frozen=True):
    """The ways out; each goes only where its owner's channels may be."""

    web: Web
    mail: Mail


class Courier:
    """Opens what is sealed of a channel, and sends; one attempt, with a deadline.

    The platform's own channels have other ways out than those of organisations, whose addresses
    must not lead into the platform's network.
    """

    def __init__(
        self, sealer: SecretSealer, clock: Clock, *, platform: Ways, organizations: Ways
    ) -> None:
        self._sealer = sealer
        self._clock = clock
        self._platform = platform
        self._organizations = organizations

    def check_url(self, org_id: str | None, url: str) -> None:
        """Raise ``OutboundError`` if that is no address that may be called for that owner."""
        self._ways(org_id).web.check_url(url)

    def sealed(self, channel: Channel, keyring: Keyring) -> bytes:
        """Return ``keyring`` sealed for ``channel``."""
        sealed = self._sealer.seal(msgspec.json.encode(keyring), channel.secret_context)
        return msgspec.msgpack.encode(sealed)

    def opened(self, channel: Channel) -> Keyring:
        """Return what is sealed of ``channel``.

        Raises:
            UnsealError: if no key that is held here opens it.
        """
        if channel.secret is None:
            return Keyring()
        sealed = msgspec.msgpack.decode(channel.secret, type=Sealed)
        plaintext = self._sealer.unseal(sealed, channel.secret_context)
        return msgspec.json.decode(plaintext, type=Keyring)

    async def send(self, channel: Channel, message: Message) -> Verdict:
        """Send ``message``; return what came of it."""
        try:
            keyring = self.opened(channel)
        except UnsealError:
            _log.warning("the channel %s cannot be opened by the keys held here", channel.id)
            return Verdict("its secrets cannot be opened; see the worker's master keys")
        if channel.kind is ChannelKind.EMAIL:
            return await self._mail(channel, keyring, message)
        request = http_message(channel.kind, keyring, message, self._clock.now())
        try:
            answer = await self._ways(channel.org_id).web.send(
                "POST",
                request.url,
                request.headers,
                request.body,
                timeout_s=_ANSWERED_WITHIN_S,
            )
        except OutboundError as error:
            return Verdict(str(error))
        return verdict_of(channel.kind, answer.status, answer.body)

    async def _mail(self, channel: Channel, keyring: Keyring, message: Message) -> Verdict:
        route = channel.email
        if route is None:
            return Verdict("the channel has no mail server", lasting=True)
        server = MailServer(
            host=route.host,
            port=route.port,
            security=route.security,
            username=route.username,
            password=keyring.password,
        )
        try:
            refused = await self._ways(channel.org_id).mail.send(
                server, mail_message(route, message), route.sender, route.recipients
            )
        except MailError as error:
            return Verdict(str(error), lasting=error.lasting)
        if refused:
            _log.warning("%d recipients of the channel %s were refused", refused, channel.id)
        return Verdict()

    def _ways(self, org_id: str | None) -> Ways:
        return self._platform if org_id is None else self._organizations
