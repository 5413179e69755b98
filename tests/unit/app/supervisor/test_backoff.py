"""How restarts are spaced, and when they are given up."""

import random

from mainspring.app.supervisor.backoff import Backoff, RestartPolicy

POLICY = RestartPolicy(jitter=0.0, attempts=4)


def _backoff(policy: RestartPolicy = POLICY) -> Backoff:
    return Backoff(policy, random.Random(1))


def test_delays_double_and_end_in_giving_up() -> None:
    backoff = _backoff()
    assert [backoff.failed(served_s=0) for _ in range(3)] == [0.2, 0.4, 0.8]
    assert not backoff.given_up
    assert backoff.failed(served_s=0) == POLICY.after_failure_s
    assert backoff.given_up


def test_a_part_that_proved_itself_begins_anew() -> None:
    backoff = _backoff()
    for _ in range(3):
        backoff.failed(served_s=1)
    assert backoff.failed(served_s=POLICY.healthy_s) == 0.2


def test_delays_are_bounded_and_spread() -> None:
    policy = RestartPolicy(attempts=100)
    backoff = _backoff(policy)
    delays = [backoff.failed(served_s=0) for _ in range(40)]
    assert max(delays) <= policy.most_s * (1 + policy.jitter)
    assert len({round(delay, 6) for delay in delays[-10:]}) == 10


def test_what_cannot_get_better_is_given_up_at_once() -> None:
    backoff = _backoff()
    backoff.give_up()
    assert backoff.failed(served_s=0) == POLICY.after_failure_s
