"""Limits that several gateways share, counted in Redis (or Valkey).

Every decision is one script, which holds all bounds or takes nothing. A lease lasts
:data:`LEASE_S` and is renewed while its call runs, so what a dead gateway held comes back by
itself. An answer is waited for no longer than the deadline; after a few failures the server is left
alone until it answers a probe, and until then the declared degraded mode decides at once.
"""

import asyncio
import contextlib
import logging
import secrets
import time
from collections import deque
from collections.abc import Callable
from importlib.resources import files
from typing import Any, Final, Literal

import msgspec
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from mainspring.gateway.limits.local import LocalLimiter
from mainspring.gateway.limits.port import Allowance, Decision, FailurePolicy, Refusal, Reservation
from mainspring.gateway.limits.shares import scaled
from mainspring.kernel.money import Money
from mainspring.snapshot.limits import Bound, Period, Window, calendar_window
from mainspring.snapshot.resources import Limits

_log = logging.getLogger(__name__)

LEASE_S: Final = 30.0
"""What a dead gateway held comes back after this long."""
_RENEW_S: Final = LEASE_S / 4
DEADLINE_S: Final = 0.05
"""No call waits longer for the server."""
_TRIPS_AFTER: Final = 3
_PROBE_S: Final = 0.25
_CONCURRENCY_RETRY_S: Final = 1.0
_MAX_WAITING: Final = 50_000
_BATCH: Final = 200
_CONNECTIONS: Final = 32
_GIVE_UP_S: Final = 500.0
"""Ends of leases are repeated for this long; the script recognises a repetition for longer."""


class _Amount(msgspec.Struct, frozen=True):
    """One bound on one dimension, as the script takes it; ``kind`` says what is counted."""

    bound: Bound
    period: Period
    kind: Literal["requests", "tokens", "budget"]
    cap: int
    currency: str = ""
    deny_unpriced: bool = True

    @property
    def field(self) -> str:
        return self.kind + self.currency


class _Compiled(msgspec.Struct, frozen=True):
    """The bounds of a caller, taken apart once; ``scaled`` is this gateway's share of them."""

    bounds: tuple[Bound, ...]
    scaled: tuple[Bound, ...]
    places: tuple[tuple[str, int], ...]
    amounts: tuple[_Amount, ...]


class _Charge(msgspec.Struct, frozen=True):
    """A calendar counter that a call will have used, lease or no lease."""

    subject: str
    period: str
    window: str
    kind: str
    field: str
    ttl: float


class _Lease(Reservation, kw_only=True):
    """A reservation of the server's (``local`` is ``None``), or of the degraded mode's."""

    id: str
    charges: list[_Charge]
    local: Reservation | None = None


class _Ending(msgspec.Struct, frozen=True):
    """The end of a lease, to be told to the server."""

    operation: str
    lease_id: str
    body: bytes
    since: float


class RedisLimiter:
    """The limiter of several gateways that share one Redis server.

    ``degraded`` is what happens while the server cannot be asked: ``local`` counts in this process
    with the ``1/gateways`` share of every limit, ``open`` admits, ``closed`` refuses. What was used
    of days and months meanwhile is told to the server when it is back.
    """

    def __init__(
        self,
        url: str,
        *,
        degraded: str = "local",
        gateways: int = 1,
        prefix: str = "{mainspring-limits}:",
        clock: Callable[[], float] | None = None,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        """Connect when first asked. ``clock`` ``None`` takes the server's own time.

        Raises:
            ValueError: if ``url`` is no address of a Redis server.
        """
        pool = BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType] - its own
            url,
            max_connections=_CONNECTIONS,
            timeout=deadline_s,
            socket_connect_timeout=deadline_s,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        )
        self._redis = Redis.from_pool(pool)
        self._script: Any = self._redis.register_script(
            files("mainspring.gateway.limits").joinpath("shared.lua").read_text("utf-8")
        )
        self.on_failure = {
            "open": FailurePolicy.OPEN,
            "closed": FailurePolicy.CLOSED,
            "local": FailurePolicy.LOCAL_SHARE,
        }[degraded]
        self._gateways = gateways
        self._prefix = prefix
        self._clock = clock
        self._wall = clock or time.time
        self._deadline_s = deadline_s
        self._local = LocalLimiter(wall=self._wall)
        self._compiled: dict[int, _Compiled] = {}
        self._windows: dict[str, Window] = {}
        self._running: dict[str, None] = {}
        self._endings: deque[_Ending] = deque(maxlen=_MAX_WAITING)
        self._ended = asyncio.Event()
        self._failures = 0
        self._away = False
        self._mark = secrets.token_hex(8)
        self._count = 0

    @property
    def away(self) -> bool:
        """Tell whether the degraded mode decides at present."""
        return self._away

    @property
    def problem(self) -> str | None:
        """Return that the server is away, if it is."""
        return f"Redis is away; limits: {self.on_failure}" if self._away else None

    @property
    def open_leases(self) -> int:
        """Return how many leases of the server's this gateway holds."""
        return len(self._running)

    def reserve(
        self,
        bounds: tuple[Bound, ...],
        tokens: int,
        now: float,
        lease_s: float,
        cost: Money | None = None,
        *,
        place: bool = True,
    ) -> Any:  # noqa: ANN401 - a decision, or an awaitable of one
        """Reserve under every bound; only a caller without limits is answered at once."""
        if not bounds:
            return Reservation(tokens, now + lease_s)
        compiled = self._compile(bounds)
        if self._away:
            return self._degraded(compiled, tokens, now, lease_s, cost, place=place)
        return self._ask(compiled, tokens, now, lease_s, cost, place=place)

    def settle(
        self, reservation: Reservation, tokens: int, now: float, cost: Money | None = None
    ) -> None:
        """End the lease; the server is told in a moment."""
        if reservation.closed or not isinstance(reservation, _Lease):
            return
        reservation.closed = True
        nanos = 0 if cost is None else cost.nanos
        used = {"requests": 1, "tokens": tokens, "budget": nanos}
        amounts = [
            (each.subject, each.period, each.window, each.field, used[each.kind], each.ttl)
            for each in reservation.charges
        ]
        if reservation.local is not None:
            self._local.settle(reservation.local, tokens, now, cost)
            if not amounts:
                return
        body = msgspec.json.encode({"tokens": tokens, "budget": nanos, "amounts": amounts})
        self._end("settle", reservation.id, body)

    def release(self, reservation: Reservation, now: float) -> None:
        """End the lease; nothing was used."""
        if reservation.closed or not isinstance(reservation, _Lease):
            return
        reservation.closed = True
        if reservation.local is not None:
            self._local.release(reservation.local, now)
        else:
            self._end("release", reservation.id, b"")

    def sweep(self, now: float) -> None:
        """Sweep what the degraded mode counts; the server forgets by itself."""
        self._local.sweep(now)

    async def run(self) -> None:
        """Tell the server of ends, renew leases, and watch for its return."""
        await asyncio.gather(self._tell_ends(), self._renew(), self._probe())

    async def flush(self) -> None:
        """Tell the server of every end that waits.

        Raises:
            RedisError: if it cannot be told; nothing is forgotten.
            TimeoutError: likewise.
        """
        while self._endings:
            batch = [self._endings[index] for index in range(min(_BATCH, len(self._endings)))]
            async with asyncio.timeout(1.0), self._redis.pipeline(transaction=False) as pipe:
                for each in batch:
                    await self._call(each.operation, each.lease_id, each.body, pipe)
                await pipe.execute()
            for each in batch:
                if self._endings and self._endings[0] is each:
                    self._endings.popleft()
        self._ended.clear()

    async def close(self) -> None:
        """Tell the last ends, if that can be done in a moment, and disconnect."""
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            await self.flush()
        with contextlib.suppress(RedisError, OSError, TimeoutError):
            async with asyncio.timeout(1.0):
                await self._redis.aclose()

    # Within

    async def _ask(
        self,
        compiled: _Compiled,
        tokens: int,
        now: float,
        lease_s: float,
        cost: Money | None,
        *,
        place: bool,
    ) -> Decision:
        lease_id = self._new_lease()
        wanted: list[_Amount] = []
        rows: list[tuple[object, ...]] = []
        charges: list[_Charge] = []
        for each in compiled.amounts:
            demand = 1 if each.kind == "requests" else tokens
            if each.kind == "budget":
                if cost is None or cost.currency != each.currency:
                    if each.deny_unpriced:
                        subject = each.bound.subject
                        return Refusal(subject, "price", each.cap, None, period=each.period)
                    continue
                demand = cost.nanos
            window, ends_at, ttl = self._window(each)
            if window:
                subject = each.bound.subject
                charges.append(_Charge(subject, each.period, window, each.kind, each.field, ttl))
            wanted.append(each)
            rows.append(
                (each.bound.subject, each.period, window, each.field, each.kind, demand, each.cap,
                 ends_at, ttl)
            )  # fmt: skip
        places = compiled.places if place else ()
        body = msgspec.json.encode({"lease_s": LEASE_S, "places": places, "amounts": rows})
        try:
            async with asyncio.timeout(self._deadline_s):
                told: list[Any] = await self._call("reserve", lease_id, body)
        except (RedisError, OSError, TimeoutError) as error:
            self._failed(error)
            # It may have been heard nevertheless.
            self._end("release", lease_id, b"")
            return self._degraded(compiled, tokens, now, lease_s, cost, place=place)
        self._failures = 0
        if told[0] == "held":
            self._running[lease_id] = None
            lease = _Lease(tokens, now + lease_s, id=lease_id, charges=charges)
            lease.requests = _allowance(told[1:4])
            lease.token_allowance = _allowance(told[4:7])
            return lease
        if told[0] == "over":  # given up meanwhile, by whoever waited for it
            return self._degraded(compiled, tokens, now, lease_s, cost, place=place)
        if told[0] == "place":
            index: int = told[1] - 1
            subject, cap = compiled.places[index]
            return Refusal(subject, "concurrency", cap, _CONCURRENCY_RETRY_S)
        wait = float(told[2])
        refused_by: int = told[1] - 1
        return _refusal(wanted[refused_by], None if wait < 0 else wait)

    def _degraded(
        self,
        compiled: _Compiled,
        tokens: int,
        now: float,
        lease_s: float,
        cost: Money | None,
        *,
        place: bool,
    ) -> Decision:
        if self.on_failure is FailurePolicy.CLOSED:
            return Refusal("", "store", 0, 1.0)
        local: Reservation = Reservation(tokens, now + lease_s)
        if self.on_failure is FailurePolicy.LOCAL_SHARE:
            decision = self._local.reserve(compiled.scaled, tokens, now, lease_s, cost, place=place)
            if isinstance(decision, Refusal):
                return decision
            local = decision
        charges: list[_Charge] = []
        for each in compiled.amounts:
            window, _, ttl = self._window(each)
            priced = cost is not None and cost.currency == each.currency
            if window and (each.kind != "budget" or priced):
                subject = each.bound.subject
                charges.append(_Charge(subject, each.period, window, each.kind, each.field, ttl))
        lease = _Lease(tokens, local.expires_at, id=self._new_lease(), charges=charges, local=local)
        lease.requests = local.requests
        lease.token_allowance = local.token_allowance
        return lease

    def _compile(self, bounds: tuple[Bound, ...]) -> _Compiled:
        known = self._compiled.get(id(bounds))
        if known is not None and known.bounds is bounds:
            return known
        places: list[tuple[str, int]] = []
        amounts: list[_Amount] = []
        for bound in bounds:
            limits = bound.limits
            if limits.max_concurrency is not None:
                places.append((bound.subject, limits.max_concurrency))
            rates: tuple[tuple[Period, Literal["requests", "tokens"], int | None], ...] = (
                ("second", "requests", limits.requests_per_second),
                ("minute", "requests", limits.requests_per_minute),
                ("minute", "tokens", limits.tokens_per_minute),
            )
            amounts += [
                _Amount(bound, period, kind, cap) for period, kind, cap in rates if cap is not None
            ]
            amounts += [
                _Amount(bound, each.period, each.dimension, each.cap, each.currency,
                        each.deny_unpriced)
                for each in bound.quotas
            ]  # fmt: skip
        parts = tuple(Bound(each.subject, self._share(each.limits)) for each in bounds)
        if len(self._compiled) >= 10_000:
            self._compiled.clear()
        known = _Compiled(bounds, parts, tuple(places), tuple(amounts))
        self._compiled[id(bounds)] = known
        return known

    def _share(self, limits: Limits) -> Limits:
        """Return this gateway's part, at least one of everything that is limited."""
        return scaled(limits, lambda cap: max(cap // self._gateways, 1))

    def _window(self, amount: _Amount) -> tuple[str, float, float]:
        """Return the calendar window's name, end and time to live; rates are the script's own."""
        period = amount.period
        if period not in {"day", "month"}:
            return "", 0.0, 0.0
        wall = self._wall()
        window = self._windows.get(period)
        if window is None or not window.starts_at <= wall < window.ends_at:
            window = calendar_window("day" if period == "day" else "month", wall)
            self._windows[period] = window
        return window.name, window.ends_at, window.ends_at - wall + 86_400.0

    def _new_lease(self) -> str:
        self._count += 1
        return f"{self._mark}-{self._count}"

    async def _call(
        self, operation: str, lease_id: str, body: bytes, pipe: object = None
    ) -> list[Any]:
        now = "" if self._clock is None else repr(self._clock())
        arguments = [operation, now, lease_id, body]
        return await self._script(keys=[self._prefix], args=arguments, client=pipe)

    def _end(self, operation: str, lease_id: str, body: bytes) -> None:
        self._running.pop(lease_id, None)
        self._endings.append(_Ending(operation, lease_id, body, time.monotonic()))
        self._ended.set()

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        if self._failures >= _TRIPS_AFTER and not self._away:
            self._away = True
            _log.error(
                "the Redis server of shared limits is away (%s); mode: %s",
                type(error).__name__,
                self.on_failure,
            )

    async def _tell_ends(self) -> None:
        while True:
            await self._ended.wait()
            try:
                await self.flush()
            except (RedisError, OSError, TimeoutError) as error:
                self._failed(error)
                oldest = time.monotonic() - _GIVE_UP_S
                while self._endings and self._endings[0].since < oldest:
                    self._endings.popleft()
                await asyncio.sleep(_PROBE_S)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_S)
            await self.renew()

    async def renew(self) -> None:
        """Tell the server that the calls of this gateway still run."""
        ids = list(self._running)
        for start in range(0, len(ids), 1000):
            body = msgspec.json.encode({"ids": ids[start : start + 1000], "lease_s": LEASE_S})
            with contextlib.suppress(RedisError, OSError, TimeoutError):
                async with asyncio.timeout(1.0):
                    await self._call("renew", "", body)

    async def _probe(self) -> None:
        while True:
            await asyncio.sleep(_PROBE_S)
            if not self._away:
                continue
            try:
                async with asyncio.timeout(self._deadline_s):
                    await self._script.registered_client.ping()
            except (RedisError, OSError, TimeoutError):
                continue
            self._failures = 0
            self._away = False
            _log.info("the Redis server of shared limits is back")


def _refusal(amount: _Amount, wait: float | None) -> Refusal:
    return Refusal(
        amount.bound.subject,
        amount.kind,
        amount.cap,
        wait,
        period=amount.period,
        currency=amount.currency,
    )


def _allowance(told: list[str]) -> Allowance | None:
    if not told[0]:
        return None
    return Allowance(int(told[0]), int(told[1]), float(told[2]))
