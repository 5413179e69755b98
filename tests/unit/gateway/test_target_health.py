"""What a gateway concludes from the calls to one target, on a clock of the test's own."""

from mainspring.gateway.routing import told
from mainspring.gateway.routing.health import CircuitState, TargetHealth, Verdict
from mainspring.snapshot.route_policy import Breaker
from mainspring.wire.records import MAX_TARGETS_TOLD, TargetSeen

POLICY = Breaker(window_s=10, min_samples=4, error_share=0.5, open_s=10, eject_after=100)


def health(policy: Breaker = POLICY, jitter: float = 0.5) -> TargetHealth:
    return TargetHealth(policy, lambda: jitter)


def call(of: TargetHealth, verdict: Verdict, now: float) -> None:
    of.look(now)
    probe = of.begin()
    of.end(verdict, now, 10.0, probe=probe)


def broken(now: float = 100.0) -> TargetHealth:
    made = health()
    for _ in range(4):
        call(made, Verdict.BAD, now)
    return made


def test_too_few_calls_open_nothing() -> None:
    made = health()
    for _ in range(3):
        call(made, Verdict.BAD, 100.0)
    assert made.circuit is CircuitState.CLOSED


def test_failures_among_enough_successes_open_nothing() -> None:
    made = health()
    for _ in range(20):
        call(made, Verdict.GOOD, 100.0)
        call(made, Verdict.GOOD, 100.0)
        call(made, Verdict.BAD, 100.0)
    assert made.circuit is CircuitState.CLOSED


def test_old_failures_leave_the_window() -> None:
    made = health()
    for now in (100.0, 112.0, 124.0, 136.0, 148.0):
        call(made, Verdict.BAD, now)
    assert made.circuit is CircuitState.CLOSED


def test_an_open_circuit_stays_so_for_its_time_then_lets_one_probe_through() -> None:
    made = broken()
    made.look(109.0)
    assert made.obstacle == "circuit_open"
    made.look(110.5)
    assert made.obstacle is None
    probe = made.begin()
    assert probe
    made.look(110.6)
    assert made.obstacle == "probing"
    made.end(Verdict.GOOD, 111.0, probe=probe)
    made.look(111.0)
    assert (made.circuit, made.obstacle) == (CircuitState.CLOSED, None)


def test_a_bad_probe_opens_again_and_an_undecided_one_lets_the_next_try() -> None:
    made = broken()
    made.look(111.0)
    made.end(Verdict.NEUTRAL, 111.0, probe=made.begin())
    made.look(111.0)
    assert made.obstacle is None
    made.end(Verdict.BAD, 111.0, probe=made.begin())
    made.look(112.0)
    assert (made.circuit, made.obstacle) == (CircuitState.OPEN, "circuit_open")
    assert made.opened == 2


def test_calls_from_before_the_circuit_opened_do_not_decide_for_the_probe() -> None:
    made = health()
    late = made.begin()
    for _ in range(4):
        call(made, Verdict.BAD, 100.0)
    made.look(111.0)
    probe = made.begin()
    made.end(Verdict.GOOD, 111.0, probe=late)
    assert made.circuit is CircuitState.HALF_OPEN
    assert made.probing
    made.end(Verdict.GOOD, 111.5, probe=probe)
    assert made.circuit is CircuitState.CLOSED
    assert made.in_flight == 0


def test_the_open_time_is_a_fifth_more_or_less() -> None:
    for jitter, free_at in ((0.0, 108.1), (0.999, 112.0)):
        made = health(jitter=jitter)
        for _ in range(4):
            call(made, Verdict.BAD, 100.0)
        made.look(free_at - 0.2)
        assert made.obstacle == "circuit_open"
        made.look(free_at)
        assert made.obstacle is None


def test_a_cool_down_ends_by_itself_and_is_bounded() -> None:
    made = health()
    made.cool_down(1e9, 100.0)
    made.look(159.0)
    assert made.obstacle == "cooling_down"
    made.look(160.5)
    assert made.obstacle is None
    assert made.calm


def test_failures_in_a_row_set_a_target_aside_for_a_while() -> None:
    made = health(Breaker(min_samples=1000, eject_after=3, open_s=10))
    for _ in range(3):
        call(made, Verdict.BAD, 100.0)
    made.look(101.0)
    assert made.obstacle == "ejected"
    made.look(111.0)
    assert made.obstacle is None


def test_latency_believes_a_slow_answer_quickly_and_forgets_an_old_one() -> None:
    made = health()
    made.end(Verdict.GOOD, 100.0, 100.0, probe=made.begin())
    made.end(Verdict.GOOD, 100.1, 2000.0, probe=made.begin())
    assert made.latency_ms > 1000
    before = made.latency_ms
    made.fade(150.0)
    assert made.latency_ms < before / 50


def test_control_is_told_what_keeps_calls_away_and_until_when() -> None:
    open_one, calm = broken(), health()
    call(calm, Verdict.GOOD, 100.0)
    seen = told([("ups_1", "a", calm), ("ups_2", "b", open_one)], 104.0)
    assert seen == [
        TargetSeen(upstream_id="ups_1", upstream_model="a", latency_ms=10.0),
        TargetSeen(
            upstream_id="ups_2",
            upstream_model="b",
            circuit="open",
            obstacle="circuit_open",
            retry_in_s=6.0,
            latency_ms=10.0,
            opened=1,
        ),
    ]


def test_of_many_targets_those_in_trouble_are_told_first() -> None:
    busy = health()
    busy.begin()
    calm = [("ups_1", str(place), health()) for place in range(MAX_TARGETS_TOLD)]
    seen = told([*calm, ("ups_1", "busy", busy), ("ups_1", "open", broken())], 104.0)
    assert len(seen) == MAX_TARGETS_TOLD
    assert [one.upstream_model for one in seen[:2]] == ["open", "busy"]
