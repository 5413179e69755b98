"""Tables with one partition for each day, named by it: made ahead, dropped whole, never emptied."""

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from mainspring.infra.db.tenancy import CROSSES_SETTING

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,50}")
_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('mainspring partitions of ' || :parent))")
_EXISTS = text("SELECT to_regclass(:name) IS NOT NULL")
_MISSING = text(
    "SELECT wanted.name FROM unnest(CAST(:names AS text[])) AS wanted(name)"
    " WHERE to_regclass(wanted.name) IS NULL"
)
_PARTITIONS = text(
    "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
    " WHERE i.inhparent = to_regclass(:parent) ORDER BY c.relname"
)


async def missing_partitions(
    session: AsyncSession, parents: Sequence[str], days: Collection[date]
) -> list[tuple[str, date]]:
    """Return which of ``parents`` lack the partition of which of ``days``, earliest day first."""
    wanted = {
        partition_name(parent, day): (parent, day) for day in sorted(days) for parent in parents
    }
    missing = (await session.execute(_MISSING, {"names": list(wanted)})).scalars()
    return sorted((wanted[name] for name in missing), key=lambda each: each[1])


async def ensure_partition(session: AsyncSession, parent: str, day: date) -> None:
    """Make the partition of ``parent`` for ``day``, if it is missing."""
    name = partition_name(parent, day)
    if (await session.execute(_EXISTS, {"name": name})).scalar_one():
        return
    await session.execute(_LOCK, {"parent": parent})
    if (await session.execute(_EXISTS, {"name": name})).scalar_one():
        return
    # Names and bounds are identifiers of ours and a date's digits; they cannot be parameters.
    # Made apart and then attached: to create it in place would wait for every reader of the
    # parent, a backup among them, and hold up every other one meanwhile.
    await session.execute(text(f"CREATE TABLE {name} (LIKE {_checked(parent)} INCLUDING ALL)"))
    await session.execute(text(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"))
    await session.execute(text(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"))
    # To whoever names a partition directly only its own policies apply: a backup does, which
    # reads across tenants. Reads by the parent obey the parent's.
    await session.execute(
        text(
            f"CREATE POLICY platform ON {name} FOR SELECT"
            f" USING (current_setting('{CROSSES_SETTING}', true) = 'on')"
        )
    )
    await session.execute(
        text(
            f"ALTER TABLE {parent} ATTACH PARTITION {name}"
            f" FOR VALUES FROM ('{day}') TO ('{day + timedelta(days=1)}')"
        )
    )


async def partitions_before(session: AsyncSession, parent: str, day: date) -> list[str]:
    """Return the names of the partitions of ``parent`` for days before ``day``, oldest first."""
    names = (await session.execute(_PARTITIONS, {"parent": parent})).scalars()
    prefix = partition_prefix(parent)
    return [
        name
        for name in names
        if (digits := name.removeprefix(prefix)).isdigit()
        and datetime.strptime(digits, "%Y%m%d").date() < day  # noqa: DTZ007 - a date has no zone
    ]


async def drop_partition(session: AsyncSession, name: str) -> None:
    """Drop a partition that :func:`partitions_before` named."""
    await session.execute(text(f"DROP TABLE IF EXISTS {_checked(name)}"))


def partition_prefix(parent: str) -> str:
    """Return what the names of all partitions of ``parent`` begin with."""
    return f"{_checked(parent)}_p"


def partition_name(parent: str, day: date) -> str:
    """Return the name of a day's partition, such as ``usage_records_p20260131``."""
    return f"{partition_prefix(parent)}{day:%Y%m%d}"


def _checked(name: str) -> str:
    if not _IDENTIFIER.fullmatch(name):
        raise ValueError(f"not a plain identifier: {name!r}")
    return name
