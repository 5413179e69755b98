"""One call that is passed through: to one server, once, its body as it arrives."""

import time
from collections.abc import Callable

import msgspec

from mainspring.gateway.http.call import StreamedCall
from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.passthrough.headers import HeaderRules
from mainspring.gateway.passthrough.relay import PassthroughRelay
from mainspring.gateway.pipeline.failures import error_of_status
from mainspring.gateway.pipeline.identity import Principal
from mainspring.gateway.pipeline.model_call import ModelCall, ModelPipeline
from mainspring.gateway.pipeline.route import Attempt
from mainspring.gateway.protocols import Operation
from mainspring.gateway.routing import Destination, Plan
from mainspring.kernel.errors import MainspringError
from mainspring.wire.foreign_usage import read_any_usage
from mainspring.wire.openai.requests import Envelope
from mainspring.wire.usage import Usage


class PassthroughCall(ModelCall):
    """Differs from a model's call in what is sent and what is read of the answer: next to nothing.

    The pipeline is the same: what was reserved is settled, and there is a record.
    """

    def __init__(
        self,
        shared: ModelPipeline,
        *,
        operation: Operation,
        exchange: Exchange,
        request_id: str,
        principal: Principal,
        plan: Plan,
        path: bytes,
        rules: HeaderRules,
        estimated_input: int,
        length: int | None,
        most_bytes: int,
    ) -> None:
        """``length`` is that of a body that follows, where it was announced.

        ``most_bytes`` is how much of it is taken.
        """
        super().__init__(
            shared,
            operation=operation,
            exchange=exchange,
            request_id=request_id,
            principal=principal,
            envelope=Envelope(model=plan.model.name),
            plan=plan,
        )
        self.estimated_input = estimated_input
        self.line: StreamedCall | None = None
        """Where a body that follows goes, once there is something."""
        self.most_bytes = most_bytes
        self.on_close: Callable[[], None] | None = None
        """Hears that the call is over."""
        self._path = path
        self._rules = rules
        self._length = length
        self._status = 200

    def begins(self, status: int, *, streams: bool) -> None:
        """Take note of the answer's status, and whether it is a stream of events."""
        self._status = status
        if streams:
            self.envelope = msgspec.structs.replace(self.envelope, stream=True)

    def complete(
        self, frame: bytes | None, estimated_output: int, usage: Usage | None = None
    ) -> None:
        """Close the call of a complete answer, whatever its status."""
        usage = usage or (None if frame is None else read_any_usage(frame))
        if usage is None:
            frame = None
            usage = self._estimate(estimated_output)
        status = self._status
        outcome = "ok" if status < 400 else error_of_status(status).code
        self.close(outcome=outcome, status=status, usage=usage, frame=frame)

    def broke_off(self, error: MainspringError, estimated_output: int) -> None:
        """Close the call of an answer that the upstream did not finish."""
        usage = self._estimate(estimated_output)
        self.close(outcome=error.code, status=self._status, usage=usage)

    def stop(self, *, outcome: str, status: int) -> None:
        """Stop at once; whoever calls answers, or has no way to."""
        if self.closed:
            return
        if self._relay is not None:
            self._relay.cancel()
        self.close(outcome=outcome, status=status, usage=self._estimate(0))

    def give_up(self, error: MainspringError) -> None:
        """Stop at once, and answer by ``error`` if nothing was answered yet."""
        if self.closed:
            return
        if self.exchange.started:
            self.stop(outcome=error.code, status=self._status)
            self.exchange.abort()
        else:
            if self._relay is not None:
                self._relay.cancel()
            self.answer_error(error)

    def close(self, *, outcome: str, status: int, usage: Usage, frame: bytes | None = None) -> None:
        """Close the books, and let go of whoever sends."""
        if self.closed:
            return
        super().close(outcome=outcome, status=status, usage=usage, frame=frame)
        told, self.on_close = self.on_close, None
        if told is not None:
            told()

    def _estimate(self, output: int) -> Usage:
        """Return what the upstream has told so far; nothing is guessed."""
        del output
        relay = self._relay
        frame = relay.frame if isinstance(relay, PassthroughRelay) else None
        usage = None if frame is None else read_any_usage(frame)
        return Usage() if usage is None else msgspec.structs.replace(usage, estimated=True)

    def _hedge(self) -> None:
        """Do nothing: what is not understood is not sent twice."""
        self._timer = None

    def _send_as_it_is(self, destination: Destination, attempt: Attempt | None) -> None:
        self._pass_on(destination, attempt)

    def _send_translated(self, destination: Destination, attempt: Attempt | None) -> None:
        self._pass_on(destination, attempt)

    def _pass_on(self, destination: Destination, attempt: Attempt | None) -> None:
        relay = PassthroughRelay(self, self._rules)
        relay.attempt = attempt
        self._relay = relay
        relay.destination = destination
        relay.probe = destination.health.begin()
        relay.started_at = time.monotonic()
        exchange = self.exchange
        lines = self.trace.passed
        traceparent = self.trace.traceparent(self._attempts)
        if traceparent is not None:
            lines += b"traceparent: %b\r\n" % traceparent
        lines += destination.protocol.header_lines(exchange.headers)
        lines += self._rules.request_lines(exchange.headers, lines)
        follows = exchange.upload is not None
        relay.upstream_call = sent = destination.upstream.pass_on(
            "GET" if exchange.method == "HEAD" else exchange.method,
            self._path,
            relay,
            request_id=self.request_id.encode(),
            lines=lines,
            body=exchange.body,
            length=self._length,
            follows=follows,
        )
        if isinstance(sent, StreamedCall):
            self.line = sent
