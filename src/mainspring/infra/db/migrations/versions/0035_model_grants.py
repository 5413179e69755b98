"""Models that are open by grant alone, and who holds such grants."""

from alembic import op

from mainspring.infra.db.audit import audit_table
from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add columns, and ``model_grants``."""
    op.execute("ALTER TABLE models ADD COLUMN access text NOT NULL DEFAULT 'open'")
    op.execute("ALTER TABLE api_keys ADD COLUMN granted text[] NOT NULL DEFAULT '{}'")
    op.execute(
        """
        CREATE TABLE model_grants (
            id text NOT NULL,
            org_id text NOT NULL,
            project_id text,
            model_id text NOT NULL,
            model text NOT NULL,
            reason text NOT NULL,
            created_by text NOT NULL,
            expires_at timestamptz,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_model_grants PRIMARY KEY (id),
            CONSTRAINT uq_model_grants_model_id
                UNIQUE NULLS NOT DISTINCT (model_id, org_id, project_id),
            CONSTRAINT fk_model_grants_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE,
            CONSTRAINT fk_model_grants_project_id FOREIGN KEY (project_id)
                REFERENCES projects (id) ON DELETE CASCADE,
            CONSTRAINT fk_model_grants_model_id FOREIGN KEY (model_id)
                REFERENCES models (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_model_grants_org_id ON model_grants (org_id, id)")
    op.execute("CREATE INDEX ix_model_grants_project_id ON model_grants (project_id)")
    op.execute("CREATE INDEX ix_model_grants_expires_at ON model_grants (expires_at)")
    enable_tenant_rls("model_grants")
    audit_table("model_grants", "model_grant")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE model_grants")
    op.execute("ALTER TABLE api_keys DROP COLUMN granted")
    op.execute("ALTER TABLE models DROP COLUMN access")
