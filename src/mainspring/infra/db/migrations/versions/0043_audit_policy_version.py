"""Each event of the audit trail tells which version of the configuration held when it was done."""

from alembic import op

from mainspring.infra.db.audit import (
    ACTOR_KIND_SETTING,
    ACTOR_SETTING,
    BEHALF_SETTING,
    REQUEST_SETTING,
)

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

_VERSION = """
            -- What this very transaction publishes comes after it, and holds from then on.
            'policy_version', (SELECT version FROM snapshot_head),"""


def upgrade() -> None:
    """Tell it."""
    op.execute(_append(_VERSION))


def downgrade() -> None:
    """Tell it no more; what was told stays as it was hashed."""
    op.execute(_append(""))


def _append(more: str) -> str:
    return f"""
    CREATE OR REPLACE FUNCTION audit_append(
        chain text, action text, kind text, object text, project text,
        before jsonb, after jsonb
    ) RETURNS bigint LANGUAGE plpgsql AS $$
    DECLARE
        number bigint;
        last bytea;
        moment timestamptz;
        told jsonb;
        sum bytea;
        actor text := nullif(current_setting('{ACTOR_SETTING}', true), '');
    BEGIN
        -- One writer at a time, until it commits: transactions that touch several chains would
        -- otherwise meet each other's locks in different orders.
        PERFORM pg_advisory_xact_lock(hashtext('mainspring audit'));
        INSERT INTO audit_heads (org_id, seq, hash)
        VALUES (chain, 0, sha256(convert_to('mainspring audit ' || chain, 'UTF8')))
        ON CONFLICT DO NOTHING;
        SELECT heads.seq + 1, heads.hash INTO number, last
        FROM audit_heads AS heads WHERE heads.org_id = chain FOR UPDATE;
        moment := clock_timestamp();
        -- Housekeeping makes months ahead; an event that comes sooner still finds its place.
        IF to_regclass('audit_events_' || to_char(moment AT TIME ZONE 'UTC', 'YYYY_MM')) IS NULL
        THEN
            PERFORM audit_make_month((moment AT TIME ZONE 'UTC')::date);
        END IF;
        told := jsonb_build_object(
            'org_id', chain,
            'seq', number,
            'at', to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
            -- Whoever changes rows by hand, in SQL, is told by the name of the session.
            'actor_kind', CASE WHEN actor IS NULL THEN 'database'
                          ELSE current_setting('{ACTOR_KIND_SETTING}', true) END,
            'actor_id', coalesce(actor, session_user::text),
            'on_behalf_of', nullif(current_setting('{BEHALF_SETTING}', true), ''),
            'request_id', nullif(current_setting('{REQUEST_SETTING}', true), ''),{more}
            'action', action,
            'object_kind', kind,
            'object_id', object,
            'project_id', project,
            'before', before,
            'after', after
        );
        sum := sha256(last || convert_to(told::text, 'UTF8'));
        INSERT INTO audit_events (at, org_id, seq, content, previous, hash)
        VALUES (moment, chain, number, told, last, sum);
        UPDATE audit_heads SET seq = number, hash = sum WHERE org_id = chain;
        RETURN number;
    END
    $$
    """  # noqa: S608 - our own words
