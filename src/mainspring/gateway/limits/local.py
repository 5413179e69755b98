"""Limits counted in this process: exact for one gateway, constant time, bounded memory."""

import asyncio
import time
from collections.abc import Callable
from math import inf

from mainspring.gateway.limits.ledger import LedgerFile
from mainspring.gateway.limits.port import Allowance, Decision, FailurePolicy, Refusal, Reservation
from mainspring.gateway.limits.quotas import Calendar, Hold, Quotas
from mainspring.kernel.money import Money
from mainspring.snapshot.limits import WINDOW_S, Bound, seconds_until_fits, window_at

_SWEEP_STEP = 2000
_MOST_DESKS = 10_000
_FORGOTTEN = -1
"""The window of an account that is not known any more."""
_LEASE_BUCKET_S = 32.0
_SYNC_S = 2.0
"""The death of the machine (not of the process) takes at most this much of calendar windows."""
_CONCURRENCY_RETRY_S = 1.0
"""When a place frees is unknown; a second is a civil time to ask again."""


class _Account:
    """What one subject used in the present minute and second, and in those before."""

    __slots__ = (
        "in_flight",
        "previous_requests",
        "previous_second",
        "previous_tokens",
        "requests",
        "second",
        "second_requests",
        "subject",
        "tokens",
        "window",
    )

    def __init__(self, subject: str, window: int, second: int) -> None:
        self.subject = subject
        self.window = window
        self.requests = 0
        self.tokens = 0
        self.previous_requests = 0
        self.previous_tokens = 0
        self.second = second
        self.second_requests = 0
        self.previous_second = 0
        self.in_flight = 0

    def roll(self, window: int) -> None:
        """Go to ``window``; what is older than the window before it is forgotten."""
        if window <= self.window or self.window == _FORGOTTEN:
            return
        follows = window == self.window + 1
        self.previous_requests = self.requests if follows else 0
        self.previous_tokens = self.tokens if follows else 0
        self.requests = self.tokens = 0
        self.window = window

    def roll_second(self, second: int) -> None:
        """Go to ``second``."""
        if second > self.second:
            self.previous_second = self.second_requests if second == self.second + 1 else 0
            self.second_requests = 0
            self.second = second

    def adjust(self, window: int, requests: int, tokens: int) -> None:
        """Correct by ``requests`` and ``tokens`` what was counted in ``window``.

        More than was reserved is charged to the present: it cannot be refused any more, and must
        not vanish with an old window.
        """
        if window == self.window:
            self.requests += requests
            self.tokens += tokens
        elif tokens > 0:
            self.tokens += tokens
        elif window == self.window - 1:
            self.previous_requests += requests
            self.previous_tokens += tokens

    def give_back_second(self, second: int) -> None:
        """Take back a request that was counted in ``second``."""
        if self.second == second:
            self.second_requests -= 1
        elif self.second == second + 1:
            self.previous_second -= 1

    def refuse_requests(self, limit: int, now: float) -> Refusal:
        """Return the refusal of one more request."""
        wait = seconds_until_fits(1, limit, self.requests, self.previous_requests, now)
        return Refusal(self.subject, "requests", limit, wait)

    def refuse_tokens(self, limit: int, tokens: int, now: float) -> Refusal:
        """Return the refusal of ``tokens`` more."""
        wait = seconds_until_fits(tokens, limit, self.tokens, self.previous_tokens, now)
        return Refusal(self.subject, "tokens", limit, wait)

    def refuse_second(self, limit: int, now: float) -> Refusal:
        """Return the refusal of one more request in this second."""
        wait = seconds_until_fits(
            1, limit, self.second_requests, self.previous_second, now, window_s=1.0
        )
        return Refusal(self.subject, "requests", limit, wait, period="second")


class _Desk:
    """What a set of bounds is counted by, found once for all calls under them."""

    __slots__ = ("accounts", "bounds", "calendar", "hasty", "levels", "quotas")

    def __init__(self, bounds: tuple[Bound, ...], accounts: tuple[_Account, ...]) -> None:
        self.bounds = bounds
        self.accounts = accounts
        self.levels = tuple(
            (
                account,
                bound.limits.max_concurrency,
                bound.limits.requests_per_minute,
                bound.limits.tokens_per_minute,
                bound.limits.requests_per_second,
            )
            for account, bound in zip(accounts, bounds, strict=True)
        )
        """Each account with its caps."""
        self.hasty = tuple(level[0] for level in self.levels if level[4] is not None)
        """Accounts with a limit per second."""
        self.quotas = tuple(bound for bound in bounds if bound.quotas)
        self.calendar: Calendar | None = None
        """What counts ``quotas``, once one call needed it."""


class _Lease(Reservation, kw_only=True):
    """A reservation that knows the accounts it was taken from."""

    accounts: tuple[_Account, ...]
    window: int
    places: int
    hasty: tuple[_Account, ...]
    second: int
    hold: Hold | None


class LocalLimiter:
    """The limiter of a single gateway.

    Seconds, minutes and places live in the process: after a restart they are empty, which errs
    toward serving for at most two minutes. Days and months live in the ledger's file as well; what
    was settled survives, what was only reserved does not.
    """

    on_failure = FailurePolicy.CANNOT_FAIL
    problem = None

    def __init__(
        self, ledger: LedgerFile | None = None, wall: Callable[[], float] = time.time
    ) -> None:
        """Keep calendar windows in ``ledger``; ``wall`` gives Unix seconds."""
        self._ledger = ledger
        self._quotas = Quotas(ledger, wall)
        self._accounts: dict[str, _Account] = {}
        self._desks: dict[int, _Desk] = {}
        """By the identity of their bounds, which are the same object in all calls of a caller."""
        self._leases: dict[int, dict[_Lease, None]] = {}
        self._to_sweep: list[str] = []

    def __len__(self) -> int:
        return len(self._accounts) + len(self._quotas)

    @property
    def open_leases(self) -> int:
        """Return how many reservations are neither settled nor released."""
        return sum(len(bucket) for bucket in self._leases.values())

    def reserve(  # noqa: C901, PLR0912 - one pass over the bounds, which every request pays for
        self,
        bounds: tuple[Bound, ...],
        tokens: int,
        now: float,
        lease_s: float,
        cost: Money | None = None,
        *,
        place: bool = True,
    ) -> Decision:
        """Reserve under every bound, or change nothing and say which bound refused."""
        desk = self._desks.get(id(bounds))
        if desk is None or desk.bounds is not bounds:
            desk = self._open(bounds, now)
        window = int(now // WINDOW_S)
        second = int(now)
        share = 1.0 - (now % WINDOW_S) / WINDOW_S
        requests_left = tokens_left = inf
        requests_cap = tokens_cap = 0
        tightest: _Account | None = None
        for account, places, per_minute, tokens_per_minute, per_second in desk.levels:
            if account.window != window:
                if account.window == _FORGOTTEN:
                    del self._desks[id(bounds)]
                    return LocalLimiter.reserve(
                        self, bounds, tokens, now, lease_s, cost, place=place
                    )
                account.roll(window)
            if places is not None and account.in_flight >= places and place:
                return Refusal(account.subject, "concurrency", places, _CONCURRENCY_RETRY_S)
            if per_minute is not None:
                left = per_minute - 1 - account.requests - account.previous_requests * share
                if left < requests_left:
                    if left < 0:
                        return account.refuse_requests(per_minute, now)
                    requests_left, requests_cap = left, per_minute
            if tokens_per_minute is not None:
                left = tokens_per_minute - tokens - account.tokens - account.previous_tokens * share
                if left < tokens_left:
                    if left < 0:
                        return account.refuse_tokens(tokens_per_minute, tokens, now)
                    tokens_left, tokens_cap, tightest = left, tokens_per_minute, account
            if per_second is not None:
                if account.second != second:
                    account.roll_second(second)
                used = account.second_requests + account.previous_second * (1.0 - now % 1.0)
                if used + 1 > per_second:
                    return account.refuse_second(per_second, now)
        hold: Hold | None = None
        wall = 0.0
        if desk.quotas:
            wall = self._quotas.wall()
            calendar = desk.calendar
            if calendar is None or not calendar.starts_at <= wall < calendar.ends_at:
                calendar = desk.calendar = self._quotas.open(desk.quotas, wall)
            found = self._quotas.take(calendar, tokens, cost, wall)
            if isinstance(found, Refusal):
                return found
            hold = found
        lease = self._lease(desk, tokens, now, lease_s, hold, 1 if place else 0)
        rest = WINDOW_S - now % WINDOW_S
        if requests_left is not inf:
            lease.requests = Allowance(requests_cap, int(requests_left), rest + WINDOW_S)
        if tightest is not None:
            reset_s = 0.0
            if tightest.tokens > 0:
                reset_s = rest + WINDOW_S
            elif tightest.previous_tokens > 0:
                reset_s = rest
            lease.token_allowance = Allowance(tokens_cap, int(tokens_left), reset_s)
        if hold is not None and (lease.requests is None or lease.token_allowance is None):
            self._tell_quotas(lease, desk, wall)
        return lease

    def settle(
        self, reservation: Reservation, tokens: int, now: float, cost: Money | None = None
    ) -> None:
        """End the lease and correct what was reserved to what was used."""
        if reservation.closed or not isinstance(reservation, _Lease):
            return
        if reservation.hold is not None:
            self._quotas.settle(reservation.hold, tokens, cost)
        self._close(reservation, 0, tokens - reservation.tokens, now)

    def release(self, reservation: Reservation, now: float) -> None:
        """End the lease and take back all that it had reserved."""
        if reservation.closed or not isinstance(reservation, _Lease):
            return
        if reservation.hold is not None:
            self._quotas.release(reservation.hold)
        for account in reservation.hasty:
            account.give_back_second(reservation.second)
        self._close(reservation, -1, -reservation.tokens, now)

    async def run(self) -> None:
        """Bring calendar windows to the disk again and again, in a worker thread."""
        while True:
            await asyncio.sleep(_SYNC_S)
            if self._ledger is not None:
                await asyncio.to_thread(self._ledger.sync)

    async def close(self) -> None:
        """Close the ledger."""
        if self._ledger is not None:
            self._ledger.close()

    def sweep(self, now: float) -> None:
        """Release overdue leases and forget idle accounts; call it every few seconds.

        Each call looks at a bounded number of accounts, so that it never holds up the loop.
        """
        present = int(now // _LEASE_BUCKET_S)
        for bucket in [number for number in self._leases if number < present]:
            for lease in list(self._leases.get(bucket, ())):
                self.release(lease, now)
            self._leases.pop(bucket, None)
        if self._quotas.sweep():
            self._desks.clear()
        if not self._to_sweep:
            self._to_sweep = list(self._accounts)
        window = window_at(now)
        batch, self._to_sweep = self._to_sweep[:_SWEEP_STEP], self._to_sweep[_SWEEP_STEP:]
        for subject in batch:
            account = self._accounts.get(subject)
            if account is not None and not account.in_flight and account.window < window - 1:
                account.window = _FORGOTTEN
                del self._accounts[subject]

    def _open(self, bounds: tuple[Bound, ...], now: float) -> _Desk:
        """Find what ``bounds`` are counted by."""
        accounts: list[_Account] = []
        for bound in bounds:
            account = self._accounts.get(bound.subject)
            if account is None:
                account = _Account(bound.subject, window_at(now), int(now))
                self._accounts[bound.subject] = account
            accounts.append(account)
        if len(self._desks) >= _MOST_DESKS:
            self._desks.clear()
        desk = self._desks[id(bounds)] = _Desk(bounds, tuple(accounts))
        return desk

    def _lease(  # noqa: PLR0917 - once per request, where keywords cost
        self,
        desk: _Desk,
        tokens: int,
        now: float,
        lease_s: float,
        hold: Hold | None,
        places: int,
    ) -> _Lease:
        """Take from every account, and note when the lease is overdue."""
        for account in desk.accounts:
            account.requests += 1
            account.tokens += tokens
            account.in_flight += places
        for account in desk.hasty:
            account.second_requests += 1
        expires_at = now + lease_s
        lease = _Lease(
            tokens,
            expires_at,
            accounts=desk.accounts,
            window=int(now // WINDOW_S),
            places=places,
            hasty=desk.hasty,
            second=int(now),
            hold=hold,
        )
        bucket = int(expires_at // _LEASE_BUCKET_S)
        leases = self._leases.get(bucket)
        if leases is None:
            leases = self._leases[bucket] = {}
        leases[lease] = None
        return lease

    def _tell_quotas(self, lease: _Lease, desk: _Desk, wall: float) -> None:
        """Where no rate is told, tell the quota of which the least is left."""
        calendar = desk.calendar
        if calendar is None:
            return
        if lease.requests is None:
            lease.requests = self._quotas.tightest(calendar, "requests", wall)
        if lease.token_allowance is None:
            lease.token_allowance = self._quotas.tightest(calendar, "tokens", wall)

    def _close(self, reservation: _Lease, requests: int, tokens: int, now: float) -> None:
        reservation.closed = True
        bucket = self._leases.get(int(reservation.expires_at // _LEASE_BUCKET_S))
        if bucket is not None:
            bucket.pop(reservation, None)
        window = window_at(now)
        counted_in = reservation.window
        places = reservation.places
        for account in reservation.accounts:
            account.in_flight -= places
            if account.window != window:
                account.roll(window)
            if account.window == counted_in:
                account.requests += requests
                account.tokens += tokens
            else:
                account.adjust(counted_in, requests, tokens)
