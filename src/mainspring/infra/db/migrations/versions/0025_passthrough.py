"""What of an upstream callers may reach as it is."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column that may be null."""
    op.execute("ALTER TABLE upstreams ADD COLUMN passthrough jsonb")


def downgrade() -> None:
    """Drop what :func:`upgrade` added."""
    op.execute("ALTER TABLE upstreams DROP COLUMN passthrough")
