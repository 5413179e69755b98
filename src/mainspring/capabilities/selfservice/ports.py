"""What self-service needs from outside."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from mainspring.capabilities.selfservice.domain import AccessRequest, AccessRule, ModelGrant
from mainspring.capabilities.selfservice.domain.requests import State
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Resource


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


class Grants(Protocol):
    """Grants of restricted models as one transaction sees them; fails closed."""

    async def add(self, grant: ModelGrant) -> None:
        """Keep a new grant; ``ConflictError`` if its holder has one of that model already."""
        ...

    async def get(self, grant_id: str, *, lock: bool = False) -> ModelGrant | None:
        """Return the grant, if the scope sees it; ``lock`` holds up others who change it."""
        ...

    async def list(
        self,
        *,
        org_id: str | None,
        project_id: str | None,
        model_id: str | None,
        after: str | None,
        limit: int,
    ) -> Sequence[ModelGrant]:
        """Return up to ``limit`` grants in the order of their ids; ``None`` leaves it open.

        ``project_id`` keeps those that hold in that project: those of its organisation as well.
        """
        ...

    async def replace(self, grant: ModelGrant) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def remove(self, grant_id: str) -> None:
        """Remove it."""
        ...

    async def remove_of_model(self, model_id: str) -> Sequence[str]:
        """Remove every grant of a model; return their ids."""
        ...

    async def remove_of_organization(self, org_id: str) -> Sequence[str]:
        """Remove every grant of an organisation; return their ids."""
        ...

    async def remove_expired(self, now: datetime, limit: int) -> Sequence[str]:
        """Remove up to ``limit`` grants that are over; return their ids."""
        ...

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits; call it last."""
        ...


class GrantStore(Protocol):
    """Opens transactions; they commit when the block ends and roll back when it raises."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Grants]:
        """Open one."""
        ...


class Standings(Protocol):
    """What people are; fails closed: who cannot be looked up stands for nothing."""

    async def stands_for(self, user_id: str, org_id: str, project_id: str) -> frozenset[str]:
        """Return ``role:…`` and ``group:…`` that a person has in that place."""
        ...
