"""The Anthropic protocol's model calls."""

from mainspring.gateway.limits import Reservation
from mainspring.gateway.protocols.allowances import anthropic_lines
from mainspring.gateway.protocols.operation import Operation
from mainspring.kernel.errors import MainspringError
from mainspring.wire.anthropic.errors import encode_error, encode_stream_error
from mainspring.wire.usage import Usage


class AnthropicOperation(Operation, frozen=True, kw_only=True):
    """A route whose errors are in Anthropic's shape."""

    def error(self, error: MainspringError, request_id: str) -> bytes:
        """Return the body of an error answer."""
        return encode_error(error, request_id)

    def stream_error(self, error: MainspringError, request_id: str) -> bytes:
        """Return the event that tells of a failure after the first byte of a stream."""
        return encode_stream_error(error, request_id)

    def allowance_lines(self, reservation: Reservation) -> bytes:
        """Return the header lines that tell what is left of the caller's limits."""
        return anthropic_lines(reservation)


def _nothing(body: bytes) -> Usage:
    """Counting tokens costs none."""
    del body
    return Usage()


MESSAGES = AnthropicOperation(name="chat", path="/v1/messages", task="chat", dialect="anthropic")

COUNT_TOKENS = AnthropicOperation(
    name="count_tokens",
    path="/v1/messages/count_tokens",
    task="chat",
    dialect="anthropic",
    may_stream=False,
    generates=False,
    measure=_nothing,
    counts_tokens=True,
)

OPERATIONS: tuple[Operation, ...] = (MESSAGES, COUNT_TOKENS)
