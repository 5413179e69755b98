"""Files of projects."""

from alembic import op

from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``files``."""
    op.execute(
        """
        CREATE TABLE files (
            id text NOT NULL,
            org_id text NOT NULL,
            project_id text NOT NULL,
            key_id text,
            actor_id text NOT NULL,
            filename text NOT NULL,
            purpose text NOT NULL,
            size bigint NOT NULL,
            sha256 bytea NOT NULL,
            state text NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            CONSTRAINT pk_files PRIMARY KEY (id)
        )
        """
    )
    op.execute("CREATE INDEX ix_files_org_id ON files (org_id)")
    op.execute("CREATE INDEX ix_files_project_id ON files (project_id, id)")
    op.execute("CREATE INDEX ix_files_expires_at ON files (expires_at)")
    enable_tenant_rls("files")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE files")
