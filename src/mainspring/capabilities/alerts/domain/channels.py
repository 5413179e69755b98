"""Channels: by which ways people are told, and of what."""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.capabilities.alerts.domain.alerts import Alert, Severity
from mainspring.capabilities.alerts.domain.matching import Matcher, all_meet, checked_matchers
from mainspring.kernel.errors import InvalidRequestError

MAX_CHANNELS: Final = 30
"""Channels of one owner."""
MAX_RECIPIENTS: Final = 50
MAX_GROUP_LABELS: Final = 5
MAX_URL: Final = 1000
MAX_SECRET: Final = 1000
LONGEST_WAIT_S: Final = 3600
LONGEST_INTERVAL_S: Final = 86_400
LONGEST_REPEAT_S: Final = 7 * 86_400
NAME_PATTERN: Final = r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"

_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,99}")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253})")

Language = Literal["en", "zh", "both"]
"""``both`` says everything in English, then in Chinese."""


class ChannelKind(StrEnum):
    """What stands at the other end."""

    WEBHOOK = "webhook"
    SLACK = "slack"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    EMAIL = "email"

    @property
    def signs(self) -> bool:
        """Tell whether its messages can be signed."""
        return self in {ChannelKind.WEBHOOK, ChannelKind.DINGTALK, ChannelKind.FEISHU}


class MailRoute(msgspec.Struct, frozen=True):
    """The mail server, and from whom to whom.

    ``tls`` is TLS from the first byte (port 465), ``starttls`` insists on it after the greeting;
    ``none`` is for a relay within one's own network, and then nothing is logged in.
    """

    host: str
    sender: str
    recipients: tuple[str, ...]
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str | None = None


class Keyring(msgspec.Struct, frozen=True):
    """What is sealed of a channel: its URL (which often is the key), what signs, the password."""

    url: str = ""
    secret: str | None = None
    password: str | None = None


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A way to people, of an organisation or (``org_id`` ``None``) of the platform.

    It hears of its owner's alerts that have ``min_severity`` and meet all ``matchers``. Alerts
    with the same values of the labels in ``group_by`` share a message: the first is sent
    ``group_wait_s`` after the first of them, another when something changed and
    ``group_interval_s`` went by, and the same again after ``repeat_interval_s``. ``host`` is shown
    of its address, ``secret`` is the sealed :class:`Keyring`.
    """

    id: str
    org_id: str | None
    name: str
    kind: ChannelKind
    host: str = ""
    secret: bytes | None = None
    is_signed: bool = False
    email: MailRoute | None = None
    language: Language = "en"
    min_severity: Severity = Severity.INFO
    matchers: tuple[Matcher, ...] = ()
    group_by: tuple[str, ...] = ("alertname",)
    group_wait_s: int = 30
    group_interval_s: int = 300
    repeat_interval_s: int = 14_400
    send_resolved: bool = True
    enabled: bool = True
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    @property
    def secret_context(self) -> str:
        """Return the context that its keyring is sealed for."""
        return f"notification-channel/{self.id}/{self.host}"

    def hears_of(self, alert: Alert) -> bool:
        """Tell whether an alert of its owner is told here."""
        return alert.severity.rank >= self.min_severity.rank and all_meet(self.matchers, alert)

    def group_of(self, alert: Alert) -> dict[str, str]:
        """Return the labels that ``alert`` shares with its group."""
        labels = alert.matchable
        return {name: labels.get(name, "") for name in self.group_by}

    @property
    def group_wait(self) -> timedelta:
        """Return how long the first message of a group waits for others."""
        return timedelta(seconds=self.group_wait_s)

    @property
    def group_interval(self) -> timedelta:
        """Return what lies between two messages of a group at least."""
        return timedelta(seconds=self.group_interval_s)

    @property
    def repeat_interval(self) -> timedelta:
        """Return after how long what still fires is told again."""
        return timedelta(seconds=self.repeat_interval_s)


class ChannelChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What may change about a channel; ``UNSET`` stays. What is sealed is not among it."""

    name: str | UnsetType = UNSET
    email: MailRoute | UnsetType | None = UNSET
    language: Language | UnsetType = UNSET
    min_severity: Severity | UnsetType = UNSET
    matchers: tuple[Matcher, ...] | UnsetType = UNSET
    group_by: tuple[str, ...] | UnsetType = UNSET
    group_wait_s: int | UnsetType = UNSET
    group_interval_s: int | UnsetType = UNSET
    repeat_interval_s: int | UnsetType = UNSET
    send_resolved: bool | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET


class Keys(msgspec.Struct, frozen=True, kw_only=True):
    """What may change of a channel's keyring; ``UNSET`` stays, ``None`` takes away."""

    url: str | UnsetType = UNSET
    secret: str | UnsetType | None = UNSET
    password: str | UnsetType | None = UNSET


def checked_channel(channel: Channel) -> Channel:
    """Return ``channel`` if all of it is acceptable.

    Raises:
        InvalidRequestError: naming the field that is not.
    """
    if not re.fullmatch(NAME_PATTERN, channel.name):
        raise InvalidRequestError(
            "a name has lower-case letters, digits and hyphens, up to 63", param="name"
        )
    checked_matchers(channel.matchers)
    if len(channel.group_by) > MAX_GROUP_LABELS or len(set(channel.group_by)) < len(
        channel.group_by
    ):
        raise InvalidRequestError(
            f"alerts are grouped by up to {MAX_GROUP_LABELS} labels", param="group_by"
        )
    if not all(_LABEL.fullmatch(each) for each in channel.group_by):
        raise InvalidRequestError("that is no name of a label", param="group_by")
    for field, value, least, most in (
        ("group_wait_s", channel.group_wait_s, 0, LONGEST_WAIT_S),
        ("group_interval_s", channel.group_interval_s, 10, LONGEST_INTERVAL_S),
        ("repeat_interval_s", channel.repeat_interval_s, 300, LONGEST_REPEAT_S),
    ):
        if not least <= value <= most:
            raise InvalidRequestError(f"{field} is {least} to {most} seconds", param=field)
    if (channel.kind is ChannelKind.EMAIL) is not (channel.email is not None):
        raise InvalidRequestError(
            "email belongs to channels of e-mail, and only there", param="email"
        )
    if channel.email is not None:
        _check_mail(channel.email)
    return channel


def checked_keyring(kind: ChannelKind, keyring: Keyring, mail: MailRoute | None) -> Keyring:
    """Return ``keyring`` if it fits a channel of that kind.

    Raises:
        InvalidRequestError: naming the field that does not.
    """
    if (kind is ChannelKind.EMAIL) is bool(keyring.url):
        text = "e-mail has no url" if keyring.url else "say where to send: the url is missing"
        raise InvalidRequestError(text, param="url")
    if len(keyring.url) > MAX_URL:
        raise InvalidRequestError(f"a url has up to {MAX_URL} characters", param="url")
    if keyring.secret is not None and not kind.signs:
        raise InvalidRequestError(f"messages to {kind} are not signed", param="secret")
    if kind is ChannelKind.WEBHOOK and keyring.secret is None:
        raise InvalidRequestError("a webhook is signed: give it a secret", param="secret")
    for field, value in (("secret", keyring.secret), ("password", keyring.password)):
        if value is not None and not (1 <= len(value) <= MAX_SECRET and value.isprintable()):
            raise InvalidRequestError(
                f"this has 1 to {MAX_SECRET} printable characters", param=field
            )
    username = None if mail is None else mail.username
    if (username is None) is not (keyring.password is None):
        raise InvalidRequestError("a user name and a password go together", param="password")
    return keyring


def _check_mail(mail: MailRoute) -> None:
    if not _HOST.fullmatch(mail.host):
        raise InvalidRequestError("that is no name of a mail server", param="email.host")
    if not 1 <= mail.port <= 65_535:
        raise InvalidRequestError("a port is 1 to 65535", param="email.port")
    if not _ADDRESS.fullmatch(mail.sender):
        raise InvalidRequestError("that is no e-mail address", param="email.sender")
    if not 1 <= len(mail.recipients) <= MAX_RECIPIENTS:
        raise InvalidRequestError(f"1 to {MAX_RECIPIENTS} recipients", param="email.recipients")
    if not all(_ADDRESS.fullmatch(each) for each in mail.recipients):
        raise InvalidRequestError("that is no e-mail address", param="email.recipients")
    if mail.username is not None and not (
        1 <= len(mail.username) <= 320 and mail.username.isprintable()
    ):
        raise InvalidRequestError("that is no user name", param="email.username")
    if mail.security == "none" and mail.username is not None:
        raise InvalidRequestError("a password is never sent without TLS", param="email.security")
