"""Months of the audit trail that were dropped, and where chains begin since."""

from alembic import op

from mainspring.infra.db.tenancy import enable_tenant_rls

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table of cuts, and the function that makes one."""
    op.execute(
        """
        CREATE TABLE audit_cuts (
            org_id text NOT NULL,
            seq bigint NOT NULL,
            hash bytea NOT NULL,
            cut_at timestamptz NOT NULL,
            CONSTRAINT pk_audit_cuts PRIMARY KEY (org_id)
        )
        """
    )
    enable_tenant_rls("audit_cuts")
    op.execute(
        """
        CREATE FUNCTION audit_drop_month(month date) RETURNS bigint LANGUAGE plpgsql AS $$
        DECLARE
            first date := date_trunc('month', month)::date;
            name text := 'audit_events_' || to_char(first, 'YYYY_MM');
            ended record;
            count bigint := 0;
        BEGIN
            -- The lock of whoever appends: no event comes into a month while it goes.
            PERFORM pg_advisory_xact_lock(hashtext('mainspring audit'));
            -- The month in which the drop is told is never the one that goes.
            IF to_regclass(name) IS NULL
            OR first >= date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date
            THEN
                RETURN 0;
            END IF;
            FOR ended IN
                SELECT DISTINCT ON (events.org_id) events.org_id, events.seq, events.hash
                FROM audit_events AS events
                WHERE events.at >= first::timestamp AT TIME ZONE 'UTC'
                AND events.at < (first + interval '1 month')::timestamp AT TIME ZONE 'UTC'
                ORDER BY events.org_id, events.seq DESC
            LOOP
                INSERT INTO audit_cuts (org_id, seq, hash, cut_at)
                VALUES (ended.org_id, ended.seq, ended.hash, clock_timestamp())
                ON CONFLICT (org_id) DO UPDATE
                SET seq = excluded.seq, hash = excluded.hash, cut_at = excluded.cut_at
                WHERE audit_cuts.seq < excluded.seq;
                -- Told in the chain itself: what is left vouches for where it begins.
                PERFORM audit_append(
                    ended.org_id, 'audit.drop', 'audit', to_char(first, 'YYYY-MM'), NULL, NULL,
                    jsonb_build_object(
                        'month', to_char(first, 'YYYY-MM'),
                        'last_seq', ended.seq,
                        'last_hash', encode(ended.hash, 'hex')
                    )
                );
                count := count + 1;
            END LOOP;
            EXECUTE format('DROP TABLE %I', name);
            RETURN count;
        END
        $$
        """
    )


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    op.execute("DROP FUNCTION audit_drop_month(date)")
    op.execute("DROP TABLE audit_cuts")
