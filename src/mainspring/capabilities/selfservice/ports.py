"""What self-service needs from outside."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from mainspring.capabilities.selfservice.domain import AccessRequest, AccessRule
from mainspring.capabilities.selfservice.domain.requests import State
from mainspring.kernel.scope import Scope


class Requests(Protocol):
    """Rules and requests as one transaction sees them; fails closed."""

    async def add_rule(self, rule: AccessRule) -> None:
        """Keep a new rule; ``ConflictError`` if its name is taken where it belongs."""
        ...

    async def rule(self, rule_id: str) -> AccessRule | None:
        """Return the rule, if the scope sees it."""
        ...

    async def rules(self, org_id: str | None) -> Sequence[AccessRule]:
        """Return the rules that concern an organisation (``None``: the platform's own)."""
        ...

    async def replace_rule(self, rule: AccessRule) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def remove_rule(self, rule_id: str) -> None:
        """Remove it."""
        ...

    async def add(self, request: AccessRequest) -> None:
        """Keep a new request."""
        ...

    async def get(self, request_id: str, *, lock: bool = False) -> AccessRequest | None:
        """Return the request, if the scope sees it; ``lock`` holds up others who change it."""
        ...

    async def open_of(self, org_id: str, requester_id: str) -> int:
        """Return how many requests of a person wait, and hold up others of the same person."""
        ...

    async def list(
        self,
        org_id: str,
        *,
        states: Sequence[State],
        requester_id: str | None,
        approvers: Sequence[str] | None,
        before: str | None,
        limit: int,
    ) -> Sequence[AccessRequest]:
        """Return up to ``limit`` requests, newest first.

        With both ``requester_id`` and ``approvers``: the person's own and those whose steps name
        one of these.
        """
        ...

    async def replace(self, request: AccessRequest) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def due(self, now: datetime, lapsed_before: datetime, limit: int) -> Sequence[str]:
        """Return ids of grants that ended, and of requests made before ``lapsed_before``."""
        ...


class RequestStore(Protocol):
    """Opens transactions; they commit when the block ends and roll back when it raises."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Requests]:
        """Open one."""
        ...


class Standings(Protocol):
    """What people are; fails closed: who cannot be looked up stands for nothing."""

    async def stands_for(self, user_id: str, org_id: str, project_id: str) -> frozenset[str]:
        """Return ``role:…`` and ``group:…`` that a person has in that place."""
        ...
