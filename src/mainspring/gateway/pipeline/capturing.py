"""What is kept of one call for its record: what its project wants, as far as policies leave it."""

import random
from typing import Final

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.policy.gate import Caller, PolicyGate
from mainspring.gateway.protocols import Operation
from mainspring.gateway.watch.exchange import WatchedExchange
from mainspring.gateway.watch.notes import MAX_READ, Captured
from mainspring.snapshot.capture import keeps
from mainspring.snapshot.resources import Capture, Model

SESSION: Final = b"x-session-id"
_MAX_SESSION: Final = 256


class CallCapture:
    """Decides for one call, and again, never for more, when another model takes over."""

    __slots__ = ("_body", "_caller", "_capture", "_draw", "_exchange", "_gate", "_operation")

    def __init__(
        self,
        capture: Capture,
        operation: Operation,
        exchange: Exchange,
        caller: Caller,
        gate: PolicyGate,
    ) -> None:
        """Make it for a call of a project that wants ``capture``; nothing is kept yet."""
        self._capture = capture
        self._operation = operation
        self._exchange = exchange
        self._caller = caller
        self._gate = gate
        self._body = None if operation.uploads else exchange.body
        self._draw = random.random()  # once: another model gives a call no second chance

    def begin(self, model: Model) -> None:
        """Have the call of ``model`` kept, if it is among those that are; before any answer."""
        exchange = self._exchange
        if not isinstance(exchange, WatchedExchange):
            return
        operation = self._operation
        capture = self._capture
        bound = self._gate.capture_bound(operation, self._caller, model)
        if bound is not None:
            capture = self._capture = bound.narrows(capture)
        if self._draw >= capture.sample or not keeps(capture):
            exchange.capture(None, 0)
            return
        session = exchange.headers.get(SESSION, b"")[:_MAX_SESSION].decode("latin-1")
        captured = Captured(
            capture.level, operation.dialect, session or None, self._body, path=operation.path
        )
        exchange.capture(captured, 0 if capture.level == "metadata" else MAX_READ)
