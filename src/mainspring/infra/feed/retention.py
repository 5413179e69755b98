"""Removal of tombstones that no reader needs any more."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_LOCK = text("SELECT version FROM snapshot_head FOR UPDATE")
_REMOVE = text(
    """
    WITH removed AS (
        DELETE FROM snapshot_resources
        WHERE data IS NULL AND changed_at < now() - CAST(:older_than AS interval)
        RETURNING version
    )
    SELECT count(*), coalesce(max(version), 0) FROM removed
    """
)
_RAISE_FLOOR = text("UPDATE snapshot_head SET floor = greatest(floor, :version)")


async def remove_tombstones(session: AsyncSession, *, older_than: timedelta) -> int:
    """Remove tombstones set longer ago than ``older_than``; return how many went.

    The floor rises with them in the same transaction: a reader that may have missed one of them
    gets a base instead of a delta. Live resources stay untouched.
    """
    await session.execute(_LOCK)  # head before rows, as publish does, so that none waits in a ring
    removed, newest = (await session.execute(_REMOVE, {"older_than": older_than})).one()
    if removed:
        await session.execute(_RAISE_FLOOR, {"version": newest})
    return removed
