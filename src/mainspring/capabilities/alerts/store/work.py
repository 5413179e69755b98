"""What workers look for across owners."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.capabilities.alerts.domain import AlertState, Notification, NotificationState
from mainspring.capabilities.alerts.store.tables import (
    alerts,
    notification_channels,
    notification_groups,
    notifications,
    silences,
)
from mainspring.infra.db.rows import from_row


class PostgresAlertWork:
    """Queues as one transaction of the platform sees them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def concerned(self) -> Sequence[tuple[str, str | None]]:
        """Return the enabled channels for which something may have to be decided, with owners."""
        channels = notification_channels
        fires = exists().where(
            alerts.c.org_id.is_not_distinct_from(channels.c.org_id),
            alerts.c.state == AlertState.FIRING.value,
        )
        told = exists().where(notification_groups.c.channel_id == channels.c.id)
        query = (
            select(channels.c.id, channels.c.org_id)
            .where(channels.c.enabled, or_(fires, told))
            .order_by(channels.c.id)
        )
        return [(row.id, row.org_id) for row in await self._session.execute(query)]

    async def take(
        self,
        *,
        now: datetime,
        taken_until: datetime,
        limit: int,
        per_owner: int,
        busy: Mapping[str, int],
    ) -> Sequence[Notification]:
        """Take up to ``limit`` messages that are due; nobody else does before ``taken_until``."""
        waits = notifications.c.state == NotificationState.WAITING.value
        older = notifications.alias("older")
        is_behind = exists().where(
            older.c.channel_id == notifications.c.channel_id,
            older.c.group_key == notifications.c.group_key,
            older.c.state == NotificationState.WAITING.value,
            older.c.id < notifications.c.id,
        )
        owner = func.coalesce(notifications.c.org_id, "")
        place = func.row_number().over(partition_by=owner, order_by=notifications.c.id)
        full = [each for each, count in busy.items() if count >= per_owner]
        heads = (
            select(notifications.c.id, owner.label("owner"), place.label("place"))
            .where(waits, notifications.c.next_at <= now, ~is_behind, owner.not_in(full))
            .subquery()
        )
        rows = await self._session.execute(
            select(heads.c.id, heads.c.owner, heads.c.place)
            .where(heads.c.place <= per_owner)
            .order_by(heads.c.place, heads.c.id)
            .limit(limit)
        )
        wanted = [row.id for row in rows if row.place + busy.get(row.owner, 0) <= per_owner]
        if not wanted:
            return []
        # Whoever came second waits for the row, and then finds that it is not due any more.
        taken = await self._session.execute(
            update(notifications)
            .where(notifications.c.id.in_(wanted), waits, notifications.c.next_at <= now)
            .values(next_at=taken_until, attempts=notifications.c.attempts + 1)
            .returning(*notifications.c)
        )
        return [from_row(row, Notification) for row in taken.mappings()]

    async def end_forgotten(self, *, source: str, seen_before: datetime, now: datetime) -> int:
        """Resolve what fires by that source and was not repeated since; return how many."""
        ended = await self._session.execute(
            update(alerts)
            .where(
                alerts.c.source == source,
                alerts.c.state == AlertState.FIRING.value,
                alerts.c.seen_at < seen_before,
            )
            .values(state=AlertState.RESOLVED.value, ended_at=now)
            .returning(alerts.c.id)
        )
        return len(ended.all())

    async def forget(self, before: datetime) -> None:
        """Remove alerts, messages and silences that were over before that moment."""
        await self._session.execute(delete(alerts).where(alerts.c.ended_at < before))
        await self._session.execute(
            delete(notifications).where(notifications.c.finished_at < before)
        )
        await self._session.execute(delete(silences).where(silences.c.until < before))
