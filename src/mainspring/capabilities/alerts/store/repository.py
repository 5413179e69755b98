"""Alerts, channels, silences and messages in PostgreSQL."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, Table, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.alerts.domain import (
    Alert,
    AlertState,
    Channel,
    Decision,
    Group,
    Notification,
    NotificationState,
    Severity,
    Silence,
)
from mainspring.capabilities.alerts.store.tables import (
    alerts,
    notification_channels,
    notification_groups,
    notifications,
    silences,
)
from mainspring.capabilities.alerts.store.work import PostgresAlertWork
from mainspring.infra.db import Database
from mainspring.infra.db.rows import (
    conflicts,
    find_row,
    from_row,
    insert_row,
    replace_row,
    to_row,
)
from mainspring.kernel.scope import Scope

_TAKEN = {
    "uq_notification_channels_org_id": "another channel has this name",
    "fk_notification_channels_org_id": "the organisation is being removed",
    "fk_silences_org_id": "the organisation is being removed",
    "fk_alerts_org_id": "the organisation is being removed",
}


class PostgresAlertStore:
    """Opens transactions on PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def begin(self, scope: Scope) -> AsyncGenerator["PostgresAlerts"]:
        """Open one transaction; it commits when the block ends."""
        async with self._database.session(scope) as session:
            yield PostgresAlerts(session)

    @asynccontextmanager
    async def work(self, scope: Scope) -> AsyncGenerator[PostgresAlertWork]:
        """Open one transaction of the platform's own."""
        async with self._database.session(scope.across_tenants()) as session:
            yield PostgresAlertWork(session)


class PostgresAlerts:
    """Everything of alerts as one transaction sees it."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def hold_reports(self, owner: str | None, source: str) -> None:
        """Have others who report for that owner and source wait until this transaction ends."""
        name = f"alerts/{owner or ''}/{source}"
        await self._session.execute(
            select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0)))
        )

    async def firing(self, owner: str | None, *, source: str | None = None) -> Sequence[Alert]:
        """Return the owner's alerts that fire, oldest first."""
        query = (
            select(alerts)
            .where(_of(alerts, owner), alerts.c.state == AlertState.FIRING.value)
            .order_by(alerts.c.id)
        )
        if source is not None:
            query = query.where(alerts.c.source == source)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Alert) for row in rows]

    async def put_alerts(self, found: Sequence[Alert]) -> None:
        """Write alerts, new or known."""
        if not found:
            return
        statement = insert(alerts)
        columns = {
            column.name: statement.excluded[column.name]
            for column in alerts.c
            if column.name not in {"id", "org_id"}
        }
        statement = statement.on_conflict_do_update(index_elements=["id"], set_=columns)
        with conflicts(_TAKEN):
            await self._session.execute(statement, [to_row(each) for each in found])

    async def alert(self, alert_id: str) -> Alert | None:
        """Return one alert, if the scope sees it."""
        return await find_row(self._session, alerts, Alert, alert_id)

    async def alerts_of(self, alert_ids: Sequence[str]) -> Sequence[Alert]:
        """Return those of the alerts that there are."""
        if not alert_ids:
            return []
        query = select(alerts).where(alerts.c.id.in_(list(alert_ids)))
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Alert) for row in rows]

    async def alerts(
        self,
        owner: str | None,
        *,
        state: AlertState | None,
        severity: Severity | None,
        before: str | None,
        limit: int,
    ) -> Sequence[Alert]:
        """Return up to ``limit`` alerts of the owner, newest first."""
        query = select(alerts).where(_of(alerts, owner)).order_by(alerts.c.id.desc()).limit(limit)
        if state is not None:
            query = query.where(alerts.c.state == state.value)
        if severity is not None:
            query = query.where(alerts.c.severity == severity.value)
        if before is not None:
            query = query.where(alerts.c.id < before)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Alert) for row in rows]

    async def add_channel(self, channel: Channel) -> None:
        """Keep a new channel."""
        await insert_row(self._session, notification_channels, channel, taken=_TAKEN)

    async def channel(self, channel_id: str) -> Channel | None:
        """Return the channel, if the scope sees it."""
        return await find_row(self._session, notification_channels, Channel, channel_id)

    async def hold_channel(self, channel_id: str) -> Channel | None:
        """Return the channel and keep others from deciding for it; ``None`` if somebody does."""
        query = (
            select(notification_channels)
            .where(notification_channels.c.id == channel_id)
            .with_for_update(skip_locked=True)
        )
        row = (await self._session.execute(query)).mappings().one_or_none()
        return None if row is None else from_row(row, Channel)

    async def replace_channel(self, channel: Channel) -> None:
        """Write the next revision."""
        await replace_row(self._session, notification_channels, channel, taken=_TAKEN)

    async def remove_channel(self, channel_id: str) -> None:
        """Remove the channel with everything that waits there."""
        await self._session.execute(
            delete(notification_channels).where(notification_channels.c.id == channel_id)
        )

    async def channels(
        self, owner: str | None, *, after: str | None, limit: int
    ) -> Sequence[Channel]:
        """Return up to ``limit`` channels of the owner, oldest first."""
        table = notification_channels
        query = select(table).where(_of(table, owner)).order_by(table.c.id).limit(limit)
        if after is not None:
            query = query.where(table.c.id > after)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Channel) for row in rows]

    async def add_silence(self, silence: Silence) -> None:
        """Keep a new silence."""
        await insert_row(self._session, silences, silence, taken=_TAKEN)

    async def silence(self, silence_id: str) -> Silence | None:
        """Return the silence, if the scope sees it."""
        return await find_row(self._session, silences, Silence, silence_id)

    async def end_silence(self, silence_id: str, at: datetime) -> None:
        """Have a silence end at that moment."""
        await self._session.execute(
            update(silences).where(silences.c.id == silence_id).values(until=at)
        )

    async def silences(
        self, owner: str | None, *, until_after: datetime | None, before: str | None, limit: int
    ) -> Sequence[Silence]:
        """Return up to ``limit`` silences of the owner, newest first."""
        query = (
            select(silences).where(_of(silences, owner)).order_by(silences.c.id.desc()).limit(limit)
        )
        if until_after is not None:
            query = query.where(silences.c.until > until_after)
        if before is not None:
            query = query.where(silences.c.id < before)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Silence) for row in rows]

    async def groups(self, channel_id: str) -> Sequence[Group]:
        """Return what the channel was told of."""
        query = select(notification_groups).where(notification_groups.c.channel_id == channel_id)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Group) for row in rows]

    async def carry_out(
        self, decisions: Sequence[Decision], messages: Sequence[Notification]
    ) -> None:
        """Write groups as they are now, and the messages that follow."""
        table = notification_groups
        for decision in decisions:
            if decision.after is None:
                if decision.before is not None:
                    await self._session.execute(
                        delete(table).where(
                            table.c.channel_id == decision.before.channel_id,
                            table.c.key == decision.before.key,
                        )
                    )
                continue
            row = to_row(decision.after)
            await self._session.execute(
                insert(table)
                .values(row)
                .on_conflict_do_update(index_elements=["channel_id", "key"], set_=row)
            )
        if messages:
            # Within JSON a moment is a text.
            rows = [
                {**to_row(each), "alerts": msgspec.to_builtins(each.alerts)} for each in messages
            ]
            await self._session.execute(insert(notifications), rows)

    async def waiting(self, channel_id: str) -> int:
        """Return how many messages of the channel wait."""
        query = (
            select(func.count())
            .select_from(notifications)
            .where(
                notifications.c.channel_id == channel_id,
                notifications.c.state == NotificationState.WAITING.value,
            )
        )
        return (await self._session.execute(query)).scalar_one()

    async def notifications(
        self, channel_id: str, *, before: str | None, limit: int
    ) -> Sequence[Notification]:
        """Return up to ``limit`` messages of the channel, newest first."""
        query = (
            select(notifications)
            .where(notifications.c.channel_id == channel_id)
            .order_by(notifications.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(notifications.c.id < before)
        rows = (await self._session.execute(query)).mappings()
        return [from_row(row, Notification) for row in rows]

    async def finish(self, notification: Notification) -> bool:
        """Write what came of an attempt, unless another has begun; tell whether it was written."""
        statement = (
            update(notifications)
            .where(
                notifications.c.id == notification.id,
                notifications.c.attempts == notification.attempts,
                notifications.c.state == NotificationState.WAITING.value,
            )
            .values(
                state=notification.state.value,
                problem=notification.problem,
                next_at=notification.next_at,
                finished_at=notification.finished_at,
            )
            .returning(notifications.c.id)
        )
        return (await self._session.execute(statement)).one_or_none() is not None


def _of(table: Table, owner: str | None) -> ColumnElement[bool]:
    column = table.c.org_id
    return column.is_(None) if owner is None else column == owner
