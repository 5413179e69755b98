"""Identity providers, accounts at them, and what follows from them; directories by SCIM."""

from alembic import op

from mainspring.infra.db.audit import audit_table
from mainspring.infra.db.tenancy import enable_platform_rls, enable_tenant_rls

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("users", "managed_by", "text"),
    ("users", "break_glass", "boolean NOT NULL DEFAULT false"),
    ("memberships", "source", "text"),
    ("memberships", "suspended", "boolean NOT NULL DEFAULT false"),
    ("groups", "external_name", "text"),
    ("sessions", "provider_id", "text"),
    ("sessions", "provider_session", "text"),
    ("sessions", "org_id", "text"),
    ("tokens", "org_id", "text"),
    ("api_keys", "revision", "bigint NOT NULL DEFAULT 1"),
)


def upgrade() -> None:
    """Add columns, and the tables of providers and directories."""
    for table, column, shape in _COLUMNS:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {shape}")
    op.execute("CREATE INDEX ix_groups_external_name ON groups (external_name)")
    _create_providers()
    _create_directories()


def _create_providers() -> None:
    op.execute(
        """
        CREATE TABLE identity_providers (
            id text NOT NULL,
            org_id text,
            name text NOT NULL,
            display_name text NOT NULL,
            issuer text NOT NULL,
            client_id text NOT NULL,
            secret bytea,
            scopes text[] NOT NULL,
            algorithms text[] NOT NULL,
            email_claim text NOT NULL,
            name_claim text NOT NULL,
            groups_claim text NOT NULL,
            allowed_domains text[] NOT NULL,
            rules jsonb NOT NULL,
            creates_accounts boolean NOT NULL,
            links_by_email boolean NOT NULL,
            session_hours integer NOT NULL,
            enabled boolean NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_identity_providers PRIMARY KEY (id),
            CONSTRAINT uq_identity_providers_org_id UNIQUE NULLS NOT DISTINCT (org_id, name),
            CONSTRAINT fk_identity_providers_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_identity_providers_allowed_domains ON identity_providers"
        " USING gin (allowed_domains)"
    )
    enable_tenant_rls("identity_providers")
    audit_table("identity_providers", "identity_provider")
    op.execute(
        """
        CREATE TABLE external_identities (
            id text NOT NULL,
            provider_id text NOT NULL,
            issuer text NOT NULL,
            subject text NOT NULL,
            user_id text NOT NULL,
            email text,
            groups text[] NOT NULL,
            platform_roles text[] NOT NULL,
            created_at timestamptz NOT NULL,
            signed_in_at timestamptz NOT NULL,
            CONSTRAINT pk_external_identities PRIMARY KEY (id),
            CONSTRAINT uq_external_identities_provider_id UNIQUE (provider_id, subject),
            CONSTRAINT fk_external_identities_provider_id FOREIGN KEY (provider_id)
                REFERENCES identity_providers (id) ON DELETE CASCADE,
            CONSTRAINT fk_external_identities_user_id FOREIGN KEY (user_id)
                REFERENCES users (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_external_identities_user_id ON external_identities (user_id)")
    enable_platform_rls("external_identities")
    audit_table("external_identities", "external_identity", unnoticed=("signed_in_at",))
    op.execute(
        """
        CREATE TABLE derived_members (
            org_id text NOT NULL,
            group_id text NOT NULL,
            user_id text NOT NULL,
            source text NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_derived_members PRIMARY KEY (group_id, user_id, source),
            CONSTRAINT fk_derived_members_group_id FOREIGN KEY (group_id)
                REFERENCES groups (id) ON DELETE CASCADE,
            CONSTRAINT fk_derived_members_org_id FOREIGN KEY (org_id, user_id)
                REFERENCES memberships (org_id, user_id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_derived_members_org_id ON derived_members (org_id, user_id)")
    op.execute("CREATE INDEX ix_derived_members_user_id ON derived_members (user_id)")
    enable_tenant_rls("derived_members")
    audit_table("derived_members", "derived_member", key=("group_id", "user_id", "source"))
    op.execute(
        """
        CREATE TABLE used_sign_ins (
            digest bytea NOT NULL,
            expires_at timestamptz NOT NULL,
            CONSTRAINT pk_used_sign_ins PRIMARY KEY (digest)
        )
        """
    )
    op.execute("CREATE INDEX ix_used_sign_ins_expires_at ON used_sign_ins (expires_at)")
    enable_platform_rls("used_sign_ins")
    op.execute(
        """
        CREATE TABLE sign_in_policy (
            singleton boolean NOT NULL DEFAULT true,
            password_sign_in boolean NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_sign_in_policy PRIMARY KEY (singleton),
            CONSTRAINT ck_sign_in_policy_single_row CHECK (singleton)
        )
        """
    )
    op.execute("INSERT INTO sign_in_policy VALUES (true, true, now(), 1)")
    enable_platform_rls("sign_in_policy")
    audit_table("sign_in_policy", "sign_in_policy", key=("singleton",))


def _create_directories() -> None:
    op.execute(
        """
        CREATE TABLE directory_tokens (
            id text NOT NULL,
            org_id text NOT NULL,
            name text NOT NULL,
            hint text NOT NULL,
            digest bytea NOT NULL,
            created_by text NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz,
            revoked_at timestamptz,
            last_used_at timestamptz,
            CONSTRAINT pk_directory_tokens PRIMARY KEY (id),
            CONSTRAINT uq_directory_tokens_digest UNIQUE (digest),
            CONSTRAINT fk_directory_tokens_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_directory_tokens_org_id ON directory_tokens (org_id, id)")
    enable_tenant_rls("directory_tokens")
    audit_table("directory_tokens", "directory_token", unnoticed=("last_used_at",))
    op.execute(
        """
        CREATE TABLE directory_users (
            id text NOT NULL,
            org_id text NOT NULL,
            user_id text NOT NULL,
            user_name text NOT NULL,
            external_id text,
            active boolean NOT NULL,
            owned boolean NOT NULL,
            closed boolean NOT NULL,
            removed_at timestamptz,
            content jsonb NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_directory_users PRIMARY KEY (id),
            CONSTRAINT fk_directory_users_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE,
            CONSTRAINT fk_directory_users_user_id FOREIGN KEY (user_id)
                REFERENCES users (id) ON DELETE CASCADE,
            CONSTRAINT uq_directory_users_org_id UNIQUE (org_id, user_id)
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_directory_users_user_name"
        " ON directory_users (org_id, lower(user_name)) WHERE removed_at IS NULL"
    )
    op.execute("CREATE INDEX ix_directory_users_user_id ON directory_users (user_id)")
    enable_tenant_rls("directory_users")
    audit_table("directory_users", "directory_user")
    op.execute(
        """
        CREATE TABLE directory_groups (
            id text NOT NULL,
            org_id text NOT NULL,
            display_name text NOT NULL,
            external_id text,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_directory_groups PRIMARY KEY (id),
            CONSTRAINT fk_directory_groups_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_directory_groups_display_name"
        " ON directory_groups (org_id, lower(display_name))"
    )
    enable_tenant_rls("directory_groups")
    audit_table("directory_groups", "directory_group")
    op.execute(
        """
        CREATE TABLE directory_members (
            org_id text NOT NULL,
            group_id text NOT NULL,
            directory_user_id text NOT NULL,
            CONSTRAINT pk_directory_members PRIMARY KEY (group_id, directory_user_id),
            CONSTRAINT fk_directory_members_group_id FOREIGN KEY (group_id)
                REFERENCES directory_groups (id) ON DELETE CASCADE,
            CONSTRAINT fk_directory_members_directory_user_id FOREIGN KEY (directory_user_id)
                REFERENCES directory_users (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE INDEX ix_directory_members_directory_user_id"
        " ON directory_members (directory_user_id)"
    )
    enable_tenant_rls("directory_members")
    audit_table("directory_members", "directory_member", key=("group_id", "directory_user_id"))


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    for table in (
        "directory_members",
        "directory_groups",
        "directory_users",
        "directory_tokens",
        "sign_in_policy",
        "used_sign_ins",
        "derived_members",
        "external_identities",
        "identity_providers",
    ):
        op.execute(f"DROP TABLE {table}")
    for table, column, _ in reversed(_COLUMNS):
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
