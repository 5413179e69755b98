"""Where requests are held to the policies of their callers."""

from typing import Protocol

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.policy.book import PolicyBook
from mainspring.gateway.protocols import Operation
from mainspring.kernel.errors import MainspringError
from mainspring.snapshot.capture import CaptureBound
from mainspring.snapshot.govern import Governed, check_form, govern
from mainspring.snapshot.policies import CacheRules, Effective
from mainspring.snapshot.resources import Model
from mainspring.snapshot.table import SnapshotTable


class Caller(Protocol):
    """Who calls, as far as policies are attached to it."""

    @property
    def org_id(self) -> str:
        """Return the organisation's id."""
        ...

    @property
    def project_id(self) -> str:
        """Return the project's id."""
        ...

    @property
    def key_id(self) -> str | None:
        """Return the key's id, if the call was made with one."""
        ...


class PolicyGate:
    """Asks the book what holds for a call, and holds the call to it."""

    def __init__(self, table: SnapshotTable) -> None:
        self._table = table
        self._book = PolicyBook(table)

    def forget(self) -> None:
        """Drop what was derived from an older snapshot."""
        self._book.forget()

    def rules(self, operation: Operation, caller: Caller, model: Model) -> Effective | None:
        """Return what holds for a call; ``None``: nothing."""
        if not self._table.policies:
            return None
        return self._book.of(
            caller.org_id, caller.project_id, caller.key_id, model.name, operation.task
        )

    def cache_rules(self, operation: Operation, caller: Caller, model: Model) -> CacheRules | None:
        """Return what holds for the cache; ``None``: there is none."""
        rules = self.rules(operation, caller, model)
        return None if rules is None else rules.cache

    def capture_bound(
        self, operation: Operation, caller: Caller, model: Model
    ) -> CaptureBound | None:
        """Return the most that may be kept of a call; ``None``: all that its project wants."""
        rules = self.rules(operation, caller, model)
        return None if rules is None else rules.capture

    def hold(
        self, operation: Operation, exchange: Exchange, caller: Caller, model: Model
    ) -> Governed | None:
        """Hold a request to what policies say of its parameters; it may get another body then.

        Raises:
            MainspringError: if they refuse it.
        """
        governed = self._govern(operation, exchange.body, caller, model)
        if governed is not None:
            exchange.body = governed.body
        return governed

    def permits(
        self, operation: Operation, exchange: Exchange, caller: Caller, model: Model
    ) -> bool:
        """Tell whether policies let a request go to ``model``, changed or not."""
        try:
            self._govern(operation, exchange.body, caller, model)
        except MainspringError:
            return False
        return True

    def _govern(
        self, operation: Operation, body: bytes, caller: Caller, model: Model
    ) -> Governed | None:
        if operation.counts_tokens:
            return None  # nothing is made, and what would be written is no part of that question
        rules = self.rules(operation, caller, model)
        if rules is None or not rules.parameters:
            return None
        if operation.uploads:
            check_form(body, rules.parameters)
            return None
        return govern(body, rules.parameters, operation.dialect, generates=operation.generates)
