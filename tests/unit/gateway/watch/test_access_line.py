"""What the access log prints in little time is what its definition says, to the last character."""

import json
from datetime import UTC, datetime

import msgspec
from hypothesis import given, strategies as st

from mainspring.gateway.watch.access_line import LinePrinter, line_of
from mainspring.gateway.watch.notes import Note, Told
from mainspring.gateway.watch.trace import Trace
from mainspring.wire.records import UsageRecord
from mainspring.wire.usage import Usage

# What JSON writes in its own way, and what the printer itself looks for.
texts = st.text('a"\\\n\0\x1f\x7f\u2028模😀{', max_size=6) | st.sampled_from(
    ['","level"', ',"duration_ms":', ',"org_id"', ',"input_tokens":']
)
usages = st.just(Usage(7, 0, 3)) | st.builds(
    Usage, *([st.sampled_from([0, 1, 2**40])] * 4), st.booleans()
)
records = st.builds(
    UsageRecord,
    id=st.just("use_1"),
    request_id=texts,
    at_ms=st.integers(0, 4_000_000_000_000),
    org_id=texts,
    project_id=st.just("prj_1"),
    key_id=st.none() | texts,
    actor_id=st.just("usr_1"),
    operation=st.just("chat"),
    model=texts,
    upstream_model=st.none() | texts,
    fallback_from=st.none() | st.just("large"),
    stream=st.booleans(),
    attempts=st.integers(0, 2),
    outcome=st.sampled_from(["ok", "client_closed"]),
    trace_id=st.none() | texts,
    ttft_ms=st.none() | st.floats(0, 1e7),
    usage=usages,
)


@st.composite
def calls(draw: st.DrawFn) -> list[Note]:
    """Two calls of one caller, the second of which finds what was kept of the first."""
    record = draw(records)
    path = "/v1/" + draw(texts) * 9
    later = msgspec.structs.replace(
        record, request_id="req_2", at_ms=record.at_ms + 7, ttft_ms=0.0005, usage=draw(usages)
    )
    return [
        Note(
            "POST",
            path,
            draw(st.sampled_from([0, 200])),
            3,
            5,
            0,
            draw(st.floats(0, 1e4)),
            Told(each.request_id, Trace("t", "t", "s"), each),
        )
        for each in (record, later, record)
    ]


@given(calls())
def test_a_line_is_what_its_definition_says(notes: list[Note]) -> None:
    printer = LinePrinter()
    for note in notes:
        assert note.told is not None
        assert note.told.record is not None
        second, rest = divmod(note.told.record.at_ms, 1000)
        at = f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S}.{rest:03d}+00:00"
        defined = msgspec.json.encode(line_of(note, at))
        printed = printer.lines([note])
        assert json.loads(printed) == json.loads(defined)
        assert list(json.loads(printed)) == list(json.loads(defined))
        assert printed.endswith(b"}\n")
        assert printed.count(b"\n") == 1


def test_a_request_without_a_record_has_a_line_and_arrived_before_it_ended() -> None:
    note = Note("GET", "/v1/models", 200, 0, 12, 1_700_000_000_250_000_000, 0.25, None, "req_1")
    assert json.loads(LinePrinter().lines([note])) == {
        "at": "2023-11-14T22:13:20.000+00:00",
        "level": "info",
        "logger": "access",
        "message": "GET /v1/models 200",
        "method": "GET",
        "path": "/v1/models",
        "status": 200,
        "duration_ms": 250.0,
        "bytes_in": 0,
        "bytes_out": 12,
        "request_id": "req_1",
    }


def test_a_path_is_shown_up_to_a_bound() -> None:
    note = Note("GET", "/" + "x" * 9000, 404, 0, 0, 0, 0.0, None)
    line = json.loads(LinePrinter().lines([note]))
    assert line["path"] == "/" + "x" * 199
    assert len(line["message"]) < 220
