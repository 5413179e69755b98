"""Whose calls a caller asks about, and may."""

from mainspring.capabilities.metering.domain import USAGE_READ
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.authorize import authorize_somewhere
from mainspring.kernel.scope import Scope


async def narrowed(
    tenancy: TenancyService, scope: Scope, org_id: str | None, project_id: str | None
) -> tuple[Scope, str | None]:
    """Return the scope to read with, and the one organisation that it sees (``None``: all).

    Raises:
        NotFoundError: if the caller sees no such organisation or project.
        PermissionDeniedError: if the caller may not see usage there.
    """
    if project_id is not None:
        scope = await tenancy.project_scope(scope, USAGE_READ, project_id)
    else:
        scope = authorize_somewhere(scope, USAGE_READ, org_id=org_id)
    return scope, None if scope.crosses_tenants else scope.org_id
