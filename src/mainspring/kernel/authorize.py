"""The one place where the platform decides whether an actor may do something.

:func:`authorize` answers with a narrowed :class:`Scope`, and a store opens tenant rows for nothing
else: code that forgets to ask sees an empty database, not another tenant's.
"""

import msgspec

from mainspring.kernel.access import Permission
from mainspring.kernel.errors import (
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
)
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
    where = " of the platform" if org_id == PLATFORM_ORG else ""
    raise PermissionDeniedError(f"this needs the permission {permission.name}{where}")


def reach(scope: Scope, permission: Permission) -> frozenset[str] | None:
    """Return the organisations where ``scope`` has ``permission``; ``None`` means all of them.

    One where it holds in some project only is not among them; see :func:`reach_within`.
    """
    if scope.crosses_tenants:
        return None
    found: set[str] = set()
    for grant in scope.grants:
        if grant.project_id is not None or not grant.permits(permission):
            continue
        if grant.org_id is None:
            return None
        found.add(grant.org_id)
    return frozenset(found)


def reach_within(scope: Scope, permission: Permission, *, org_id: str) -> frozenset[str] | None:
    """Return the projects of an organisation where ``scope`` has ``permission``; ``None``: all."""
    if scope.crosses_tenants:
        return None
    found: set[str] = set()
    for grant in scope.grants:
        if grant.permits(permission) and grant.org_id in (None, org_id):
            if grant.project_id is None:
                return None
            found.add(grant.project_id)
    return frozenset(found)


def authorize_somewhere(scope: Scope, permission: Permission, *, org_id: str | None) -> Scope:
    """Return ``scope`` narrowed for a list that may be asked for without naming an organisation.

    Without ``org_id`` that is the whole platform for whoever may see all of it, and the one
    organisation of everybody else.

    Raises:
        NotFoundError, PermissionDeniedError: as :func:`authorize`.
        InvalidRequestError: if the actor has the permission in several organisations.
    """
    if org_id is not None:
        return authorize(scope, permission, org_id=org_id)
    found = reach(scope, permission)
    if found is None:
        return authorize(scope, permission, org_id=PLATFORM_ORG)
    if len(found) > 1:
        raise InvalidRequestError(
            "you belong to several organisations: name one of them", param="org_id"
        )
    if not found:
        raise PermissionDeniedError(f"this needs the permission {permission.name}")
    return authorize(scope, permission, org_id=next(iter(found)))
