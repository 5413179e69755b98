"""``/v1/realtime``: the way of one session from its offer to an upstream that takes it.

As for any call the caller is known, the model resolved and a place reserved before an upstream is
asked, and target after target is tried as the model's policy says. Until one has accepted, the
client waits for its switch, so that every refusal can still be an HTTP answer.
"""

import asyncio
import time
from collections.abc import Awaitable, Coroutine
from typing import Any
from urllib.parse import parse_qs, quote

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.websocket import Offer, SocketHost, subprotocols_offered
from mainspring.gateway.http.websocket_client import (
    SocketFailedError,
    SocketRefusedError,
    UpstreamSocket,
    open_socket,
)
from mainspring.gateway.limits import Refusal, Reservation
from mainspring.gateway.pipeline.admission import plan_for, require_room
from mainspring.gateway.pipeline.answers import error_headers, rate_limited
from mainspring.gateway.pipeline.attempts import as_countable
from mainspring.gateway.pipeline.facts import read_facts
from mainspring.gateway.pipeline.failures import (
    UpstreamRefusal,
    error_of,
    may_try_elsewhere,
    read_refusal,
    retry_after_s,
    verdict_of_failure,
    verdict_of_status,
)
from mainspring.gateway.pipeline.identity import CALL_MODELS, Principal, find_model
from mainspring.gateway.pipeline.model_call import ModelPipeline
from mainspring.gateway.pipeline.realtime_session import RealtimeCall, RealtimeSession
from mainspring.gateway.pipeline.route import Attempt, Route
from mainspring.gateway.pipeline.socket_entry import SocketEntry, request_headers
from mainspring.gateway.protocols import REALTIME
from mainspring.gateway.routing import Destination, Plan, Verdict, bounded, header_safe
from mainspring.kernel.errors import (
    InvalidRequestError,
    MainspringError,
    ModelNotFoundError,
    ModelTaskError,
    OverloadedError,
    PermissionDeniedError,
)
from mainspring.kernel.ids import new_id
from mainspring.kernel.money import Money
from mainspring.kernel.tasks import TaskOwner
from mainspring.snapshot.resources import Model

SUBPROTOCOL = "realtime"
"""What OpenAI's clients in browsers list beside their key."""
_BETA_SUBPROTOCOL = "openai-beta.realtime-v1"
_BETA_HEADER = b"openai-beta"
_LEASE_MARGIN_S = 60.0
_SPEAKERS = frozenset({"openai", "openai-responses"})


class RealtimeSessions:
    """Opens realtime sessions."""

    def __init__(
        self,
        pipeline: ModelPipeline,
        entry: SocketEntry,
        host: SocketHost,
        tasks: TaskOwner,
        *,
        session_s: float,
    ) -> None:
        """Let no session last longer than ``session_s`` seconds."""
        self._pipeline = pipeline
        self._entry = entry
        self._host = host
        self._tasks = tasks
        self._session_s = session_s

    def open(self, exchange: Exchange) -> Coroutine[Any, Any, bool] | None:
        """Check who asks for what; the rest has to wait for an upstream."""
        request_id = new_id("req")
        pipeline = self._pipeline
        try:
            offer = self._entry.offer(exchange, (SUBPROTOCOL,))
            exchange.headers = request_headers(exchange.headers) | _spoken(exchange)
            call = self._call(exchange, request_id)
            price = call.plan.price
            decision = pipeline.limiter.reserve(
                call.bounds.all,
                0,
                exchange.received_at,
                self._session_s + _LEASE_MARGIN_S,
                None if price is None else Money(price.currency, 0),
            )
        except MainspringError as error:
            pipeline.refuse(REALTIME, exchange, error, request_id)
            return None
        return self._admitted(call, offer, decision)

    def _call(self, exchange: Exchange, request_id: str) -> RealtimeCall:
        pipeline = self._pipeline
        principal = pipeline.authenticator.authenticate(exchange.headers)
        principal.require_scope(CALL_MODELS)
        require_room(pipeline.spool)
        model = find_model(pipeline.table, principal, _model_asked_for(exchange.query))
        plan = self._plan(principal, model)
        bounds = principal.bounds_with(model) if plan.bounded else principal.bounds
        return RealtimeCall(
            pipeline=pipeline,
            request_id=request_id,
            principal=principal,
            plan=plan,
            bounds=bounds,
            trace=pipeline.tracing.read(exchange.headers, request_id),
            headers=exchange.headers,
            received_at=exchange.received_at,
        )

    def _plan(self, principal: Principal, model: Model) -> Plan:
        """Return the plan of ``model``, if this caller may have a session with it."""
        plan = plan_for(self._pipeline.router, REALTIME, model)
        rules = self._pipeline.policies.rules(REALTIME, principal, model)
        if rules is not None and rules.parameters:
            # Events pass unread: what cannot be held to a policy is not begun.
            raise PermissionDeniedError(
                "policies hold for parameters of this model, which a realtime session cannot check"
            )
        return plan

    async def _admitted(
        self,
        call: RealtimeCall,
        offer: Offer,
        decision: Reservation | Refusal | Awaitable[Reservation | Refusal],
    ) -> bool:
        """Find an upstream and begin; true: callbacks will end the connection."""
        if isinstance(decision, Awaitable):
            decision = await decision
        exchange = offer.exchange
        if isinstance(decision, Refusal):
            self._pipeline.refuse(REALTIME, exchange, rate_limited(decision), call.request_id)
            return False
        # From here on the reservation has an owner, whatever happens.
        call.reservation = decision
        if exchange.disconnected:
            call.end()
            return False
        begun = False
        task = asyncio.current_task()
        if task is not None:
            # Nothing is worth waiting for any more.
            exchange.on_disconnect = lambda: _cancel(task)
        try:
            line = await self._connect(call, exchange)
            if line is not None:
                begun = self._begin(call, offer, line)
        finally:
            if not begun:
                call.end()
        return begun

    def _begin(self, call: RealtimeCall, offer: Offer, line: UpstreamSocket) -> bool:
        offer.exchange.on_disconnect = None
        session = RealtimeSession(call, line, self._tasks, self._session_s)
        destination = call.destination
        headers = [(b"x-request-id", call.request_id.encode())]
        if destination is not None:
            name = header_safe(destination.upstream.resource.name)
            headers.append((b"x-mainspring-target", name))
        offer.accept(session.client, headers)
        session.start()
        return True

    # Target after target

    async def _connect(self, call: RealtimeCall, exchange: Exchange) -> UpstreamSocket | None:
        """Return the connection to the first target that takes the session; else answer."""
        route = self._route(call, exchange)
        left: MainspringError | UpstreamRefusal | None = None
        while route.find(time.monotonic()):
            attempt = route.take()
            if attempt is None or attempt.destination is None:
                break
            if attempt.destination.upstream.resource.protocol not in _SPEAKERS:
                attempt.result = "unable"
                left = ModelTaskError("no server of this model speaks realtime", param="model")
                continue
            call.attempts += 1
            call.plan, call.destination = attempt.plan, attempt.destination
            try:
                return await self._try(call, exchange, attempt, route)
            except SocketFailedError as failed:
                left = error_of(failed.failure)
                if not may_try_elsewhere(failed.failure, attempt.plan.retry):
                    break
            except SocketRefusedError as refused:
                left = read_refusal(
                    refused.status,
                    refused.headers,
                    refused.body,
                    same_protocol=True,
                    encode=lambda error: REALTIME.error(error, call.request_id),
                )
                if refused.status not in attempt.plan.retry_statuses:
                    break
        self._answer(call, exchange, left or route.nothing_left(time.monotonic()))
        return None

    async def _try(
        self, call: RealtimeCall, exchange: Exchange, attempt: Attempt, route: Route
    ) -> UpstreamSocket:
        """Offer a session to one target, and note for its health how that went."""
        destination = attempt.destination
        if destination is None:
            raise OverloadedError
        health = destination.health
        probe = health.begin()
        verdict, result = Verdict.NEUTRAL, "cancelled"
        try:
            line = await self._offer(call, exchange, destination, route)
            verdict, result = Verdict.GOOD, "ok"
        except SocketFailedError as failed:
            verdict, result = verdict_of_failure(failed.failure), failed.failure.kind.value
            raise
        except SocketRefusedError as refused:
            verdict, result = verdict_of_status(refused.status), str(refused.status)
            wait = retry_after_s(refused.headers)
            if refused.status in (429, 503) and wait is not None:
                health.cool_down(wait, time.monotonic())
            raise
        finally:
            now = time.monotonic()
            health.end(verdict, now, probe=probe)
            attempt.result, attempt.ended_at = result, now
        return line

    async def _offer(
        self, call: RealtimeCall, exchange: Exchange, destination: Destination, route: Route
    ) -> UpstreamSocket:
        upstream = destination.upstream
        resource = f"{REALTIME.path}?model={quote(destination.upstream_model, safe='')}"
        if b"intent=transcription" in exchange.query.split(b"&"):
            resource += "&intent=transcription"
        headers = [("X-Request-Id", call.request_id)]
        parent = call.trace.traceparent(call.attempts)
        if parent is not None:
            headers.append(("traceparent", parent.decode("latin-1")))
        beta = exchange.headers.get(_BETA_HEADER)
        if beta is not None:
            headers.append(("OpenAI-Beta", beta.decode("latin-1")))
        credential = upstream.credential
        if credential is not None:
            headers.append(credential)
        remaining = max(route.deadline - time.monotonic(), 0.05)
        return await open_socket(
            self._host, upstream.socket(resource), headers, (), bounded(upstream, remaining)
        )

    def _route(self, call: RealtimeCall, exchange: Exchange) -> Route:
        plan, principal = call.plan, call.principal
        facts = read_facts(
            plan, principal, task=REALTIME.task, headers=exchange.headers, body=b"", user=None
        )

        def find_plan(name: str) -> Plan | None:
            pipeline = self._pipeline
            try:
                model: Model = find_model(pipeline.table, principal, name)
                found = self._plan(principal, model)
            except (ModelNotFoundError, InvalidRequestError, PermissionDeniedError):
                return None
            if found.bounded:
                return None  # a session holds no place under the limits of a second model
            countable = not call.bounds.budgeted or as_countable(found.price, plan.price)
            return found if countable else None

        router = self._pipeline.router
        return Route(router, plan, facts, exchange.received_at, find_plan, guard=principal.guard)

    def _answer(
        self, call: RealtimeCall, exchange: Exchange, left: MainspringError | UpstreamRefusal
    ) -> None:
        """Answer a session that no target took, and record that."""
        headers = error_headers(
            left if isinstance(left, MainspringError) else MainspringError(),
            call.request_id,
            call.trace.trace_id,
        )
        if isinstance(left, UpstreamRefusal):
            call.record_failure(left.outcome, left.status)
            exchange.respond(left.status, left.body, [*headers, *left.headers])
        else:
            call.record_failure(left.code, left.status)
            body = REALTIME.error(left, call.request_id)
            exchange.respond(left.status, body, headers)


def _model_asked_for(query: bytes) -> str:
    asked = parse_qs(query.decode("latin-1"), max_num_fields=20).get("model", [])
    if len(asked) != 1:
        raise InvalidRequestError("the address names the model once, as ?model=…", param="model")
    return asked[0]


def _spoken(exchange: Exchange) -> dict[bytes, bytes]:
    """Return the header that a subprotocol of OpenAI's clients in browsers stands for."""
    if _BETA_SUBPROTOCOL in subprotocols_offered(exchange.headers):
        return {_BETA_HEADER: b"realtime=v1"}
    return {}


def _cancel(task: asyncio.Task[Any]) -> None:
    task.cancel()
