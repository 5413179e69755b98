"""What calls found in the cache."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns; both may be null, so no row is rewritten."""
    op.execute("ALTER TABLE usage_records ADD COLUMN cache text")
    op.execute("ALTER TABLE usage_records ADD COLUMN saved_nanos bigint")


def downgrade() -> None:
    """Drop what :func:`upgrade` added."""
    op.execute("ALTER TABLE usage_records DROP COLUMN saved_nanos")
    op.execute("ALTER TABLE usage_records DROP COLUMN cache")
