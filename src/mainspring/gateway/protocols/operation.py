"""One kind of model call."""

from collections.abc import Callable

import msgspec

from mainspring.gateway.limits import Reservation
from mainspring.gateway.protocols.allowances import openai_lines
from mainspring.kernel.errors import MainspringError
from mainspring.wire.openai.errors import encode_error, encode_stream_error
from mainspring.wire.openai.requests import Envelope, read_envelope
from mainspring.wire.openai.tally import Tally
from mainspring.wire.scopes import scopes_for
from mainspring.wire.usage import Usage, openai_usage_frame


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """A route of a client protocol that calls a model.

    ``name`` is the operation in records and metrics; ``task`` is what a model must declare;
    ``generates`` tells whether the answer's length is open, so that output tokens are reserved.
    ``dialect`` is the chat protocol that its clients speak; an operation without one reaches only
    upstreams of the OpenAI protocol. Another protocol overrides how errors and allowances are told.

    ``upstream_path`` is where upstreams serve it, if not at ``path``. With ``pipes`` an answer is
    passed on as it comes, whatever its media type. ``find_usage`` cuts the raw usage object out of
    a whole answer, ``normalise`` reads it where the upstream's protocol has no say in its shape,
    and ``measure`` counts what is sold by another unit than tokens, from the request. With
    ``counts_tokens`` nothing is made: the question is how long the prompt is.
    ``tally`` counts what an answer brings, where that is what is sold.
    With ``uploads`` a request is a form with files. ``scopes``, of which a caller needs one, follow
    from ``task``.
    """

    name: str
    path: str
    task: str
    dialect: str | None = None
    may_stream: bool = True
    generates: bool = True
    upstream_path: str | None = None
    pipes: bool = False
    find_usage: Callable[[bytes], bytes | None] = openai_usage_frame
    normalise: Callable[[bytes], Usage | None] | None = None
    measure: Callable[[bytes], Usage] | None = None
    tally: Callable[[], Tally] | None = None
    counts_tokens: bool = False
    uploads: bool = False
    scopes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Derive what every call would otherwise have to."""
        msgspec.structs.force_setattr(self, "scopes", scopes_for(self.task))

    def read(self, body: bytes) -> Envelope:
        """Read the governed fields of a request.

        Raises:
            InvalidRequestError: if it does not fit.
        """
        return read_envelope(body)

    def error(self, error: MainspringError, request_id: str) -> bytes:
        """Return the body of an error answer."""
        return encode_error(error, request_id)

    def stream_error(self, error: MainspringError, request_id: str) -> bytes:
        """Return the bytes that tell of a failure after the first byte of a stream."""
        return encode_stream_error(error, request_id)

    def allowance_lines(self, reservation: Reservation) -> bytes:
        """Return the header lines that tell what is left of the caller's limits."""
        return openai_lines(reservation)
