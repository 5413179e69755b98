"""Indexes for what calls are looked for by: users, traces, failures, duration and cost."""

from alembic import op

from mainspring.infra.db.partition_indexes import add_partitioned_index

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_INDEXES = {
    "ix_call_records_trace_id": "(trace_id) WHERE trace_id IS NOT NULL",
    "ix_call_records_user_id": "(user_id, at) WHERE user_id IS NOT NULL",
    "ix_call_records_failed": "(at, id) WHERE outcome NOT IN ('ok', 'client_closed')",
    "ix_call_records_duration_ms": "(duration_ms)",
    "ix_call_records_cost_nanos": "(cost_nanos)",
}


def upgrade() -> None:
    """Add the indexes in an ``autocommit_block``, partition by partition."""
    for name, definition in _INDEXES.items():
        add_partitioned_index(name, "call_records", definition)


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    for name in _INDEXES:
        op.execute(f"DROP INDEX {name}")
