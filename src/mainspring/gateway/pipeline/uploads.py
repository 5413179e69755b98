"""Uploads that do not come at once: forms with files, sent on while they arrive.

The caller is known before anything is read, the model as soon as its field has passed; from then on
the form flows to the upstream as fast as that takes it. A model that is named behind its files has
them wait in a spool, and so has a form that policies want to see whole. Another target is tried
only as long as everything that was read is still kept.
"""

import asyncio
from collections.abc import Awaitable, Coroutine
from typing import Any

from mainspring.gateway.http.call import StreamedCall
from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.request_head import Refusal as HttpRefusal
from mainspring.gateway.http.upload import BodyStream, ClientGoneError
from mainspring.gateway.limits import Refusal, Reservation
from mainspring.gateway.pipeline.admission import plan_for, require_room
from mainspring.gateway.pipeline.answers import rate_limited, refuse_body
from mainspring.gateway.pipeline.identity import CALL_MODELS, Principal, find_model
from mainspring.gateway.pipeline.model_call import ModelPipeline
from mainspring.gateway.pipeline.upload_call import UploadCall
from mainspring.gateway.pipeline.upload_spool import UploadRoom, UploadSpool
from mainspring.gateway.protocols import Operation
from mainspring.gateway.routing import Plan
from mainspring.kernel.errors import InvalidRequestError, MainspringError
from mainspring.kernel.ids import new_id
from mainspring.snapshot.govern import check_fields
from mainspring.wire.openai.form_reader import FormReader
from mainspring.wire.openai.requests import Envelope

_PIECE_BYTES = 256 * 1024


class Uploads:
    """Answers the routes that take forms."""

    def __init__(self, pipeline: ModelPipeline, room: UploadRoom) -> None:
        self._pipeline = pipeline
        self._room = room

    def serve(self, operation: Operation, exchange: Exchange) -> Coroutine[Any, Any, bool] | None:
        """Answer ``exchange``; a form that came at once goes the way of every other request."""
        stream = exchange.upload
        if stream is None:
            return self._pipeline.serve(operation, exchange)
        return self._serve(operation, exchange, stream)

    async def _serve(self, operation: Operation, exchange: Exchange, stream: BodyStream) -> bool:
        request_id = new_id("req")
        pipeline = self._pipeline
        form = FormReader()
        spool = UploadSpool(self._room)
        try:
            try:
                call = await self._open(operation, exchange, request_id, form, spool, stream)
                reservation = await self._reserve(call)
            except HttpRefusal as refused:
                refuse_body(exchange, refused)
                return False
            except ClientGoneError:
                return True
            except MainspringError as error:
                pipeline.refuse(operation, exchange, error, request_id)
                return False
            if exchange.disconnected:
                call.let_go(reservation)
                return True
            call.run(reservation)
            try:
                await _Pump(call, form, spool, stream).run()
            finally:
                # Does nothing after an ordinary end; a mistake of ours must not keep what it holds.
                call.give_up(outcome=MainspringError.code, status=MainspringError.status)
            return True
        finally:
            spool.close()

    async def _open(  # noqa: PLR0917 - all that an upload has
        self,
        operation: Operation,
        exchange: Exchange,
        request_id: str,
        form: FormReader,
        spool: UploadSpool,
        stream: BodyStream,
    ) -> UploadCall:
        """Read as much as has to be known, and check it."""
        pipeline = self._pipeline
        principal = pipeline.authenticator.authenticate(exchange.headers)
        principal.require_scope(CALL_MODELS)
        require_room(pipeline.spool)
        envelope = await _read_until_known(form, spool, stream)
        model = find_model(pipeline.table, principal, envelope.model)
        plan = plan_for(pipeline.router, operation, model)
        await self._hold_to_policies(operation, principal, plan, form, spool, stream)
        return UploadCall(
            pipeline,
            operation=operation,
            exchange=exchange,
            request_id=request_id,
            principal=principal,
            envelope=envelope,
            plan=plan,
            form=form,
            spool=spool,
            length=_announced(exchange),
        )

    async def _hold_to_policies(  # noqa: PLR0917 - all that an upload has
        self,
        operation: Operation,
        principal: Principal,
        plan: Plan,
        form: FormReader,
        spool: UploadSpool,
        stream: BodyStream,
    ) -> None:
        """Read a form to its end where policies have a say in its fields, and hold it to them."""
        policies = self._pipeline.policies
        rules = policies.rules(operation, principal, plan.model)
        if rules is None or not rules.parameters:
            return
        while await _read_on(form, spool, stream):
            pass
        for parameter in rules.parameters:
            if parameter.name.encode() in form.unreadable:
                raise InvalidRequestError(
                    f"the field {parameter.name} is there twice, or too long", param=parameter.name
                )
        check_fields(form.fields, rules.parameters)

    async def _reserve(self, call: UploadCall) -> Reservation:
        decision = self._pipeline.reserve(call)
        if isinstance(decision, Awaitable):
            decision = await decision
        if isinstance(decision, Refusal):
            raise rate_limited(decision)
        return decision


class _Pump:
    """Sends one upload to whichever target the call has chosen, until it is answered."""

    def __init__(
        self, call: UploadCall, form: FormReader, spool: UploadSpool, stream: BodyStream
    ) -> None:
        self._call = call
        self._form = form
        self._spool = spool
        self._stream = stream
        self._read = spool.size
        """Bytes that were taken from the stream."""

    async def run(self) -> None:
        """Send until the call is over."""
        call = self._call
        call.on_change = self._stream.wake
        while not call.closed:
            line = call.line
            if line is not None and not line.over:
                await self._send(line)
            if not call.closed and call.line is line:
                await call.changed()

    async def _send(self, line: StreamedCall) -> None:
        """Send everything, from the first byte on."""
        call, spool = self._call, self._spool
        at = 0
        while await line.ready():
            if at < spool.size:
                piece = await spool.read(at, _PIECE_BYTES)
            else:
                # Whatever is kept was sent: from here on bytes only pass by.
                piece = await self._next(line)
                if piece is None:
                    return
                if not piece:
                    line.finish(asyncio.get_running_loop().time())
                    return
                spool.pass_by(piece)
                spool.drop()
            line.write(call.renamed(piece, at))
            at += len(piece)

    async def _next(self, line: StreamedCall) -> bytes | None:
        """Return what has arrived since; ``None`` where ``line`` has no use for it any more."""
        call = self._call
        try:
            piece = await self._stream.read()
            while piece is None:
                if line.over or call.closed:
                    return None
                piece = await self._stream.read()  # woken for what is long over
            if piece:
                self._form.feed(piece)
            else:
                self._form.close()
        except ClientGoneError:
            return None
        except HttpRefusal as refused:
            call.give_up(outcome=refused.code, status=refused.status)
            refuse_body(call.exchange, refused)
            return None
        except MainspringError as error:
            call.give_up_by(error)
            return None
        return piece


async def _read_until_known(form: FormReader, spool: UploadSpool, stream: BodyStream) -> Envelope:
    while form.envelope is None:
        if not await _read_on(form, spool, stream):
            break
    envelope = form.envelope
    if envelope is None:
        raise InvalidRequestError("the form has no field named model", param="model")
    return envelope


async def _read_on(form: FormReader, spool: UploadSpool, stream: BodyStream) -> bool:
    """Read and keep a further piece; tell whether there was one."""
    piece = await stream.read()
    if not piece:
        form.close()
        return False
    form.feed(piece)
    await spool.append(piece)
    return True


def _announced(exchange: Exchange) -> int | None:
    length = exchange.headers.get(b"content-length")
    return None if length is None else int(length)
