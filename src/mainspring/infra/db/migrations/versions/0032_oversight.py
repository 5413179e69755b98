"""Changes that need a second person, and emergencies."""

from alembic import op

from mainspring.infra.db.audit import audit_table
from mainspring.infra.db.tenancy import enable_platform_rls

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_DEFAULT_ACTIONS = (
    "put_four_eyes",
    "delete_organization",
    "update_organization:suspended",
    "create_user:platform_roles",
    "update_user:platform_roles",
    "reset_second_factor",
    "create_identity_provider",
    "update_identity_provider",
    "put_sign_in_policy",
    "rotate_signing_keys",
    "update_upstream:base_url",
    "update_model:price",
    "delete_model",
    "delete_upstream",
    "take_release_offline",
)
"""What the first release of this proposed; it is off until somebody says so."""


def upgrade() -> None:
    """Create the tables, with the rule switched off."""
    op.execute(
        """
        CREATE TABLE four_eyes (
            singleton boolean NOT NULL DEFAULT true,
            enabled boolean NOT NULL,
            actions text[] NOT NULL,
            hours integer NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_four_eyes PRIMARY KEY (singleton),
            CONSTRAINT ck_four_eyes_single_row CHECK (singleton)
        )
        """
    )
    actions = ",".join(_DEFAULT_ACTIONS)
    op.execute(
        f"INSERT INTO four_eyes VALUES (true, false, '{{{actions}}}', 72, now(), 1)"  # noqa: S608 - our own words
    )
    enable_platform_rls("four_eyes")
    audit_table("four_eyes", "four_eyes", key=("singleton",))
    op.execute(
        """
        CREATE TABLE pending_changes (
            id text NOT NULL,
            operation text NOT NULL,
            permission text NOT NULL,
            method text NOT NULL,
            path text NOT NULL,
            shown jsonb,
            sealed bytea NOT NULL,
            digest bytea NOT NULL,
            reason text NOT NULL,
            author_kind text NOT NULL,
            author_id text NOT NULL,
            narrowed_to text[],
            confined_to text,
            needs integer NOT NULL,
            approvals jsonb NOT NULL,
            state text NOT NULL,
            decided_by text,
            comment text NOT NULL,
            status integer,
            code text NOT NULL,
            detail text NOT NULL,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            decided_at timestamptz,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_pending_changes PRIMARY KEY (id)
        )
        """
    )
    op.execute("CREATE INDEX ix_pending_changes_author_id ON pending_changes (author_id, id)")
    op.execute(
        "CREATE INDEX ix_pending_changes_open ON pending_changes (state, expires_at)"
        " WHERE state IN ('pending', 'approved')"
    )
    enable_platform_rls("pending_changes")
    audit_table("pending_changes", "change")
    op.execute(
        """
        CREATE TABLE emergencies (
            id text NOT NULL,
            user_id text NOT NULL,
            reason text NOT NULL,
            role text NOT NULL,
            opened_at timestamptz NOT NULL,
            until timestamptz NOT NULL,
            ended_at timestamptz,
            ended_by text,
            uses integer NOT NULL,
            reviewed_at timestamptz,
            reviewed_by text,
            verdict text,
            review text NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_emergencies PRIMARY KEY (id)
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_emergencies_user_id ON emergencies (user_id) WHERE ended_at IS NULL"
    )
    enable_platform_rls("emergencies")
    # Each use is told by itself, with what it was.
    audit_table("emergencies", "emergency", unnoticed=("uses", "revision"))


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    for table in ("emergencies", "pending_changes", "four_eyes"):
        op.execute(f"DROP TABLE {table}")
