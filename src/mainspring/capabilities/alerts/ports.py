"""What alerts need from outside."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from mainspring.capabilities.alerts.domain import (
    Alert,
    AlertState,
    Channel,
    Decision,
    Group,
    Notification,
    Severity,
    Silence,
)
from mainspring.infra.mail import MailServer
from mainspring.infra.outbound import OutboundAnswer
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Sealed


class AlertRepository(Protocol):
    """Alerts, channels, silences and messages as one transaction sees them; fails closed.

    ``owner`` is an organisation's id, or ``None`` for the platform.
    """

    async def hold_reports(self, owner: str | None, source: str) -> None:
        """Have others who report for that owner and source wait until this transaction ends."""
        ...

    async def firing(self, owner: str | None, *, source: str | None = None) -> Sequence[Alert]:
        """Return the owner's alerts that fire, be it of one source, oldest first."""
        ...

    async def put_alerts(self, found: Sequence[Alert]) -> None:
        """Write alerts, new or known."""
        ...

    async def alert(self, alert_id: str) -> Alert | None:
        """Return one alert, if the scope sees it."""
        ...

    async def alerts_of(self, alert_ids: Sequence[str]) -> Sequence[Alert]:
        """Return those of the alerts that there are."""
        ...

    async def alerts(
        self,
        owner: str | None,
        *,
        state: AlertState | None,
        severity: Severity | None,
        before: str | None,
        limit: int,
    ) -> Sequence[Alert]:
        """Return up to ``limit`` alerts of the owner, newest first."""
        ...

    async def add_channel(self, channel: Channel) -> None:
        """Keep a new channel; ``ConflictError`` if its name is taken."""
        ...

    async def channel(self, channel_id: str) -> Channel | None:
        """Return the channel, if the scope sees it."""
        ...

    async def hold_channel(self, channel_id: str) -> Channel | None:
        """Return the channel and keep others from deciding for it; ``None`` if somebody does."""
        ...

    async def replace_channel(self, channel: Channel) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def remove_channel(self, channel_id: str) -> None:
        """Remove the channel with everything that waits there."""
        ...

    async def channels(
        self, owner: str | None, *, after: str | None, limit: int
    ) -> Sequence[Channel]:
        """Return up to ``limit`` channels of the owner, oldest first."""
        ...

    async def add_silence(self, silence: Silence) -> None:
        """Keep a new silence."""
        ...

    async def silence(self, silence_id: str) -> Silence | None:
        """Return the silence, if the scope sees it."""
        ...

    async def end_silence(self, silence_id: str, at: datetime) -> None:
        """Have a silence end at that moment."""
        ...

    async def silences(
        self, owner: str | None, *, until_after: datetime | None, before: str | None, limit: int
    ) -> Sequence[Silence]:
        """Return up to ``limit`` silences of the owner, newest first."""
        ...

    async def groups(self, channel_id: str) -> Sequence[Group]:
        """Return what the channel was told of."""
        ...

    async def carry_out(
        self, decisions: Sequence[Decision], messages: Sequence[Notification]
    ) -> None:
        """Write groups as they are now, and the messages that follow."""
        ...

    async def waiting(self, channel_id: str) -> int:
        """Return how many messages of the channel wait."""
        ...

    async def notifications(
        self, channel_id: str, *, before: str | None, limit: int
    ) -> Sequence[Notification]:
        """Return up to ``limit`` messages of the channel, newest first."""
        ...

    async def finish(self, notification: Notification) -> bool:
        """Write what came of an attempt, unless another has begun; tell whether it was written."""
        ...


class AlertWork(Protocol):
    """What workers look for across owners, as one transaction of the platform sees it."""

    async def concerned(self) -> Sequence[tuple[str, str | None]]:
        """Return the enabled channels for which something may have to be decided, with owners."""
        ...

    async def take(
        self,
        *,
        now: datetime,
        taken_until: datetime,
        limit: int,
        per_owner: int,
        busy: Mapping[str, int],
    ) -> Sequence[Notification]:
        """Take up to ``limit`` messages that are due; nobody else does before ``taken_until``.

        Of one group only the oldest. ``busy`` counts what is under way already of each owner (an
        empty text is the platform), who has ``per_owner`` at most.
        """
        ...

    async def end_forgotten(self, *, source: str, seen_before: datetime, now: datetime) -> int:
        """Resolve what fires by that source and was not repeated since; return how many."""
        ...

    async def forget(self, before: datetime) -> None:
        """Remove alerts, messages and silences that were over before that moment."""
        ...


class AlertStore(Protocol):
    """Opens transactions; they commit when the block ends and roll back when it raises."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[AlertRepository]:
        """Open one over what the scope sees."""
        ...

    def work(self, scope: Scope) -> AbstractAsyncContextManager[AlertWork]:
        """Open one of the platform's own."""
        ...


class SecretSealer(Protocol):
    """Encrypts what must be had in clear again; fails closed."""

    def seal(self, plaintext: bytes, context: str) -> Sealed:
        """Return ``plaintext`` encrypted and bound to ``context``."""
        ...

    def unseal(self, sealed: Sealed, context: str) -> bytes:
        """Return the plaintext; ``UnsealError`` if it was sealed for something else."""
        ...


class Web(Protocol):
    """Requests to addresses that people typed in; ``OutboundError`` where there is no answer."""

    def check_url(self, url: str) -> str:
        """Return ``url`` if it is one that may be called."""
        ...

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


class Mail(Protocol):
    """Hands e-mail over; ``MailError`` where it is not taken."""

    async def send(
        self, server: MailServer, message: EmailMessage, sender: str, recipients: Sequence[str]
    ) -> int:
        """Hand a message over; return how many of its recipients were refused."""
        ...
