"""How models are routed, and how calls were."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NO_TEXTS = "text[] NOT NULL DEFAULT '{}'"

_COLUMNS = (
    ("upstreams", "credential_header", "text"),
    ("models", "aliases", _NO_TEXTS),
    ("models", "fallbacks", _NO_TEXTS),
    ("models", "routing", "jsonb NOT NULL DEFAULT '{}'"),
    ("models", "release", "jsonb"),
    ("model_targets", "region", "text"),
    ("model_targets", "tags", _NO_TEXTS),
    ("model_targets", "track", "text NOT NULL DEFAULT 'stable'"),
    ("model_targets", "cost", "double precision"),
    ("model_targets", "tasks", _NO_TEXTS),
    ("usage_records", "fallback_from", "text"),
    ("usage_records", "track", "text NOT NULL DEFAULT 'stable'"),
    ("usage_records", "decision", "jsonb"),
)


def upgrade() -> None:
    """Add columns; their defaults are constants, so no row is rewritten."""
    for table, column, shape in _COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {shape}")


def downgrade() -> None:
    """Drop what :func:`upgrade` added."""
    for table, column, _ in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
