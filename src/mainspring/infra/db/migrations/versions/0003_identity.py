"""People, their memberships, sessions and tokens; API keys."""

from alembic import op

from mainspring.infra.db.tenancy import enable_platform_rls, enable_tenant_rls

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables of identity."""
    _create_accounts()
    _create_credentials()
    op.execute(
        """
        CREATE TABLE api_keys (
            id text NOT NULL,
            org_id text NOT NULL,
            project_id text NOT NULL,
            actor_id text NOT NULL,
            name text NOT NULL,
            hint text NOT NULL,
            digest bytea NOT NULL,
            scopes text[] NOT NULL,
            models text[],
            limits jsonb,
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            revoked_at timestamptz,
            last_used_at timestamptz,
            CONSTRAINT pk_api_keys PRIMARY KEY (id),
            CONSTRAINT uq_api_keys_digest UNIQUE (digest),
            CONSTRAINT fk_api_keys_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE,
            CONSTRAINT fk_api_keys_project_id FOREIGN KEY (project_id)
                REFERENCES projects (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_api_keys_org_id ON api_keys (org_id)")
    op.execute("CREATE INDEX ix_api_keys_project_id ON api_keys (project_id, id)")
    enable_tenant_rls("api_keys")


def _create_accounts() -> None:
    op.execute(
        """
        CREATE TABLE users (
            id text NOT NULL,
            email text NOT NULL,
            name text NOT NULL,
            language text NOT NULL,
            password_hash text,
            is_platform_admin boolean NOT NULL DEFAULT false,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_users PRIMARY KEY (id),
            CONSTRAINT uq_users_email UNIQUE (email)
        )
        """
    )
    enable_platform_rls("users")
    op.execute(
        """
        CREATE TABLE memberships (
            org_id text NOT NULL,
            user_id text NOT NULL,
            role text NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_memberships PRIMARY KEY (org_id, user_id),
            CONSTRAINT fk_memberships_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE,
            CONSTRAINT fk_memberships_user_id FOREIGN KEY (user_id)
                REFERENCES users (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_memberships_user_id ON memberships (user_id)")
    enable_tenant_rls("memberships")
    op.execute(
        """
        CREATE TABLE setup_token (
            singleton boolean NOT NULL DEFAULT true,
            digest bytea NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT pk_setup_token PRIMARY KEY (singleton),
            CONSTRAINT ck_setup_token_single_row CHECK (singleton)
        )
        """
    )
    enable_platform_rls("setup_token")
    op.execute(
        """
        CREATE TABLE sign_in_attempts (
            subject text NOT NULL,
            failures integer NOT NULL,
            last_at timestamptz NOT NULL,
            CONSTRAINT pk_sign_in_attempts PRIMARY KEY (subject)
        )
        """
    )
    op.execute("CREATE INDEX ix_sign_in_attempts_last_at ON sign_in_attempts (last_at)")
    enable_platform_rls("sign_in_attempts")


def _create_credentials() -> None:
    op.execute(
        """
        CREATE TABLE sessions (
            id text NOT NULL,
            digest bytea NOT NULL,
            user_id text NOT NULL,
            created_at timestamptz NOT NULL,
            seen_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT pk_sessions PRIMARY KEY (id),
            CONSTRAINT uq_sessions_digest UNIQUE (digest),
            CONSTRAINT fk_sessions_user_id FOREIGN KEY (user_id)
                REFERENCES users (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_sessions_user_id ON sessions (user_id)")
    op.execute("CREATE INDEX ix_sessions_expires_at ON sessions (expires_at)")
    enable_platform_rls("sessions")
    op.execute(
        """
        CREATE TABLE tokens (
            id text NOT NULL,
            digest bytea NOT NULL,
            name text NOT NULL,
            hint text NOT NULL,
            user_id text,
            is_platform_admin boolean NOT NULL DEFAULT false,
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            revoked_at timestamptz,
            last_used_at timestamptz,
            CONSTRAINT pk_tokens PRIMARY KEY (id),
            CONSTRAINT uq_tokens_digest UNIQUE (digest),
            CONSTRAINT fk_tokens_user_id FOREIGN KEY (user_id)
                REFERENCES users (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_tokens_user_id ON tokens (user_id)")
    enable_platform_rls("tokens")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    for table in (
        "api_keys",
        "tokens",
        "sessions",
        "sign_in_attempts",
        "setup_token",
        "memberships",
        "users",
    ):
        op.execute(f"DROP TABLE {table}")
