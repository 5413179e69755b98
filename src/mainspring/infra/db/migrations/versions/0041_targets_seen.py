"""What gateways have seen of the targets they call, as they last told."""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; a release before this one leaves it empty."""
    op.execute("ALTER TABLE parts ADD COLUMN targets jsonb NOT NULL DEFAULT '[]'")


def downgrade() -> None:
    """Drop what :func:`upgrade` added."""
    op.execute("ALTER TABLE parts DROP COLUMN targets")
