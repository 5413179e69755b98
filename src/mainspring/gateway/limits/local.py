"""Limits counted in this process: exact for one gateway, constant time, bounded memory."""

import asyncio
import time
from collections.abc import Callable
from math import inf

from mainspring.gateway.limits.ledger import LedgerFile
from mainspring.gateway.limits.port import Allowance, Decision, FailurePolicy, Refusal, Reservation
from mainspring.gateway.limits.quotas import Hold, Quotas
from mainspring.kernel.money import Money
from mainspring.snapshot.limits import WINDOW_S, Bound, seconds_until_fits, window_at

_SWEEP_STEP = 2000
_LEASE_BUCKET_S = 32.0
_SYNC_S = 2.0
"""The death of the machine (not of the process) takes at most this much of calendar windows."""
_CONCURRENCY_RETRY_S = 1.0
"""When a place frees is unknown; a second is a civil time to ask again."""


class _Account:
    """What one subject used in the present window and in the one before."""

    __slots__ = (
        "in_flight",
        "previous_requests",
        "previous_tokens",
        "requests",
        "tokens",
        "window",
    )

    def __init__(self, window: int) -> None:
        self.window = window
        self.requests = 0
        self.tokens = 0
        self.previous_requests = 0
        self.previous_tokens = 0
        self.in_flight = 0

    def roll(self, window: int) -> None:
        """Go to ``window``; what is older than the window before it is forgotten."""
        if window <= self.window:
            return
        follows = window == self.window + 1
        self.previous_requests = self.requests if follows else 0
        self.previous_tokens = self.tokens if follows else 0
        self.requests = self.tokens = 0
        self.window = window

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

    def refuse_requests(self, subject: str, limit: int, now: float) -> Refusal:
        """Return the refusal of one more request."""
        wait = seconds_until_fits(1, limit, self.requests, self.previous_requests, now)
        return Refusal(subject, "requests", limit, wait)

    def refuse_tokens(self, subject: str, limit: int, tokens: int, now: float) -> Refusal:
        """Return the refusal of ``tokens`` more."""
        wait = seconds_until_fits(tokens, limit, self.tokens, self.previous_tokens, now)
        return Refusal(subject, "tokens", limit, wait)


class _Lease(Reservation):
    """A reservation that knows the accounts it was taken from."""

    __slots__ = ("accounts", "hold", "places", "window")

    def __init__(
        self, accounts: list[_Account], window: int, tokens: int, expires_at: float, places: int
    ) -> None:
        super().__init__(tokens, expires_at)
        self.accounts = accounts
        self.window = window
        self.places = places
        self.hold: Hold | None = None


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
        window = int(now // WINDOW_S)
        share = 1.0 - (now % WINDOW_S) / WINDOW_S
        requests_left = tokens_left = inf
        tightest_requests: tuple[int, _Account] | None = None
        tightest_tokens: tuple[int, _Account] | None = None
        accounts: list[_Account] = []
        extended: list[Bound] | None = None
        for bound in bounds:
            subject = bound.subject
            account = self._accounts.get(subject)
            if account is None:
                account = self._accounts[subject] = _Account(window)
            elif account.window != window:
                account.roll(window)
            limits = bound.limits
            cap = limits.max_concurrency
            if cap is not None and account.in_flight >= cap and place:
                return Refusal(subject, "concurrency", cap, _CONCURRENCY_RETRY_S)
            cap = limits.requests_per_minute
            if cap is not None:
                left = cap - 1 - account.requests - account.previous_requests * share
                if left < 0:
                    return account.refuse_requests(subject, cap, now)
                if left < requests_left:
                    requests_left, tightest_requests = left, (cap, account)
            cap = limits.tokens_per_minute
            if cap is not None:
                left = cap - tokens - account.tokens - account.previous_tokens * share
                if left < 0:
                    return account.refuse_tokens(subject, cap, tokens, now)
                if left < tokens_left:
                    tokens_left, tightest_tokens = left, (cap, account)
            accounts.append(account)
            if bound.extended:
                if extended is None:
                    extended = []
                extended.append(bound)
        hold: Hold | None = None
        if extended is not None:
            found = self._quotas.take(extended, tokens, cost, now)
            if isinstance(found, Refusal):
                return found
            hold = found
        lease = self._lease(accounts, window, tokens, now + lease_s, 1 if place else 0)
        if tightest_requests is not None:
            cap, account = tightest_requests
            reset_s = _reset_s(account.requests, account.previous_requests, now)
            lease.requests = Allowance(cap, int(requests_left), reset_s)
        if tightest_tokens is not None:
            cap, account = tightest_tokens
            reset_s = _reset_s(account.tokens, account.previous_tokens, now)
            lease.token_allowance = Allowance(cap, int(tokens_left), reset_s)
        if hold is not None and extended is not None:
            self._extend(lease, hold, extended)
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
        self._quotas.sweep(now)
        if not self._to_sweep:
            self._to_sweep = list(self._accounts)
        window = window_at(now)
        batch, self._to_sweep = self._to_sweep[:_SWEEP_STEP], self._to_sweep[_SWEEP_STEP:]
        for subject in batch:
            account = self._accounts.get(subject)
            if account is not None and not account.in_flight and account.window < window - 1:
                del self._accounts[subject]

    def _lease(
        self, accounts: list[_Account], window: int, tokens: int, expires_at: float, places: int
    ) -> _Lease:
        """Take from every account, and note when the lease is overdue."""
        for account in accounts:
            account.requests += 1
            account.tokens += tokens
            account.in_flight += places
        lease = _Lease(accounts, window, tokens, expires_at, places)
        bucket = int(expires_at // _LEASE_BUCKET_S)
        leases = self._leases.get(bucket)
        if leases is None:
            leases = self._leases[bucket] = {}
        leases[lease] = None
        return lease

    def _extend(self, lease: _Lease, hold: Hold, extended: list[Bound]) -> None:
        """Keep what few subjects have limits for; where no rate is told, tell the quota."""
        quotas = self._quotas
        lease.hold = hold
        if lease.requests is None:
            tightest = quotas.tightest(extended, "requests")
            if tightest is not None:
                lease.requests = Allowance(tightest.cap, tightest.left, tightest.reset_s)
        if lease.token_allowance is None:
            tightest = quotas.tightest(extended, "tokens")
            if tightest is not None:
                lease.token_allowance = Allowance(tightest.cap, tightest.left, tightest.reset_s)

    def _close(self, reservation: _Lease, requests: int, tokens: int, now: float) -> None:
        reservation.closed = True
        bucket = self._leases.get(int(reservation.expires_at // _LEASE_BUCKET_S))
        if bucket is not None:
            bucket.pop(reservation, None)
        window = window_at(now)
        for account in reservation.accounts:
            account.in_flight -= reservation.places
            if account.window != window:
                account.roll(window)
            if requests or tokens:
                account.adjust(reservation.window, requests, tokens)


def _reset_s(current: int, previous: int, now: float) -> float:
    """Return the seconds until nothing that was used so far counts any more."""
    rest = WINDOW_S - now % WINDOW_S
    if current > 0:
        return rest + WINDOW_S
    return rest if previous > 0 else 0.0
