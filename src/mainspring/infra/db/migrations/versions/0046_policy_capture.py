"""Policies bound what is kept of calls."""

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add ``capture``; the policies that are there say nothing of it."""
    op.execute("ALTER TABLE policies ADD COLUMN capture jsonb")


def downgrade() -> None:
    """Drop it: what policies held back is held back no more."""
    op.execute("ALTER TABLE policies DROP COLUMN capture")
