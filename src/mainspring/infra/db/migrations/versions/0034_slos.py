"""Service level objectives, what was counted for them, and their alerts."""

from alembic import op

from mainspring.infra.db.audit import audit_table
from mainspring.infra.db.tenancy import enable_platform_rls

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.execute(
        """
        CREATE TABLE slos (
            id text NOT NULL,
            name text NOT NULL,
            description text NOT NULL,
            indicator text NOT NULL,
            target double precision NOT NULL,
            threshold_ms integer,
            window_days integer NOT NULL,
            model text,
            operation text,
            min_calls integer NOT NULL,
            enabled boolean NOT NULL,
            created_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            revision bigint NOT NULL,
            CONSTRAINT pk_slos PRIMARY KEY (id),
            CONSTRAINT uq_slos_name UNIQUE (name)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE slo_progress (
            slo_id text NOT NULL,
            measured_until timestamptz NOT NULL,
            CONSTRAINT pk_slo_progress PRIMARY KEY (slo_id),
            CONSTRAINT fk_slo_progress_slo_id FOREIGN KEY (slo_id)
                REFERENCES slos (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        """
        CREATE TABLE slo_minutes (
            slo_id text NOT NULL,
            at timestamptz NOT NULL,
            total bigint NOT NULL,
            bad bigint NOT NULL,
            CONSTRAINT pk_slo_minutes PRIMARY KEY (slo_id, at),
            CONSTRAINT fk_slo_minutes_slo_id FOREIGN KEY (slo_id)
                REFERENCES slos (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        """
        CREATE TABLE slo_alerts (
            id text NOT NULL,
            slo_id text NOT NULL,
            state text NOT NULL,
            severity text NOT NULL,
            rate double precision NOT NULL,
            long_s integer NOT NULL,
            opened_at timestamptz NOT NULL,
            updated_at timestamptz NOT NULL,
            resolved_at timestamptz,
            CONSTRAINT pk_slo_alerts PRIMARY KEY (id),
            CONSTRAINT fk_slo_alerts_slo_id FOREIGN KEY (slo_id)
                REFERENCES slos (id) ON DELETE CASCADE
        )
        """
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_slo_alerts_slo_id ON slo_alerts (slo_id) WHERE state = 'open'"
    )
    for table in ("slos", "slo_progress", "slo_minutes", "slo_alerts"):
        enable_platform_rls(table)
    audit_table("slos", "slo")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    for table in ("slo_alerts", "slo_minutes", "slo_progress", "slos"):
        op.execute(f"DROP TABLE {table}")
