"""Control's answer on its way to the client."""

from collections.abc import Callable

import msgspec

from mainspring.gateway.http.call import Call
from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.sink import FailureKind, UpstreamFailure
from mainspring.gateway.pipeline.answers import refuse
from mainspring.kernel.errors import ControlUnavailableError, MainspringError, OverloadedError
from mainspring.wire.openai.errors import ErrorBody, ErrorEnvelope

_MAX_PROBLEM = 64 * 1024
_PASSED = frozenset({b"content-disposition", b"repr-digest"})
_RETRY_S = 1.0


class _FieldError(msgspec.Struct):
    field: str = ""


class _Problem(msgspec.Struct):
    detail: str
    code: str
    next_step: str = ""
    errors: list[_FieldError] = []


_problem_decoder = msgspec.json.Decoder(_Problem)


class FrontedAnswer:
    """Passes a success on as it comes, and words a refusal for clients of the OpenAI API."""

    def __init__(self, exchange: Exchange, request_id: str) -> None:
        self._exchange = exchange
        self._request_id = request_id
        self._status = 0
        self._headers: list[tuple[bytes, bytes]] = []
        self._problem: bytearray | None = None
        self.call: Call | None = None
        self.on_over: list[Callable[[], None]] = []
        """Hear, once, that there is nothing more to send or to wait for."""
        exchange.on_disconnect = self.stop

    def on_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Begin the answer, or to read a refusal."""
        self._status = status
        if not 200 <= status <= 299:
            self._headers = headers
            self._problem = bytearray()
            return
        told = [(b"x-request-id", self._request_id.encode())]
        length: int | None = None
        for name, value in headers:
            if name == b"content-type":
                told.append((name, value))
            elif name == b"content-length" and value.isdigit():
                length = int(value)
            elif name in _PASSED:
                told.append((name, value))
        told.append((b"x-content-type-options", b"nosniff"))
        exchange = self._exchange
        exchange.start(status, told, length)
        if exchange.method == "HEAD":
            # Control was asked by GET; nobody wants what follows.
            self.stop()
            exchange.end()
        elif self.call is not None:
            exchange.bind_source(self.call.pause, self.call.resume)

    def on_data(self, data: bytes) -> None:
        """Pass a piece on."""
        if self._problem is None:
            self._exchange.write(data)
        elif len(self._problem) < _MAX_PROBLEM:
            self._problem += data

    def on_end(self) -> None:
        """End the answer."""
        self._over()
        if self._problem is None:
            self._exchange.end()
            return
        try:
            problem = _problem_decoder.decode(self._problem)
        except (msgspec.DecodeError, UnicodeDecodeError):
            self._unavailable()
            return
        if self._status == 401:
            # Our own token was refused: nothing that the caller could mend.
            self._unavailable()
            return
        # OpenAI's API knows no 422, and its clients raise another error at it.
        status = 400 if self._status == 422 else self._status
        body = ErrorBody(
            f"{problem.detail.rstrip('.')}. {problem.next_step}",
            "api_error" if status >= 500 else "invalid_request_error",
            problem.errors[0].field if problem.errors else None,
            problem.code,
            self._request_id,
        )
        headers = [(b"x-request-id", self._request_id.encode())]
        headers += [pair for pair in self._headers if pair[0] == b"retry-after"]
        self._exchange.respond(status, msgspec.json.encode(ErrorEnvelope(body)), headers)

    def on_failure(self, error: UpstreamFailure) -> None:
        """Tell that there is no answer, or cut off one that has begun."""
        self._over()
        if self._exchange.started:
            self._exchange.abort()
        elif error.kind is FailureKind.POOL_FULL:
            self._refuse(
                OverloadedError("too many such calls at this moment", retry_after_s=_RETRY_S)
            )
        else:
            self._unavailable()

    def stop(self) -> None:
        """End the call; control sees at once that nobody waits for it. Nothing is answered."""
        call = self.call
        self._over()
        if call is not None:
            call.cancel()

    def _over(self) -> None:
        self.call = None
        told, self.on_over = self.on_over, []
        for each in told:
            each()

    def _unavailable(self) -> None:
        self._refuse(ControlUnavailableError(retry_after_s=_RETRY_S))

    def _refuse(self, error: MainspringError) -> None:
        refuse(self._exchange, error, self._request_id)
