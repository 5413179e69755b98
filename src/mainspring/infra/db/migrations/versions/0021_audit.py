"""The audit trail: append-only, a hash chain for each organisation, written by triggers."""

from alembic import op

from mainspring.infra.db.audit import (
    ACTOR_KIND_SETTING,
    ACTOR_SETTING,
    BEHALF_SETTING,
    REQUEST_SETTING,
    audit_table,
    leave_unaudited,
)
from mainspring.infra.db.tenancy import CROSSES_SETTING, ORG_SETTING, enable_tenant_rls
from mainspring.kernel.scope import PLATFORM_ORG

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TABLES = (
    "organizations",
    "projects",
    "users",
    "memberships",
    "project_members",
    "roles",
    "groups",
    "group_members",
    "invitations",
    "sessions",
    "tokens",
    "api_keys",
    "upstreams",
    "policies",
    "token_issuers",
    "service_accounts",
    "account_secrets",
    "signing_keys",
    "models",
    "model_targets",
)

_LEFT_OUT = (
    "^(digest|password_hash|password|credential|sealed|secret|recovery_codes|private_key|nonce|ciphertext"
    "|.*_secret|.*_digest)$"
)

_ALLOWED = (
    f"(org_id = current_setting('{ORG_SETTING}', true)"
    f" OR current_setting('{CROSSES_SETTING}', true) = 'on')"
)


def upgrade() -> None:
    """Create the trail and what writes it; then watch every table."""
    _create_tables()
    _create_functions()
    audit_table("organizations", "organization")
    audit_table("projects", "project")
    audit_table("users", "user")
    audit_table("memberships", "member", key=("user_id",))
    audit_table("project_members", "project_member", key=("project_id", "user_id"))
    audit_table("roles", "role", key=("name",))
    audit_table("groups", "group")
    audit_table("group_members", "group_member", key=("group_id", "user_id"))
    audit_table("invitations", "invitation")
    audit_table("sessions", "session", unnoticed=("seen_at",))
    audit_table("tokens", "token", unnoticed=("last_used_at",))
    audit_table("api_keys", "key", unnoticed=("last_used_at",))
    audit_table("upstreams", "upstream")
    audit_table("policies", "policy")
    audit_table(
        "token_issuers",
        "token_issuer",
        unnoticed=("keys_fetched_at", "tried_at", "next_fetch_at", "failures", "problem"),
    )
    audit_table("service_accounts", "service_account")
    audit_table("account_secrets", "account_secret", unnoticed=("last_used_at",))
    audit_table("signing_keys", "signing_key")
    audit_table("models", "model")
    audit_table("model_targets", "model_target", key=("model_id", "position"))


def _create_tables() -> None:
    op.execute(
        """
        CREATE TABLE audit_heads (
            org_id text NOT NULL,
            seq bigint NOT NULL,
            hash bytea NOT NULL,
            CONSTRAINT pk_audit_heads PRIMARY KEY (org_id)
        )
        """
    )
    enable_tenant_rls("audit_heads")
    op.execute(
        """
        CREATE TABLE audit_events (
            at timestamptz NOT NULL,
            org_id text NOT NULL,
            seq bigint NOT NULL,
            content jsonb NOT NULL,
            previous bytea NOT NULL,
            hash bytea NOT NULL,
            actor_id text GENERATED ALWAYS AS (content ->> 'actor_id') STORED,
            action text GENERATED ALWAYS AS (content ->> 'action') STORED,
            object_id text GENERATED ALWAYS AS (content ->> 'object_id') STORED,
            request_id text GENERATED ALWAYS AS (content ->> 'request_id') STORED,
            CONSTRAINT pk_audit_events PRIMARY KEY (org_id, seq, at)
        ) PARTITION BY RANGE (at)
        """
    )
    op.execute("CREATE INDEX ix_audit_events_at ON audit_events (at, org_id, seq)")
    op.execute("CREATE INDEX ix_audit_events_actor_id ON audit_events (actor_id, at)")
    op.execute("CREATE INDEX ix_audit_events_object_id ON audit_events (object_id, at)")
    op.execute("CREATE INDEX ix_audit_events_request_id ON audit_events (request_id)")
    op.execute("ALTER TABLE audit_events ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE audit_events FORCE ROW LEVEL SECURITY")
    # Nothing allows a change or a removal; and the right to either is taken from the owner too.
    op.execute(f"CREATE POLICY readable ON audit_events FOR SELECT USING {_ALLOWED}")
    op.execute(f"CREATE POLICY appendable ON audit_events FOR INSERT WITH CHECK {_ALLOWED}")
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON audit_events FROM CURRENT_USER, PUBLIC")
    op.execute(
        """
        CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = '42501';
        END
        $$
        """
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_events"
        " FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    )
    op.execute(
        "CREATE TRIGGER kept_whole BEFORE TRUNCATE ON audit_events"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    )
    op.execute(
        """
        CREATE FUNCTION audit_make_month(month date) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE
            first date := date_trunc('month', month)::date;
            name text := 'audit_events_' || to_char(month, 'YYYY_MM');
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtext('mainspring audit partitions'));
            IF to_regclass(name) IS NOT NULL THEN
                RETURN;
            END IF;
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF audit_events FOR VALUES FROM (%L) TO (%L)',
                name,
                first::timestamp AT TIME ZONE 'UTC',
                (first + interval '1 month')::timestamp AT TIME ZONE 'UTC'
            );
            -- Named directly, a partition shows nothing; its parent's policies hold by the parent.
            EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
            EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
            EXECUTE format(
                'REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM CURRENT_USER, PUBLIC', name
            );
            EXECUTE format(
                'CREATE TRIGGER kept_whole BEFORE TRUNCATE ON %I'
                ' FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()',
                name
            );
        END
        $$
        """
    )


def _create_functions() -> None:
    op.execute(
        f"""
        CREATE FUNCTION audit_redacted(value jsonb) RETURNS jsonb
        LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN
            IF jsonb_typeof(value) = 'object' THEN
                RETURN (
                    SELECT coalesce(jsonb_object_agg(
                        key,
                        CASE WHEN key ~ '{_LEFT_OUT}' AND each <> 'null'
                             THEN '"[redacted]"'::jsonb
                             ELSE audit_redacted(each) END
                    ), '{{}}')
                    FROM jsonb_each(value) AS members (key, each)
                );
            ELSIF jsonb_typeof(value) = 'array' THEN
                RETURN (
                    SELECT coalesce(jsonb_agg(audit_redacted(each) ORDER BY place), '[]')
                    FROM jsonb_array_elements(value) WITH ORDINALITY AS items (each, place)
                );
            END IF;
            RETURN value;
        END
        $$
        """  # noqa: S608 - our own words
    )
    op.execute(
        f"""
        CREATE FUNCTION audit_append(
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
                'request_id', nullif(current_setting('{REQUEST_SETTING}', true), ''),
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
    )
    op.execute(
        f"""
        CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
            now_is jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
            row_is jsonb := coalesce(now_is, was);
            verb text := lower(TG_OP);
            changed text[];
        BEGIN
            IF TG_OP = 'INSERT' THEN
                verb := 'create';
            ELSIF TG_OP = 'UPDATE' THEN
                SELECT array_agg(key) INTO changed
                FROM jsonb_object_keys(now_is) AS key
                WHERE now_is -> key IS DISTINCT FROM was -> key
                  AND key <> ALL (TG_ARGV[2]::text[] || '{{updated_at,revision}}'::text[]);
                IF changed IS NULL THEN
                    RETURN NULL;
                END IF;
                verb := CASE
                    WHEN 'revoked_at' = ANY (changed) THEN 'revoke'
                    WHEN 'accepted_at' = ANY (changed) THEN 'accept'
                    WHEN 'disabled_at' = ANY (changed) THEN
                        CASE WHEN now_is ->> 'disabled_at' IS NULL THEN 'enable'
                             ELSE 'disable' END
                    WHEN 'suspended' = ANY (changed) THEN
                        CASE WHEN now_is ->> 'suspended' = 'true' THEN 'suspend'
                             ELSE 'resume' END
                    ELSE 'update' END;
                SELECT jsonb_object_agg(key, was -> key), jsonb_object_agg(key, now_is -> key)
                INTO was, now_is FROM unnest(changed) AS key;
            ELSIF TG_TABLE_NAME = 'sessions'
                  AND current_setting('{ACTOR_KIND_SETTING}', true) = 'platform' THEN
                RETURN NULL;  -- they ended by themselves; somebody signing out is told
            END IF;
            PERFORM audit_append(
                CASE WHEN TG_ARGV[0] = 'organization' THEN row_is ->> 'id'
                     ELSE coalesce(row_is ->> 'org_id', '{PLATFORM_ORG}') END,
                TG_ARGV[0] || '.' || verb,
                TG_ARGV[0],
                (SELECT string_agg(row_is ->> part, '/' ORDER BY place)
                 FROM unnest(TG_ARGV[1]::text[]) WITH ORDINALITY AS parts (part, place)),
                row_is ->> 'project_id',
                audit_redacted(was),
                audit_redacted(now_is)
            );
            RETURN NULL;
        END
        $$
        """  # noqa: S608 - our own words
    )


def downgrade() -> None:
    """Drop what :func:`upgrade` created."""
    for table in _TABLES:
        leave_unaudited(table)
    op.execute("DROP TABLE audit_events")
    op.execute("DROP TABLE audit_heads")
    op.execute("DROP FUNCTION audit_row()")
    op.execute("DROP FUNCTION audit_append(text, text, text, text, text, jsonb, jsonb)")
    op.execute("DROP FUNCTION audit_redacted(jsonb)")
    op.execute("DROP FUNCTION audit_make_month(date)")
    op.execute("DROP FUNCTION audit_refuse()")
