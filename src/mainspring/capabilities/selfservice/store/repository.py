"""Self-service in PostgreSQL."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    RowMapping,
    and_,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.selfservice.domain import AccessRequest, AccessRule
from mainspring.capabilities.selfservice.domain.requests import State
from mainspring.capabilities.selfservice.store.tables import access_requests, access_rules
from mainspring.infra.db import Database
from mainspring.infra.db.rows import (
    conflicts,
    find_row,
    from_row,
    insert_row,
    replace_row,
    to_row,
    values_of,
)
from mainspring.kernel.errors import PreconditionFailedError
from mainspring.kernel.scope import Scope

_TAKEN = {
    "uq_access_rules_org_id": "another rule has this name",
    "fk_access_rules_org_id": "there is no such organisation",
    "fk_access_requests_org_id": "the organisation is being removed",
    "fk_access_requests_project_id": "the project is being removed",
}


class PostgresRequestStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresRequests"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresRequests(session)


class PostgresRequests:
    """Rules and requests as one transaction sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_rule(self, rule: AccessRule) -> None:
        """Keep a new rule."""
        await insert_row(self._session, access_rules, rule, taken=_TAKEN)

    async def rule(self, rule_id: str) -> AccessRule | None:
        """Return the rule, if the scope sees it."""
        return await find_row(self._session, access_rules, AccessRule, rule_id)

    async def rules(self, org_id: str | None) -> Sequence[AccessRule]:
        """Return the rules that concern an organisation (``None``: the platform's own)."""
        owner = access_rules.c.org_id.is_(None)
        if org_id is not None:
            owner = or_(owner, access_rules.c.org_id == org_id)
        query = select(access_rules).where(owner).order_by(access_rules.c.position, "id")
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, AccessRule) for row in rows]

    async def replace_rule(self, rule: AccessRule) -> None:
        """Write the next revision."""
        await replace_row(self._session, access_rules, rule, taken=_TAKEN)

    async def remove_rule(self, rule_id: str) -> None:
        """Remove it."""
        await self._session.execute(delete(access_rules).where(access_rules.c.id == rule_id))

    async def add(self, request: AccessRequest) -> None:
        """Keep a new request."""
        with conflicts(_TAKEN):
            await self._session.execute(insert(access_requests).values(_row(request)))

    async def get(self, request_id: str, *, lock: bool = False) -> AccessRequest | None:
        """Return the request, if the scope sees it."""
        query = select(access_requests).where(access_requests.c.id == request_id)
        if lock:
            query = query.with_for_update()
        row = (await self._session.execute(query)).mappings().one_or_none()
        return None if row is None else _request(row)

    async def open_of(self, org_id: str, requester_id: str) -> int:
        """Return how many requests of a person wait."""
        turn = func.pg_advisory_xact_lock(func.hashtextextended(f"access {requester_id}", 0))
        await self._session.execute(select(turn))
        query = select(func.count()).where(
            access_requests.c.org_id == org_id,
            access_requests.c.requester_id == requester_id,
            access_requests.c.state == State.PENDING.value,
        )
        return (await self._session.execute(query)).scalar_one()

    async def list(
        self,
        org_id: str,
        *,
        states: Sequence[State],
        requester_id: str | None,
        approvers: Sequence[str] | None,
        before: str | None,
        limit: int,
    ) -> Sequence[AccessRequest]:
        """Return up to ``limit`` requests, newest first."""
        conditions: list[ColumnElement[bool]] = [access_requests.c.org_id == org_id]
        if states:
            conditions.append(access_requests.c.state.in_([each.value for each in states]))
        concerned: list[ColumnElement[bool]] = []
        if requester_id is not None:
            concerned.append(access_requests.c.requester_id == requester_id)
        if approvers is not None:
            concerned.append(access_requests.c.approvers.overlap(list(approvers)))
        if concerned:
            conditions.append(or_(*concerned))
        if before is not None:
            conditions.append(access_requests.c.id < before)
        query = (
            select(access_requests)
            .where(*conditions)
            .order_by(access_requests.c.id.desc())
            .limit(limit)
        )
        rows = (await self._session.execute(query)).mappings()
        return [_request(row) for row in rows]

    async def replace(self, request: AccessRequest) -> None:
        """Write the next revision."""
        statement = (
            update(access_requests)
            .where(
                access_requests.c.id == request.id,
                access_requests.c.revision == request.revision - 1,
            )
            .values(_row(request))
            .returning(access_requests.c.id)
        )
        if (await self._session.execute(statement)).one_or_none() is None:
            raise PreconditionFailedError

    async def due(self, now: datetime, lapsed_before: datetime, limit: int) -> Sequence[str]:
        """Return ids of what is over."""
        table = access_requests.c
        over = and_(table.state == State.ACTIVE.value, table.until <= now)
        lapsed = and_(table.state == State.PENDING.value, table.created_at < lapsed_before)
        query = select(table.id).where(or_(over, lapsed)).order_by(table.id).limit(limit)
        return list((await self._session.execute(query)).scalars())


def _row(request: AccessRequest) -> dict[str, Any]:
    row = to_row(msgspec.structs.replace(request, steps=(), comments=()))
    row["steps"] = msgspec.to_builtins(request.steps)  # times within JSON are texts
    row["comments"] = msgspec.to_builtins(request.comments)
    row["approvers"] = sorted({each for step in request.steps for each in step.approvers})
    return row


def _request(row: RowMapping) -> AccessRequest:
    values = values_of(row)
    del values["approvers"]
    return msgspec.convert(values, AccessRequest, strict=False)
