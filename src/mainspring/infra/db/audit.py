"""The audit trail beneath the tables; called from migrations.

A trigger writes what happened to a row into ``audit_events`` in the same transaction, so that
nothing is changed untold and nothing is told that did not happen; code cannot forget it, and a
change made by hand in SQL is told as well. Who acts and in which request comes from settings of
the transaction, which :meth:`~mainspring.infra.db.database.Database.session` makes. What an event
holds is hashed together with the event before it of the same chain; each organisation has a chain,
and the platform one for what belongs to no tenant.
"""

import re
from collections.abc import Iterable

from alembic import op

ACTOR_KIND_SETTING = "mainspring.actor_kind"
ACTOR_SETTING = "mainspring.actor_id"
BEHALF_SETTING = "mainspring.on_behalf_of"
REQUEST_SETTING = "mainspring.request_id"

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def audit_table(
    table: str, kind: str, *, key: Iterable[str] = ("id",), unnoticed: Iterable[str] = ()
) -> None:
    """Have every change of ``table``'s rows told as one of a ``kind`` of object.

    ``key`` are the columns that name the object, ``unnoticed`` those whose changes are not worth
    telling (when something was last used). Secrets are left out by the names of columns and of
    members of JSON; see ``audit_redacted`` in the migration that creates the trail.

    Raises:
        ValueError: if a name is not a plain lower-case identifier.
    """
    key, unnoticed = tuple(key), tuple(unnoticed)
    for name in (table, kind.replace("-", "_"), *key, *unnoticed):
        if not _IDENTIFIER.fullmatch(name):
            raise ValueError(f"not a plain identifier: {name!r}")
    arguments = f"'{kind}', '{{{','.join(key)}}}', '{{{','.join(unnoticed)}}}'"
    op.execute(
        f"CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION audit_row({arguments})"
    )


def leave_unaudited(table: str) -> None:
    """Undo :func:`audit_table`.

    Raises:
        ValueError: if the name is not a plain lower-case identifier.
    """
    if not _IDENTIFIER.fullmatch(table):
        raise ValueError(f"not a plain identifier: {table!r}")
    op.execute(f"DROP TRIGGER audit ON {table}")
