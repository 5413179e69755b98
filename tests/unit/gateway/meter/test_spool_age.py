"""How long records have waited."""

from collections.abc import Generator
from pathlib import Path

import pytest

from mainspring.gateway.meter.age import SpoolAge
from mainspring.gateway.meter.spool import Spool


@pytest.fixture
def spool(tmp_path: Path) -> Generator[Spool]:
    """Return an empty spool."""
    spool = Spool(tmp_path)
    yield spool
    spool.close()


def _ship(spool: Spool, count: int) -> None:
    _, position = spool.read(spool.acknowledged, count)
    spool.acknowledge(position)


def test_an_empty_spool_has_no_age(spool: Spool) -> None:
    age = SpoolAge(spool, 0.0)
    age.look(100.0)
    assert age.seconds(200.0) == 0.0


def test_the_age_is_that_of_the_oldest_record_that_waits(spool: Spool) -> None:
    age = SpoolAge(spool, 0.0)
    for moment in (10.0, 20.0, 30.0):
        spool.append(b"record")
        age.look(moment)
    assert age.seconds(40.0) == 30.0
    _ship(spool, 1)
    assert age.seconds(40.0) == 20.0
    _ship(spool, 5)
    assert age.seconds(40.0) == 0.0
    spool.append(b"later")
    assert age.seconds(50.0) == 0.0
    assert age.seconds(55.0) == 5.0


def test_what_an_earlier_process_left_ages_from_the_start(tmp_path: Path) -> None:
    earlier = Spool(tmp_path)
    earlier.append(b"left")
    earlier.close()
    spool = Spool(tmp_path)
    age = SpoolAge(spool, 100.0)
    assert age.seconds(160.0) == 60.0
    spool.close()


def test_an_outage_of_days_costs_no_more_memory_and_keeps_its_age(spool: Spool) -> None:
    age = SpoolAge(spool, 0.0)
    for moment in range(20_000):
        spool.append(b"r")
        age.look(float(moment))
    assert age.seconds(20_000.0) == 20_000.0
    assert age.notes <= 720
    _ship(spool, 15_000)
    assert age.seconds(20_000.0) == pytest.approx(5_000.0, abs=200)
