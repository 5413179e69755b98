"""What a gateway counts is split by hours, and told until its records have arrived."""

from collections.abc import Generator
from pathlib import Path

import pytest

from mainspring.gateway.meter.spool import Spool
from mainspring.gateway.meter.tally import TallyKeeper
from mainspring.wire.tallies import ModelTally, TallyWindow

NINE = 9 * 3600.0


class Machine:
    """A process: its clock, its metrics, its spool."""

    def __init__(self, directory: Path) -> None:
        self.now = NINE + 100
        self.counts: dict[str, tuple[int, int]] = {}
        self.spool = Spool(directory)
        self.keeper = TallyKeeper(lambda: self.counts, self.spool, "g", wall=lambda: self.now)

    def call(self, model: str, tokens: int) -> None:
        calls, had = self.counts.get(model, (0, 0))
        self.counts = {**self.counts, model: (calls + 1, had + tokens)}
        self.spool.append(b"record")

    def deliver(self) -> None:
        _, position = self.spool.read(self.spool.acknowledged, 1000)
        self.spool.acknowledge(position)

    def windows(self) -> list[TallyWindow]:
        return [window for report in self.keeper.reports() for window in report.windows]


@pytest.fixture
def machine(tmp_path: Path) -> Generator[Machine]:
    made = Machine(tmp_path / "spool")
    yield made
    made.spool.close()


def test_counts_are_split_where_an_hour_ends(machine: Machine) -> None:
    machine.call("a", 10)
    machine.now = NINE + 1800
    machine.keeper.look()
    machine.call("a", 5)
    machine.call("b", 1)
    machine.now = NINE + 3600
    machine.keeper.look()
    machine.call("b", 2)
    machine.now += 60
    machine.keeper.look()
    first, second = machine.windows()
    assert (first.since_ms, first.until_ms) == (int(NINE + 100) * 1000, int(NINE + 3600) * 1000)
    assert first.models == [ModelTally("a", 2, 15), ModelTally("b", 1, 1)]
    assert (second.since_ms, second.models) == (first.until_ms, [ModelTally("b", 1, 2)])


def test_an_hour_is_told_until_its_records_have_arrived(machine: Machine) -> None:
    machine.call("a", 10)
    machine.now = NINE + 3600
    machine.keeper.look()
    [report] = machine.keeper.reports()
    assert [window.delivered for window in report.windows] == [False, False]
    machine.keeper.forget(report)
    assert len(machine.windows()) == 2

    machine.deliver()
    [report] = machine.keeper.reports()
    assert [window.delivered for window in report.windows] == [True, False]
    machine.keeper.forget(report)
    [still] = machine.windows()
    assert still.since_ms == int(NINE + 3600) * 1000


def test_the_last_word_closes_the_hour_that_is_under_way(machine: Machine) -> None:
    machine.call("a", 10)
    machine.deliver()
    machine.keeper.conclude()
    assert [(window.delivered, window.models) for window in machine.windows()] == [
        (True, [ModelTally("a", 1, 10)])
    ]


def test_a_new_process_says_when_its_forerunners_records_have_arrived(tmp_path: Path) -> None:
    before = Machine(tmp_path / "spool")
    before.call("a", 10)
    before.spool.close()
    after = Machine(tmp_path / "spool")
    after.call("a", 7)
    [report] = after.keeper.reports()
    assert (report.earlier_delivered, report.epoch) == (False, after.keeper.epoch)
    assert after.keeper.epoch != before.keeper.epoch
    after.deliver()
    [report] = after.keeper.reports()
    assert report.earlier_delivered
    after.spool.close()


def test_memory_is_bounded_while_control_is_away(machine: Machine) -> None:
    for _ in range(200):
        machine.call("a", 1)
        machine.now += 3600
        machine.keeper.look()
    reports = machine.keeper.reports()
    assert sum(len(report.windows) for report in reports) == 72
    assert max(len(report.windows) for report in reports) == 8
