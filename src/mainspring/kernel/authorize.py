"""The one place where the platform decides whether an actor may do something.

:func:`authorize` answers with a narrowed :class:`Scope`, and a store opens tenant rows for nothing
else: code that forgets to ask sees an empty database, not another tenant's.
"""

import msgspec

from mainspring.kernel.access import Permission
from mainspring.kernel.errors import NotFoundError, PermissionDeniedError
from mainspring.kernel.scope import PLATFORM_ORG, Scope


def authorize(
    scope: Scope, permission: Permission, *, org_id: str, project_id: str | None = None
) -> Scope:
    """Return ``scope`` narrowed to the organisation (and project) in which the call may act.

    ``org_id`` is ``PLATFORM_ORG`` for what belongs to the platform itself; the answer to that
    crosses organisations, since the platform's rows belong to none.

    Raises:
        NotFoundError: if the actor has no grant at all in that organisation, so that nobody
            learns which ids exist elsewhere.
        PermissionDeniedError: if it has grants there and this permission is not among them.
    """
    if scope.crosses_tenants:
        return scope
    present = [grant for grant in scope.grants if grant.covers(org_id, project_id)]
    if any(grant.permits(permission) for grant in present):
        return msgspec.structs.replace(
            scope,
            org_id=org_id,
            project_id=project_id,
            crosses_tenants=org_id == PLATFORM_ORG,
        )
    if not present and org_id != PLATFORM_ORG:
        raise NotFoundError
    raise PermissionDeniedError(f"this needs the permission {permission.name}")


def reach(scope: Scope, permission: Permission) -> frozenset[str] | None:
    """Return the organisations where ``scope`` has ``permission``; ``None`` means all of them."""
    if scope.crosses_tenants:
        return None
    found: set[str] = set()
    for grant in scope.grants:
        if not grant.permits(permission):
            continue
        if grant.org_id is None:
            return None
        found.add(grant.org_id)
    return frozenset(found)
