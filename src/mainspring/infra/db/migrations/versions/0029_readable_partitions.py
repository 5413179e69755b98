"""Partitions that a backup can read: each lets the platform's own scope read it by its name.

``pg_dump`` reads every partition by name, where only a partition's own policies count; without
one it would find nothing and say nothing. Months of the audit trail are attached from now on
instead of being created in place, which waits for every reader of the trail.
"""

from alembic import op

from mainspring.infra.db.tenancy import CROSSES_SETTING

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_POLICY = f"FOR SELECT USING (current_setting(''{CROSSES_SETTING}'', true) = ''on'')"

_EVERY_PARTITION = """
    DO $$
    DECLARE
        name regclass;
    BEGIN
        FOR name IN
            SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relispartition AND c.relkind = 'r' AND c.relrowsecurity
              AND n.nspname = current_schema()
        LOOP
            EXECUTE format('{statement}', name);
        END LOOP;
    END
    $$
"""

_MAKE_MONTH = """
    CREATE OR REPLACE FUNCTION audit_make_month(month date) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        first date := date_trunc('month', month)::date;
        name text := 'audit_events_' || to_char(month, 'YYYY_MM');
    BEGIN
        PERFORM pg_advisory_xact_lock(hashtext('mainspring audit partitions'));
        IF to_regclass(name) IS NOT NULL THEN
            RETURN;
        END IF;
        {create}
        -- Named directly, a partition obeys its own policies; by its parent, the parent's.
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
        {policy}
        EXECUTE format(
            'REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM CURRENT_USER, PUBLIC', name
        );
        EXECUTE format(
            'CREATE TRIGGER kept_whole BEFORE TRUNCATE ON %I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()',
            name
        );
        {attach}
    END
    $$
"""
_BOUNDS = """FOR VALUES FROM (%L) TO (%L)',
            name,
            first::timestamp AT TIME ZONE 'UTC',
            (first + interval '1 month')::timestamp AT TIME ZONE 'UTC'
        );"""


def upgrade() -> None:
    """Give every partition the policy, and new months as well."""
    op.execute(_EVERY_PARTITION.format(statement=f"CREATE POLICY platform ON %s {_POLICY}"))
    op.execute(
        _MAKE_MONTH.format(
            create="EXECUTE format('CREATE TABLE %I (LIKE audit_events INCLUDING ALL)', name);",
            policy=f"EXECUTE format('CREATE POLICY platform ON %I {_POLICY}', name);",
            attach=f"EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION %I {_BOUNDS}",
        )
    )


def downgrade() -> None:
    """Take the policies away, and make months as before."""
    op.execute(
        _MAKE_MONTH.format(
            create=f"EXECUTE format('CREATE TABLE %I PARTITION OF audit_events {_BOUNDS}",
            policy="",
            attach="",
        )
    )
    op.execute(_EVERY_PARTITION.format(statement="DROP POLICY IF EXISTS platform ON %s"))
