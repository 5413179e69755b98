"""Channels as their managers see them."""

from urllib.parse import urlsplit

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.capabilities.alerts.domain import (
    ALERT_READ,
    ALERT_WRITE,
    MAX_CHANNELS,
    Alert,
    Channel,
    ChannelChanges,
    ChannelKind,
    Keyring,
    Keys,
    Notification,
    Severity,
    Verdict,
    checked_channel,
    checked_keyring,
    compose,
    webhook_key,
)
from mainspring.capabilities.alerts.ports import AlertStore
from mainspring.capabilities.alerts.service.courier import Courier
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.infra.outbound import OutboundError
from mainspring.infra.secrets import UnsealError
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ConflictError, InvalidRequestError
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_SELF = Scope.platform("notification channels")


class ChannelService:
    """Creates, changes, tests and removes channels.

    What is sealed of a channel never leads elsewhere: whoever moves it to another server says its
    password again.
    """

    def __init__(
        self, store: AlertStore, tenancy: TenancyService, courier: Courier, clock: Clock
    ) -> None:
        self._store = store
        self._tenancy = tenancy
        self._courier = courier
        self._clock = clock

    async def create(
        self,
        scope: Scope,
        org_id: str | None,
        *,
        name: str,
        kind: ChannelKind,
        keyring: Keyring,
        changes: ChannelChanges,
    ) -> Channel:
        """Create a channel of an organisation, or (``None``) of the platform.

        ``changes`` gives what else differs from the defaults.

        Raises:
            NotFoundError: if the caller sees no such organisation.
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if the name is taken, or there are too many.
        """
        granted = authorize(scope, ALERT_WRITE, org_id=org_id or PLATFORM_ORG)
        if org_id is not None:
            await self._tenancy.check_organization(org_id)
        now = self._clock.now()
        made = Channel(
            id=new_id("nch"), org_id=org_id, name=name, kind=kind, created_at=now, updated_at=now
        )
        channel = self._sealed(apply_changes(made, changes), keyring)
        async with self._store.begin(granted) as alerts:
            held = await alerts.channels(org_id, after=None, limit=MAX_CHANNELS)
            if len(held) >= MAX_CHANNELS:
                raise ConflictError(f"there are {MAX_CHANNELS} channels already")
            await alerts.add_channel(channel)
        return channel

    async def get(self, scope: Scope, channel_id: str) -> Channel:
        """Return one channel.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        return (await self._found(scope, ALERT_READ, channel_id))[0]

    async def list_of(self, scope: Scope, org_id: str | None, page: PageRequest) -> Page[Channel]:
        """Return the channels of an organisation, or (``None``) of the platform, oldest first."""
        after = decode_cursor(page.cursor, str)
        granted = authorize(scope, ALERT_READ, org_id=org_id or PLATFORM_ORG)
        async with self._store.begin(granted) as alerts:
            found = await alerts.channels(org_id, after=after, limit=page.limit + 1)
        return page_of(found, page.limit, lambda channel: channel.id)

    async def update(
        self,
        scope: Scope,
        channel_id: str,
        changes: ChannelChanges,
        *,
        keys: Keys,
        expected_revision: int | None = None,
    ) -> Channel:
        """Change a channel; what waits there goes where it leads from now on.

        Raises:
            NotFoundError: if there is none that the caller may see.
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if the name is taken, or what is sealed cannot be opened.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        held, granted = await self._found(scope, ALERT_WRITE, channel_id)
        async with self._store.begin(granted) as alerts:
            old = existing(await alerts.channel(held.id))
            check_revision(expected_revision, old.revision)
            new = msgspec.structs.replace(
                apply_changes(old, changes),
                updated_at=self._clock.now(),
                revision=old.revision + 1,
            )
            _refuse_lent_password(old, new, keys)
            new = self._sealed(new, self._keyring(old, keys))
            await alerts.replace_channel(new)
        return new

    async def delete(
        self, scope: Scope, channel_id: str, *, expected_revision: int | None = None
    ) -> None:
        """Remove a channel with everything that waits there.

        Raises:
            NotFoundError: if there is none that the caller may see.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        held, granted = await self._found(scope, ALERT_WRITE, channel_id)
        async with self._store.begin(granted) as alerts:
            channel = existing(await alerts.channel(held.id))
            check_revision(expected_revision, channel.revision)
            await alerts.remove_channel(channel.id)

    async def test(self, scope: Scope, channel_id: str) -> Verdict:
        """Send a message at once, be the channel enabled or not; return what came of it.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        channel, _ = await self._found(scope, ALERT_WRITE, channel_id)
        now = self._clock.now()
        alert = Alert(
            id=new_id("alr"),
            org_id=channel.org_id,
            source="test",
            fingerprint="test",
            name="MainspringTest",
            severity=Severity.INFO,
            labels={"channel": channel.name},
            summary="This is a test: messages arrive here.",
            summary_zh="这是一条测试消息：此渠道可以收到通知。",
            started_at=now,
            seen_at=now,
        )
        message = compose(
            new_id("ntf"),
            f"{channel.id}/test",
            alerts=[alert],
            labels={},
            language=channel.language,
            at=now,
            is_test=True,
        )
        return await self._courier.send(channel, message)

    async def list_deliveries(
        self, scope: Scope, channel_id: str, page: PageRequest
    ) -> Page[Notification]:
        """Return the messages of a channel and what came of them, newest first.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        before = decode_cursor(page.cursor, str)
        channel, granted = await self._found(scope, ALERT_READ, channel_id)
        async with self._store.begin(granted) as alerts:
            found = await alerts.notifications(channel.id, before=before, limit=page.limit + 1)
        return page_of(found, page.limit, lambda notification: notification.id)

    def _keyring(self, old: Channel, keys: Keys) -> Keyring:
        try:
            kept = self._courier.opened(old)
        except UnsealError as error:
            if old.is_signed and keys.secret is UNSET:
                raise ConflictError(
                    "no master key that is held here opens the channel's secrets; send them again"
                ) from error
            kept = Keyring()  # what is missing now is asked for by its field
        return apply_changes(kept, keys)

    def _sealed(self, channel: Channel, keyring: Keyring) -> Channel:
        channel = checked_channel(channel)
        keyring = checked_keyring(channel.kind, keyring, channel.email)
        if channel.email is not None:
            host = channel.email.host
        else:
            try:
                self._courier.check_url(channel.org_id, keyring.url)
            except OutboundError as error:
                raise InvalidRequestError(f"url: {error}", param="url") from error
            host = urlsplit(keyring.url).hostname or ""
        if channel.kind is ChannelKind.WEBHOOK:
            webhook_key(keyring.secret or "")
        channel = msgspec.structs.replace(channel, host=host, is_signed=keyring.secret is not None)
        return msgspec.structs.replace(channel, secret=self._courier.sealed(channel, keyring))

    async def _found(
        self, scope: Scope, permission: Permission, channel_id: str
    ) -> tuple[Channel, Scope]:
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.begin(_SELF) as alerts:
            owner = existing(await alerts.channel(channel_id)).org_id
        granted = authorize(scope, permission, org_id=owner or PLATFORM_ORG)
        async with self._store.begin(granted) as alerts:
            return existing(await alerts.channel(channel_id)), granted


def _refuse_lent_password(old: Channel, new: Channel, keys: Keys) -> None:
    """Refuse to show a password that was kept to a server that it was not given for."""
    if old.email is None or new.email is None or not isinstance(keys.password, UnsetType):
        return
    where = (old.email.host, old.email.port, old.email.security, old.email.username)
    if old.email.username is None:
        return
    if where != (new.email.host, new.email.port, new.email.security, new.email.username):
        raise InvalidRequestError(
            "another server or user name: send the password again", param="password"
        )
