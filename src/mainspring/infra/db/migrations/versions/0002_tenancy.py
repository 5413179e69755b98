"""Organisations and projects."""

from alembic import op

from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``organizations`` and ``projects``."""
    op.execute(
        """
        CREATE TABLE organizations (
            id text NOT NULL,
            name text NOT NULL,
            slug text NOT NULL,
            suspended boolean NOT NULL DEFAULT false,
            limits jsonb,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_organizations PRIMARY KEY (id),
            CONSTRAINT uq_organizations_slug UNIQUE (slug)
        )
        """
    )
    enable_tenant_rls("organizations", column="id")
    op.execute(
        """
        CREATE TABLE projects (
            id text NOT NULL,
            org_id text NOT NULL,
            name text NOT NULL,
            slug text NOT NULL,
            suspended boolean NOT NULL DEFAULT false,
            limits jsonb,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_projects PRIMARY KEY (id),
            CONSTRAINT uq_projects_org_id UNIQUE (org_id, slug),
            CONSTRAINT fk_projects_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    enable_tenant_rls("projects")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE projects")
    op.execute("DROP TABLE organizations")
