"""The attempts of one call: where each goes, how it ended, and what comes after it.

One attempt is under way, or two while a hedge runs. Each is counted for its target once, by
:meth:`Attempts._leave`, however it ends.
"""

import asyncio
import random
import time
from collections.abc import Awaitable
from typing import Protocol

from mainspring.gateway.admin.metrics import GatewayMetrics
from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.http.sink import UpstreamFailure
from mainspring.gateway.limits import Refusal
from mainspring.gateway.pipeline.answers import rate_limited
from mainspring.gateway.pipeline.facts import read_facts
from mainspring.gateway.pipeline.failures import (
    error_of,
    may_try_elsewhere,
    retry_after_s,
    verdict_of_failure,
    verdict_of_status,
)
from mainspring.gateway.pipeline.identity import Principal, find_model
from mainspring.gateway.pipeline.relay import Relay
from mainspring.gateway.pipeline.route import Attempt, Route
from mainspring.gateway.policy import Governed, PolicyGate
from mainspring.gateway.protocols import Operation
from mainspring.gateway.routing import Destination, Plan, Router, Verdict
from mainspring.kernel.errors import MainspringError, ModelNotFoundError, UpstreamError
from mainspring.kernel.tasks import TaskOwner
from mainspring.snapshot.policies import CacheRules
from mainspring.snapshot.resources import Price
from mainspring.snapshot.routing import only_choice
from mainspring.snapshot.table import SnapshotTable
from mainspring.wire.openai.requests import Envelope

CLIENT_CLOSED = "client_closed"
GOOD = Verdict.GOOD  # looked up once: before Python 3.12 an enum's members are slow to find


class Surroundings(Protocol):
    """What the calls of a gateway share, as far as attempts need it."""

    router: Router
    table: SnapshotTable
    metrics: GatewayMetrics
    policies: PolicyGate
    tasks: TaskOwner


class Attempts:
    """The part of a call that goes from target to target."""

    __slots__ = (
        "_attempts",
        "_closed",
        "_destination",
        "_relay",
        "_rival",
        "_route",
        "_surroundings",
        "_timer",
        "cache_rules",
        "envelope",
        "exchange",
        "governed",
        "operation",
        "plan",
        "principal",
    )

    def __init__(
        self,
        surroundings: Surroundings,
        *,
        operation: Operation,
        exchange: Exchange,
        principal: Principal,
        envelope: Envelope,
        plan: Plan,
    ) -> None:
        self._surroundings = surroundings
        self.operation = operation
        self.exchange = exchange
        self.principal = principal
        self.envelope = envelope
        self.plan = plan
        self._attempts: int = 0
        self._closed = False
        self._destination: Destination | None = None
        self._relay: Relay | None = None
        self._rival: Relay | None = None
        """The other of two attempts that are under way at once (hedging)."""
        self._route: Route | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.governed: Governed | None = None
        """What policies changed of the request."""
        self.cache_rules: CacheRules | None = None
        """Whether the answer may come from the cache, and go there."""

    def answer_error(self, error: MainspringError) -> None:
        """Close the call and answer by ``error``."""
        raise NotImplementedError

    def _send(self, destination: Destination, attempt: Attempt | None) -> None:
        """Send the request to ``destination``; sets the relay that hears the answer."""
        raise NotImplementedError

    def _move(self, plan: Plan) -> Refusal | Awaitable[Refusal | None] | None:
        """Take a place under the limits of a fallback's model; ``None``: it is taken."""
        raise NotImplementedError

    def _drop_holdings(self) -> None:
        """Give back what was held for a model that the call did not get to."""
        raise NotImplementedError

    def _read_anew(self) -> None:
        """Forget what was read of the request: it has changed."""
        raise NotImplementedError

    # What relays report

    def claim(self, relay: Relay) -> None:
        """Take note that of two attempts under way this one answers; the other is cancelled."""
        self._stop_timer()
        if relay is self._rival:
            self._relay, self._rival = self._rival, self._relay
        rival, self._rival = self._rival, None
        self._destination = relay.destination
        hedges = self._surroundings.metrics.hedges
        if rival is not None:
            rival.cancel()
            self._leave(rival, Verdict.NEUTRAL, "cancelled")
            hedges["won" if relay.attempt and relay.attempt.cause == "hedge" else "lost"] += 1

    def refused(self, relay: Relay, status: int, headers: list[tuple[bytes, bytes]]) -> bool:
        """Take note of a refusal; tell whether another attempt takes its place."""
        destination = relay.destination
        if destination is None:
            return False
        now = time.monotonic()
        if status in (429, 503):
            wait = retry_after_s(headers)
            if wait is not None:
                destination.health.cool_down(wait, now)
        self._leave(relay, verdict_of_status(status), str(status))
        if self._closed or status not in self.plan.retry_statuses:
            return False
        return self._rival is not None or self._find(now)

    def can_try_elsewhere(self) -> bool:
        """Tell whether a further attempt has somewhere to go."""
        if self._closed:
            return False
        return self._rival is not None or self._find(time.monotonic())

    def try_elsewhere(self, relay: Relay) -> None:
        """Make another attempt; the last one showed the client nothing."""
        self._leave(relay, Verdict.BAD, "unreadable")
        if self._dropped_one_of_two(relay) or self._closed:
            return
        if self._find(time.monotonic()):
            self._go_on()
        else:
            self.answer_error(UpstreamError())

    def failed(self, relay: Relay, failure: UpstreamFailure) -> None:
        """Try elsewhere if that may help, else answer; the client has seen nothing yet."""
        self._leave(relay, verdict_of_failure(failure), failure.kind.value)
        if self._dropped_one_of_two(relay):
            return
        if may_try_elsewhere(failure, self.plan.retry) and self._find(time.monotonic()):
            self._go_on()
        else:
            self.answer_error(error_of(failure))

    def gave_up(self, relay: Relay, error: MainspringError) -> None:
        """Answer by ``error``, unless another attempt is under way."""
        self._leave(relay, Verdict.BAD, error.code)
        if not self._dropped_one_of_two(relay):
            self.answer_error(error)

    # Within

    def _begin(self) -> None:
        """Make the first attempt, or answer that none can be made."""
        sole = self.plan.sole
        guard = self.principal.guard
        if sole is not None and sole.health.calm and (guard is None or not guard.barred(self.plan)):
            self._send(sole, None)
        elif self._find(time.monotonic()):
            self._go_on()
        else:
            self.answer_error(self._way().nothing_left(time.monotonic()))
            return
        hedge_s = self.plan.hedge_s
        if hedge_s is not None and not self._closed:
            self._timer = asyncio.get_running_loop().call_later(hedge_s, self._hedge)

    def _way(self) -> Route:
        """Return the route of this call, made when it is first needed."""
        route = self._route
        if route is None:
            received_at = self.exchange.received_at
            facts = read_facts(
                self.plan,
                self.principal,
                task=self.operation.task,
                headers=self.exchange.headers,
                body=self.exchange.body,
                user=self.envelope.user,
            )
            shared = self._surroundings
            route = Route(
                shared.router,
                self.plan,
                facts,
                received_at,
                self._fallback_plan,
                guard=self.principal.guard,
            )
            self._route = route
        return route

    def _find(self, now: float) -> bool:
        """Look for a further target; its attempt is made by :meth:`_go_on`."""
        return self._way().find(now)

    def _fallback_plan(self, name: str) -> Plan | None:
        """Return the plan of a fallback model, if this caller may use it for this call."""
        shared = self._surroundings
        try:
            plan = shared.router.plan(find_model(shared.table, self.principal, name))
        except ModelNotFoundError:
            return None
        if plan.price is None and self.plan.price is not None and self.principal.bounds.budgeted:
            # What it would cost is not known, and the caller's budget is.
            return None
        if self.principal.bounds.budgeted and not as_countable(plan.price, self.plan.price):
            return None  # a budget would lose count of this call
        if self.operation.task not in plan.tasks or not self._may_fall_back(plan):
            return None
        return plan

    def _may_fall_back(self, plan: Plan) -> bool:
        """Tell whether policies let this request go to another model."""
        gate = self._surroundings.policies
        return gate.permits(self.operation, self.exchange, self.principal, plan.model)

    def _fall_back(self, plan: Plan) -> None:
        """Hold the request to what policies say of the model that takes over."""
        gate = self._surroundings.policies
        governed = gate.hold(self.operation, self.exchange, self.principal, plan.model)
        if governed is not None:
            self.envelope = self.operation.read(governed.body)
            self.governed = governed if self.governed is None else self.governed.then(governed)
            self._read_anew()

    def _go_on(self) -> None:
        """Make the attempt that was found, after a pause if it goes to the same target again."""
        route = self._way()
        attempt = route.take()
        if attempt is None or attempt.destination is None:
            return
        if attempt.cause == "fallback":
            told = self._move(attempt.plan)
            if isinstance(told, Refusal):
                self._may_not_move(attempt, told)
                return
            if told is not None:
                work = self._go_later(attempt, told)
                self._surroundings.tasks.start(work, name="limits of a fallback")
                return
        self._go(attempt, attempt.destination)

    async def _go_later(self, attempt: Attempt, pending: Awaitable[Refusal | None]) -> None:
        """Go on once the limiter has decided of a fallback."""
        refusal = await pending
        if self._closed:
            self._drop_holdings()
        elif refusal is not None:
            self._may_not_move(attempt, refusal)
        elif attempt.destination is not None:
            try:
                self._go(attempt, attempt.destination)
            except Exception as error:
                # Nobody else would answer: what is wrong is ours.
                if not self._closed:
                    self.answer_error(MainspringError())
                raise error from None

    def _may_not_move(self, attempt: Attempt, refusal: Refusal) -> None:
        """Look further: the limits of a fallback do not let the call go there."""
        now = time.monotonic()
        attempt.result, attempt.ended_at = "limited", now
        route = self._way()
        route.leave_model()
        if route.find(now):
            self._go_on()
        else:
            self.answer_error(rate_limited(refusal))

    def _go(self, attempt: Attempt, destination: Destination) -> None:
        """Make an attempt that limits and policies allow."""
        route = self._way()
        metrics = self._surroundings.metrics
        if attempt.cause == "fallback":
            metrics.fallbacks[metrics.label(route.asked.model.name)] += 1
            self._fall_back(attempt.plan)
        elif attempt.cause != "first":
            metrics.retries[metrics.label(attempt.plan.model.name)] += 1
        self.plan = attempt.plan
        pause_ms = attempt.plan.retry.same_target_after_ms
        if attempt.cause == "again" and pause_ms:
            pause_s = pause_ms / 1000 * (0.5 + random.random())
            self._relay = None
            self._stop_timer()
            self._timer = asyncio.get_running_loop().call_later(
                pause_s, self._send, destination, attempt
            )
        else:
            self._send(destination, attempt)

    def _hedge(self) -> None:
        """Ask a second target: the first has shown nothing for a while."""
        self._timer = None
        first = self._relay
        if self._closed or first is None or first.committed or self._rival is not None:
            return
        route = self._way()
        self._note_first(first)
        if not route.find(time.monotonic(), own_only=True, cause="hedge"):
            return
        attempt = route.take()
        if attempt is None or attempt.destination is None:
            return
        first.contested = True
        self._rival = first
        self._send(attempt.destination, attempt)
        if self._relay is not None:
            self._relay.contested = True

    def _end_hedge(self) -> None:
        """Let a second attempt and its timer go: the call is over."""
        self._stop_timer()
        rival, self._rival = self._rival, None
        if rival is not None:
            rival.cancel()
            self._leave(rival, Verdict.NEUTRAL, "cancelled")

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _dropped_one_of_two(self, relay: Relay) -> bool:
        """Tell whether another attempt is under way, which then carries the call alone."""
        rival = self._rival
        if rival is None:
            return False
        self._rival = None
        if relay is self._relay:
            self._relay = rival
        self._destination = self._relay.destination if self._relay is not None else None
        return True

    def _note_first(self, relay: Relay) -> None:
        """Enter into the route an attempt that was made before there was one."""
        if relay.attempt is None and relay.destination is not None:
            destination = relay.destination
            choice = only_choice(self.plan.model, destination.index)
            relay.attempt = self._way().begun(destination, choice, relay.started_at)

    def _leave(
        self, relay: Relay, verdict: Verdict, result: str, latency_ms: float | None = None
    ) -> None:
        """Take note, once, of how an attempt ended."""
        destination = relay.destination
        if destination is None:
            return
        now = time.monotonic()
        if verdict is not GOOD and result != CLIENT_CLOSED:
            self._note_first(relay)
        relay.destination = None
        destination.health.end(verdict, now, latency_ms, probe=relay.probe)
        attempt = relay.attempt
        if attempt is not None:
            attempt.result = result
            attempt.ended_at = now


def as_countable(price: Price | None, asked: Price | None) -> bool:
    """Tell whether a budget that admitted the price ``asked`` can count ``price`` as well."""
    if asked is None:
        return True
    return price is not None and price.currency == asked.currency
