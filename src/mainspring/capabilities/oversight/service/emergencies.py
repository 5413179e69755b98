"""Emergencies: acting at once and alone, seen by everybody who may see it."""

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from mainspring.capabilities.oversight.domain import (
    BREAK_GLASS_OPEN,
    BREAK_GLASS_READ,
    BREAK_GLASS_REVIEW,
    Emergency,
)
from mainspring.capabilities.oversight.domain.changes import checked_text
from mainspring.capabilities.oversight.domain.emergencies import MAX_MINUTES, checked_reason
from mainspring.capabilities.oversight.ports import Alarm, OversightStore
from mainspring.kernel.access import Grant
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
)
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, ActorKind, Scope

_log = logging.getLogger(__name__)
_SELF = Scope.platform("oversight")
_KNOWN_FOR_S = 1.0
"""How long another control plane's emergency may go unheard; its end is known by the clock."""


class EmergencyService:
    """Opens, counts, ends and reviews. ``roles`` are the platform's, with what they permit."""

    def __init__(
        self,
        store: OversightStore,
        alarm: Alarm,
        clock: Clock,
        *,
        roles: Mapping[str, frozenset[str]],
    ) -> None:
        self._store = store
        self._alarm = alarm
        self._clock = clock
        self._roles = roles
        self._open: tuple[Emergency, ...] = ()
        self._read_at: float | None = None

    @property
    def known_open(self) -> int:
        """Return how many are open, as far as this process has heard."""
        now = self._clock.now()
        return sum(each.is_open(now) for each in self._open)

    async def present(self) -> Sequence[Emergency]:
        """Return those that are open, as of a second ago at the most.

        Raises:
            DatabaseUnavailableError: if that cannot be told.
        """
        at = self._clock.monotonic()
        if self._read_at is None or at - self._read_at >= _KNOWN_FOR_S:
            async with self._store.begin(_SELF) as oversight:
                self._open = tuple(await oversight.open_emergencies())
            self._read_at = at
        now = self._clock.now()
        return [each for each in self._open if each.is_open(now)]

    async def of(self, scope: Scope) -> Emergency | None:
        """Return the emergency that the caller acts in, if there is one.

        Credentials that are narrower than their owner stay so.
        """
        if (
            scope.actor.kind is not ActorKind.USER
            or scope.narrowed_to is not None
            or scope.confined_to is not None
        ):
            return None
        return next((each for each in await self.present() if each.user_id == scope.actor.id), None)

    async def widened(self, scope: Scope) -> Scope:
        """Return ``scope`` with the role of the caller's emergency, if there is one."""
        emergency = await self.of(scope)
        if emergency is None:
            return scope
        permissions = self._roles.get(emergency.role, frozenset())
        grant = Grant(permissions, source=f"break-glass {emergency.id}")
        return msgspec.structs.replace(scope, grants=(*scope.grants, grant))

    async def open(self, scope: Scope, *, reason: str, minutes: int, role: str) -> Emergency:
        """Begin to act at once and alone, for a time.

        Raises:
            PermissionDeniedError: if the caller may not, or is no person with all their rights.
            InvalidRequestError: if the reason says too little, or there is no such role.
            ConflictError: if the caller does so already.
        """
        within = authorize(scope, BREAK_GLASS_OPEN, org_id=PLATFORM_ORG)
        if (
            scope.actor.kind is not ActorKind.USER
            or scope.narrowed_to is not None
            or scope.confined_to is not None
        ):
            raise PermissionDeniedError("only a person who signed in may; no narrower token")
        if role not in self._roles:
            raise InvalidRequestError("there is no such role in the platform", param="role")
        if not 1 <= minutes <= MAX_MINUTES:
            raise InvalidRequestError(f"1 to {MAX_MINUTES} minutes", param="minutes")
        now = self._clock.now()
        emergency = Emergency(
            id=new_id("brk"),
            user_id=scope.actor.id,
            reason=checked_reason(reason),
            role=role,
            opened_at=now,
            until=now + timedelta(minutes=minutes),
        )
        async with self._store.begin(within) as oversight:
            for each in await oversight.open_emergencies():
                if each.user_id == emergency.user_id and not each.is_open(now):
                    await oversight.replace_emergency(_ended(each, each.until, None))
            await oversight.add_emergency(emergency)
        self._read_at = None
        _log.error(
            "BREAK GLASS: %s acts alone as %s until %s: %s",
            emergency.user_id,
            role,
            emergency.until.isoformat(timespec="seconds"),
            emergency.reason,
        )
        await self._alarm.opened(emergency)
        return emergency

    async def used(self, emergency: Emergency, what: str) -> None:
        """Count a change that is made in an emergency, before it is made."""
        async with self._store.begin(_SELF) as oversight:
            await oversight.count_use(emergency.id)
        _log.warning("break glass: %s %s", emergency.user_id, what)

    async def get(self, scope: Scope, emergency_id: str) -> Emergency:
        """Return an emergency.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        async with self._store.begin(_SELF) as oversight:
            emergency = existing(await oversight.emergency(emergency_id))
        if emergency.user_id != scope.actor.id and not self._sees(scope):
            raise NotFoundError
        return emergency

    async def list_emergencies(self, scope: Scope, page: PageRequest) -> Page[Emergency]:
        """Return emergencies, newest first.

        Raises:
            PermissionDeniedError: if the caller may not see them.
        """
        scope = authorize(scope, BREAK_GLASS_READ, org_id=PLATFORM_ORG)
        before = decode_cursor(page.cursor, str)
        async with self._store.begin(scope) as oversight:
            found = await oversight.emergencies(before=before, limit=page.limit + 1)
        return page_of(found, page.limit, lambda emergency: emergency.id)

    async def end(self, scope: Scope, emergency_id: str) -> Emergency:
        """End one's own emergency, or another's for whoever may review them.

        Raises:
            NotFoundError: if there is none that the caller may see.
            PermissionDeniedError: if it is another's, and not for the caller to end.
            ConflictError: if it is over.
        """
        known = await self.get(scope, emergency_id)
        if known.user_id != scope.actor.id:
            authorize(scope, BREAK_GLASS_REVIEW, org_id=PLATFORM_ORG)
        now = self._clock.now()
        async with self._store.begin(scope.across_tenants()) as oversight:
            emergency = existing(await oversight.emergency(emergency_id, lock=True))
            if not emergency.is_open(now):
                raise ConflictError("it is over already")
            emergency = _ended(emergency, now, scope.actor.id)
            await oversight.replace_emergency(emergency)
        self._read_at = None
        _log.warning("break glass of %s is over", emergency.user_id)
        await self._alarm.ended(emergency)
        return emergency

    async def review(
        self, scope: Scope, emergency_id: str, *, verdict: str, text: str
    ) -> Emergency:
        """Say afterwards whether it was right; somebody else's, once it is over.

        Raises:
            NotFoundError: if there is none that the caller may see.
            PermissionDeniedError: if it is the caller's own, or not for them to review.
            ConflictError: if it still goes on, or was reviewed.
        """
        authorize(scope, BREAK_GLASS_REVIEW, org_id=PLATFORM_ORG)
        if scope.actor.kind is not ActorKind.USER:
            raise PermissionDeniedError("only a person reviews; sign in")
        now = self._clock.now()
        async with self._store.begin(scope.across_tenants()) as oversight:
            emergency = existing(await oversight.emergency(emergency_id, lock=True))
            if emergency.user_id == scope.actor.id:
                raise PermissionDeniedError("nobody reviews what they did themselves")
            if emergency.is_open(now):
                raise ConflictError("it still goes on: end it first")
            if emergency.reviewed_at is not None:
                raise ConflictError("it was reviewed already")
            if emergency.ended_at is None:
                emergency = msgspec.structs.replace(emergency, ended_at=emergency.until)
            emergency = msgspec.structs.replace(
                emergency,
                verdict=verdict,
                review=checked_text(text),
                reviewed_at=now,
                reviewed_by=scope.actor.id,
                revision=emergency.revision + 1,
            )
            await oversight.replace_emergency(emergency)
        return emergency

    async def end_overdue(self) -> None:
        """Note the end of those whose time is over, and tell of it. For housekeeping."""
        now = self._clock.now()
        ended: list[Emergency] = []
        async with self._store.begin(_SELF) as oversight:
            for each in await oversight.open_emergencies():
                emergency = await oversight.emergency(each.id, lock=True)
                if emergency is None or emergency.ended_at is not None or emergency.is_open(now):
                    continue
                emergency = _ended(emergency, emergency.until, None)
                await oversight.replace_emergency(emergency)
                ended.append(emergency)
        for emergency in ended:
            _log.warning("break glass of %s is over: its time has run out", emergency.user_id)
            await self._alarm.ended(emergency)

    def _sees(self, scope: Scope) -> bool:
        return scope.crosses_tenants or any(
            grant.org_id is None and grant.permits(BREAK_GLASS_READ) for grant in scope.grants
        )


def _ended(emergency: Emergency, at: object, by: str | None) -> Emergency:
    return msgspec.structs.replace(
        emergency, ended_at=at, ended_by=by, revision=emergency.revision + 1
    )
