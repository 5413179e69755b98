"""Data sets with their items, that calls were made again, and which endpoint a call was of."""

from alembic import op

from mainspring.infra.db.audit import audit_table
from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

_DATASETS = """
    CREATE TABLE datasets (
        id text NOT NULL,
        org_id text NOT NULL,
        project_id text NOT NULL,
        name text NOT NULL,
        description text NOT NULL,
        version integer NOT NULL,
        item_count integer NOT NULL,
        kept_count integer NOT NULL,
        bytes bigint NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        revision bigint NOT NULL,
        CONSTRAINT pk_datasets PRIMARY KEY (id),
        CONSTRAINT uq_datasets_project_id UNIQUE (project_id, name),
        CONSTRAINT fk_datasets_org_id FOREIGN KEY (org_id)
            REFERENCES organizations (id) ON DELETE CASCADE,
        CONSTRAINT fk_datasets_project_id FOREIGN KEY (project_id)
            REFERENCES projects (id) ON DELETE CASCADE
    )
"""

_ITEMS = """
    CREATE TABLE dataset_items (
        id text NOT NULL,
        dataset_id text NOT NULL,
        org_id text NOT NULL,
        project_id text NOT NULL,
        position integer NOT NULL,
        endpoint text NOT NULL,
        input jsonb NOT NULL,
        expected jsonb,
        metadata jsonb NOT NULL,
        source_request_id text,
        size integer NOT NULL,
        added_in integer NOT NULL,
        archived_in integer,
        created_at timestamptz NOT NULL,
        actor_id text NOT NULL,
        CONSTRAINT pk_dataset_items PRIMARY KEY (id),
        CONSTRAINT uq_dataset_items_dataset_id UNIQUE (dataset_id, position),
        CONSTRAINT fk_dataset_items_dataset_id FOREIGN KEY (dataset_id)
            REFERENCES datasets (id) ON DELETE CASCADE
    )
"""

_REPLAYS = """
    CREATE TABLE call_replays (
        day date NOT NULL,
        id text NOT NULL,
        at timestamptz NOT NULL,
        org_id text NOT NULL,
        project_id text NOT NULL,
        request_id text NOT NULL,
        replay_request_id text NOT NULL,
        model text NOT NULL,
        parameters jsonb NOT NULL,
        status integer NOT NULL,
        actor_id text NOT NULL,
        CONSTRAINT pk_call_replays PRIMARY KEY (day, id)
    ) PARTITION BY RANGE (day)
"""


def upgrade() -> None:
    """Create the tables; of a data set's items the trail tells that they changed, not the words."""
    for statement in (
        _DATASETS,
        _ITEMS,
        _REPLAYS,
        "CREATE INDEX ix_datasets_org_id ON datasets (org_id)",
        "CREATE INDEX ix_call_replays_request_id ON call_replays (request_id)",
        "CREATE INDEX ix_call_replays_replay_request_id ON call_replays (replay_request_id)",
        "ALTER TABLE call_records ADD COLUMN path text",
    ):
        op.execute(statement)
    for table in ("datasets", "dataset_items", "call_replays"):
        enable_tenant_rls(table)
    audit_table("datasets", "dataset")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("ALTER TABLE call_records DROP COLUMN path")
    for table in ("call_replays", "dataset_items", "datasets"):
        op.execute(f"DROP TABLE {table}")
