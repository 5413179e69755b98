"""Roles in the platform, projects and groups; an organisation's own roles; invitations."""

from alembic import op

from mainspring.infra.db.tenancy import CROSSES_SETTING, enable_tenant_rls

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_RENAMED = (("admin", "org_admin"), ("member", "developer"))


def upgrade() -> None:
    """Add columns and tables, and give the two first roles their present names."""
    op.execute("ALTER TABLE users ADD COLUMN platform_roles text[] NOT NULL DEFAULT '{}'")
    op.execute("ALTER TABLE users ADD COLUMN disabled_at timestamptz")
    op.execute("CREATE INDEX ix_api_keys_actor_id ON api_keys (actor_id)")
    op.execute(f"SELECT set_config('{CROSSES_SETTING}', 'on', true)")
    for old, new in _RENAMED:
        op.execute(f"UPDATE memberships SET role = '{new}' WHERE role = '{old}'")  # noqa: S608 - our own words
    op.execute(
        """
        CREATE TABLE project_members (
            org_id text NOT NULL,
            project_id text NOT NULL,
            user_id text NOT NULL,
            role text NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_project_members PRIMARY KEY (project_id, user_id),
            CONSTRAINT fk_project_members_org_id FOREIGN KEY (org_id, user_id)
                REFERENCES memberships (org_id, user_id) ON DELETE CASCADE,
            CONSTRAINT fk_project_members_project_id FOREIGN KEY (project_id)
                REFERENCES projects (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_project_members_org_id ON project_members (org_id, user_id)")
    op.execute("CREATE INDEX ix_project_members_user_id ON project_members (user_id)")
    enable_tenant_rls("project_members")
    _create_groups()
    _create_invitations()


def _create_groups() -> None:
    op.execute(
        """
        CREATE TABLE roles (
            id text NOT NULL,
            org_id text NOT NULL,
            name text NOT NULL,
            description text NOT NULL,
            permissions text[] NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_roles PRIMARY KEY (id),
            CONSTRAINT uq_roles_org_id UNIQUE (org_id, name),
            CONSTRAINT fk_roles_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    enable_tenant_rls("roles")
    op.execute(
        """
        CREATE TABLE groups (
            id text NOT NULL,
            org_id text NOT NULL,
            name text NOT NULL,
            description text NOT NULL,
            roles jsonb NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_groups PRIMARY KEY (id),
            CONSTRAINT uq_groups_org_id UNIQUE (org_id, name),
            CONSTRAINT fk_groups_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    enable_tenant_rls("groups")
    op.execute(
        """
        CREATE TABLE group_members (
            org_id text NOT NULL,
            group_id text NOT NULL,
            user_id text NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_group_members PRIMARY KEY (group_id, user_id),
            CONSTRAINT fk_group_members_org_id FOREIGN KEY (org_id, user_id)
                REFERENCES memberships (org_id, user_id) ON DELETE CASCADE,
            CONSTRAINT fk_group_members_group_id FOREIGN KEY (group_id)
                REFERENCES groups (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_group_members_org_id ON group_members (org_id, user_id)")
    op.execute("CREATE INDEX ix_group_members_user_id ON group_members (user_id)")
    enable_tenant_rls("group_members")


def _create_invitations() -> None:
    op.execute(
        """
        CREATE TABLE invitations (
            id text NOT NULL,
            org_id text NOT NULL,
            email text NOT NULL,
            role text NOT NULL,
            project_id text,
            project_role text,
            digest bytea NOT NULL,
            created_by text NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            accepted_at timestamptz,
            revoked_at timestamptz,
            CONSTRAINT pk_invitations PRIMARY KEY (id),
            CONSTRAINT uq_invitations_digest UNIQUE (digest),
            CONSTRAINT fk_invitations_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE,
            CONSTRAINT fk_invitations_project_id FOREIGN KEY (project_id)
                REFERENCES projects (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_invitations_org_id ON invitations (org_id, id)")
    op.execute("CREATE INDEX ix_invitations_project_id ON invitations (project_id)")
    enable_tenant_rls("invitations")


def downgrade() -> None:
    """Drop what :func:`upgrade` created, and give the roles their first names back."""
    for table in ("invitations", "group_members", "groups", "roles", "project_members"):
        op.execute(f"DROP TABLE {table}")
    op.execute(f"SELECT set_config('{CROSSES_SETTING}', 'on', true)")
    for old, new in _RENAMED:
        op.execute(f"UPDATE memberships SET role = '{old}' WHERE role = '{new}'")  # noqa: S608 - our own words
    op.execute("UPDATE memberships SET role = 'member' WHERE role <> 'admin'")
    op.execute("DROP INDEX ix_api_keys_actor_id")
    op.execute("ALTER TABLE users DROP COLUMN disabled_at")
    op.execute("ALTER TABLE users DROP COLUMN platform_roles")
