"""Limits of users and models, prices, and what calls cost."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("organizations", "user_limits", "jsonb"),
    ("projects", "user_limits", "jsonb"),
    ("models", "limits", "jsonb"),
    ("models", "key_limits", "jsonb"),
    ("models", "price", "jsonb"),
    ("usage_records", "cost_nanos", "bigint"),
    ("usage_records", "currency", "text"),
)


def upgrade() -> None:
    """Add columns; all may be null, so no row is rewritten."""
    for table, column, shape in _COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {shape}")


def downgrade() -> None:
    """Drop what :func:`upgrade` added."""
    for table, column, _ in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
