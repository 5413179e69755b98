"""Batches, and which calls of the ledger were made by one."""

from alembic import op

from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``batches`` and ``batch_items``; add a column whose default is constant."""
    op.execute(
        """
        CREATE TABLE batches (
            id text NOT NULL,
            org_id text NOT NULL,
            project_id text NOT NULL,
            key_id text,
            actor_id text NOT NULL,
            endpoint text NOT NULL,
            input_file_id text NOT NULL,
            status text NOT NULL,
            output_file_id text,
            error_file_id text,
            errors jsonb NOT NULL,
            metadata jsonb,
            total integer NOT NULL,
            completed integer NOT NULL,
            failed integer NOT NULL,
            run_id text,
            created_at timestamptz NOT NULL,
            expires_at timestamptz NOT NULL,
            in_progress_at timestamptz,
            finalizing_at timestamptz,
            cancelling_at timestamptz,
            ended_at timestamptz,
            CONSTRAINT pk_batches PRIMARY KEY (id)
        )
        """
    )
    op.execute("CREATE INDEX ix_batches_org_id ON batches (org_id)")
    op.execute("CREATE INDEX ix_batches_project_id ON batches (project_id, id)")
    enable_tenant_rls("batches")
    op.execute(
        """
        CREATE TABLE batch_items (
            batch_id text NOT NULL,
            line integer NOT NULL,
            org_id text NOT NULL,
            custom_id text NOT NULL,
            body bytea NOT NULL,
            request_id text,
            started_at timestamptz,
            status integer,
            answer bytea,
            error text,
            finished_at timestamptz,
            CONSTRAINT pk_batch_items PRIMARY KEY (batch_id, line),
            CONSTRAINT uq_batch_items_batch_id UNIQUE (batch_id, custom_id),
            CONSTRAINT fk_batch_items_batch_id FOREIGN KEY (batch_id)
                REFERENCES batches (id) ON DELETE CASCADE
        )
        """
    )
    enable_tenant_rls("batch_items")
    op.execute("ALTER TABLE usage_records ADD COLUMN batch boolean NOT NULL DEFAULT false")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("ALTER TABLE usage_records DROP COLUMN batch")
    op.execute("DROP TABLE batch_items")
    op.execute("DROP TABLE batches")
