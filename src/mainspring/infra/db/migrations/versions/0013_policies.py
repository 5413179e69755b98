"""Policies."""

from alembic import op

from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``policies``."""
    op.execute(
        """
        CREATE TABLE policies (
            id text NOT NULL,
            org_id text,
            project_id text,
            key_id text,
            name text NOT NULL,
            models text[] NOT NULL,
            enabled boolean NOT NULL DEFAULT true,
            locked boolean NOT NULL DEFAULT false,
            parameters jsonb NOT NULL,
            cache jsonb,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_policies PRIMARY KEY (id),
            CONSTRAINT uq_policies_org_id UNIQUE NULLS NOT DISTINCT (org_id, name),
            CONSTRAINT fk_policies_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE,
            CONSTRAINT fk_policies_project_id FOREIGN KEY (project_id)
                REFERENCES projects (id) ON DELETE CASCADE,
            CONSTRAINT fk_policies_key_id FOREIGN KEY (key_id)
                REFERENCES api_keys (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_policies_project_id ON policies (project_id)")
    op.execute("CREATE INDEX ix_policies_key_id ON policies (key_id)")
    enable_tenant_rls("policies", shared=True)


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE policies")
