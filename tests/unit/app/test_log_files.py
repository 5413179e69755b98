"""A search through the logs of a machine finds every line once, newest first, across rotations."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from mainspring.app import log_files
from mainspring.app.log_files import LogEntry, LogQuery, LogSearch, Place
from mainspring.app.supervisor.log_stream import LogStream
from mainspring.kernel.clock import ManualClock

BEGUN = datetime(2026, 1, 31, 10, tzinfo=UTC)


def line(number: int, **fields: object) -> bytes:
    at = (BEGUN + timedelta(seconds=number)).isoformat(timespec="milliseconds")
    return json.dumps({"at": at, "message": f"line {number}", **fields}).encode() + b"\n"


def write(path: Path, *lines: bytes) -> None:
    path.write_bytes(b"".join(lines))


def messages(entries: list[LogEntry]) -> list[str]:
    return [entry.message for entry in entries]


def test_both_families_and_their_older_files_are_read_newest_first(tmp_path: Path) -> None:
    write(tmp_path / "mainspring.log.1", line(1, source="control"), line(2, source="worker"))
    write(tmp_path / "mainspring.log", line(5, source="gateway"))
    write(tmp_path / "access.log", line(4, logger="access"), line(6, logger="access"))
    write(tmp_path / "access-2.log", line(3, logger="access"))
    write(tmp_path / "up.log", line(9))
    found = LogSearch(tmp_path, LogQuery()).page(10)
    assert messages(found.entries) == [f"line {number}" for number in (6, 5, 4, 3, 2, 1)]
    assert [entry.source for entry in found.entries][:4] == ["gateway"] * 4
    assert found.places is None
    assert found.looked_until is None


def test_all_that_is_asked_for_must_hold(tmp_path: Path) -> None:
    write(
        tmp_path / "mainspring.log",
        line(1, request_id="req_1", trace_id="t", level="error", source="gateway"),
        line(2, request_id="req_12", trace_id="t", level="warning", source="gateway"),
        line(3, request_id="req_1", level="info", source="control", exception="Trace\nback"),
        line(4, level="warning", source="control", path="/req_1"),
    )

    def found(**query: Any) -> list[str]:  # noqa: ANN401 - any field of a query
        return messages(LogSearch(tmp_path, LogQuery(**query)).page(10).entries)

    assert found(request_id="req_1") == ["line 3", "line 1"]
    assert found(request_id="req_1", trace_id="t") == ["line 1"]
    assert found(level="warning") == ["line 4", "line 2", "line 1"]
    assert found(sources=("control",)) == ["line 4", "line 3"]
    assert found(text="LINE 2") == ["line 2"]
    assert found(since=BEGUN + timedelta(seconds=3)) == ["line 4", "line 3"]
    assert found(until=BEGUN + timedelta(seconds=3)) == ["line 2", "line 1"]
    assert found(trace_id="nobody's") == []
    [entry] = LogSearch(tmp_path, LogQuery(text="line 4")).page(10).entries
    assert entry.facts == {"path": "/req_1"}


def test_lines_that_are_no_json_are_messages_of_their_neighbours_time(tmp_path: Path) -> None:
    write(tmp_path / "mainspring.log", line(1), b"killed \xff\n", line(2), b"unfinished")
    found = LogSearch(tmp_path, LogQuery()).page(10).entries
    assert messages(found) == ["unfinished", "line 2", "killed �", "line 1"]
    assert found[2].at == found[1].at


def test_a_directory_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    assert LogSearch(tmp_path / "none", LogQuery()).page(10).entries == []


def test_a_search_that_finds_little_in_much_ends_and_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_files, "MAX_LOOKED_AT", 3)
    write(tmp_path / "mainspring.log", *(line(number) for number in range(1, 9)))
    found = LogSearch(tmp_path, LogQuery(text="line 1")).page(10)
    assert found.entries == []
    assert found.looked_until == "2026-01-31T10:00:05.000+00:00"
    # Lines in which an id does not occur are not counted: they are not read.
    write(tmp_path / "access.log", line(1, trace_id="wanted"), *map(line, range(20)))
    found = LogSearch(tmp_path, LogQuery(trace_id="wanted")).page(10)
    assert messages(found.entries) == ["line 1"]


def test_pages_go_on_where_they_ended_though_files_are_rotated_meanwhile(tmp_path: Path) -> None:
    log = LogStream(tmp_path / "mainspring.log", clock=ManualClock(), max_bytes=700)
    for number in range(12):
        log.line("gateway", line(number).decode().strip())
    search = LogSearch(tmp_path, LogQuery())
    first = search.page(4)
    assert first.places is not None
    for number in range(12, 16):  # more than a file's worth
        log.line("gateway", line(number).decode().strip())
    second = LogSearch(tmp_path, LogQuery()).page(4, first.places)
    log.close()
    assert messages(first.entries + second.entries) == [
        f"line {number}" for number in range(11, 3, -1)
    ]


@settings(max_examples=60)
@given(
    pieces=st.integers(1, 80),
    limit=st.integers(1, 7),
    lengths=st.lists(st.integers(0, 60), min_size=1, max_size=30),
    wanted=st.sets(st.integers(0, 29)),
)
def test_every_line_is_found_once_however_the_file_is_cut(
    tmp_path_factory: pytest.TempPathFactory,
    pieces: int,
    limit: int,
    lengths: list[int],
    wanted: set[int],
) -> None:
    directory = tmp_path_factory.mktemp("logs")
    lines = [
        line(number, pad="x" * length, trace_id="sought" if number in wanted else None)
        for number, length in enumerate(lengths)
    ]
    write(directory / "mainspring.log", *lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_files, "PIECE_BYTES", pieces)
        for query, expected in (
            (LogQuery(), range(len(lines))),
            (LogQuery(trace_id="sought"), [n for n in range(len(lines)) if n in wanted]),
        ):
            seen: list[str] = []
            places: list[Place] | None = []
            while places is not None:
                page = LogSearch(directory, query).page(limit, places)
                seen += messages(page.entries)
                places = page.places
            assert seen == [f"line {number}" for number in reversed(expected)]
