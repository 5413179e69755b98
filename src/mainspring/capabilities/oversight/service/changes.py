"""Changes that need a second person: held back, decided, sent."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from mainspring.capabilities.oversight.domain import (
    CHANGE_DECIDE,
    CHANGE_READ,
    FOUR_EYES_WRITE,
    FourEyes,
    Held,
    Outcome,
    PendingChange,
    State,
)
from mainspring.capabilities.oversight.domain.changes import (
    GONE_AFTER,
    MAX_BODY,
    MAX_OPEN,
    approved,
    check_open,
    checked_actions,
    checked_text,
    shown_body,
)
from mainspring.capabilities.oversight.ports import (
    Authors,
    Executor,
    Oversight,
    OversightStore,
    Seal,
)
from mainspring.kernel.authorize import authorize
from mainspring.kernel.changes import check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    AuthenticationError,
    BodyTooLargeError,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
)
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, ActorKind, Scope
from mainspring.snapshot.resources import Sealed

_log = logging.getLogger(__name__)
_SELF = Scope.platform("oversight")
_RULES_FOR_S = 1.0
"""How long another control plane's change of the settings may go unheard."""
_AT_ONCE = 200


class ChangeService:
    """Holds requests back until a second person agrees, and sends them then.

    What is sent is the author's request with the author's rights of that moment: an approval adds
    a person, and no right. The audit trail names both.
    """

    def __init__(
        self,
        store: OversightStore,
        executor: Executor,
        authors: Authors,
        seal: Seal,
        clock: Clock,
    ) -> None:
        self._store = store
        self._executor = executor
        self._authors = authors
        self._seal = seal
        self._clock = clock
        self._rules: Mapping[str, frozenset[str]] = {}
        self._read_at: float | None = None

    async def rules(self) -> Mapping[str, frozenset[str]]:
        """Return which operations need two persons, as of a second ago at the most.

        Raises:
            DatabaseUnavailableError: if that cannot be told; nothing may be let through then.
        """
        now = self._clock.monotonic()
        if self._read_at is None or now - self._read_at >= _RULES_FOR_S:
            async with self._store.begin(_SELF) as oversight:
                self._rules = (await oversight.four_eyes()).rules()
            self._read_at = now
        return self._rules

    async def four_eyes(self, scope: Scope) -> FourEyes:
        """Return the settings.

        Raises:
            PermissionDeniedError: if the caller may not see them.
        """
        scope = authorize(scope, CHANGE_READ, org_id=PLATFORM_ORG)
        async with self._store.begin(scope) as oversight:
            return await oversight.four_eyes()

    async def put_four_eyes(
        self,
        scope: Scope,
        *,
        enabled: bool,
        actions: Sequence[str],
        hours: int,
        expected_revision: int | None = None,
    ) -> FourEyes:
        """Say which changes need two persons; once that is on, this is one of them.

        Raises:
            PermissionDeniedError: if the caller may not.
            InvalidRequestError: if an action is no operation that changes something.
            PreconditionFailedError: if the settings are not at ``expected_revision`` any more.
        """
        scope = authorize(scope, FOUR_EYES_WRITE, org_id=PLATFORM_ORG)
        wanted = checked_actions(actions, self._executor.operations())
        async with self._store.begin(scope) as oversight:
            old = await oversight.four_eyes(lock=True)
            check_revision(expected_revision, old.revision)
            new = FourEyes(
                enabled=enabled,
                actions=wanted,
                hours=hours,
                updated_at=self._clock.now(),
                revision=old.revision + 1,
            )
            await oversight.put_four_eyes(new)
        self._read_at = None
        return new

    async def hold(self, scope: Scope, held: Held) -> PendingChange:
        """Keep a request until a second person agrees; the same one twice is one change.

        A reason that comes with the second one is kept where the first had none: whoever learns
        only by the answer that somebody has to agree can still say why.

        Raises:
            BodyTooLargeError: if it is too large to wait.
            ConflictError: if too many of the author's wait already.
        """
        if len(held.body) > MAX_BODY:
            raise BodyTooLargeError(f"a request that waits has up to {MAX_BODY} bytes")
        now = self._clock.now()
        change_id = new_id("chg")
        digest = _digest(held)
        is_person = scope.actor.kind is ActorKind.USER
        async with self._store.begin(scope.across_tenants()) as oversight:
            waiting = await oversight.waiting_of(scope.actor.id)
            for each in waiting:
                if each.digest == digest and each.expires_at > now:
                    return await self._reasoned(oversight, each, held.reason)
            if len(waiting) >= MAX_OPEN:
                raise ConflictError(f"{MAX_OPEN} changes of yours wait already")
            settings = await oversight.four_eyes()
            sealed = self._seal.seal(msgspec.msgpack.encode(held), _context(change_id))
            change = PendingChange(
                id=change_id,
                operation=held.operation,
                permission=held.permission,
                method=held.method,
                path=held.path,
                shown=shown_body(held.body),
                sealed=msgspec.msgpack.encode(sealed),
                digest=digest,
                reason=held.reason,
                author_kind=scope.actor.kind.value,
                author_id=scope.actor.id,
                narrowed_to=None if scope.narrowed_to is None else tuple(sorted(scope.narrowed_to)),
                confined_to=scope.confined_to,
                needs=1 if is_person else 2,
                created_at=now,
                updated_at=now,
                expires_at=now + timedelta(hours=settings.hours),
            )
            await oversight.add(change)
        return change

    async def _reasoned(
        self, oversight: Oversight, change: PendingChange, reason: str
    ) -> PendingChange:
        if not reason or change.reason:
            return change
        locked = existing(await oversight.get(change.id, lock=True))
        if locked.reason or locked.state is not State.PENDING:
            return locked
        said = _next(locked, self._clock.now(), reason=reason)
        await oversight.replace(said)
        return said

    async def list_changes(
        self, scope: Scope, page: PageRequest, *, states: Sequence[State] = ()
    ) -> Page[PendingChange]:
        """Return changes, newest first: all for whoever may read them, else the caller's own."""
        before = decode_cursor(page.cursor, str)
        author = None if _sees_all(scope) else scope.actor.id
        async with self._store.begin(_SELF) as oversight:
            found = await oversight.list(
                states=states, author_id=author, before=before, limit=page.limit + 1
            )
        return page_of(found, page.limit, lambda change: change.id)

    async def get(self, scope: Scope, change_id: str) -> PendingChange:
        """Return a change.

        Raises:
            NotFoundError: if there is none that the caller may see.
        """
        async with self._store.begin(_SELF) as oversight:
            change = existing(await oversight.get(change_id))
        if change.author_id != scope.actor.id and not _sees_all(scope):
            raise NotFoundError
        return change

    async def approve(self, scope: Scope, change_id: str, comment: str = "") -> PendingChange:
        """Agree to a change; with the last person that it needs, it is sent at once.

        Raises:
            NotFoundError: if there is none that the caller may see.
            PermissionDeniedError: if it is the caller's own, or not for them to decide.
            ConflictError: if there is nothing to decide any more.
        """
        await self._decider(scope, change_id)
        now = self._clock.now()
        async with self._store.begin(scope.across_tenants()) as oversight:
            old = existing(await oversight.get(change_id, lock=True))
            new = _next(approved(old, scope.actor.id, comment, now), now)
            await oversight.replace(new)
        if new.state is not State.APPROVED:
            return new
        # Outside of that transaction: whatever happens now, it is decided, and is sent once.
        return await self._done(scope, new.id, await self._sent(new, scope))

    async def reject(self, scope: Scope, change_id: str, comment: str) -> PendingChange:
        """Refuse a change.

        Raises:
            NotFoundError, PermissionDeniedError, ConflictError: as :meth:`approve`.
        """
        await self._decider(scope, change_id)
        return await self._end(scope, change_id, State.REJECTED, comment)

    async def withdraw(self, scope: Scope, change_id: str) -> PendingChange:
        """Take back a change of one's own.

        Raises:
            NotFoundError: if there is none that the caller may see.
            PermissionDeniedError: if it is another's.
            ConflictError: if there is nothing to take back any more.
        """
        change = await self.get(scope, change_id)
        if change.author_id != scope.actor.id:
            raise PermissionDeniedError("only who asked for it may take it back")
        return await self._end(scope, change_id, State.WITHDRAWN, "")

    async def end_overdue(self) -> int:
        """End what expired, and say of what was cut off that nobody knows. For housekeeping."""
        now = self._clock.now()
        async with self._store.begin(_SELF) as oversight:
            due = await oversight.overdue(now, now - GONE_AFTER, _AT_ONCE)
        for each in due:
            async with self._store.begin(_SELF) as oversight:
                change = existing(await oversight.get(each.id, lock=True))
                if change.state is State.PENDING:
                    await oversight.replace(_next(change, now, state=State.EXPIRED))
                elif change.state is State.APPROVED:
                    detail = "cut off while it was sent: see the audit trail for what was done"
                    await oversight.replace(_next(change, now, state=State.FAILED, detail=detail))
        return len(due)

    async def _decider(self, scope: Scope, change_id: str) -> None:
        authorize(scope, CHANGE_DECIDE, org_id=PLATFORM_ORG)
        async with self._store.begin(_SELF) as oversight:
            existing(await oversight.get(change_id))
        if scope.actor.kind is not ActorKind.USER:
            raise PermissionDeniedError("only a person decides; sign in")

    async def _end(self, scope: Scope, change_id: str, state: State, comment: str) -> PendingChange:
        now = self._clock.now()
        async with self._store.begin(scope.across_tenants()) as oversight:
            change = existing(await oversight.get(change_id, lock=True))
            check_open(change, now)
            change = _next(
                change,
                now,
                state=state,
                comment=checked_text(comment),
                decided_by=scope.actor.id,
                decided_at=now,
            )
            await oversight.replace(change)
        return change

    async def _sent(self, change: PendingChange, approver: Scope) -> Outcome:
        """Send the request as its author, with the last approver beside them."""
        sealed = msgspec.msgpack.decode(change.sealed, type=Sealed)
        held = msgspec.msgpack.decode(self._seal.unseal(sealed, _context(change.id)), type=Held)
        try:
            if change.author_kind == ActorKind.USER:
                narrowed = None if change.narrowed_to is None else frozenset(change.narrowed_to)
                author = await self._authors.person(
                    change.author_id, narrowed_to=narrowed, confined_to=change.confined_to
                )
            else:
                author = await self._authors.machine(change.author_id)
        except AuthenticationError:
            return Outcome(403, PermissionDeniedError.code, "who asked for it may do nothing more")
        actor = msgspec.structs.replace(author.actor, on_behalf_of=approver.actor.id)
        author = msgspec.structs.replace(author, actor=actor, request_id=approver.request_id)
        return await self._executor.execute(held, author)

    async def _done(self, scope: Scope, change_id: str, outcome: Outcome) -> PendingChange:
        now = self._clock.now()
        async with self._store.begin(scope.across_tenants()) as oversight:
            change = existing(await oversight.get(change_id, lock=True))
            change = _next(
                change,
                now,
                state=State.EXECUTED if outcome.status < 400 else State.FAILED,
                status=outcome.status,
                code=outcome.code,
                detail=outcome.detail[:2000],
            )
            await oversight.replace(change)
        _log.info("a change of two persons was sent: %s, %d", change.operation, outcome.status)
        return change


def _sees_all(scope: Scope) -> bool:
    return scope.crosses_tenants or any(
        grant.org_id is None and grant.permits(CHANGE_READ) for grant in scope.grants
    )


def _digest(held: Held) -> bytes:
    said = msgspec.structs.replace(held, reason="")
    return hashlib.sha256(msgspec.msgpack.encode(said)).digest()


def _context(change_id: str) -> str:
    return f"pending-change/{change_id}"


def _next(change: PendingChange, now: object, **fields: object) -> PendingChange:
    return msgspec.structs.replace(change, updated_at=now, revision=change.revision + 1, **fields)
