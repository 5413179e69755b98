"""The parts of the platform and when they were last heard of."""

from alembic import op

from mainspring.infra.db.tenancy import enable_platform_rls

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``parts``."""
    op.execute(
        """
        CREATE TABLE parts (
            instance_id text NOT NULL,
            role text NOT NULL,
            name text NOT NULL,
            state text NOT NULL,
            version text NOT NULL,
            started_at timestamptz NOT NULL,
            last_seen_at timestamptz NOT NULL,
            details jsonb NOT NULL,
            CONSTRAINT pk_parts PRIMARY KEY (instance_id)
        )
        """
    )
    enable_platform_rls("parts")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE parts")
