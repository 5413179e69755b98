"""The use cases of conversations; gateways are the callers, in the name of a project."""

import logging
from datetime import timedelta

import msgspec

from mainspring.capabilities.conversations.domain import Turn, turn_of, usable_part
from mainspring.capabilities.conversations.ports import TurnStore
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ResponseNotFoundError
from mainspring.kernel.scope import Scope
from mainspring.wire.records import BatchReceipt, RecordBatch
from mainspring.wire.stored import MAX_CHAIN_TURNS, StoredTurn, TurnChain

_log = logging.getLogger(__name__)
_SELF = Scope.platform("conversations")
_AT_ONCE = 500
_GRAVES_FOR = timedelta(days=1)
"""A deleted turn that never came is remembered for so long."""
_decoder = msgspec.msgpack.Decoder(StoredTurn)


class ConversationService:
    """What projects had kept of their responses."""

    def __init__(self, store: TurnStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def ingest(self, batch: RecordBatch) -> BatchReceipt:
        """Keep a gateway's batch; once this returns, all of it is durable.

        A turn that came before changes nothing, and so does one that was deleted meanwhile. One
        that cannot be read is refused by itself: the gateway puts it aside.

        Raises:
            MsgspecError: if a turn cannot be read; nothing was kept then.
            DatabaseUnavailableError: if nothing was kept; send the batch again.
        """
        now = self._clock.now()
        turns: dict[str, Turn] = {}
        expired = 0
        for raw in batch.records:
            try:
                turn = turn_of(_decoder.decode(raw), batch.gateway_id)
            except ValueError as error:
                raise msgspec.ValidationError(str(error)) from error
            if turn.expires_at <= now:
                expired += 1
            else:
                turns.setdefault(turn.id, turn)
        if expired:
            _log.info("%d turns had expired before they arrived", expired)
        async with self._store.begin(_SELF) as kept:
            added = await kept.add(list(turns.values()))
        return BatchReceipt(accepted=added, duplicates=len(batch.records) - added)

    async def chain(self, scope: Scope, turn_id: str, *, turns: int = MAX_CHAIN_TURNS) -> TurnChain:
        """Return a turn of the scope's project with up to ``turns - 1`` before it, newest first.

        The chain of one that was deleted or has expired is empty.

        Raises:
            ResponseNotFoundError: if the project has no such turn.
            BodyTooLargeError: if they are too large together.
        """
        project_id = scope.project_id or ""
        async with self._store.begin(scope) as kept:
            links = await kept.links(project_id, turn_id, at_most=turns, now=self._clock.now())
            if not links:
                raise ResponseNotFoundError
            ids, whole = usable_part(links, turns)
            found = {turn.id: turn for turn in await kept.turns(project_id, ids)}
        return TurnChain([found[each].wire() for each in ids], whole)

    async def delete(self, scope: Scope, turn_id: str) -> None:
        """Delete a turn of the scope's project; what was said is gone when this returns.

        One that is still on its way from its gateway will find itself deleted.
        """
        now = self._clock.now()
        grave = Turn(
            id=turn_id,
            org_id=scope.org_id,
            project_id=scope.project_id or "",
            key_id=None,
            actor_id=scope.actor.id,
            created_at=now,
            expires_at=now + _GRAVES_FOR,
            model="",
            previous_id=None,
            input=b"",
            response=b"",
            gateway_id="",
            deleted_at=now,
        )
        async with self._store.begin(scope) as kept:
            await kept.bury(grave)

    async def remove_expired(self) -> int:
        """Remove every turn whose time is over; return how many there were."""
        total = 0
        while True:
            async with self._store.begin(_SELF) as kept:
                removed = await kept.remove_expired(self._clock.now(), at_most=_AT_ONCE)
            total += removed
            if removed < _AT_ONCE:
                return total


class OrganizationTurns:
    """Tenancy's view of conversations: it asks for their end when an organisation goes."""

    def __init__(self, store: TurnStore) -> None:
        self._store = store

    async def release_organization(self, scope: Scope, org_id: str) -> None:
        """Remove every turn of an organisation that is being removed."""
        async with self._store.begin(scope) as kept:
            await kept.remove_of_organization(org_id)
