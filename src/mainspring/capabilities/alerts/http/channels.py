"""Notification channels: who hears of alerts, and by which way."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Response
from msgspec import UNSET
from pydantic import Field, SecretStr

from mainspring.capabilities.alerts.api import (
    Channel,
    ChannelChanges,
    ChannelKind,
    ChannelService,
    Keyring,
    Keys,
    MailRoute,
    Notification,
    NotificationState,
    Severity,
)
from mainspring.capabilities.alerts.domain import ALERT_READ, ALERT_WRITE, Language
from mainspring.capabilities.alerts.http.alerts import AlertView
from mainspring.capabilities.alerts.http.matchers import MatcherBody, Matchers, as_matchers
from mainspring.infra.web import (
    Body,
    CurrentScope,
    IfMatch,
    PageParams,
    Patch,
    Shape,
    View,
    needs,
    problems,
    provided,
    tag,
)
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(tags=["alerts"], responses=problems(SignInRequiredError, PermissionDeniedError))
Channels = Annotated[ChannelService, Depends(provided(ChannelService))]

Name = Annotated[str, Field(min_length=1, max_length=63, examples=["on-call"])]
Address = Annotated[str, Field(min_length=3, max_length=320, examples=["sre@example.com"])]
Secret = Annotated[SecretStr, Field(min_length=1, max_length=1000)]
LabelName = Annotated[str, Field(min_length=1, max_length=100)]


class MailRouteBody(Shape):
    """The mail server, and from whom to whom."""

    host: str = Field(min_length=1, max_length=253, examples=["smtp.example.com"])
    port: int = Field(587, ge=1, le=65_535)
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="`tls` is TLS from the first byte (port 465). `none` is for a relay within"
        " one's own network, and takes no password.",
    )
    username: str | None = Field(None, min_length=1, max_length=320)
    sender: Address
    recipients: Annotated[tuple[Address, ...], Field(min_length=1, max_length=50)]


class _Terms(Shape):
    """What a channel hears of, and how often."""

    email: MailRouteBody | None = Field(None, description="For `email`, and only there.")
    language: Language = Field("en", description="`both`: English, then Chinese.")
    min_severity: Severity = Field(Severity.INFO, description="This and what is worse.")
    matchers: Matchers = Field((), description="All of them must hold; none: every alert.")
    group_by: Annotated[tuple[LabelName, ...], Field(max_length=5)] = Field(
        ("alertname",),
        description="Alerts with the same values of these labels share a message. Beside labels"
        " there are `alertname`, `severity` and `source`.",
    )
    group_wait_s: int = Field(
        30, ge=0, le=3600, description="How long the first message of a group waits for others."
    )
    group_interval_s: int = Field(
        300, ge=10, le=86_400, description="What lies between two messages of a group at least."
    )
    repeat_interval_s: int = Field(
        14_400, ge=300, le=604_800, description="After so long what still fires is told again."
    )
    send_resolved: bool = Field(True, description="Tell as well when something is over.")
    enabled: bool = True


class NewChannel(Body, _Terms):
    """A way to people."""

    name: Name
    kind: ChannelKind = Field(description="It cannot be changed.")
    url: Secret | None = Field(
        None,
        description="For all but `email`. Sealed at once; only its host is shown again.",
        examples=["https://hooks.slack.com/services/T000/B000/XXXX"],
    )
    secret: Secret | None = Field(
        None,
        description="What signs messages: needed by `webhook` (Standard Webhooks), optional for"
        " `dingtalk` and `feishu`. Sealed at once and never shown again.",
    )
    password: Secret | None = Field(None, description="For `email` with a user name. Sealed.")


class ChannelPatch(Patch, _Terms):
    """What is to change; a field that is left out stays."""

    name: Name = "x"
    url: Secret = SecretStr("")
    secret: Secret | None = None
    password: Secret | None = None

    def changes(self) -> ChannelChanges:
        """Return the fields that were sent, other than what is sealed."""
        fields = self.changed_fields()
        for name in ("url", "secret", "password"):
            fields.pop(name, None)
        return _changes(self, fields)

    def keys(self) -> Keys:
        """Return what is to change of what is sealed."""
        sent = self.model_fields_set
        return Keys(
            url=self.url.get_secret_value() if "url" in sent else UNSET,
            secret=_clear(self.secret) if "secret" in sent else UNSET,
            password=_clear(self.password) if "password" in sent else UNSET,
        )


class ChannelView(View):
    """A channel, without what is sealed."""

    id: str = Field(examples=["nch_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str | None = Field(description="`null`: the platform's own.")
    name: str
    kind: ChannelKind
    host: str = Field(description="Where it leads.", examples=["hooks.slack.com"])
    is_signed: bool
    email: MailRouteBody | None
    language: Language
    min_severity: Severity
    matchers: list[MatcherBody]
    group_by: list[str]
    group_wait_s: int
    group_interval_s: int
    repeat_interval_s: int
    send_resolved: bool
    enabled: bool
    created_at: datetime
    updated_at: datetime
    revision: int


class ChannelPage(View):
    """Some channels."""

    items: list[ChannelView]
    next_cursor: str | None


class TestResult(View):
    """What came of a test."""

    problem: str | None = Field(description="Why the message was not taken; `null`: it was.")


class DeliveryView(View):
    """A message, and what came of it."""

    id: str = Field(examples=["ntf_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    state: NotificationState
    labels: dict[str, str] = Field(description="What its alerts have in common.")
    alerts: list[AlertView] = Field(description="As they were when it was decided.")
    left_out: int = Field(description="Further ones of a very large group.")
    attempts: int
    problem: str | None = Field(description="What went wrong last.")
    created_at: datetime
    next_at: datetime = Field(description="When it may be tried (again), while it waits.")
    finished_at: datetime | None


class DeliveryPage(View):
    """Some messages."""

    items: list[DeliveryView]
    next_cursor: str | None


@router.get(
    "/notification-channels",
    operation_id="list_notification_channels",
    openapi_extra=needs(ALERT_READ),
    response_model=ChannelPage,
)
async def list_notification_channels(
    channels: Channels, scope: CurrentScope, page: PageParams
) -> Page[Channel]:
    """List the platform's channels, oldest first."""
    return await channels.list_of(scope, None, page)


@router.post(
    "/notification-channels",
    operation_id="create_notification_channel",
    openapi_extra=needs(ALERT_WRITE),
    status_code=201,
    response_model=ChannelView,
    responses=problems(InvalidRequestError, ConflictError),
)
async def create_notification_channel(
    channels: Channels, scope: CurrentScope, body: NewChannel, response: Response
) -> Channel:
    """Have somebody told of the platform's alerts."""
    return await _create(channels, scope, None, body, response)


@router.get(
    "/organizations/{org_id}/notification-channels",
    operation_id="list_organization_notification_channels",
    openapi_extra=needs(ALERT_READ),
    response_model=ChannelPage,
    responses=problems(NotFoundError),
)
async def list_organization_notification_channels(
    channels: Channels, scope: CurrentScope, org_id: str, page: PageParams
) -> Page[Channel]:
    """List an organisation's channels, oldest first."""
    return await channels.list_of(scope, org_id, page)


@router.post(
    "/organizations/{org_id}/notification-channels",
    operation_id="create_organization_notification_channel",
    openapi_extra=needs(ALERT_WRITE),
    status_code=201,
    response_model=ChannelView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def create_organization_notification_channel(
    channels: Channels, scope: CurrentScope, org_id: str, body: NewChannel, response: Response
) -> Channel:
    """Have somebody told of an organisation's alerts."""
    return await _create(channels, scope, org_id, body, response)


@router.get(
    "/notification-channels/{channel_id}",
    operation_id="get_notification_channel",
    openapi_extra=needs(ALERT_READ),
    response_model=ChannelView,
    responses=problems(NotFoundError),
)
async def get_notification_channel(
    channels: Channels, scope: CurrentScope, channel_id: str, response: Response
) -> Channel:
    """Read one channel."""
    channel = await channels.get(scope, channel_id)
    tag(response, channel.revision)
    return channel


@router.patch(
    "/notification-channels/{channel_id}",
    operation_id="update_notification_channel",
    openapi_extra=needs(ALERT_WRITE),
    response_model=ChannelView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError, PreconditionFailedError),
)
async def update_notification_channel(
    *,
    channels: Channels,
    scope: CurrentScope,
    channel_id: str,
    body: ChannelPatch,
    if_match: IfMatch,
    response: Response,
) -> Channel:
    """Change a channel; with another mail server its password must be sent again."""
    channel = await channels.update(
        scope, channel_id, body.changes(), keys=body.keys(), expected_revision=if_match
    )
    tag(response, channel.revision)
    return channel


@router.delete(
    "/notification-channels/{channel_id}",
    operation_id="delete_notification_channel",
    openapi_extra=needs(ALERT_WRITE),
    status_code=204,
    responses=problems(NotFoundError, PreconditionFailedError),
)
async def delete_notification_channel(
    channels: Channels, scope: CurrentScope, channel_id: str, if_match: IfMatch
) -> None:
    """Remove a channel with everything that waits there."""
    await channels.delete(scope, channel_id, expected_revision=if_match)


@router.post(
    "/notification-channels/{channel_id}/test",
    operation_id="test_notification_channel",
    openapi_extra=needs(ALERT_WRITE),
    responses=problems(NotFoundError),
)
async def test_notification_channel(
    channels: Channels, scope: CurrentScope, channel_id: str
) -> TestResult:
    """Send a test message now, and say what came of it."""
    verdict = await channels.test(scope, channel_id)
    return TestResult(problem=verdict.problem)


@router.get(
    "/notification-channels/{channel_id}/deliveries",
    operation_id="list_deliveries",
    openapi_extra=needs(ALERT_READ),
    response_model=DeliveryPage,
    responses=problems(NotFoundError),
)
async def list_deliveries(
    channels: Channels, scope: CurrentScope, channel_id: str, page: PageParams
) -> Page[Notification]:
    """List the messages of a channel and what came of them, newest first."""
    return await channels.list_deliveries(scope, channel_id, page)


async def _create(
    channels: ChannelService,
    scope: CurrentScope,
    org_id: str | None,
    body: NewChannel,
    response: Response,
) -> Channel:
    channel = await channels.create(
        scope,
        org_id,
        name=body.name,
        kind=body.kind,
        keyring=Keyring(
            url=_clear(body.url) or "", secret=_clear(body.secret), password=_clear(body.password)
        ),
        changes=_changes(body, {name: getattr(body, name) for name in _Terms.model_fields}),
    )
    tag(response, channel.revision)
    return channel


def _changes(body: _Terms, fields: dict[str, Any]) -> ChannelChanges:
    if "matchers" in fields:
        fields["matchers"] = as_matchers(body.matchers)
    if fields.get("email") is not None and body.email is not None:
        fields["email"] = MailRoute(**body.email.model_dump())
    return ChannelChanges(**fields)


def _clear(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
