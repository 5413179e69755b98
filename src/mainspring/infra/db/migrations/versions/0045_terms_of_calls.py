"""The terms of the calls that are there already, and the end of the indexes that they replace.

Newest days first, each in a transaction of its own that locks nothing. May be repeated after it was
interrupted.
"""

from alembic import op
from sqlalchemy import text

from mainspring.infra.db.tenancy import CROSSES_SETTING

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_call_records_words": "USING gin (words)",
    "ix_call_records_metadata": "USING gin (metadata jsonb_path_ops)",
    "ix_call_records_duration_ms": "(duration_ms)",
    "ix_call_records_cost_nanos": "(cost_nanos)",
}
_PARTITIONS = text(
    "SELECT part.relname FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid"
    " WHERE inhparent = to_regclass('call_records') ORDER BY part.relname DESC"
)
_FILL = """
    INSERT INTO call_terms (day, at, id, org_id, duration_ms, cost_nanos, terms)
    SELECT day, at, id, org_id, duration_ms, cost_nanos, call_terms_of(words, call_facts(
        org_id, project_id, key_id, model, status, outcome,
        outcome NOT IN ('ok', 'client_closed'), session_id, user_id, trace_id, metadata
    ))
    FROM {partition} ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    """Fill in the terms, and drop the indexes."""
    context = op.get_context()
    with context.autocommit_block():
        if not context.as_sql:
            connection = op.get_bind()
            bound = connection.execute(text("SHOW statement_timeout")).scalar_one()
            op.execute("SET statement_timeout = 0")  # as long as it takes: nobody waits for it
            op.execute(f"SET {CROSSES_SETTING} = 'on'")
            try:
                for partition in connection.execute(_PARTITIONS).scalars().all():
                    op.execute(_FILL.format(partition=partition))
            finally:
                op.execute(f"SET {CROSSES_SETTING} = 'off'")
                op.execute(f"SET statement_timeout = '{bound}'")
    for name in _INDEXES:
        op.execute(f"DROP INDEX IF EXISTS {name}")


def downgrade() -> None:
    """Make the indexes again."""
    for name, definition in _INDEXES.items():
        op.execute(f"CREATE INDEX {name} ON call_records {definition}")
