"""The snapshot feed's tables and the register of job executors."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``snapshot_head``, ``snapshot_resources`` and ``job_executors``."""
    op.execute(
        """
        CREATE TABLE snapshot_head (
            singleton boolean NOT NULL DEFAULT true,
            version bigint NOT NULL DEFAULT 0,
            floor bigint NOT NULL DEFAULT 0,
            CONSTRAINT pk_snapshot_head PRIMARY KEY (singleton),
            CONSTRAINT ck_snapshot_head_single_row CHECK (singleton)
        )
        """
    )
    op.execute("INSERT INTO snapshot_head DEFAULT VALUES")
    op.execute(
        """
        CREATE TABLE snapshot_resources (
            kind text NOT NULL,
            key text NOT NULL,
            version bigint NOT NULL,
            data bytea,
            changed_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_snapshot_resources PRIMARY KEY (kind, key)
        )
        """
    )
    op.execute("CREATE INDEX ix_snapshot_resources_version ON snapshot_resources (version)")
    op.execute(
        """
        CREATE TABLE job_executors (
            executor_id text NOT NULL,
            host text NOT NULL,
            pid integer NOT NULL,
            started_at timestamptz NOT NULL DEFAULT now(),
            seen_at timestamptz NOT NULL DEFAULT now(),
            CONSTRAINT pk_job_executors PRIMARY KEY (executor_id)
        )
        """
    )


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE job_executors")
    op.execute("DROP TABLE snapshot_resources")
    op.execute("DROP TABLE snapshot_head")
