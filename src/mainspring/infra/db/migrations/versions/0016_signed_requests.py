"""The region for which requests to an upstream are signed."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add an empty column."""
    op.execute("ALTER TABLE upstreams ADD COLUMN sigv4_region text")


def downgrade() -> None:
    """Drop what :func:`upgrade` added."""
    op.execute("ALTER TABLE upstreams DROP COLUMN sigv4_region")
