"""The documents of notification channels, as ``mainspring apply`` reads them."""

import msgspec
from msgspec import UNSET, UnsetType


class MatcherDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A label and what it must be (``negated``: must not be); ``*`` stands for any text."""

    label: str
    value: str
    negated: bool = False


class MailRouteDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mail server, and from whom to whom."""

    host: str
    sender: str
    recipients: list[str]
    port: int = 587
    security: str = "starttls"
    username: str | None = None


class ChannelDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A way by which people are told of alerts, known by its name.

    No secret stands in a file of this kind: of ``url``, ``secret`` and ``password`` the variable of
    the environment is named, or a file beside this one.
    """

    name: str
    kind: str
    url_env: str | None = None
    url_file: str | None = None
    secret_env: str | None = None
    secret_file: str | None = None
    password_env: str | None = None
    password_file: str | None = None
    email: MailRouteDocument | UnsetType | None = UNSET
    language: str | UnsetType = UNSET
    min_severity: str | UnsetType = UNSET
    matchers: list[MatcherDocument] | UnsetType = UNSET
    group_by: list[str] | UnsetType = UNSET
    group_wait_s: int | UnsetType = UNSET
    group_interval_s: int | UnsetType = UNSET
    repeat_interval_s: int | UnsetType = UNSET
    send_resolved: bool | UnsetType = UNSET
    enabled: bool | UnsetType = UNSET
