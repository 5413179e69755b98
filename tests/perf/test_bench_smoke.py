"""The benchmark itself keeps working: it starts the gateway, loads it, and reads its cost.

The bounds are an order of magnitude above what the gateway costs, so that a busy machine passes and
a broken meter, or a hot path that lost its shape, does not.
"""

import pytest

from benchmarks.__main__ import make_scenarios, run
from benchmarks.harness import Cores, Timing
from benchmarks.report import Report, markdown

pytestmark = pytest.mark.alone

MOST_US_PER_REQUEST = 1000
MOST_US_PER_CHUNK = 500
MOST_KB_PER_STREAM = 200

SCENARIOS = make_scenarios(
    connections=(8,), prompt_bytes=(1000,), streams=(20,), idle=50, half_load=True
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return run(
        SCENARIOS,
        ("mainspring",),
        tmp_path_factory.mktemp("bench"),
        Timing(rounds=1, warmup_s=0.2, window_s=0.7),
        Cores.shared(),
    )


def test_the_gateway_serves_the_load_without_an_error(report: Report) -> None:
    assert report.absent == {}
    assert [sample.result.errors for sample in report.samples] == [0, 0, 0, 0]
    assert [sample.left_open for sample in report.samples] == [0, 0, 0, 0]


def test_costs_are_measured_and_of_the_right_order(report: Report) -> None:
    memory, request, paced, chunk = report.figures
    assert [each.unit for each in report.figures] == ["stream", "request", "request", "chunk"]
    assert memory.memory_bytes > 10_000_000
    assert memory.cost < MOST_KB_PER_STREAM * 1000
    assert 5 < request.cost < MOST_US_PER_REQUEST
    assert request.rate > 50
    assert request.p50_ms > 0
    assert 0.3 * request.rate < paced.rate < 0.6 * request.rate
    assert paced.added_p99_ms > 0
    assert 1 < chunk.cost < MOST_US_PER_CHUNK
    assert chunk.rate > 20  # twenty streams at fifty chunks a second, on the worst of machines


def test_the_report_says_what_was_measured_and_what_is_done_for_it(report: Report) -> None:
    text = markdown(report, SCENARIOS)
    for heading in (
        "### 50 idle streams",
        "### 8 connections, 1 kB",
        "### Half load, 8 connections, 1 kB",
        "### 20 streams",
    ):
        assert heading in text
    assert "API key" in text
