"""One model call, from its envelope to its record."""

import time
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import msgspec

from mainspring.gateway.admin.metrics import GatewayMetrics
from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.pool import Call
from mainspring.gateway.limits import Limiter, Refusal, Reservation
from mainspring.gateway.limits.port import Decision
from mainspring.gateway.meter.recorder import Recorder, usage_record_id
from mainspring.gateway.meter.spool import Spool
from mainspring.gateway.pipeline.answers import error_headers, rate_limited
from mainspring.gateway.pipeline.attempts import CLIENT_CLOSED, GOOD, Attempts
from mainspring.gateway.pipeline.batch_item import as_batch_item
from mainspring.gateway.pipeline.capturing import CallCapture
from mainspring.gateway.pipeline.degraded import degraded_answer, may_degrade
from mainspring.gateway.pipeline.failures import UpstreamRefusal
from mainspring.gateway.pipeline.holdings import Holdings, Wish, reserve_apart, wishes_at
from mainspring.gateway.pipeline.identity import Authenticator, Principal, find_model
from mainspring.gateway.pipeline.measured import MeasuredRelay, piped
from mainspring.gateway.pipeline.relay import BYTES_PER_TOKEN, Relay, StreamRelay, WholeRelay
from mainspring.gateway.pipeline.route import Attempt
from mainspring.gateway.pipeline.shadow import Shadows
from mainspring.gateway.pipeline.token_count import TokenCount
from mainspring.gateway.pipeline.translation import TranslatedStream, TranslatedWhole, Translation
from mainspring.gateway.policy import PolicyGate
from mainspring.gateway.protocols import Operation
from mainspring.gateway.routing import Destination, Plan, Router, Verdict, bounded, header_safe
from mainspring.gateway.watch.exchange import WatchedExchange
from mainspring.gateway.watch.notes import Told
from mainspring.gateway.watch.room import WatchRoom
from mainspring.gateway.watch.spans import failed
from mainspring.gateway.watch.trace import NO_TRACING, Trace
from mainspring.kernel.errors import MainspringError, ModelTaskError, OverloadedError
from mainspring.kernel.ids import new_id
from mainspring.kernel.money import Money
from mainspring.kernel.tasks import TaskOwner
from mainspring.snapshot.policies import CacheRules
from mainspring.snapshot.prices import cost_of, highest_cost
from mainspring.snapshot.resources import OPEN
from mainspring.snapshot.table import SnapshotTable
from mainspring.wire.anthropic.messages_request import as_messages_request
from mainspring.wire.dialects import CLIENT_DIALECTS, UPSTREAM_DIALECTS
from mainspring.wire.openai.forced_tools import ForcedToolCall, forces_a_tool
from mainspring.wire.openai.forms import form_media_type, rewrite_form
from mainspring.wire.openai.requests import Envelope, rewrite_body
from mainspring.wire.openai.tokenizers import Question
from mainspring.wire.openai.units import with_units
from mainspring.wire.records import UsageRecord
from mainspring.wire.usage import Usage

_CLIENT_CLOSED_STATUS = 499
_NO_USAGE = Usage()
_SPOOL_RETRY_S = 5.0
_DEGRADED = "degraded"


class ModelPipeline:
    """What all model calls of a gateway share."""

    def __init__(
        self,
        *,
        table: SnapshotTable,
        authenticator: Authenticator,
        limiter: Limiter,
        router: Router,
        spool: Spool,
        metrics: GatewayMetrics,
        gateway_id: str,
        default_output_tokens: int,
        policies: PolicyGate,
        tasks: TaskOwner,
        watch: WatchRoom | None = None,
    ) -> None:
        self.table = table
        self.tasks = tasks
        self.policies = policies
        self.authenticator = authenticator
        self.limiter = limiter
        self.router = router
        self.spool = spool
        self.recorder = Recorder(spool)
        self.metrics = metrics
        self.shadows = Shadows(metrics.shadows)
        self.gateway_id = gateway_id
        self.default_output_tokens = default_output_tokens
        self.watcher = None if watch is None else watch.watcher
        self.tracing = NO_TRACING if watch is None else watch.tracing
        self.cache: Callable[[ModelCall, CacheRules], Coroutine[Any, Any, bool]] | None = None
        """Answers calls that may come from the cache, where there is one."""

    def serve(self, operation: Operation, exchange: Exchange) -> Coroutine[Any, Any, bool] | None:
        """Answer ``exchange``; returns a coroutine only if the limiter has to be waited for."""
        request_id = new_id("req")
        try:
            call = self._open(operation, exchange, request_id)
            if call.cache_rules is not None and self.cache is not None:
                return self.cache(call, call.cache_rules)
            decision = self.reserve(call)
            if not isinstance(decision, Reservation):
                if isinstance(decision, Refusal):
                    raise rate_limited(decision)
                return self.admit_later(call, decision)
        except MainspringError as error:
            self.refuse(operation, exchange, error, request_id)
            return None
        call.run(decision)
        return None

    def refuse(
        self, operation: Operation, exchange: Exchange, error: MainspringError, request_id: str
    ) -> None:
        """Answer a call that never reached an upstream by ``error``."""
        self.metrics.refusals[error.code] += 1
        trace = self.tracing.read(exchange.headers, request_id)
        if isinstance(exchange, WatchedExchange) and exchange.is_watched:
            exchange.told = self._told(operation, exchange, error, request_id, trace)
        elif self.watcher is not None and (trace.sampled or failed(error.status, None)):
            told = self._told(operation, exchange, error, request_id, trace)
            self.watcher.tell(exchange, told, error.status)
        body = operation.error(error, request_id)
        exchange.respond(error.status, body, error_headers(error, request_id, trace.trace_id))

    def _told(
        self,
        operation: Operation,
        exchange: Exchange,
        error: MainspringError,
        request_id: str,
        trace: Trace,
    ) -> Told:
        """Return what is told of a refusal: whose it was, where the caller is known."""
        told = Told(request_id, trace, operation=operation.name, error=error.code)
        try:
            caller = self.authenticator.authenticate(exchange.headers)
        except MainspringError:
            return told
        return msgspec.structs.replace(
            told, org_id=caller.org_id, project_id=caller.project_id, key_id=caller.key_id
        )

    def _open(self, operation: Operation, exchange: Exchange, request_id: str) -> "ModelCall":
        """Authenticate, read, and resolve the model."""
        principal = self.authenticator.authenticate(exchange.headers)
        principal.require_scope(*operation.scopes)
        if self.spool.full:
            # Fails closed: a call whose usage might be lost is not made.
            raise OverloadedError(
                "the gateway holds all the usage records that it may until control takes them",
                retry_after_s=_SPOOL_RETRY_S,
            )
        envelope = operation.read(exchange.body)
        plan = principal.plans.get(envelope.model)
        if plan is None:
            # Principals do not outlive a snapshot, so a name stays what it is; grants may end.
            plan = self.router.plan(find_model(self.table, principal, envelope.model))
            if plan.model.access == OPEN:
                principal.plans[envelope.model] = plan
        if operation.task not in plan.tasks:
            raise ModelTaskError(
                f"the model {plan.model.name!r} does not serve the task {operation.task!r}",
                param="model",
            )
        governed = cache_rules = None
        if self.table.policies:
            governed = self.policies.hold(operation, exchange, principal, plan.model)
            if governed is not None:
                envelope = operation.read(exchange.body)
            cache_rules = self.policies.cache_rules(operation, principal, plan.model)
        call = ModelCall(
            self,
            operation=operation,
            exchange=exchange,
            request_id=principal.request_id or request_id,
            principal=principal,
            envelope=envelope,
            plan=plan,
        )
        call.governed = governed
        call.cache_rules = cache_rules
        return call

    def reserve(self, call: "ModelCall") -> Decision | Awaitable[Decision]:
        """Reserve what ``call`` may use at the most."""
        envelope = call.envelope
        plan = call.plan
        tokens = call.estimated_input
        output = 0
        if call.operation.generates:
            output = (envelope.output_bound or self.default_output_tokens) * (envelope.n or 1)
            tokens += output
        bounds = call.principal.bounds
        if plan.bounded:
            bounds = call.principal.bounds_with(plan.model)
        cost = None
        if bounds.budgeted and plan.price is not None:
            cost = call.most(plan, output)
        now = call.exchange.received_at
        if plan.bounded and plan.model.fallbacks:
            caller = Wish(call.principal.bounds, tokens, cost)
            model = Wish(call.principal.bounds_at(plan.model), tokens, cost)
            call.holdings, decision = reserve_apart(self.limiter, caller, model, now, plan.lease_s)
            return decision
        return self.limiter.reserve(bounds.all, tokens, now, plan.lease_s, cost)

    async def admit_later(self, call: "ModelCall", pending: Awaitable[Decision]) -> bool:
        """Go on once the limiter has decided; true: callbacks will end the answer."""
        decision = await pending
        if isinstance(decision, Refusal):
            error = rate_limited(decision)
            self.refuse(call.operation, call.exchange, error, call.request_id)
        elif call.exchange.disconnected:
            call.let_go(decision)
        else:
            call.run(decision)
            return True
        return False


class ModelCall(Attempts):
    """The state of one call, and everything that happens to it after it was admitted."""

    __slots__ = (
        "_capturing",
        "_dropped",
        "_reservation",
        "_shared",
        "_translation",
        "_upstream_path",
        "estimated_input",
        "first_byte_at",
        "holdings",
        "request_id",
        "trace",
    )

    _capturing: CallCapture
    """There once it runs, if its project wants something of its calls to be kept."""

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
    ) -> None:
        super().__init__(
            shared,
            operation=operation,
            exchange=exchange,
            principal=principal,
            envelope=envelope,
            plan=plan,
        )
        self._shared = shared
        self._upstream_path = (operation.upstream_path or operation.path).encode()
        self.request_id = request_id
        self.trace = shared.tracing.read(exchange.headers, request_id)
        # The size of a file says nothing of tokens.
        self.estimated_input = 1 if operation.uploads else len(exchange.body) // BYTES_PER_TOKEN + 1
        self.first_byte_at: float | None = None
        """``time.monotonic()`` when the answer's body began to flow to the client."""
        self._reservation: Reservation | None = None
        self.holdings: Holdings | None = None
        """What is held of limits beside the reservation."""
        self._translation: Translation | None = None
        self._dropped: tuple[str, ...] = ()

    @property
    def closed(self) -> bool:
        """Tell whether the books of this call are closed."""
        return self._closed

    def run(self, reservation: Reservation) -> None:
        """Make the first attempt under ``reservation``."""
        self._reservation = reservation
        self._shared.metrics.in_flight += 1
        self.exchange.on_disconnect = self._client_gone
        capture = self.principal.capture
        if capture is not None:
            gate = self._shared.policies
            self._capturing = CallCapture(
                capture, self.operation, self.exchange, self.principal, gate
            )
            self._capturing.begin(self.plan.model)
        try:
            self._begin()
        except Exception:
            # A mistake of ours must not keep what was reserved; the HTTP layer answers it.
            self.close(outcome=MainspringError.code, status=500, usage=_NO_USAGE)
            raise

    def most(self, plan: Plan, output: int) -> Money | None:
        """Return the most that the call can cost at the price of ``plan``."""
        price = plan.price
        if price is None:
            return None
        asked = None
        if price.units is not None and self.operation.measure is not None:
            asked = self.operation.measure(self.exchange.body)
        return highest_cost(price, self.estimated_input, output, asked)

    def let_go(self, reservation: Reservation) -> None:
        """Give back what was reserved for a call that was not made."""
        now = time.monotonic()
        self._shared.limiter.release(reservation, now)
        if self.holdings is not None:
            self.holdings.release(now)

    def _move(self, plan: Plan) -> Refusal | Awaitable[Refusal | None] | None:
        principal = self.principal
        if not plan.bounded and not principal.bounds.budgeted and self.holdings is None:
            return None
        output = 0
        if self.operation.generates:
            default = self._shared.default_output_tokens
            output = (self.envelope.output_bound or default) * (self.envelope.n or 1)
        asked = self.plan if self._route is None else self._route.asked
        wishes = wishes_at(
            principal,
            plan,
            tokens=self.estimated_input + output,
            cost=self.most(plan, output),
            reserved=self.most(asked, output),
        )
        if self.holdings is None:
            self.holdings = Holdings(self._shared.limiter)
        return self.holdings.move(wishes, time.monotonic(), self.plan.lease_s + plan.lease_s)

    def _drop_holdings(self) -> None:
        if self.holdings is not None:
            self.holdings.release(time.monotonic())

    def _fall_back(self, plan: Plan) -> None:
        super()._fall_back(plan)
        if self.principal.capture is not None:
            self._capturing.begin(plan.model)

    def mark_answer(self) -> None:
        """Put the headers that every relayed answer carries into the head of the one to come."""
        destination = self._destination
        lines = b"x-request-id: %b\r\nx-trace-id: %b\r\n%bx-mainspring-attempts: %d\r\n" % (
            self.request_id.encode(),
            self.trace.trace_id.encode(),
            b"" if destination is None else destination.line,
            self._attempts,
        )
        dropped = self._dropped
        if self.governed is not None:
            lines += self.governed.line()
            dropped = self.governed.dropped + dropped
        if dropped:
            lines += b"x-mainspring-dropped-params: %b\r\n" % header_safe(", ".join(dropped))
        if self._reservation is not None:
            lines += self.operation.allowance_lines(self._reservation)
        self.exchange.add_to_head(lines)

    # What relays report

    def answer_error(self, error: MainspringError) -> None:
        """Close the call and answer by ``error``; nothing of an answer was sent yet."""
        if may_degrade(error.status) and self._answer_degraded():
            return
        self.close(outcome=error.code, status=error.status, usage=_NO_USAGE)
        body = self.operation.error(error, self.request_id)
        headers = error_headers(error, self.request_id, self.trace.trace_id)
        self.exchange.respond(error.status, body, headers)

    def answer_refusal(self, refusal: UpstreamRefusal) -> None:
        """Close the call and pass on the upstream's own refusal."""
        if may_degrade(refusal.status) and self._answer_degraded():
            return
        self.close(outcome=refusal.outcome, status=refusal.status, usage=_NO_USAGE)
        self.mark_answer()
        self.exchange.respond(refusal.status, refusal.body, refusal.headers)

    def complete(
        self, frame: bytes | None, estimated_output: int, usage: Usage | None = None
    ) -> None:
        """Close the call of a complete answer; ``frame`` is the upstream's usage object."""
        operation = self.operation
        if usage is None and frame is not None and self._destination is not None:
            usage = (operation.normalise or self._destination.protocol.normalise)(frame)
        if usage is None:
            frame = None
            usage = self._estimate(estimated_output)
        if operation.measure is not None or operation.tally is not None:
            usage = self._with_units(usage)
        self.close(outcome="ok", status=200, usage=usage, frame=frame)

    def _with_units(self, usage: Usage) -> Usage:
        """Return ``usage`` with what is not sold by the token, as the answer tells or as asked."""
        relay, measure = self._relay, self.operation.measure
        if isinstance(relay, MeasuredRelay):
            units = relay.units
            if units != _NO_USAGE:
                return with_units(usage, units)
        return usage if measure is None else with_units(usage, measure(self.exchange.body))

    def broke_off(self, error: MainspringError, estimated_output: int) -> None:
        """Close the call of an answer that the upstream did not finish."""
        self.close(outcome=error.code, status=200, usage=self._estimate(estimated_output))

    def close(self, *, outcome: str, status: int, usage: Usage, frame: bytes | None = None) -> None:
        """Settle, count and record, once; whatever comes later changes nothing.

        Called before the last bytes go to the client, so that a record exists for every answer
        that a client has seen the end of.
        """
        if self._closed:
            return
        self._closed = True
        shared, now = self._shared, time.monotonic()
        exchange = self.exchange
        # Nothing refers in a circle any more: the garbage collector has no work with this call.
        exchange.on_disconnect = None
        relay, self._relay = self._relay, None
        if self._timer is not None or self._rival is not None:
            self._end_hedge()
        first_byte_at = self.first_byte_at
        if relay is not None:
            if outcome == "ok":
                latency = None
                if first_byte_at is not None and self.plan.weighs_latency:
                    latency = (first_byte_at - relay.started_at) * 1000
                self._leave(relay, GOOD, "ok", latency)
            else:
                bad = outcome != CLIENT_CLOSED
                self._leave(relay, Verdict.BAD if bad else Verdict.NEUTRAL, outcome)
        duration = now - exchange.received_at
        price = self.plan.price
        cost = None if price is None else cost_of(price, usage)
        record_id, principal = usage_record_id(self.request_id), self.principal
        if principal.batch:
            record_id, cost = as_batch_item(self.request_id, outcome, cost, price)
        tokens = usage.total
        if self._reservation is not None:
            shared.limiter.settle(self._reservation, tokens, now, cost)
        if self.holdings is not None:
            self.holdings.settle(tokens, now, cost)
        model = self.plan.model.name
        ttft = None if first_byte_at is None else first_byte_at - exchange.received_at
        metrics = shared.metrics
        metrics.in_flight -= 1
        series = metrics.of(self.operation.name, model)
        series.by_status[status // 100] += 1
        series.duration.observe(duration)
        series.input_tokens += usage.input + usage.cached_input
        series.output_tokens += usage.output + usage.reasoning
        series.tokens += tokens
        if ttft is not None:
            series.ttft.observe(ttft)
        destination = self._destination
        route = self._route
        asked = self.plan if route is None else route.asked
        record = UsageRecord(
            id=record_id,
            request_id=self.request_id,
            at_ms=int((time.time() - duration) * 1000),
            org_id=principal.org_id,
            project_id=principal.project_id,
            key_id=principal.key_id,
            actor_id=principal.actor_id,
            operation=self.operation.name,
            model=model,
            upstream_id=None if destination is None else destination.upstream.resource.id,
            upstream_model=None if destination is None else destination.upstream_model,
            stream=self.envelope.streams,
            status=status,
            outcome=outcome,
            usage=usage,
            usage_frame=frame,
            ttft_ms=None if ttft is None else ttft * 1000,
            duration_ms=duration * 1000,
            attempts=self._attempts,
            trace_id=self.trace.trace_id,
            snapshot_version=shared.table.version,
            gateway_id=shared.gateway_id,
            cost_nanos=None if cost is None else cost.nanos,
            currency=None if cost is None else cost.currency,
            batch=self.principal.batch,
            fallback_from=None if asked is self.plan else asked.model.name,
            track="stable" if destination is None else destination.target.track,
            decision=None
            if route is None
            else route.decision(exchange.received_at, degraded=outcome == _DEGRADED),
        )
        shared.recorder.write(record)
        if isinstance(exchange, WatchedExchange) and exchange.is_watched:
            exchange.told = Told(self.request_id, self.trace, record)
        elif shared.watcher is not None and (self.trace.sampled or failed(status, record)):
            shared.watcher.tell(exchange, Told(self.request_id, self.trace, record), status)

    # Within

    def _send(self, destination: Destination, attempt: Attempt | None) -> None:
        if attempt is not None and attempt.cause == "again":
            self._timer = None
        self._destination = destination
        self._attempts += 1
        resource = destination.upstream.resource
        if resource.protocol == (self.operation.dialect or "openai") and (
            resource.enforces_tool_choice or not self._requires_a_tool()
        ):
            self._send_as_it_is(destination, attempt)
        else:
            self._send_translated(destination, attempt)

    def _read_anew(self) -> None:
        self._translation = None

    def _answer_degraded(self) -> bool:
        """Answer by the model's text for when everything failed, if it has one."""
        asked = self.plan if self._route is None else self._route.asked
        text = asked.model.routing.degraded_text
        dialect = self.operation.dialect
        if text is None or dialect is None or self._closed:
            return False
        self._way()
        answer = degraded_answer(
            CLIENT_DIALECTS[dialect], self.exchange.body, asked.model.name, text, self.request_id
        )
        if answer is None:
            return False
        self._shared.metrics.degraded += 1
        self.close(outcome=_DEGRADED, status=200, usage=_NO_USAGE)
        self.mark_answer()
        headers = [(b"x-mainspring-degraded", b"true")]
        self.exchange.respond(200, answer.body, headers, answer.content_type)
        return True

    def _send_as_it_is(self, destination: Destination, attempt: Attempt | None) -> None:
        """Client and upstream speak one protocol: bytes are enough."""
        envelope = self.envelope
        protocol = destination.protocol
        streams = envelope.streams and self.operation.may_stream
        add_usage = streams and protocol.asks_for_usage and not envelope.wants_usage
        # The name is written even where it stays the same: of two "model" keys in a body the
        # upstream might read the one that was not checked.
        if self.operation.uploads:
            body = rewrite_form(self.exchange.body, destination.upstream_model)
        else:
            body = rewrite_body(
                self.exchange.body,
                model=destination.upstream_model,
                add_usage=add_usage,
                envelope=envelope,
            )
        relay: Relay
        if streams:
            relay = StreamRelay(self, protocol.scanner(strip=add_usage))
        else:
            relay = piped(self, self.operation) if self.operation.pipes else WholeRelay(self)
        relay.attempt = attempt
        self._post(destination, self._upstream_path, body, relay)

    def _send_translated(self, destination: Destination, attempt: Attempt | None) -> None:
        """Client and upstream speak two protocols: the event IR stands between them."""
        if self.operation.counts_tokens:
            self._count_tokens(destination, attempt)
            return
        try:
            translation = self._translate()
            dialect = destination.protocol.dialect
            if not destination.upstream.resource.enforces_tool_choice and forces_a_tool(
                translation.request
            ):
                dialect = ForcedToolCall(dialect)
            written = translation.written(dialect, destination.upstream_model)
        except MainspringError as error:
            self.answer_error(error)
            return
        self._dropped = written.dropped
        relay: Relay
        if translation.request.stream:
            relay = TranslatedStream(self, translation, dialect)
        else:
            relay = TranslatedWhole(self, translation, dialect)
        relay.attempt = attempt
        self._post(destination, written.path.encode(), written.body, relay)

    def _requires_a_tool(self) -> bool:
        """Tell whether the caller does; what cannot be read is left to the server's judgement."""
        if self.operation.dialect is None or b'"tool_choice"' not in self.exchange.body:
            return False
        try:
            return forces_a_tool(self._translate().request)
        except MainspringError:
            return False

    def _count_tokens(self, destination: Destination, attempt: Attempt | None) -> None:
        """Have the prompt counted by a server of another protocol, or estimate its length."""
        try:
            body = as_messages_request(self.exchange.body)
            prompt = UPSTREAM_DIALECTS["openai"].write_request(
                CLIENT_DIALECTS["anthropic"].read_request(body), destination.upstream_model
            )
        except MainspringError as error:
            self.answer_error(error)
            return
        upstream = destination.upstream

        def ask(question: Question, relay: Relay) -> Call:
            return upstream.post(
                question.path,
                question.body,
                relay,
                request_id=self.request_id.encode(),
                traceparent=self.trace.traceparent(self._attempts),
                lines=self.trace.passed,
            )

        relay = TokenCount(self, prompt.body, ask)
        relay.attempt = attempt
        relay.destination = destination
        relay.probe = destination.health.begin()
        relay.started_at = time.monotonic()
        self._relay = relay
        if upstream.tokenizes and upstream.resource.protocol == "openai":
            relay.begin()
        else:
            relay.estimate()

    def _translate(self) -> Translation:
        if self._translation is None:
            dialect = self.operation.dialect
            if dialect is None:
                raise ModelTaskError(
                    f"the server of the model {self.plan.model.name!r} does not serve the task"
                    f" {self.operation.task!r}",
                    param="model",
                )
            self._translation = Translation(CLIENT_DIALECTS[dialect], self.exchange.body)
        return self._translation

    def _post(self, destination: Destination, path: bytes, body: bytes, relay: Relay) -> None:
        self._relay = relay
        relay.destination = destination
        relay.probe = destination.health.begin()
        timeouts = destination.timeouts
        if self._attempts == 1:
            relay.started_at = self.exchange.received_at
        else:
            relay.started_at = now = time.monotonic()
            timeouts = bounded(destination.upstream, max(self._way().deadline - now, 0.05))
        protocol = destination.protocol
        lines = self.trace.passed
        if protocol.client_headers:
            lines += protocol.header_lines(self.exchange.headers if relay.same_protocol else {})
        relay.upstream_call = destination.upstream.post(
            path,
            body,
            relay,
            request_id=self.request_id.encode(),
            traceparent=self.trace.traceparent(self._attempts),
            timeouts=timeouts,
            lines=lines,
            media_type=form_media_type(body) if self.operation.uploads else None,
        )
        if self.plan.shadows and self._attempts == 1:
            shared = self._shared
            shared.shadows.cast(
                self.plan,
                shared.router.draw,
                operation=self.operation,
                body=self.exchange.body,
                request_id=self.request_id.encode(),
                translate=self._translate,
                guard=self.principal.guard,
            )

    def _client_gone(self) -> None:
        if self._closed:
            return
        relay = self._relay
        output = 0
        if relay is not None:
            relay.cancel()
            output = relay.estimated_output
        self._shared.metrics.client_closed += 1
        self.close(
            outcome=CLIENT_CLOSED,
            status=_CLIENT_CLOSED_STATUS,
            usage=self._estimate(output),
        )

    def _estimate(self, output: int) -> Usage:
        return Usage(input=self.estimated_input, output=output, estimated=True)
