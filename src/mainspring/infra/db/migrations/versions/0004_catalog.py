"""Upstreams and models."""

from alembic import op

from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``upstreams``, ``models`` and ``model_targets``."""
    op.execute(
        """
        CREATE TABLE upstreams (
            id text NOT NULL,
            org_id text,
            name text NOT NULL,
            base_url text NOT NULL,
            protocol text NOT NULL,
            credential bytea,
            timeouts jsonb NOT NULL,
            max_connections integer NOT NULL,
            max_waiting integer NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_upstreams PRIMARY KEY (id),
            CONSTRAINT uq_upstreams_org_id UNIQUE NULLS NOT DISTINCT (org_id, name),
            CONSTRAINT fk_upstreams_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        """
        CREATE TABLE models (
            id text NOT NULL,
            org_id text,
            name text NOT NULL,
            tasks text[] NOT NULL,
            owned_by text NOT NULL,
            context_length integer,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_models PRIMARY KEY (id),
            CONSTRAINT uq_models_org_id UNIQUE NULLS NOT DISTINCT (org_id, name),
            CONSTRAINT fk_models_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        """
        CREATE TABLE model_targets (
            model_id text NOT NULL,
            position integer NOT NULL,
            org_id text,
            upstream_id text NOT NULL,
            upstream_model text NOT NULL,
            weight integer NOT NULL,
            priority integer NOT NULL,
            CONSTRAINT pk_model_targets PRIMARY KEY (model_id, position),
            CONSTRAINT fk_model_targets_model_id FOREIGN KEY (model_id)
                REFERENCES models (id) ON DELETE CASCADE,
            CONSTRAINT fk_model_targets_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE,
            CONSTRAINT fk_model_targets_upstream_id FOREIGN KEY (upstream_id)
                REFERENCES upstreams (id)
        )
        """
    )
    op.execute("CREATE INDEX ix_model_targets_upstream_id ON model_targets (upstream_id)")
    op.execute("CREATE INDEX ix_model_targets_org_id ON model_targets (org_id)")
    for table in ("upstreams", "models", "model_targets"):
        enable_tenant_rls(table, shared=True)


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    for table in ("model_targets", "models", "upstreams"):
        op.execute(f"DROP TABLE {table}")
