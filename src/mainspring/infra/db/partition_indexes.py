"""Indexes for tables with partitions, built while the table is written to; called from migrations.

PostgreSQL builds no index concurrently on a table with partitions, only on each of these: the
table's own comes first, empty and not valid yet, and becomes valid with the last of theirs
(https://www.postgresql.org/docs/current/ddl-partitioning.html).
"""

from alembic import op
from sqlalchemy import text

_MISSING = text(
    """
    SELECT part.relname
    FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid
    WHERE inhparent = to_regclass(:parent) AND NOT EXISTS (
        SELECT FROM pg_index JOIN pg_inherits AS attached ON attached.inhrelid = indexrelid
        WHERE indrelid = part.oid AND attached.inhparent = to_regclass(:name)
    )
    ORDER BY part.relname
    """
)


def add_partitioned_index(name: str, parent: str, definition: str) -> None:
    """Build the index ``name`` on ``parent``; ``definition`` is what follows the table's name.

    May be repeated after it was interrupted. New partitions get theirs from the table.
    """
    context = op.get_context()
    with context.autocommit_block():
        op.execute(f"CREATE INDEX IF NOT EXISTS {name} ON ONLY {parent} {definition}")
        if context.as_sql:
            return
        connection = op.get_bind()
        bound = connection.execute(text("SHOW statement_timeout")).scalar_one()
        op.execute("SET statement_timeout = 0")  # as long as it takes: nobody waits for it
        try:
            missing = connection.execute(_MISSING, {"parent": parent, "name": name}).scalars().all()
            for partition in missing:
                own = f"{partition}_{name.removeprefix(f'ix_{parent}_')}"
                op.execute(f"DROP INDEX IF EXISTS {own}")  # what an interruption left
                op.execute(f"CREATE INDEX CONCURRENTLY {own} ON {partition} {definition}")
                op.execute(f"ALTER INDEX {name} ATTACH PARTITION {own}")
        finally:
            op.execute(f"SET statement_timeout = '{bound}'")
