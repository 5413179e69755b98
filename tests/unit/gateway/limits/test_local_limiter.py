from collections import defaultdict

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
)

from mainspring.gateway.limits import LocalLimiter, Refusal, Reservation
from mainspring.snapshot.limits import Bound
from mainspring.snapshot.resources import Limits

ORG = Bound("organization/o", Limits(requests_per_minute=10, tokens_per_minute=100))
KEY = Bound("key/k", Limits(requests_per_minute=3, max_concurrency=2))


def admitted(decision: Reservation | Refusal) -> Reservation:
    assert isinstance(decision, Reservation)
    return decision


def refused(decision: Reservation | Refusal) -> tuple[str, str, int]:
    assert isinstance(decision, Refusal)
    return decision.subject, decision.dimension, decision.limit


def test_all_bounds_hold_at_once_or_nothing_is_taken() -> None:
    limiter = LocalLimiter()
    for _ in range(3):
        limiter.settle(admitted(limiter.reserve((ORG, KEY), 1, 0.0, 60)), 1, 0.0)
    assert refused(limiter.reserve((ORG, KEY), 1, 1.0, 60)) == ("key/k", "requests", 3)
    # The organisation was not charged for what the key refused: seven of its ten are left.
    allowance = admitted(limiter.reserve((ORG,), 1, 1.0, 60)).requests
    assert allowance is not None
    assert (allowance.limit, allowance.remaining) == (10, 6)


def test_concurrency_returns_when_a_call_settles() -> None:
    limiter = LocalLimiter()
    first = admitted(limiter.reserve((KEY,), 0, 0.0, 60))
    admitted(limiter.reserve((KEY,), 0, 0.0, 60))
    assert refused(limiter.reserve((KEY,), 0, 0.0, 60)) == ("key/k", "concurrency", 2)
    limiter.settle(first, 0, 0.0)
    limiter.settle(first, 0, 0.0)
    admitted(limiter.reserve((KEY,), 0, 0.0, 60))
    assert refused(limiter.reserve((KEY,), 0, 0.0, 60)) == ("key/k", "concurrency", 2)


def test_released_capacity_is_as_if_never_asked_for() -> None:
    limiter = LocalLimiter()
    for _ in range(50):
        limiter.release(admitted(limiter.reserve((ORG, KEY), 60, 0.0, 60)), 0.0)
    assert limiter.open_leases == 0


def test_tokens_are_corrected_to_what_was_used() -> None:
    limiter = LocalLimiter()
    limiter.settle(admitted(limiter.reserve((ORG,), 90, 0.0, 60)), 10, 0.0)
    limiter.settle(admitted(limiter.reserve((ORG,), 90, 0.0, 60)), 120, 0.0)
    assert refused(limiter.reserve((ORG,), 1, 0.0, 60))[1] == "tokens"


def test_an_overrun_that_settles_in_a_later_window_is_charged_there() -> None:
    limiter = LocalLimiter()
    late = admitted(limiter.reserve((ORG,), 10, 0.0, 600))
    limiter.settle(late, 110, 200.0)
    assert refused(limiter.reserve((ORG,), 1, 200.0, 60))[1] == "tokens"


def test_a_burst_at_a_window_edge_does_not_pass_twice() -> None:
    limiter = LocalLimiter()
    for _ in range(10):
        limiter.settle(admitted(limiter.reserve((ORG,), 0, 59.0, 60)), 0, 59.0)
    assert refused(limiter.reserve((ORG,), 0, 60.5, 60))[1] == "requests"
    decision = limiter.reserve((ORG,), 0, 60.5, 60)
    assert isinstance(decision, Refusal)
    assert decision.retry_after_s is not None
    admitted(limiter.reserve((ORG,), 0, 60.5 + decision.retry_after_s + 0.001, 60))


def test_a_request_beyond_the_whole_limit_is_told_that_waiting_is_vain() -> None:
    decision = LocalLimiter().reserve((ORG,), 101, 0.0, 60)
    assert isinstance(decision, Refusal)
    assert decision.retry_after_s is None


def test_a_forgotten_lease_returns_its_place_when_its_time_is_over() -> None:
    limiter = LocalLimiter()
    for _ in range(2):
        admitted(limiter.reserve((KEY,), 0, 0.0, 60))
    limiter.sweep(59.0)
    assert refused(limiter.reserve((KEY,), 0, 200.0, 60))[1] == "concurrency"
    limiter.sweep(200.0)
    admitted(limiter.reserve((KEY,), 0, 200.0, 60))


def test_idle_subjects_are_forgotten() -> None:
    limiter = LocalLimiter()
    for number in range(5000):
        bound = Bound(f"key/{number}", Limits(requests_per_minute=1))
        limiter.settle(admitted(limiter.reserve((bound,), 0, 0.0, 60)), 0, 0.0)
    for _ in range(4):
        limiter.sweep(300.0)
    assert len(limiter) == 0


def test_a_caller_that_comes_back_is_counted_with_others_of_its_subjects() -> None:
    limiter = LocalLimiter()
    mine, others = (ORG, KEY), (ORG,)
    session = admitted(limiter.reserve(mine, 0, 0.0, 600, place=False))
    limiter.settle(admitted(limiter.reserve(mine, 0, 0.0, 60)), 0, 0.0)
    limiter.sweep(300.0)
    assert len(limiter) == 0
    # The end of a call from before the sweep does not bring back what was forgotten.
    limiter.settle(session, 0, 300.0)
    for bounds in (mine, others) * 3:
        limiter.settle(admitted(limiter.reserve(bounds, 20, 301.0, 60)), 15, 301.0)
    assert refused(limiter.reserve(mine, 0, 301.0, 60)) == ("key/k", "requests", 3)
    assert refused(limiter.reserve(others, 11, 301.0, 60)) == ("organization/o", "tokens", 100)
    allowance = admitted(limiter.reserve(others, 10, 301.0, 60)).requests
    assert allowance is not None
    assert allowance.remaining == 3


def test_callers_with_the_same_subjects_share_days_and_seconds() -> None:
    clock = [1_769_774_400.0]
    limiter = LocalLimiter(wall=lambda: clock[0])
    org = Bound("organization/o", Limits(requests_per_day=3, requests_per_second=2))
    callers = [(org, Bound(f"key/{number}", Limits(tokens_per_day=10))) for number in range(3)]
    limiter.settle(admitted(limiter.reserve(callers[0], 1, 0.0, 60)), 1, 0.0)
    limiter.release(admitted(limiter.reserve(callers[1], 1, 0.0, 60)), 0.0)
    admitted(limiter.reserve(callers[1], 1, 0.0, 60))
    assert refused(limiter.reserve(callers[2], 1, 0.0, 60)) == ("organization/o", "requests", 2)
    limiter.settle(admitted(limiter.reserve(callers[2], 1, 2.0, 60)), 1, 2.0)
    assert refused(limiter.reserve(callers[0], 1, 4.0, 60)) == ("organization/o", "requests", 3)
    clock[0] += 86_400.0
    limiter.sweep(5.0)
    admitted(limiter.reserve(callers[0], 10, 6.0, 60))
    assert refused(limiter.reserve(callers[0], 1, 6.0, 60)) == ("key/0", "tokens", 10)


class LimiterMachine(RuleBasedStateMachine):
    """Hammers reserve, settle, release and lost leases beside a plain ledger of every window."""

    leases = Bundle("leases")

    def __init__(self) -> None:
        super().__init__()
        self.limiter = LocalLimiter()
        self.now = 0.0
        self.open: dict[Reservation, tuple[tuple[Bound, ...], int]] = {}
        self.requests: dict[tuple[Bound, int], int] = defaultdict(int)
        self.tokens: dict[tuple[Bound, int], int] = defaultdict(int)

    @rule(
        target=leases,
        bounds=st.sampled_from([(ORG,), (KEY,), (ORG, KEY)]),
        tokens=st.integers(0, 40),
    )
    def reserve(self, bounds: tuple[Bound, ...], tokens: int) -> Reservation | None:
        decision = self.limiter.reserve(bounds, tokens, self.now, 100.0)
        if isinstance(decision, Refusal):
            return None
        window = int(self.now // 60)
        self.open[decision] = (bounds, window)
        self._count(bounds, window, 1, tokens)
        return decision

    @rule(lease=consumes(leases), share=st.floats(0, 1))
    def settle(self, lease: Reservation | None, share: float) -> None:
        if lease is None:
            return
        used = int(lease.tokens * share)
        self.limiter.settle(lease, used, self.now)
        if lease in self.open:
            self._count(*self.open.pop(lease), 0, used - lease.tokens)

    @rule(lease=consumes(leases))
    def release(self, lease: Reservation | None) -> None:
        if lease is None:
            return
        self.limiter.release(lease, self.now)
        if lease in self.open:
            self._count(*self.open.pop(lease), -1, -lease.tokens)

    @rule(seconds=st.floats(0.1, 90))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def sweep(self) -> None:
        self.limiter.sweep(self.now)
        for lease in [each for each in self.open if each.closed]:
            assert lease.expires_at < self.now
            del self.open[lease]

    @invariant()
    def no_window_holds_more_than_its_limit(self) -> None:
        for (bound, _), requests in self.requests.items():
            assert 0 <= requests <= (bound.limits.requests_per_minute or 0)
        for (bound, _), tokens in self.tokens.items():
            cap = bound.limits.tokens_per_minute
            assert tokens >= 0
            assert cap is None or tokens <= cap

    @invariant()
    def no_more_run_at_once_than_may(self) -> None:
        running = sum(KEY in bounds for bounds, _ in self.open.values())
        assert running <= 2

    @invariant()
    def every_open_lease_is_known_and_no_other(self) -> None:
        assert self.limiter.open_leases == len(self.open)

    def teardown(self) -> None:
        for lease in list(self.open):
            self.limiter.settle(lease, 0, self.now)
        assert self.limiter.open_leases == 0
        later = self.now + 200.0
        for _ in range(2):
            self.limiter.sweep(later)
        assert len(self.limiter) == 0
        for _ in range(2):
            admitted(self.limiter.reserve((ORG, KEY), 50, later, 60))

    def _count(self, bounds: tuple[Bound, ...], window: int, requests: int, tokens: int) -> None:
        for bound in bounds:
            self.requests[bound, window] += requests
            self.tokens[bound, window] += tokens


TestLimiterMachine = LimiterMachine.TestCase
