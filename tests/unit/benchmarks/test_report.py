"""The report's arithmetic: medians, ratios to the yardstick of the same run, and doubts."""

import pytest

from benchmarks.contestants import CONTESTANTS
from benchmarks.harness import Cores, Sample, Scenario
from benchmarks.load import LoadResult, Watched
from benchmarks.report import BEGIN, END, Figure, figures, insert, warnings

CLOSED = Scenario(name="closed", mode="closed", unit="request", connections=64)
STREAMS = Scenario(name="streams", mode="streams", unit="chunk", connections=10, pace_ms=100)
IDLE = Scenario(name="idle", mode="idle", unit="stream", connections=1000)
CORES = Cores((0,), (1,), (1,))


def result(
    *,
    gateway_cpu_s: float = 1.0,
    requests: int = 0,
    events: int = 0,
    errors: int = 0,
    load_cpu_s: float = 0.1,
    other_cpu_s: float = 0.0,
    resident_bytes: int = 0,
) -> LoadResult:
    return LoadResult(
        window_s=2.0,
        requests=requests,
        events=events,
        errors=errors,
        open_streams=1000,
        load_cpu_s=load_cpu_s,
        other_cpu_s=other_cpu_s,
        latency_ms={"p50": 1.0, "p99": 2.0},
        watched={
            "gateway": Watched(gateway_cpu_s, resident_bytes, 1_000_000),
            "upstream": Watched(0.1, 0, 0),
        },
        first_error="status 500" if errors else None,
    )


def rounds(contestant: str, scenario: Scenario, *results: LoadResult) -> list[Sample]:
    return [
        Sample(contestant, scenario.name, number + 1, item) for number, item in enumerate(results)
    ]


def by_name(found: list[Figure]) -> dict[str, Figure]:
    return {figure.contestant: figure for figure in found}


def test_cost_is_the_median_of_the_rounds_and_its_ratio_is_to_nginx() -> None:
    samples = rounds(
        "nginx",
        CLOSED,
        result(requests=50_000),
        result(requests=40_000),
        result(requests=10_000),
    ) + rounds(
        "mainspring",
        CLOSED,
        result(requests=20_000),
        result(requests=25_000),
        result(requests=10_000),
    )
    found = by_name(figures(list(CONTESTANTS), [CLOSED], samples))
    assert found["nginx"].cost == 25.0
    assert found["nginx"].ratio == 1.0
    assert found["mainspring"].cost == 50.0
    assert (found["mainspring"].cost_low, found["mainspring"].cost_high) == (40.0, 100.0)
    assert found["mainspring"].ratio == 2.0
    assert found["mainspring"].rate == 10_000


def test_memory_is_what_idle_streams_added_by_the_stream() -> None:
    samples = rounds("nginx", IDLE, result(resident_bytes=21_000_000))
    [figure] = figures(list(CONTESTANTS), [IDLE], samples)
    assert figure.cost == 20_000
    assert figure.memory_bytes == 21_000_000


def test_a_quiet_and_complete_run_raises_no_doubt() -> None:
    samples = rounds("nginx", CLOSED, result(requests=1)) + rounds(
        "nginx", STREAMS, result(events=200)
    )
    assert warnings(CORES, samples, [CLOSED, STREAMS]) == []


def test_doubts_are_raised_by_feeders_noise_errors_and_a_lost_pace() -> None:
    samples = (
        rounds("a", CLOSED, result(requests=1, load_cpu_s=1.9))
        + rounds("b", CLOSED, result(requests=1, other_cpu_s=2.0))
        + rounds("c", CLOSED, result(requests=1, errors=3))
        + rounds("d", STREAMS, result(events=100))
    )
    assert warnings(CORES, samples, [CLOSED, STREAMS]) == [
        "closed, a: load generator and upstream used 100% of their core: the rate is theirs",
        "closed, c: errors: 3 (status 500)",
        "streams, d: of the paced events only 50% came through",
        "other programs used more than 10% of the machine in 1 of 4 runs, in the median 50%",
    ]


def test_tables_replace_what_stood_between_the_marks_of_a_page() -> None:
    page = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    once = insert(page, "new\n")
    assert once == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"
    assert insert(once, "new\n") == once
    with pytest.raises(ValueError, match="no place for tables"):
        insert("a page without marks", "new")
