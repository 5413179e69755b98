import asyncio
import time
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from mainspring.kernel.clock import ManualClock, SystemClock
from mainspring.kernel.errors import ChangePendingError, MainspringError, error_catalogue
from mainspring.kernel.ids import id_time_ms, new_id, new_secret
from mainspring.kernel.money import NANOS, Money
from mainspring.kernel.tasks import TaskOwner


def test_ids_are_distinct_carry_their_time_and_sort_by_it() -> None:
    before = int(time.time() * 1000)
    ids = [new_id("req") for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(before <= id_time_ms(each) <= before + 60_000 for each in ids)
    times = [id_time_ms(each) for each in ids]
    assert all(a <= b for a, b in pairwise(times))


@pytest.mark.parametrize("value", ["", "req_", "req_123", "nonsense"])
def test_what_is_no_id_has_no_time(value: str) -> None:
    with pytest.raises(ValueError, match="not an id"):
        id_time_ms(value)


def test_a_secret_has_all_the_entropy_that_it_was_asked_for() -> None:
    secret = new_secret("msk")
    assert secret.startswith("msk-")
    assert len(secret) == len("msk-") + 43
    assert new_secret("msk") != secret


def test_every_error_code_is_unique_and_tells_a_next_step() -> None:
    for code, error in error_catalogue().items():
        assert error.code == code == code.lower()
        assert 400 <= error.status <= 599 or error is ChangePendingError
        assert error.title
        assert error.next_step.endswith(".")


def test_an_error_says_its_title_where_there_is_no_detail() -> None:
    error = MainspringError(retry_after_s=2.0, field="x")
    assert (str(error), error.retry_after_s) == (error.title, 2.0)
    assert error.params == {"field": "x"}


@given(st.integers(-(10**18), 10**18), st.integers(-(10**18), 10**18))
def test_money_adds_exactly(a: int, b: int) -> None:
    assert Money("EUR", a) + Money("EUR", b) == Money("EUR", a + b)
    assert Money("EUR", a) + -Money("EUR", a) == Money("EUR", 0)


def test_money_is_read_without_floats_and_never_mixed() -> None:
    assert Money.parse("0.1", "USD") == Money("USD", NANOS // 10)
    assert str(Money.parse("0.1", "USD") + Money.parse("0.2", "USD")) == "0.3 USD"
    with pytest.raises(ValueError, match="cannot add"):
        _ = Money("USD", 1) + Money("EUR", 1)


def test_a_manual_clock_moves_only_when_told() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.now() == datetime(2026, 1, 1, tzinfo=UTC)
    clock.advance(1.5)
    assert (clock.now() - datetime(2026, 1, 1, tzinfo=UTC)).total_seconds() == 1.5
    assert clock.monotonic() == 1.5
    assert SystemClock().now().tzinfo is UTC


async def test_an_owner_ends_what_it_started_and_hears_of_failures() -> None:
    failures: list[tuple[str, BaseException]] = []
    owner = TaskOwner(lambda name, error: failures.append((name, error)))
    ended = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def failing() -> None:
        raise LookupError("boom")

    owner.start(endless(), name="endless")
    await asyncio.wait([owner.start(failing(), name="failing")])
    assert [(name, str(error)) for name, error in failures] == [("failing", "boom")]
    await owner.close()
    assert ended.is_set()
    assert len(owner) == 0
    late = endless()
    with pytest.raises(RuntimeError, match="closed"):
        owner.start(late, name="late")
