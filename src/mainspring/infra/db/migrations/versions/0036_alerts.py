"""Alerts, the channels that tell of them, silences, and the messages on their way."""

from alembic import op

from mainspring.infra.db.audit import audit_table
from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.execute(
        """
        CREATE TABLE alerts (
            id text NOT NULL,
            org_id text,
            source text NOT NULL,
            fingerprint text NOT NULL,
            name text NOT NULL,
            severity text NOT NULL,
            state text NOT NULL,
            labels jsonb NOT NULL,
            summary text NOT NULL,
            summary_zh text NOT NULL,
            description text NOT NULL,
            runbook_url text NOT NULL,
            runbook_url_zh text NOT NULL,
            started_at timestamptz NOT NULL,
            seen_at timestamptz NOT NULL,
            ended_at timestamptz,
            CONSTRAINT pk_alerts PRIMARY KEY (id),
            CONSTRAINT fk_alerts_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_alerts_org_id ON alerts (org_id, source, fingerprint)"
        " NULLS NOT DISTINCT WHERE state = 'firing'"
    )
    op.execute("CREATE INDEX ix_alerts_org_id_id ON alerts (org_id, id)")
    op.execute("CREATE INDEX ix_alerts_ended_at ON alerts (ended_at)")
    _create_channels()
    op.execute(
        """
        CREATE TABLE silences (
            id text NOT NULL,
            org_id text,
            matchers jsonb NOT NULL,
            starts_at timestamptz NOT NULL,
            until timestamptz NOT NULL,
            reason text NOT NULL,
            created_by text NOT NULL,
            created_at timestamptz NOT NULL,
            CONSTRAINT pk_silences PRIMARY KEY (id),
            CONSTRAINT fk_silences_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_silences_org_id ON silences (org_id, until)")
    _create_messages()
    for table in (
        "alerts",
        "notification_channels",
        "silences",
        "notification_groups",
        "notifications",
    ):
        enable_tenant_rls(table)
    audit_table("notification_channels", "notification_channel")
    audit_table("silences", "silence")


def _create_channels() -> None:
    op.execute(
        """
        CREATE TABLE notification_channels (
            id text NOT NULL,
            org_id text,
            name text NOT NULL,
            kind text NOT NULL,
            host text NOT NULL,
            secret bytea,
            is_signed boolean NOT NULL,
            email jsonb,
            language text NOT NULL,
            min_severity text NOT NULL,
            matchers jsonb NOT NULL,
            group_by text[] NOT NULL,
            group_wait_s integer NOT NULL,
            group_interval_s integer NOT NULL,
            repeat_interval_s integer NOT NULL,
            send_resolved boolean NOT NULL,
            enabled boolean NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_notification_channels PRIMARY KEY (id),
            CONSTRAINT uq_notification_channels_org_id UNIQUE NULLS NOT DISTINCT (org_id, name),
            CONSTRAINT fk_notification_channels_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )


def _create_messages() -> None:
    op.execute(
        """
        CREATE TABLE notification_groups (
            channel_id text NOT NULL,
            key text NOT NULL,
            org_id text,
            labels jsonb NOT NULL,
            told jsonb NOT NULL,
            changed_at timestamptz,
            sent_at timestamptz,
            CONSTRAINT pk_notification_groups PRIMARY KEY (channel_id, key),
            CONSTRAINT fk_notification_groups_channel_id FOREIGN KEY (channel_id)
                REFERENCES notification_channels (id) ON DELETE CASCADE,
            CONSTRAINT fk_notification_groups_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        """
        CREATE TABLE notifications (
            id text NOT NULL,
            channel_id text NOT NULL,
            org_id text,
            group_key text NOT NULL,
            labels jsonb NOT NULL,
            alerts jsonb NOT NULL,
            left_out integer NOT NULL,
            state text NOT NULL,
            attempts integer NOT NULL,
            problem text,
            created_at timestamptz NOT NULL,
            next_at timestamptz NOT NULL,
            deadline timestamptz NOT NULL,
            finished_at timestamptz,
            CONSTRAINT pk_notifications PRIMARY KEY (id),
            CONSTRAINT fk_notifications_channel_id FOREIGN KEY (channel_id)
                REFERENCES notification_channels (id) ON DELETE CASCADE,
            CONSTRAINT fk_notifications_org_id FOREIGN KEY (org_id)
                REFERENCES organizations (id) ON DELETE CASCADE
        )
        """
    )
    op.execute("CREATE INDEX ix_notifications_channel_id ON notifications (channel_id, id)")
    op.execute(
        "CREATE INDEX ix_notifications_next_at ON notifications (next_at) WHERE state = 'waiting'"
    )
    op.execute("CREATE INDEX ix_notifications_finished_at ON notifications (finished_at)")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    for table in (
        "notifications",
        "notification_groups",
        "silences",
        "notification_channels",
        "alerts",
    ):
        op.execute(f"DROP TABLE {table}")
