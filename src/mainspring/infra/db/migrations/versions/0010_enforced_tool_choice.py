"""Whether an upstream's server holds itself to ``tool_choice``."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column whose default is constant, so that no row is rewritten."""
    op.execute(
        "ALTER TABLE upstreams ADD COLUMN enforces_tool_choice boolean NOT NULL DEFAULT true"
    )


def downgrade() -> None:
    """Drop what :func:`upgrade` added."""
    op.execute("ALTER TABLE upstreams DROP COLUMN enforces_tool_choice")
