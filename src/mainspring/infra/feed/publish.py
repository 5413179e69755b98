"""Publication: resources change in the same transaction as the rows they are compiled from."""

from collections.abc import Iterable

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.infra.feed.tables import CHANNEL, snapshot_head
from mainspring.snapshot.frame import encode_resource
from mainspring.snapshot.resources import Resource

_ADVANCE = text("UPDATE snapshot_head SET version = version + 1 RETURNING version")
_PUT = text(
    """
    INSERT INTO snapshot_resources AS old (kind, key, version, data)
    SELECT kind, key, :version, data
    FROM unnest(CAST(:kinds AS text[]), CAST(:keys AS text[]), CAST(:data AS bytea[]))
         AS new (kind, key, data)
    ON CONFLICT (kind, key) DO UPDATE
    SET version = excluded.version, data = excluded.data, changed_at = now()
    WHERE old.data IS DISTINCT FROM excluded.data
    """
)
_DELETE = text(
    """
    UPDATE snapshot_resources AS old SET version = :version, data = NULL, changed_at = now()
    FROM unnest(CAST(:kinds AS text[]), CAST(:keys AS text[])) AS gone (kind, key)
    WHERE old.kind = gone.kind AND old.key = gone.key AND old.data IS NOT NULL
    """
)
_NOTIFY = text("SELECT pg_notify(:channel, CAST(CAST(:version AS bigint) AS text))")


async def publish(
    session: AsyncSession,
    puts: Iterable[Resource] = (),
    deletes: Iterable[tuple[str, str]] = (),
) -> int:
    """Put and delete resources as one new version, which exists once ``session`` commits.

    ``deletes`` are (kind, key) pairs; one that does not exist is ignored, and so is a put that
    changes nothing. Of several puts of one resource the last counts. The head row is locked from
    here until the commit, which is what makes versions commit in order: publish at the end of a
    transaction, and call nothing slow after it. With nothing to publish the head's version is
    returned and nothing is locked.

    Returns:
        The version.

    Raises:
        ValueError: if one resource is both put and deleted.
    """
    encoded = {(put.kind, put.key): encode_resource(put) for put in puts}
    gone = dict.fromkeys(deletes)
    if both := encoded.keys() & gone.keys():
        raise ValueError(f"put and deleted at once: {sorted(both)}")
    if not encoded and not gone:
        return await head_version(session)
    version: int = (await session.execute(_ADVANCE)).scalar_one()
    if encoded:
        values = {
            "version": version,
            "kinds": [kind for kind, _ in encoded],
            "keys": [key for _, key in encoded],
            "data": list(encoded.values()),
        }
        await session.execute(_PUT, values)
    if gone:
        values = {
            "version": version,
            "kinds": [kind for kind, _ in gone],
            "keys": [key for _, key in gone],
        }
        await session.execute(_DELETE, values)
    await session.execute(_NOTIFY, {"channel": CHANNEL, "version": version})
    return version


async def head_version(session: AsyncSession) -> int:
    """Return the newest version that ``session`` sees; 0 before the first publication."""
    return (await session.execute(select(snapshot_head.c.version))).scalar_one()
