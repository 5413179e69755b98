"""Whose tokens organisations believe."""

from alembic import op

from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of token issuers."""
    op.execute(
        """
        CREATE TABLE token_issuers (
            id text NOT NULL,
            org_id text NOT NULL,
            name text NOT NULL,
            issuer text NOT NULL,
            audience text NOT NULL,
            algorithms text[] NOT NULL,
            user_claim text NOT NULL,
            groups_claim text NOT NULL,
            project_claim text,
            scope_claim text,
            required jsonb NOT NULL,
            grants jsonb NOT NULL,
            leeway_s integer NOT NULL,
            jwks_uri text,
            static_keys boolean NOT NULL,
            keys text NOT NULL,
            keys_fetched_at timestamptz,
            tried_at timestamptz,
            next_fetch_at timestamptz,
            failures integer NOT NULL,
            problem text,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_token_issuers PRIMARY KEY (id),
            CONSTRAINT uq_token_issuers_org_id UNIQUE (org_id, name),
            CONSTRAINT uq_token_issuers_issuer UNIQUE (issuer, audience),
            CONSTRAINT fk_token_issuers_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_token_issuers_next_fetch_at ON token_issuers (next_fetch_at)")
    enable_tenant_rls("token_issuers")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE token_issuers")
