"""What oversight needs from outside."""

from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from mainspring.capabilities.oversight.domain import (
    Emergency,
    FourEyes,
    Held,
    Outcome,
    PendingChange,
    State,
)
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import Sealed


class Oversight(Protocol):
    """Settings, changes and emergencies as one transaction sees them; fails closed."""

    async def four_eyes(self, *, lock: bool = False) -> FourEyes:
        """Return the settings; ``lock`` holds up others who change them."""
        ...

    async def put_four_eyes(self, settings: FourEyes) -> None:
        """Write the next revision."""
        ...

    async def add(self, change: PendingChange) -> None:
        """Keep a new change."""
        ...

    async def get(self, change_id: str, *, lock: bool = False) -> PendingChange | None:
        """Return the change; ``lock`` holds up others who decide it."""
        ...

    async def waiting_of(self, author_id: str) -> Sequence[PendingChange]:
        """Return the changes of an actor that wait, and hold up others of the same actor."""
        ...

    async def list(
        self,
        *,
        states: Sequence[State],
        author_id: str | None,
        before: str | None,
        limit: int,
    ) -> Sequence[PendingChange]:
        """Return up to ``limit`` changes, newest first; no states: of every state."""
        ...

    async def replace(self, change: PendingChange) -> None:
        """Write the next revision."""
        ...

    async def overdue(
        self, now: datetime, approved_before: datetime, limit: int
    ) -> Sequence[PendingChange]:
        """Return changes that expired, and approved ones that never got an outcome."""
        ...

    async def add_emergency(self, emergency: Emergency) -> None:
        """Keep a new emergency; ``ConflictError`` if the person has an open one."""
        ...

    async def emergency(self, emergency_id: str, *, lock: bool = False) -> Emergency | None:
        """Return the emergency; ``lock`` holds up others who change it."""
        ...

    async def open_emergencies(self) -> Sequence[Emergency]:
        """Return those that nobody has ended, also where their time is over."""
        ...

    async def emergencies(self, *, before: str | None, limit: int) -> Sequence[Emergency]:
        """Return up to ``limit`` emergencies, newest first."""
        ...

    async def replace_emergency(self, emergency: Emergency) -> None:
        """Write the next revision."""
        ...

    async def count_use(self, emergency_id: str) -> None:
        """Count one more change that was made."""
        ...


class OversightStore(Protocol):
    """Opens transactions; they commit when the block ends and roll back when it raises."""

    def begin(self, scope: Scope) -> AbstractAsyncContextManager[Oversight]:
        """Open one."""
        ...


class Executor(Protocol):
    """Sends a held request as if its author sent it now; fails closed."""

    def operations(self) -> Collection[str]:
        """Return the ids of all operations that change something."""
        ...

    async def execute(self, held: Held, scope: Scope) -> Outcome:
        """Send it, and return how it was answered."""
        ...


class Authors(Protocol):
    """What those who ask for changes may do now; fails closed."""

    async def person(
        self, user_id: str, *, narrowed_to: frozenset[str] | None, confined_to: str | None
    ) -> Scope:
        """Return a person's scope; ``SignInRequiredError`` if the account is gone or disabled."""
        ...

    async def machine(self, token_id: str) -> Scope:
        """Return the scope of a token that is nobody's; ``SignInRequiredError`` if it ended."""
        ...


class Alarm(Protocol):
    """Tells people at once that somebody acts alone. Fails open: the audit trail has it anyway."""

    async def opened(self, emergency: Emergency) -> None:
        """Tell of an emergency that begins."""
        ...

    async def ended(self, emergency: Emergency) -> None:
        """Tell of one that is over."""
        ...


class NoAlarm:
    """Tells nobody beyond the log, the metric, the trail and what ``/system/info`` says."""

    async def opened(self, emergency: Emergency) -> None:
        """Do nothing."""

    async def ended(self, emergency: Emergency) -> None:
        """Do nothing."""


class Seal(Protocol):
    """Encrypts requests that wait; fails closed."""

    def seal(self, plaintext: bytes, context: str) -> Sealed:
        """Return ``plaintext`` encrypted and bound to ``context``."""
        ...

    def unseal(self, sealed: Sealed, context: str) -> bytes:
        """Return the plaintext; ``UnsealError`` if no key that is held here opens it."""
        ...
