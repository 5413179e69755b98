"""The ledger of calls, partitioned by day."""

from alembic import op

from mainspring.infra.db.tenancy import enable_platform_rls, enable_tenant_rls

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create ``usage_records`` (its partitions are made as days come) and what is put aside."""
    op.execute(
        """
        CREATE TABLE usage_records (
            day date NOT NULL,
            id text NOT NULL,
            request_id text NOT NULL,
            at timestamptz NOT NULL,
            org_id text NOT NULL,
            project_id text NOT NULL,
            key_id text,
            actor_id text NOT NULL,
            operation text NOT NULL,
            model text NOT NULL,
            upstream_id text,
            upstream_model text,
            stream boolean NOT NULL,
            status integer NOT NULL,
            outcome text NOT NULL,
            input_tokens bigint NOT NULL,
            cached_input_tokens bigint NOT NULL,
            output_tokens bigint NOT NULL,
            reasoning_tokens bigint NOT NULL,
            estimated boolean NOT NULL,
            usage_frame bytea,
            ttft_ms double precision,
            duration_ms double precision NOT NULL,
            attempts integer NOT NULL,
            trace_id text,
            snapshot_version bigint NOT NULL,
            gateway_id text NOT NULL,
            received_at timestamptz NOT NULL,
            CONSTRAINT pk_usage_records PRIMARY KEY (day, id)
        ) PARTITION BY RANGE (day)
        """
    )
    op.execute("CREATE INDEX ix_usage_records_at ON usage_records (at, id)")
    op.execute("CREATE INDEX ix_usage_records_org_id ON usage_records (org_id, at, id)")
    op.execute("CREATE INDEX ix_usage_records_project_id ON usage_records (project_id, at, id)")
    enable_tenant_rls("usage_records")
    op.execute(
        """
        CREATE TABLE unreadable_records (
            digest bytea NOT NULL,
            gateway_id text NOT NULL,
            received_at timestamptz NOT NULL,
            reason text NOT NULL,
            data bytea NOT NULL,
            CONSTRAINT pk_unreadable_records PRIMARY KEY (digest)
        )
        """
    )
    enable_platform_rls("unreadable_records")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE unreadable_records")
    op.execute("DROP TABLE usage_records")
