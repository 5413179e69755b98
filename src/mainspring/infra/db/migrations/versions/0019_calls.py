"""What projects keep of their calls: records, spans and scores, partitioned by day."""

from alembic import op

from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_CALLS = """
    CREATE TABLE call_records (
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
        output_tokens bigint NOT NULL,
        cost_nanos bigint,
        currency text,
        ttft_ms double precision,
        duration_ms double precision NOT NULL,
        attempts integer NOT NULL,
        trace_id text,
        session_id text,
        user_id text,
        metadata jsonb NOT NULL,
        level text NOT NULL,
        truncated boolean NOT NULL,
        fallback_from text,
        track text NOT NULL,
        snapshot_version bigint NOT NULL,
        gateway_id text NOT NULL,
        received_at timestamptz NOT NULL,
        input_preview text,
        output_preview text,
        request jsonb,
        answer jsonb,
        words tsvector,
        CONSTRAINT pk_call_records PRIMARY KEY (day, id)
    ) PARTITION BY RANGE (day)
"""

_SPANS = """
    CREATE TABLE call_spans (
        day date NOT NULL,
        trace_id text NOT NULL,
        span_id text NOT NULL,
        parent_id text,
        request_id text NOT NULL,
        org_id text,
        project_id text,
        service text NOT NULL,
        name text NOT NULL,
        kind text NOT NULL,
        start_ns bigint NOT NULL,
        end_ns bigint NOT NULL,
        error text,
        attributes jsonb NOT NULL,
        CONSTRAINT pk_call_spans PRIMARY KEY (day, trace_id, span_id)
    ) PARTITION BY RANGE (day)
"""

_SCORES = """
    CREATE TABLE call_scores (
        day date NOT NULL,
        id text NOT NULL,
        at timestamptz NOT NULL,
        org_id text NOT NULL,
        project_id text NOT NULL,
        request_id text NOT NULL,
        name text NOT NULL,
        value double precision,
        label text,
        comment text,
        source text NOT NULL,
        user_id text,
        actor_id text NOT NULL,
        CONSTRAINT pk_call_scores PRIMARY KEY (day, id)
    ) PARTITION BY RANGE (day)
"""

_NAMED = " WHERE session_id IS NOT NULL"

_INDEXES = (
    "CREATE INDEX ix_call_records_at ON call_records (at, id)",
    "CREATE INDEX ix_call_records_org_id ON call_records (org_id, at, id)",
    "CREATE INDEX ix_call_records_project_id ON call_records (project_id, at, id)",
    "CREATE INDEX ix_call_records_session_id ON call_records (session_id, at)" + _NAMED,
    "CREATE INDEX ix_call_records_words ON call_records USING gin (words)",
    "CREATE INDEX ix_call_records_metadata ON call_records USING gin (metadata jsonb_path_ops)",
    "CREATE INDEX ix_call_scores_request_id ON call_scores (request_id)",
)


def upgrade() -> None:
    """Create the tables; their partitions are made as days come."""
    for statement in (_CALLS, _SPANS, _SCORES, *_INDEXES):
        op.execute(statement)
    for table in ("call_records", "call_spans", "call_scores"):
        enable_tenant_rls(table)
    op.execute("ALTER TABLE projects ADD COLUMN capture jsonb")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("ALTER TABLE projects DROP COLUMN capture")
    for table in ("call_scores", "call_spans", "call_records"):
        op.execute(f"DROP TABLE {table}")
