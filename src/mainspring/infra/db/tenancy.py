"""Row-level security for tables that hold tenants' rows; called from migrations.

The policy is the net beneath the queries: a forgotten ``WHERE org_id = …`` reads and writes nothing
of another tenant. It is forced, so it binds the owner of the table, which our application role
is; only a superuser or a role with ``BYPASSRLS`` passes it, and ``DATABASE_URL`` must name neither.
Queries still say ``org_id``: that is what lets an index serve them. The settings are transaction
local and come from :meth:`~mainspring.infra.db.database.Database.session`; code that runs SQL of
its own choice could set them too, so this protects against mistakes, not against hostile code.
"""

import re

from alembic import op

ORG_SETTING = "mainspring.org_id"
CROSSES_SETTING = "mainspring.crosses_tenants"

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def tenant_rls_statements(
    table: str, *, column: str = "org_id", shared: bool = False
) -> tuple[str, ...]:
    """Return the statements that fence ``table`` by ``column``.

    ``shared`` lets everybody read (not write) rows whose ``column`` is null: what the platform
    offers to every tenant.

    Raises:
        ValueError: if a name is not a plain lower-case identifier.
    """
    for name in (table, column):
        if not _IDENTIFIER.fullmatch(name):
            raise ValueError(f"not a plain identifier: {name!r}")
    allowed = (
        f"({column} = current_setting('{ORG_SETTING}', true)"
        f" OR current_setting('{CROSSES_SETTING}', true) = 'on')"
    )
    statements = (
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY tenant ON {table} USING {allowed} WITH CHECK {allowed}",
    )
    if shared:
        read = f"CREATE POLICY shared ON {table} FOR SELECT USING ({column} IS NULL)"
        return (*statements, read)
    return statements


def enable_tenant_rls(table: str, *, column: str = "org_id", shared: bool = False) -> None:
    """Fence ``table`` inside a migration; see :func:`tenant_rls_statements`."""
    for statement in tenant_rls_statements(table, column=column, shared=shared):
        op.execute(statement)


def enable_platform_rls(table: str) -> None:
    """Fence ``table`` inside a migration so that only scopes which cross tenants reach it.

    For rows that belong to no tenant: people, their sessions and tokens, the platform's parts.

    Raises:
        ValueError: if the name is not a plain lower-case identifier.
    """
    if not _IDENTIFIER.fullmatch(table):
        raise ValueError(f"not a plain identifier: {table!r}")
    allowed = f"(current_setting('{CROSSES_SETTING}', true) = 'on')"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY platform ON {table} USING {allowed} WITH CHECK {allowed}")


def disable_tenant_rls(table: str) -> None:
    """Undo :func:`enable_tenant_rls` inside a migration."""
    if not _IDENTIFIER.fullmatch(table):
        raise ValueError(f"not a plain identifier: {table!r}")
    op.execute(f"DROP POLICY IF EXISTS shared ON {table}")
    op.execute(f"DROP POLICY IF EXISTS tenant ON {table}")
    op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
