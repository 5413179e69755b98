"""Answers of which more is counted than their usage object tells."""

from mainspring.gateway.pipeline.relay import RelayedCall, WholeRelay
from mainspring.gateway.protocols import Operation
from mainspring.wire.openai.tally import Tally
from mainspring.wire.usage import Usage


class MeasuredRelay(WholeRelay):
    """Passes an answer on as it comes, and counts what it brings."""

    def __init__(self, call: RelayedCall, tally: Tally) -> None:
        super().__init__(call, 0)
        self._tally = tally

    @property
    def units(self) -> Usage:
        """Return what was counted so far."""
        return self._tally.units()

    def on_piece(self, data: bytes) -> None:
        """Count, and pass the piece on."""
        self._tally.feed(data)
        super().on_piece(data)


def piped(call: RelayedCall, operation: Operation) -> WholeRelay:
    """Return the relay of an answer that is passed on as it comes."""
    tally = operation.tally
    return WholeRelay(call, 0) if tally is None else MeasuredRelay(call, tally())
