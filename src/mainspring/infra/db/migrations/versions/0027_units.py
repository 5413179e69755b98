"""What is not sold by the token, in the ledger."""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("cache_write_tokens", "bigint"),
    ("images", "bigint"),
    ("characters", "bigint"),
    ("seconds", "double precision"),
    ("searches", "bigint"),
)


def upgrade() -> None:
    """Add columns whose default is constant, so that no row of any partition is rewritten."""
    for column, shape in _COLUMNS:
        op.execute(f"ALTER TABLE usage_records ADD COLUMN {column} {shape} NOT NULL DEFAULT 0")


def downgrade() -> None:
    """Drop what :func:`upgrade` added."""
    for column, _ in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE usage_records DROP COLUMN {column}")
