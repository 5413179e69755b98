"""Releases of models and their history; what became of a model by them."""

from alembic import op

from mainspring.infra.db.audit import audit_table
from mainspring.infra.db.tenancy import enable_platform_rls, enable_tenant_rls

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_RELEASES = """
    CREATE TABLE releases (
        id text NOT NULL,
        org_id text,
        model_id text NOT NULL,
        version text NOT NULL,
        state text NOT NULL,
        targets jsonb NOT NULL,
        specification jsonb NOT NULL,
        plan jsonb NOT NULL,
        guard jsonb NOT NULL,
        verification jsonb,
        step integer,
        step_began_at timestamptz,
        stable_since timestamptz,
        deprecated_at timestamptz,
        sunset_at timestamptz,
        replacement text,
        link text,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        revision bigint NOT NULL,
        CONSTRAINT pk_releases PRIMARY KEY (id),
        CONSTRAINT uq_releases_model_id UNIQUE (model_id, version),
        CONSTRAINT fk_releases_org_id FOREIGN KEY (org_id)
            REFERENCES organizations (id) ON DELETE CASCADE,
        CONSTRAINT fk_releases_model_id FOREIGN KEY (model_id)
            REFERENCES models (id) ON DELETE CASCADE
    )
"""

_UPSTREAMS = """
    CREATE TABLE release_upstreams (
        release_id text NOT NULL,
        upstream_id text NOT NULL,
        org_id text,
        CONSTRAINT pk_release_upstreams PRIMARY KEY (release_id, upstream_id),
        CONSTRAINT fk_release_upstreams_release_id FOREIGN KEY (release_id)
            REFERENCES releases (id) ON DELETE CASCADE,
        CONSTRAINT fk_release_upstreams_upstream_id FOREIGN KEY (upstream_id)
            REFERENCES upstreams (id),
        CONSTRAINT fk_release_upstreams_org_id FOREIGN KEY (org_id)
            REFERENCES organizations (id) ON DELETE CASCADE
    )
"""

_EVENTS = """
    CREATE TABLE release_events (
        seq bigint GENERATED ALWAYS AS IDENTITY,
        id text NOT NULL,
        at timestamptz NOT NULL,
        org_id text,
        model_id text NOT NULL,
        release_id text NOT NULL,
        version text NOT NULL,
        action text NOT NULL,
        before text,
        after text NOT NULL,
        actor_kind text NOT NULL,
        actor_id text NOT NULL,
        reason text NOT NULL,
        details jsonb NOT NULL,
        CONSTRAINT pk_release_events PRIMARY KEY (seq)
    )
"""

_CANDIDATE = " WHERE state IN ('deployed', 'canary')"
_SERVING = " WHERE state IN ('stable', 'deprecated')"

_INDEXES = (
    "CREATE UNIQUE INDEX uq_releases_candidate ON releases (model_id)" + _CANDIDATE,
    "CREATE UNIQUE INDEX uq_releases_serving ON releases (model_id)" + _SERVING,
    "CREATE INDEX ix_releases_canary ON releases (id) WHERE state = 'canary'",
    "CREATE INDEX ix_release_upstreams_upstream_id ON release_upstreams (upstream_id)",
    "CREATE INDEX ix_release_upstreams_org_id ON release_upstreams (org_id)",
    "CREATE INDEX ix_releases_org_id ON releases (org_id)",
    "CREATE INDEX ix_release_events_model_id ON release_events (model_id, seq)",
    "CREATE INDEX ix_release_events_release_id ON release_events (release_id, seq)",
)


def upgrade() -> None:
    """Create the tables, and say on models what became of them."""
    for statement in (_RELEASES, _UPSTREAMS, _EVENTS, *_INDEXES):
        op.execute(statement)
    enable_tenant_rls("releases", shared=True)
    enable_tenant_rls("release_upstreams", shared=True)
    enable_platform_rls("release_events")
    audit_table("releases", "release")
    op.execute("ALTER TABLE models ADD COLUMN governed boolean NOT NULL DEFAULT false")
    op.execute("ALTER TABLE models ADD COLUMN lifecycle jsonb")


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("ALTER TABLE models DROP COLUMN lifecycle")
    op.execute("ALTER TABLE models DROP COLUMN governed")
    op.execute("DROP TABLE release_events")
    op.execute("DROP TABLE release_upstreams")
    op.execute("DROP TABLE releases")
