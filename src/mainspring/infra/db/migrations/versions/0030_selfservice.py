"""Requests for access to models, and the rules that say who has to agree."""

from alembic import op

from mainspring.infra.db.audit import audit_table
from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``access_rules`` and ``access_requests``."""
    op.execute(
        """
        CREATE TABLE access_rules (
            id text NOT NULL,
            org_id text,
            name text NOT NULL,
            position integer NOT NULL,
            enabled boolean NOT NULL,
            models text[] NOT NULL,
            tags text[] NOT NULL,
            data_classes text[] NOT NULL,
            project_ids text[] NOT NULL,
            min_cost bigint,
            more_than_days integer,
            steps jsonb NOT NULL,
            denies text NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_access_rules PRIMARY KEY (id),
            CONSTRAINT uq_access_rules_org_id UNIQUE NULLS NOT DISTINCT (org_id, name),
            CONSTRAINT fk_access_rules_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    enable_tenant_rls("access_rules", shared=True)
    audit_table("access_rules", "access-rule")
    op.execute(
        """
        CREATE TABLE access_requests (
            id text NOT NULL,
            org_id text NOT NULL,
            project_id text NOT NULL,
            requester_id text NOT NULL,
            model_id text NOT NULL,
            model text NOT NULL,
            purpose text NOT NULL,
            data_class text NOT NULL,
            tokens_per_month bigint,
            days integer,
            limits jsonb,
            cost bigint,
            currency text NOT NULL,
            state text NOT NULL,
            reason text NOT NULL,
            rules text[] NOT NULL,
            steps jsonb NOT NULL,
            comments jsonb NOT NULL,
            approvers text[] NOT NULL,
            renews text,
            until timestamptz,
            key_id text,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            decided_at timestamptz,
            ended_at timestamptz,
            revision bigint NOT NULL,
            CONSTRAINT pk_access_requests PRIMARY KEY (id),
            CONSTRAINT fk_access_requests_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE,
            CONSTRAINT fk_access_requests_project_id FOREIGN KEY (project_id)
                REFERENCES projects (id) ON DELETE CASCADE,
            CONSTRAINT fk_access_requests_renews FOREIGN KEY (renews)
                REFERENCES access_requests (id) ON DELETE CASCADE
        )
        """
    )
    for index in (
        "ix_access_requests_org_id ON access_requests (org_id, id)",
        "ix_access_requests_requester_id ON access_requests (org_id, requester_id, id)",
        "ix_access_requests_approvers ON access_requests USING gin (approvers)",
        "ix_access_requests_renews ON access_requests (renews)",
        "ix_access_requests_project_id ON access_requests (project_id)",
        "ix_access_requests_until ON access_requests (until) WHERE state = 'active'",
        "ix_access_requests_pending ON access_requests (created_at) WHERE state = 'pending'",
    ):
        op.execute(f"CREATE INDEX {index}")
    enable_tenant_rls("access_requests")
    audit_table("access_requests", "access-request")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE access_requests")
    op.execute("DROP TABLE access_rules")
