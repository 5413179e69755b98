"""A realtime session under way: events relayed both ways, and each response on the books once.

The session holds one place and counts as one request; every response reserves and settles like a
call of its own, without a place. A client's ``response.create`` waits for its reservation. What an
upstream begins by itself, because it heard the end of a sentence, is reserved when it begins; where
that is refused, the session ends. So a spent budget ends the session by a typed error event.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable

from mainspring.gateway.http.websocket import (
    ABNORMAL,
    GOING_AWAY,
    INTERNAL_ERROR,
    POLICY_VIOLATION,
    UNSUPPORTED_DATA,
    WebSocket,
)
from mainspring.gateway.http.websocket_client import UpstreamSocket
from mainspring.gateway.limits import Refusal, Reservation
from mainspring.gateway.limits.port import Decision
from mainspring.gateway.meter.recorder import usage_record_id
from mainspring.gateway.pipeline.answers import rate_limited
from mainspring.gateway.pipeline.attempts import CLIENT_CLOSED
from mainspring.gateway.pipeline.identity import CALL_MODELS, Principal
from mainspring.gateway.pipeline.model_call import ModelPipeline
from mainspring.gateway.protocols import REALTIME
from mainspring.gateway.routing import Destination, Plan, Verdict
from mainspring.gateway.watch.trace import Trace
from mainspring.kernel.errors import (
    BudgetExceededError,
    MainspringError,
    RateLimitedError,
    UpstreamError,
)
from mainspring.kernel.ids import new_id
from mainspring.kernel.money import Money
from mainspring.kernel.tasks import TaskOwner
from mainspring.snapshot.limits import Bounds
from mainspring.snapshot.prices import cost_of, highest_cost
from mainspring.wire.openai.realtime import (
    CREATE,
    ServerNote,
    normalise_realtime,
    read_client_event,
    read_server_event,
    realtime_error,
)
from mainspring.wire.records import UsageRecord
from mainspring.wire.usage import Usage

MAX_RESPONSES = 32
"""Responses that may be reserved or under way at once in one session."""
_HEARD = "realtime_transcription"
_NO_USAGE = Usage()


class RealtimeCall:
    """Who has a session with whom, and its books."""

    def __init__(
        self,
        *,
        pipeline: ModelPipeline,
        request_id: str,
        principal: Principal,
        plan: Plan,
        bounds: Bounds,
        trace: Trace,
        headers: dict[bytes, bytes],
        received_at: float,
    ) -> None:
        self.pipeline = pipeline
        self.request_id = request_id
        self.principal = principal
        self.plan = plan
        self.bounds = bounds
        self.trace = trace
        self.received_at = received_at
        self.destination: Destination | None = None
        self.attempts = 0
        self.reservation: Reservation | None = None
        """The session's place."""
        self.served = False
        """An upstream has taken the session."""
        self.context_tokens = 0
        """What the last response read; the next one reads at least as much."""
        self._headers = headers
        self._asked = plan

    @property
    def names(self) -> frozenset[str]:
        """Return what the client may call the session's model."""
        model = self._asked.model
        return frozenset((model.name, *model.aliases))

    def still_allowed(self) -> None:
        """Check the caller again: keys are revoked while sessions last.

        Raises:
            MainspringError: if it may not call models any more.
        """
        principal = self.pipeline.authenticator.authenticate(self._headers)
        principal.require_scope(CALL_MODELS)

    def reserve(self) -> Decision | Awaitable[Decision]:
        """Reserve a response."""
        output = self.pipeline.default_output_tokens
        price = self.plan.price
        cost = None
        if self.bounds.budgeted and price is not None:
            cost = highest_cost(price, self.context_tokens, output)
        return self.pipeline.limiter.reserve(
            self.bounds.all,
            self.context_tokens + output,
            time.monotonic(),
            self.plan.lease_s,
            cost,
            place=False,
        )

    def reserve_what_was(self) -> Decision | Awaitable[Decision]:
        """Reserve for what has happened already: it needs no room, and is settled at once."""
        price = self.plan.price
        cost = None if price is None else Money(price.currency, 0)
        return self.pipeline.limiter.reserve(
            self.bounds.all, 0, time.monotonic(), self.plan.lease_s, cost, place=False
        )

    def settle(self, reservation: Reservation, usage: Usage) -> None:
        """Settle a reservation by what was used."""
        price = self.plan.price
        cost = None if price is None else cost_of(price, usage)
        self.pipeline.limiter.settle(reservation, usage.total, time.monotonic(), cost)

    def release(self, reservation: Reservation) -> None:
        """Give back what was reserved for a response that never began."""
        self.pipeline.limiter.release(reservation, time.monotonic())

    def record(
        self,
        operation: str,
        usage: Usage,
        *,
        frame: bytes | None,
        began_at: float,
        outcome: str = "ok",
        status: int = 200,
    ) -> None:
        """Write down what one response, or one transcription, took."""
        pipeline, plan, destination = self.pipeline, self.plan, self.destination
        request_id = new_id("req")
        duration = time.monotonic() - began_at
        price = plan.price
        cost = None if price is None else cost_of(price, usage)
        series = pipeline.metrics.of(operation, plan.model.name)
        series.by_status[status // 100] += 1
        series.duration.observe(duration)
        series.input_tokens += (
            usage.input + usage.cached_input + usage.audio_input + usage.cached_audio
        )
        series.output_tokens += usage.output + usage.audio_output
        series.tokens += usage.total
        pipeline.recorder.write(
            UsageRecord(
                id=usage_record_id(request_id),
                request_id=request_id,
                at_ms=int((time.time() - duration) * 1000),
                org_id=self.principal.org_id,
                project_id=self.principal.project_id,
                key_id=self.principal.key_id,
                actor_id=self.principal.actor_id,
                operation=operation,
                model=plan.model.name,
                upstream_id=None if destination is None else destination.upstream.resource.id,
                upstream_model=None if destination is None else destination.upstream_model,
                stream=True,
                status=status,
                outcome=outcome,
                usage=usage,
                usage_frame=frame,
                duration_ms=duration * 1000,
                attempts=max(self.attempts, 1),
                trace_id=self.trace.trace_id,
                snapshot_version=pipeline.table.version,
                gateway_id=pipeline.gateway_id,
                cost_nanos=None if cost is None else cost.nanos,
                currency=None if cost is None else cost.currency,
                fallback_from=None if plan is self._asked else self._asked.model.name,
                track="stable" if destination is None else destination.target.track,
            )
        )

    def record_failure(self, outcome: str, status: int) -> None:
        """Write down a session that no upstream took."""
        self.record(
            REALTIME.name,
            _NO_USAGE,
            frame=None,
            began_at=self.received_at,
            outcome=outcome,
            status=status,
        )

    def end(self) -> None:
        """Give the session's place back, once."""
        reservation, self.reservation = self.reservation, None
        if reservation is None:
            return
        if self.served:
            self.pipeline.metrics.in_flight -= 1
            self.settle(reservation, _NO_USAGE)
        else:
            self.release(reservation)


class _Response:
    """A response under way."""

    __slots__ = ("began_at", "events", "reservation")

    def __init__(self, reservation: Reservation | None) -> None:
        self.reservation = reservation
        self.began_at = time.monotonic()
        self.events = 0


class RealtimeSession:
    """The relay between a client and the upstream that took its session."""

    def __init__(
        self, call: RealtimeCall, line: UpstreamSocket, tasks: TaskOwner, session_s: float
    ) -> None:
        self.call = call
        self.client = _ClientSide(self)
        self._upstream = _UpstreamSide(self)
        self._line = line
        self._tasks = tasks
        self._session_s = session_s
        self._timer: asyncio.TimerHandle | None = None
        self._granted: deque[Reservation] = deque()
        self._responses: dict[str, _Response] = {}
        self._backlog: deque[bytes] = deque()
        self._deciding = False
        self._draining = False
        self._over = False

    @property
    def busy(self) -> bool:
        """Tell whether a response is under way."""
        return bool(self._responses or self._granted)

    def start(self) -> None:
        """Begin to relay."""
        if self._over:  # the client left with its first words
            self._line.abort()
            return
        self.call.served = True
        self.call.pipeline.metrics.in_flight += 1
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(
            self._session_s, self.close, GOING_AWAY, "a session does not last longer"
        )
        self._line.begin(self._upstream)

    # From the client

    def hear_client(self, data: bytes) -> None:
        """Pass an event on, after those that wait for a decision."""
        if self._deciding:
            self._backlog.append(data)
        else:
            self._take(data)

    def _take(self, data: bytes) -> None:
        call = self.call
        event_id = None
        try:
            upstream_model = "" if call.destination is None else call.destination.upstream_model
            kind, event_id, data = read_client_event(data, call.names, upstream_model)
            if kind != CREATE:
                self._upstream.send(data)
                return
            if len(self._granted) + len(self._responses) >= MAX_RESPONSES:
                raise RateLimitedError(f"this session has {MAX_RESPONSES} responses under way")
            call.still_allowed()
            decision = call.reserve()
            if isinstance(decision, Awaitable):
                self._deciding = True
                self.client.socket.hold(hold=True)
                self._tasks.start(self._decide(decision, data, event_id), name="realtime response")
            else:
                self._decided(decision, data, event_id)
        except MainspringError as error:
            self._refuse(error, event_id)

    async def _decide(
        self, pending: Awaitable[Decision], data: bytes, event_id: str | None
    ) -> None:
        decision = await pending
        self._deciding = False
        if self._over:
            if isinstance(decision, Reservation):
                self.call.release(decision)
            return
        self._decided(decision, data, event_id)
        while self._backlog and not self._deciding and not self._over:
            self._take(self._backlog.popleft())
        if not self._deciding:
            self.client.socket.hold(hold=self._upstream.behind)

    def _decided(self, decision: Decision, data: bytes, event_id: str | None) -> None:
        if isinstance(decision, Refusal):
            self._refuse(rate_limited(decision), event_id)
        else:
            self._granted.append(decision)
            self._upstream.send(data)

    # From the upstream

    def hear_upstream(self, data: bytes, *, text: bool) -> None:
        """Note what an event means for the books, then pass it on."""
        note = read_server_event(data) if text else None
        if note is not None:
            self._book(note)
            if self._over:
                return
        for response in self._responses.values():
            response.events += 1
        self.client.socket.send(data, text=text)
        if self._draining and not self.busy:
            self.close(GOING_AWAY, "this server stops; connect again")

    def _book(self, note: ServerNote) -> None:
        if note.kind == "begun":
            self._begun(note)
        elif note.kind == "ended":
            response = self._responses.pop(note.response_id, None)
            if response is not None:
                outcome = UpstreamError.code if note.failed else "ok"
                self._settle(response, note.usage, outcome)
        elif note.kind == "rejected":
            # Perhaps the request for a response. If it was not, its beginning reserves anew.
            if self._granted:
                self.call.release(self._granted.popleft())
        elif note.usage is not None:
            usage = normalise_realtime(note.usage) or _NO_USAGE
            self.call.record(_HEARD, usage, frame=note.usage, began_at=time.monotonic())
            self._charge(usage)

    def _begun(self, note: ServerNote) -> None:
        if note.response_id in self._responses:
            return
        if self._granted:
            self._responses[note.response_id] = _Response(self._granted.popleft())
            return
        # The upstream began by itself.
        response = self._responses[note.response_id] = _Response(None)
        try:
            self.call.still_allowed()
            if len(self._responses) > MAX_RESPONSES:
                raise RateLimitedError(f"this session has {MAX_RESPONSES} responses under way")
            decision = self.call.reserve()
        except MainspringError as error:
            self._end_by(error)
            return
        if isinstance(decision, Awaitable):
            self._tasks.start(self._grant_later(response, decision), name="realtime response")
        else:
            self._grant(response, decision)

    async def _grant_later(self, response: _Response, pending: Awaitable[Decision]) -> None:
        self._grant(response, await pending)

    def _grant(self, response: _Response, decision: Decision) -> None:
        if isinstance(decision, Refusal):
            if not self._over:
                self._end_by(rate_limited(decision))
        elif any(each is response for each in self._responses.values()):
            response.reservation = decision
        else:
            # It has ended meanwhile: what it took is charged by itself.
            self.call.release(decision)

    def _settle(self, response: _Response, frame: bytes | None, outcome: str) -> None:
        """Close the books of a response."""
        call = self.call
        usage = None if frame is None else normalise_realtime(frame)
        if usage is None:
            frame = None
            usage = Usage(input=call.context_tokens, output=response.events, estimated=True)
        elif outcome == "ok":
            call.context_tokens = (
                usage.input + usage.cached_input + usage.audio_input + usage.cached_audio
            )
        if response.reservation is not None:
            call.settle(response.reservation, usage)
        else:
            self._charge(usage)
        call.record(REALTIME.name, usage, frame=frame, began_at=response.began_at, outcome=outcome)

    def _charge(self, usage: Usage) -> None:
        """Count against limits what nothing was reserved for."""
        decision = self.call.reserve_what_was()
        if isinstance(decision, Awaitable):
            self._tasks.start(self._charge_later(decision, usage), name="realtime charge")
        else:
            self._charged(decision, usage)

    async def _charge_later(self, pending: Awaitable[Decision], usage: Usage) -> None:
        self._charged(await pending, usage)

    def _charged(self, decision: Decision, usage: Usage) -> None:
        if isinstance(decision, Reservation):
            self.call.settle(decision, usage)
        elif not self._over:
            self._end_by(rate_limited(decision))

    # The end

    def _refuse(self, error: MainspringError, event_id: str | None) -> None:
        """Tell the client why an event went no further; what will not get better ends it all."""
        self.call.pipeline.metrics.refusals[error.code] += 1
        if isinstance(error, BudgetExceededError) or error.status in (401, 403):
            self._end_by(error, event_id)
        else:
            self.client.socket.send(realtime_error(error, new_id("evt"), event_id))

    def _end_by(self, error: MainspringError, event_id: str | None = None) -> None:
        """End the session by a typed error event."""
        self.client.socket.send(realtime_error(error, new_id("evt"), event_id))
        self.close(POLICY_VIOLATION, error.code)

    def close(self, code: int, reason: str) -> None:
        """End the session from our side."""
        self._end(CLIENT_CLOSED)
        self.client.socket.close(code, reason)

    def client_left(self, code: int, reason: str) -> None:
        """End the session because the client did."""
        del reason
        if not self._over:
            self.call.pipeline.metrics.client_closed += 1
        self._end(CLIENT_CLOSED, GOING_AWAY if code == ABNORMAL else code)

    def upstream_left(self, code: int, reason: str) -> None:
        """End the session because the upstream did; without a word that is a failure of its own."""
        if self._over:
            return
        if code == ABNORMAL:
            error = UpstreamError("the model's server closed the session without a word")
            self._blame()
            self.client.socket.send(realtime_error(error, new_id("evt")))
            self._end(error.code)
            self.client.socket.close(INTERNAL_ERROR, error.code)
        else:
            self._end(UpstreamError.code)
            self.client.socket.close(code, reason)

    def hold_upstream(self, *, hold: bool) -> None:
        """Stop or go on to read from the upstream."""
        self._upstream.hold(hold=hold)

    def hold_client(self, *, hold: bool) -> None:
        """Stop or go on to read from the client."""
        self.client.socket.hold(hold=hold or self._deciding)

    def drain(self) -> None:
        """Let responses end, then close."""
        self._draining = True
        if not self.busy:
            self.close(GOING_AWAY, "this server stops; connect again")

    def _blame(self) -> None:
        destination = self.call.destination
        if destination is not None:
            probe = destination.health.begin()
            destination.health.end(Verdict.BAD, time.monotonic(), probe=probe)

    def _end(self, outcome: str, code: int = GOING_AWAY) -> None:
        """Close all books, once, and let the upstream go."""
        if self._over:
            return
        self._over = True
        if self._timer is not None:
            self._timer.cancel()
        self._backlog.clear()
        self._upstream.leave(code)
        while self._granted:
            self.call.release(self._granted.popleft())
        for response in list(self._responses.values()):
            self._settle(response, None, outcome)
        self._responses.clear()
        self.call.end()


class _ClientSide:
    """Hears the client of a session."""

    def __init__(self, session: RealtimeSession) -> None:
        self.socket: WebSocket
        self._session = session

    @property
    def busy(self) -> bool:
        """Tell whether a response is under way."""
        return self._session.busy

    def on_open(self, socket: WebSocket) -> None:
        """Take the socket; nothing is read before the upstream's side is open as well."""
        self.socket = socket

    def on_message(self, data: bytes, *, text: bool) -> None:
        """Pass an event on."""
        if text:
            self._session.hear_client(data)
        else:
            self._session.close(UNSUPPORTED_DATA, "events are JSON texts")

    def on_behind(self, *, behind: bool) -> None:
        """Read no more from the upstream while the client takes nothing."""
        self._session.hold_upstream(hold=behind)

    def on_drain(self) -> None:
        """Let responses end, then close."""
        self._session.drain()

    def on_closed(self, code: int, reason: str) -> None:
        """End the session."""
        self._session.client_left(code, reason)


class _UpstreamSide:
    """Hears the upstream of a session, once there is a connection."""

    def __init__(self, session: RealtimeSession) -> None:
        self._session = session
        self._socket: WebSocket | None = None
        self._early: list[bytes] = []
        self.busy = True

    @property
    def behind(self) -> bool:
        """Tell whether the upstream takes less than it is sent."""
        return self._socket is not None and self._socket.behind

    def send(self, data: bytes) -> None:
        """Send an event."""
        if self._socket is None:
            self._early.append(data)
        else:
            self._socket.send(data)

    def hold(self, *, hold: bool) -> None:
        """Stop or go on to read."""
        if self._socket is not None:
            self._socket.hold(hold=hold)

    def leave(self, code: int) -> None:
        """Say goodbye."""
        if self._socket is not None:
            self._socket.close(code)

    def on_open(self, socket: WebSocket) -> None:
        """Take the socket, and send what the client said meanwhile."""
        self._socket = socket
        early, self._early = self._early, []
        for data in early:
            socket.send(data)

    def on_message(self, data: bytes, *, text: bool) -> None:
        """Pass an event on."""
        self._session.hear_upstream(data, text=text)

    def on_behind(self, *, behind: bool) -> None:
        """Read no more from the client while the upstream takes nothing."""
        self._session.hold_client(hold=behind)

    def on_drain(self) -> None:
        """Nothing drains an upstream's connection but its session."""

    def on_closed(self, code: int, reason: str) -> None:
        """End the session."""
        self._session.upstream_left(code, reason)
