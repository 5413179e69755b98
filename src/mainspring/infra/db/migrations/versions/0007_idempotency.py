"""The register of idempotency keys."""

from alembic import op

from mainspring.infra.db.tenancy import enable_platform_rls

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``idempotent_requests``."""
    op.execute(
        """
        CREATE TABLE idempotent_requests (
            actor_id text NOT NULL,
            key text NOT NULL,
            digest bytea NOT NULL,
            created_at timestamptz NOT NULL,
            answer bytea,
            CONSTRAINT pk_idempotent_requests PRIMARY KEY (actor_id, key)
        )
        """
    )
    op.execute("CREATE INDEX ix_idempotent_requests_created_at ON idempotent_requests (created_at)")
    enable_platform_rls("idempotent_requests")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE idempotent_requests")
