"""Where data may go, where upstreams stand, whom targets serve."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("organizations", "data_policy", "jsonb"),
    ("projects", "data_policy", "jsonb"),
    ("upstreams", "region", "text"),
    ("upstreams", "hosting", "text"),
    ("model_targets", "subjects", "text[] NOT NULL DEFAULT '{}'"),
)


def upgrade() -> None:
    """Add columns that may be null or have a constant default, so that no row is rewritten."""
    for table, column, shape in _COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {shape}")


def downgrade() -> None:
    """Drop what :func:`upgrade` added."""
    for table, column, _ in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
