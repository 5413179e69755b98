"""Refusals for the audit trail: who tried what they may not do."""

import logging

from fastapi import Request

from mainspring.capabilities.audit.api import AuditService
from mainspring.infra.web.caller import scope_of_request
from mainspring.kernel.errors import DatabaseUnavailableError, PermissionDeniedError
from mainspring.kernel.scope import PLATFORM_ORG

_log = logging.getLogger(__name__)

_PER_MINUTE = 30
_MAX_KNOWN = 10_000


class Refusals:
    """Tells of refusals, of each actor a bounded number a minute: nobody fills the trail at will.

    Fails open: the refusal itself stands, told or not.
    """

    def __init__(self, audit: AuditService) -> None:
        self._audit = audit
        self._minute = 0
        self._told: dict[str, int] = {}

    async def note(self, request: Request, error: PermissionDeniedError) -> None:
        """Tell of one refusal."""
        scope = scope_of_request(request)
        if scope is None or not self._has_room(scope.actor.id):
            return
        orgs = {grant.org_id or PLATFORM_ORG for grant in scope.grants}
        try:
            await self._audit.note(
                scope,
                action="access.refuse",
                object_kind="route",
                object_id=_plain(f"{request.method} {request.url.path}")[:300],
                org_id=orgs.pop() if len(orgs) == 1 else PLATFORM_ORG,
                details={"reason": _plain(error.detail)},
            )
        except DatabaseUnavailableError:
            _log.warning("a refusal could not be told: the database is away")

    def _has_room(self, actor_id: str) -> bool:
        minute = int(self._audit.clock.monotonic() // 60)
        if minute != self._minute or len(self._told) >= _MAX_KNOWN:
            self._minute = minute
            self._told.clear()
        told = self._told.get(actor_id, 0)
        self._told[actor_id] = told + 1
        return told < _PER_MINUTE


def _plain(text: str) -> str:
    """Return ``text`` without NUL, which a path may hold and no column can."""
    return text.replace("\0", "")
