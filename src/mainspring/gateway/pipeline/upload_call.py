"""A call whose body is sent while it arrives."""

import asyncio
import time
from collections.abc import Callable

from mainspring.gateway.http.call import StreamedCall
from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.pipeline.identity import Principal
from mainspring.gateway.pipeline.measured import piped
from mainspring.gateway.pipeline.model_call import ModelCall, ModelPipeline
from mainspring.gateway.pipeline.route import Attempt
from mainspring.gateway.pipeline.upload_spool import UploadSpool
from mainspring.gateway.protocols import Operation
from mainspring.gateway.routing import Destination, Plan, bounded
from mainspring.kernel.errors import MainspringError
from mainspring.wire.openai.form_reader import FormReader
from mainspring.wire.openai.requests import Envelope
from mainspring.wire.usage import Usage


class UploadCall(ModelCall):
    """Differs from others in how it is sent, and in that it cannot always be sent again."""

    def __init__(
        self,
        shared: ModelPipeline,
        *,
        operation: Operation,
        exchange: Exchange,
        request_id: str,
        principal: Principal,
        envelope: Envelope,
        plan: Plan,
        form: FormReader,
        spool: UploadSpool,
        length: int | None,
    ) -> None:
        """``length`` is that of the client's form, where it was announced."""
        super().__init__(
            shared,
            operation=operation,
            exchange=exchange,
            request_id=request_id,
            principal=principal,
            envelope=envelope,
            plan=plan,
        )
        self.line: StreamedCall | None = None
        """Where the form goes at present."""
        self.on_change: Callable[[], None] | None = None
        """Hears that :attr:`line` is another one, or that the call is over."""
        self._form = form
        self._spool = spool
        self._length = length
        self._changed = asyncio.Event()
        self._name = b""

    async def changed(self) -> None:
        """Wait until there is another target, or the call is over."""
        self._changed.clear()
        if not self.closed:
            await self._changed.wait()

    def renamed(self, piece: bytes, at: int) -> bytes:
        """Return a piece of the form, ``at`` its offset, with the upstream's name of the model."""
        span = self._form.model_span
        if span is None or at >= span[1] or at + len(piece) < span[0]:
            return piece
        start, end = span
        name = self._name if at <= start < at + len(piece) else b""
        return piece[: max(start - at, 0)] + name + piece[end - at :]

    def give_up(self, *, outcome: str, status: int) -> None:
        """Stop at once: what the client sends is no form, or does not come."""
        if self.closed:
            return
        if self._relay is not None:
            self._relay.cancel()
        self.close(outcome=outcome, status=status, usage=Usage())

    def give_up_by(self, error: MainspringError) -> None:
        """Stop at once, and answer by ``error``."""
        if self._relay is not None:
            self._relay.cancel()
        if self.exchange.started:
            self.close(outcome=error.code, status=error.status, usage=Usage())
            self.exchange.abort()
        else:
            self.answer_error(error)

    def close(self, *, outcome: str, status: int, usage: Usage, frame: bytes | None = None) -> None:
        """Close the books, and let go of whoever sends."""
        super().close(outcome=outcome, status=status, usage=usage, frame=frame)
        self._note_change()

    def _find(self, now: float) -> bool:
        """Look for a further target, if there still is everything to send to it."""
        return self._spool.whole and super()._find(now)

    def _hedge(self) -> None:
        """Do nothing: a form is not sent twice at once."""
        self._timer = None

    def _send_as_it_is(self, destination: Destination, attempt: Attempt | None) -> None:
        relay = piped(self, self.operation)
        relay.attempt = attempt
        self._relay = relay
        relay.destination = destination
        relay.probe = destination.health.begin()
        timeouts = destination.timeouts
        if self._attempts == 1:
            relay.started_at = self.exchange.received_at
        else:
            relay.started_at = now = time.monotonic()
            timeouts = bounded(destination.upstream, max(self._way().deadline - now, 0.05))
        self._name = destination.upstream_model.encode()
        length = self._length
        span = self._form.model_span
        if length is not None and span is not None:
            length += len(self._name) - (span[1] - span[0])
        relay.upstream_call = self.line = destination.upstream.stream(
            self._upstream_path,
            relay,
            request_id=self.request_id.encode(),
            traceparent=self.trace.traceparent(self._attempts),
            timeouts=timeouts,
            lines=self.trace.passed,
            media_type=b'multipart/form-data; boundary="%b"' % self._form.boundary,
            length=length,
        )
        self._note_change()

    def _note_change(self) -> None:
        self._changed.set()
        if self.on_change is not None:
            self.on_change()
