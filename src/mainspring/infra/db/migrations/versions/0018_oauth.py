"""Service accounts, their secrets, and the keys that sign tokens."""

from alembic import op

from mainspring.infra.db.tenancy import enable_platform_rls, enable_tenant_rls

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of OAuth2."""
    op.execute(
        """
        CREATE TABLE service_accounts (
            id text NOT NULL,
            org_id text NOT NULL,
            name text NOT NULL,
            project_ids text[] NOT NULL,
            scopes text[] NOT NULL,
            models text[],
            limits jsonb,
            token_lifetime_s integer NOT NULL,
            expires_at timestamptz,
            suspended boolean NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_service_accounts PRIMARY KEY (id),
            CONSTRAINT uq_service_accounts_org_id UNIQUE (org_id, name),
            CONSTRAINT fk_service_accounts_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    enable_tenant_rls("service_accounts")
    op.execute(
        """
        CREATE TABLE account_secrets (
            id text NOT NULL,
            org_id text NOT NULL,
            account_id text NOT NULL,
            digest bytea NOT NULL,
            hint text NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            revoked_at timestamptz,
            last_used_at timestamptz,
            CONSTRAINT pk_account_secrets PRIMARY KEY (id),
            CONSTRAINT uq_account_secrets_digest UNIQUE (digest),
            CONSTRAINT fk_account_secrets_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE,
            CONSTRAINT fk_account_secrets_account_id FOREIGN KEY (account_id)
                REFERENCES service_accounts (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_account_secrets_account_id ON account_secrets (account_id)")
    op.execute("CREATE INDEX ix_account_secrets_org_id ON account_secrets (org_id)")
    enable_tenant_rls("account_secrets")
    op.execute(
        """
        CREATE TABLE signing_keys (
            id text NOT NULL,
            sealed bytea NOT NULL,
            public text NOT NULL,
            created_at timestamptz NOT NULL,
            signs_from timestamptz NOT NULL,
            retires_at timestamptz,
            CONSTRAINT pk_signing_keys PRIMARY KEY (id)
        )
        """
    )
    enable_platform_rls("signing_keys")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    for table in ("account_secrets", "service_accounts", "signing_keys"):
        op.execute(f"DROP TABLE {table}")
