"""What is counted for canaries, and what was decided about them."""

from alembic import op

from mainspring.infra.db.tenancy import enable_platform_rls

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_SAMPLES = """
    CREATE TABLE release_samples (
        release_id text NOT NULL,
        began_at timestamptz NOT NULL,
        block integer NOT NULL,
        arm text NOT NULL,
        measure text NOT NULL,
        bin integer NOT NULL,
        count bigint NOT NULL,
        total double precision NOT NULL,
        squares double precision NOT NULL,
        CONSTRAINT pk_release_samples
            PRIMARY KEY (release_id, began_at, block, arm, measure, bin),
        CONSTRAINT fk_release_samples_release_id FOREIGN KEY (release_id)
            REFERENCES releases (id) ON DELETE CASCADE
    )
"""

_DECISIONS = """
    CREATE TABLE release_decisions (
        id text NOT NULL,
        at timestamptz NOT NULL,
        last_at timestamptz NOT NULL,
        org_id text,
        model_id text NOT NULL,
        release_id text NOT NULL,
        version text NOT NULL,
        step integer NOT NULL,
        block integer NOT NULL,
        verdict text NOT NULL,
        reason text NOT NULL,
        alpha double precision NOT NULL,
        figures jsonb NOT NULL,
        repeats bigint NOT NULL,
        CONSTRAINT pk_release_decisions PRIMARY KEY (id)
    )
"""


def upgrade() -> None:
    """Create the tables."""
    op.execute(_SAMPLES)
    op.execute(_DECISIONS)
    op.execute("CREATE INDEX ix_release_decisions_release_id ON release_decisions (release_id, id)")
    enable_platform_rls("release_samples")
    enable_platform_rls("release_decisions")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TABLE release_decisions")
    op.execute("DROP TABLE release_samples")
