"""Silences: asking not to hear of something for a time."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from mainspring.capabilities.alerts.domain import (
    ALERT_READ,
    ALERT_WRITE,
    MAX_SILENCES,
    Matcher,
    Silence,
    checked_silence,
)
from mainspring.capabilities.alerts.ports import AlertStore
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ConflictError
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_SELF = Scope.platform("silences")


class SilenceService:
    """Makes silences and ends them; none is changed, so that who said what stays true."""

    def __init__(self, store: AlertStore, tenancy: TenancyService, clock: Clock) -> None:
        self._store = store
        self._tenancy = tenancy
        self._clock = clock

    async def create(
        self,
        scope: Scope,
        org_id: str | None,
        *,
        matchers: Sequence[Matcher],
        until: datetime,
        reason: str,
        starts_at: datetime | None = None,
    ) -> Silence:
        """Keep channels of an organisation, or (``None``) of the platform, quiet of some alerts.

        Raises:
            NotFoundError: if the caller sees no such organisation.
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if there are too many already.
        """
        granted = authorize(scope, ALERT_WRITE, org_id=org_id or PLATFORM_ORG)
        if org_id is not None:
            await self._tenancy.check_organization(org_id)
        now = self._clock.now()
        silence = checked_silence(
            Silence(
                id=new_id("sil"),
                org_id=org_id,
                matchers=tuple(matchers),
                starts_at=max(starts_at or now, now),
                until=until,
                reason=reason,
                created_by=scope.actor.on_behalf_of or scope.actor.id,
                created_at=now,
            )
        )
        async with self._store.begin(granted) as alerts:
            held = await alerts.silences(
                org_id, until_after=now, before=None, limit=MAX_SILENCES + 1
            )
            if len(held) >= MAX_SILENCES:
                raise ConflictError(f"there are {MAX_SILENCES} silences already")
            await alerts.add_silence(silence)
        return silence

    async def get(self, scope: Scope, silence_id: str) -> Silence:
        """Return one silence.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        return (await self._found(scope, ALERT_READ, silence_id))[0]

    async def list_of(
        self, scope: Scope, org_id: str | None, page: PageRequest, *, with_past: bool = False
    ) -> Page[Silence]:
        """Return the silences that hold or will, with ``with_past`` all of them, newest first."""
        before = decode_cursor(page.cursor, str)
        granted = authorize(scope, ALERT_READ, org_id=org_id or PLATFORM_ORG)
        async with self._store.begin(granted) as alerts:
            found = await alerts.silences(
                org_id,
                until_after=None if with_past else self._clock.now(),
                before=before,
                limit=page.limit + 1,
            )
        return page_of(found, page.limit, lambda silence: silence.id)

    async def end(self, scope: Scope, silence_id: str) -> Silence:
        """End a silence at once; one that is over stays as it is.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        silence, granted = await self._found(scope, ALERT_WRITE, silence_id)
        now = self._clock.now()
        if silence.until <= now:
            return silence
        async with self._store.begin(granted) as alerts:
            await alerts.end_silence(silence.id, now)
        return msgspec.structs.replace(silence, until=now)

    async def _found(
        self, scope: Scope, permission: Permission, silence_id: str
    ) -> tuple[Silence, Scope]:
        # Only the owner is read across tenants; everything else happens inside it.
        async with self._store.begin(_SELF) as alerts:
            owner = existing(await alerts.silence(silence_id)).org_id
        granted = authorize(scope, permission, org_id=owner or PLATFORM_ORG)
        async with self._store.begin(granted) as alerts:
            return existing(await alerts.silence(silence_id)), granted
