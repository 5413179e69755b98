"""PostgreSQL: connections, transactions with a tenant, migrations.

May enter: the engine and its pool, the transaction that carries a :class:`~mainspring.kernel.scope.
Scope` to row-level security, the metadata that every ``store/tables.py`` declares on, the runner
and the revisions of migrations.
Must never know: what any table means. A capability's SQL stays in its own ``store``.
"""

from mainspring.infra.db.database import Database, PoolSettings, narrowed
from mainspring.infra.db.dsn import InvalidDsnError
from mainspring.infra.db.metadata import metadata
from mainspring.infra.db.migrate import MigrationState, migrate, migration_state
from mainspring.infra.db.tenancy import disable_tenant_rls, enable_tenant_rls

__all__ = [
    "Database",
    "InvalidDsnError",
    "MigrationState",
    "PoolSettings",
    "disable_tenant_rls",
    "enable_tenant_rls",
    "metadata",
    "migrate",
    "migration_state",
    "narrowed",
]
