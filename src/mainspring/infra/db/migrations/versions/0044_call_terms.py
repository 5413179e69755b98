"""What calls are found by: one array of hashed terms for each call, in tables of their own by day.

Under row-level security PostgreSQL serves by an index only the conditions of a policy and operators
that are leakproof, and none of a GIN index is: a search of ``call_records`` reads every row
(https://www.postgresql.org/docs/current/rules-privileges.html). Here what is sought is part of the
policy, so that the index serves it and no other tenant's row is ever found.

A trigger keeps the terms of what the release before goes on writing, which knows only ``words``.
"""

from alembic import op
from sqlalchemy import text

from mainspring.infra.db.tenancy import CROSSES_SETTING, ORG_SETTING

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

_TERMS_OF = """
    CREATE FUNCTION call_terms_of(words tsvector, facts text[]) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT coalesce(
            array_agg(DISTINCT ('x' || encode(substring(hash FOR 8), 'hex'))::bit(64)::bigint), '{}'
        )
        FROM (
            SELECT sha256(convert_to('word ' || lexeme, 'UTF8')) AS hash
            FROM unnest(tsvector_to_array(words)) AS lexeme
            UNION ALL
            SELECT sha256(convert_to(fact, 'UTF8')) FROM unnest(facts) AS fact
            WHERE fact IS NOT NULL
        ) AS hashes
    $$
"""
# The length of a name tells where it ends: names and values may hold any character.
_FACTS = """
    CREATE FUNCTION call_facts(
        org_id text, project_id text, key_id text, model text, status integer, outcome text,
        failed boolean, session_id text, user_id text, trace_id text, metadata jsonb
    ) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT ARRAY[
            'org_id=' || org_id, 'project_id=' || project_id, 'key_id=' || key_id,
            'model=' || model, 'status=' || status, 'outcome=' || outcome, 'failed=' || failed,
            'session_id=' || session_id, 'user_id=' || user_id, 'trace_id=' || trace_id
        ] || ARRAY(
            SELECT 'metadata ' || length(name) || ' ' || name || '=' || value
            FROM jsonb_each_text(metadata) AS pairs (name, value)
        )
    $$
"""
_TABLE = """
    CREATE TABLE call_terms (
        day date NOT NULL,
        at timestamptz NOT NULL,
        id text NOT NULL,
        org_id text NOT NULL,
        duration_ms double precision NOT NULL,
        cost_nanos bigint,
        terms bigint[] NOT NULL,
        CONSTRAINT pk_call_terms PRIMARY KEY (day, at, id)
    ) PARTITION BY RANGE (day)
"""
_ALLOWED = (
    f"(org_id = current_setting('{ORG_SETTING}', true)"
    f" OR current_setting('{CROSSES_SETTING}', true) = 'on')"
)
# The planner takes "setting = 'on'" for true one time in two hundred, and would think the word of
# every call rare; of coalesce it knows nothing, and assumes one half.
_POLICY = (
    f"CREATE POLICY tenant ON call_terms USING ((org_id = current_setting('{ORG_SETTING}', true)"
    f" OR coalesce(current_setting('{CROSSES_SETTING}', true) = 'on', false)) AND terms @>"
    " nullif(current_setting('mainspring.sought', true), '')::bigint[])"
    f" WITH CHECK {_ALLOWED}"
)
_FOLLOW = """
    CREATE FUNCTION call_terms_follow() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO call_terms (day, at, id, org_id, duration_ms, cost_nanos, terms)
        SELECT day, at, id, org_id, duration_ms, cost_nanos, call_terms_of(words, call_facts(
            org_id, project_id, key_id, model, status, outcome,
            outcome NOT IN ('ok', 'client_closed'), session_id, user_id, trace_id, metadata
        ))
        FROM added
        WHERE words IS NOT NULL
            AND to_regclass('call_terms_p' || to_char(day, 'YYYYMMDD')) IS NOT NULL
        ON CONFLICT DO NOTHING;
        RETURN NULL;
    END
    $$
"""
_TRIGGER = (
    "CREATE TRIGGER terms AFTER INSERT ON call_records REFERENCING NEW TABLE AS added"
    " FOR EACH STATEMENT EXECUTE FUNCTION call_terms_follow()"
)
_DAYS = text(
    "SELECT right(part.relname, 8)::date FROM pg_inherits"
    " JOIN pg_class AS part ON part.oid = inhrelid"
    " WHERE inhparent = to_regclass('call_records') ORDER BY 1"
)


def upgrade() -> None:
    """Create the table with a partition for each day of calls; what they hold comes with 0045."""
    for statement in (
        _TERMS_OF,
        _FACTS,
        _TABLE,
        # Hashes cannot be compressed: nobody is to try.
        "ALTER TABLE call_terms ALTER COLUMN terms SET STORAGE EXTERNAL",
        "CREATE INDEX ix_call_terms_terms ON call_terms USING gin (terms)",
        "CREATE INDEX ix_call_terms_duration_ms ON call_terms (duration_ms)",
        "CREATE INDEX ix_call_terms_cost_nanos ON call_terms (cost_nanos)",
        "ALTER TABLE call_terms ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE call_terms FORCE ROW LEVEL SECURITY",
        _POLICY,
        _FOLLOW,
        _TRIGGER,
    ):
        op.execute(statement)
    if op.get_context().as_sql:
        return
    for day in op.get_bind().execute(_DAYS).scalars():
        name = f"call_terms_p{day:%Y%m%d}"
        op.execute(
            f"CREATE TABLE {name} PARTITION OF call_terms"
            f" FOR VALUES FROM ('{day}') TO (date '{day}' + 1)"
        )
        op.execute(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY platform ON {name} FOR SELECT"
            f" USING (current_setting('{CROSSES_SETTING}', true) = 'on')"
        )


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP TRIGGER terms ON call_records")
    op.execute("DROP FUNCTION call_terms_follow")
    op.execute("DROP TABLE call_terms")
    op.execute("DROP FUNCTION call_facts")
    op.execute("DROP FUNCTION call_terms_of")
