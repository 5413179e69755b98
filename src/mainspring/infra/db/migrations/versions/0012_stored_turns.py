"""Responses that are kept, and which of its responses a project keeps."""

from alembic import op

from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``stored_turns``; add columns whose defaults are constant, so no row is rewritten."""
    op.execute(
        """
        CREATE TABLE stored_turns (
            id text NOT NULL,
            org_id text NOT NULL,
            project_id text NOT NULL,
            key_id text,
            actor_id text NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            model text NOT NULL,
            previous_id text,
            input bytea NOT NULL,
            response bytea NOT NULL,
            gateway_id text NOT NULL,
            deleted_at timestamptz,
            CONSTRAINT pk_stored_turns PRIMARY KEY (id)
        )
        """
    )
    op.execute("CREATE INDEX ix_stored_turns_org_id ON stored_turns (org_id)")
    op.execute("CREATE INDEX ix_stored_turns_expires_at ON stored_turns (expires_at)")
    enable_tenant_rls("stored_turns")
    op.execute("ALTER TABLE projects ADD COLUMN stores_responses text NOT NULL DEFAULT 'always'")
    op.execute("ALTER TABLE projects ADD COLUMN response_days integer NOT NULL DEFAULT 30")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("ALTER TABLE projects DROP COLUMN response_days")
    op.execute("ALTER TABLE projects DROP COLUMN stores_responses")
    op.execute("DROP TABLE stored_turns")
