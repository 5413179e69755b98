"""The register of idempotency keys."""

from datetime import timedelta

import msgspec
from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from mainspring.infra.db import Database
from mainspring.infra.db.sealed import SealedColumn
from mainspring.infra.idempotency.tables import idempotent_requests
from mainspring.infra.secrets import Sealer
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ConflictError, IdempotencyConflictError
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Sealed

_SELF = Scope.platform("idempotency")
_KEPT_FOR = timedelta(hours=24)


class Answer(msgspec.Struct, frozen=True):
    """What a request was answered with: its status, the headers worth repeating, its body."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class IdempotencyRegister:
    """Remembers answers for 24 hours.

    Fails closed: without the database no request with a key is served. A process that dies
    between acting and answering leaves its key claimed; whoever comes back with it is told that
    the outcome is unknown rather than acted for twice.
    """

    def __init__(self, database: Database, sealer: Sealer, clock: Clock) -> None:
        self._database = database
        self._sealer = sealer
        self._clock = clock

    async def claim(self, actor_id: str, key: str, digest: bytes) -> Answer | None:
        """Take the key for one request, or return what that request was answered with.

        Raises:
            IdempotencyConflictError: if the key belongs to a different request.
            ConflictError: if the same request is under way, or its outcome is unknown.
        """
        now = self._clock.now()
        claimed = (
            insert(idempotent_requests)
            .values(actor_id=actor_id, key=key, digest=digest, created_at=now)
            .on_conflict_do_nothing(index_elements=["actor_id", "key"])
            .returning(idempotent_requests.c.key)
        )
        async with self._database.session(_SELF) as session:
            if (await session.execute(claimed)).one_or_none() is not None:
                return None
            query = select(idempotent_requests.c.digest, idempotent_requests.c.answer)
            found = (await session.execute(query.where(*_at(actor_id, key)))).one_or_none()
        if found is None:
            raise ConflictError("the first request with this key has just failed", retry_after_s=1)
        if found.digest != digest:
            raise IdempotencyConflictError
        if found.answer is None:
            raise ConflictError(
                "the first request with this key is under way, or its outcome is unknown",
                retry_after_s=1,
            )
        sealed = msgspec.msgpack.decode(found.answer, type=Sealed)
        return msgspec.msgpack.decode(
            self._sealer.unseal(sealed, _context(actor_id, key)), type=Answer
        )

    async def finish(self, actor_id: str, key: str, answer: Answer) -> None:
        """Keep the answer for whoever comes back."""
        sealed = self._sealer.seal(msgspec.msgpack.encode(answer), _context(actor_id, key))
        async with self._database.session(_SELF) as session:
            await session.execute(
                update(idempotent_requests)
                .where(*_at(actor_id, key))
                .values(answer=msgspec.msgpack.encode(sealed))
            )

    async def release(self, actor_id: str, key: str) -> None:
        """Give the key back: its request was refused and changed nothing."""
        async with self._database.session(_SELF) as session:
            await session.execute(delete(idempotent_requests).where(*_at(actor_id, key)))

    async def forget_old(self) -> None:
        """Remove what is older than 24 hours. For housekeeping."""
        before = self._clock.now() - _KEPT_FOR
        async with self._database.session(_SELF) as session:
            await session.execute(
                delete(idempotent_requests).where(idempotent_requests.c.created_at < before)
            )


def sealed_answers(database: Database) -> SealedColumn:
    """Return the answers that are kept, as a place of secrets."""
    return SealedColumn(
        database,
        "answers of repeated requests",
        idempotent_requests,
        idempotent_requests.c.answer,
        key=("actor_id", "key"),
        context=lambda row: _context(row["actor_id"], row["key"]),
    )


def _at(actor_id: str, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return (idempotent_requests.c.actor_id == actor_id, idempotent_requests.c.key == key)


def _context(actor_id: str, key: str) -> str:
    return f"idempotency/{actor_id}/{key}"
