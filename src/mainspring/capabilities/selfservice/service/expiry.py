"""Grants that are over, and requests that nobody decided: they end by themselves."""

from datetime import datetime

import msgspec

from mainspring.capabilities.identity.api import KeyService
from mainspring.capabilities.selfservice.domain.requests import LAPSES_AFTER, State
from mainspring.capabilities.selfservice.ports import GrantStore, RequestStore
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import NotFoundError
from mainspring.kernel.scope import Scope
from mainspring.snapshot import resources

_SELF = Scope.platform("selfservice")
_AT_ONCE = 500


class GrantExpiry:
    """Ends what is over.

    Keys and grants end at the gateways by their own expiry, whether this runs or not.
    """

    def __init__(
        self, store: RequestStore, grants: GrantStore, keys: KeyService, clock: Clock
    ) -> None:
        self._store = store
        self._grants = grants
        self._keys = keys
        self._clock = clock

    async def end_due(self) -> int:
        """End up to five hundred of each; return how many. What ended meanwhile is left alone."""
        now = self._clock.now()
        async with self._store.begin(_SELF) as requests:
            due = await requests.due(now, now - LAPSES_AFTER, _AT_ONCE)
        ended = 0
        for request_id in due:
            ended += await self._end(request_id)
        return ended + await self._end_grants(now)

    async def _end_grants(self, now: datetime) -> int:
        async with self._grants.begin(_SELF) as grants:
            ids = await grants.remove_expired(now, _AT_ONCE)
            await grants.publish(deletes=[(resources.ModelGrant.kind, each) for each in ids])
        return len(ids)

    async def _end(self, request_id: str) -> bool:
        now = self._clock.now()
        async with self._store.begin(_SELF) as requests:
            request = await requests.get(request_id, lock=True)
            if request is None:
                return False
            lapsed = request.state is State.PENDING and request.created_at + LAPSES_AFTER < now
            over = (
                request.state is State.ACTIVE and request.until is not None and request.until <= now
            )
            if not (lapsed or over):
                return False
            state = State.LAPSED if lapsed else State.ENDED
            await requests.replace(
                msgspec.structs.replace(
                    request,
                    state=state,
                    ended_at=now,
                    updated_at=now,
                    revision=request.revision + 1,
                )
            )
        if over and request.key_id is not None:
            try:
                await self._keys.revoke(_SELF, request.key_id)
            except NotFoundError:
                return True  # it went with its project
        return True
