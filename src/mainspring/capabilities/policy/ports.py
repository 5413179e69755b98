"""What policy needs from outside."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from mainspring.capabilities.policy.domain import Policy
from mainspring.kernel.scope import Scope
from mainspring.snapshot.policies import Subject
from mainspring.snapshot.resources import Resource
from mainspring.snapshot.table import SnapshotTable


class PolicyRepository(Protocol):
    """The policies as one transaction sees them.

    Fails closed: any error undoes the whole transaction, and what was published with it.
    """

    async def add(self, policy: Policy) -> None:
        """Keep a new policy; ``ConflictError`` if its name is taken."""
        ...

    async def get(self, policy_id: str) -> Policy | None:
        """Return the policy, if the scope sees it."""
        ...

    async def of_organization(
        self, org_id: str | None, *, after: str | None, limit: int
    ) -> Sequence[Policy]:
        """Return up to ``limit`` policies, oldest first.

        ``org_id`` ``None``: all that the scope sees; else the organisation's and the platform's.
        """
        ...

    async def concerning(self, subject: Subject) -> Sequence[Policy]:
        """Return those that are attached to ``subject`` or to whom it belongs."""
        ...

    async def count_of(self, policy: Policy) -> int:
        """Return how many are attached where ``policy`` is."""
        ...

    async def replace(self, policy: Policy) -> None:
        """Write the next revision; ``PreconditionFailedError`` if it changed meanwhile."""
        ...

    async def remove(self, policy_id: str) -> None:
        """Remove the policy."""
        ...

    async def remove_of(self, org_id: str) -> Sequence[str]:
        """Remove every policy of an organisation; return their ids."""
        ...

    async def publish(
        self, puts: Iterable[Resource] = (), deletes: Iterable[tuple[str, str]] = ()
    ) -> None:
        """Tell gateways, once this transaction commits; call it last."""
        ...


class PolicyStore(Protocol):
    """Opens transactions; they see and write what the scope may."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[PolicyRepository]:
        """Open one; it commits when the block ends and rolls back when the block raises."""
        ...


class Snapshots(Protocol):
    """What gateways know; fails closed: without it nothing is judged."""

    async def present(self) -> SnapshotTable:
        """Return the newest snapshot, of the caller's own."""
        ...
