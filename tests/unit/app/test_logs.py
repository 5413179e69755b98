"""The log lines of our own processes."""

import json
import logging
import sys

from mainspring.app.logs import JsonFormatter
from mainspring.kernel.clock import ManualClock


def _record(message: str, *arguments: object, **extra: object) -> logging.LogRecord:
    record = logging.LogRecord("here", logging.WARNING, __file__, 1, message, arguments, None)
    record.__dict__.update(extra)
    return record


def test_a_record_is_one_json_line_with_its_extras() -> None:
    line = JsonFormatter(ManualClock()).format(_record("took %d s\nand more", 3, request_id="req"))
    assert "\n" not in line
    assert json.loads(line) == {
        "at": "2026-01-01T00:00:00.000+00:00",
        "level": "warning",
        "logger": "here",
        "message": "took 3 s\nand more",
        "request_id": "req",
    }


def test_an_exception_goes_along_and_what_is_not_json_is_shown() -> None:
    record = _record("failed", thing=object)
    try:
        int("three")
    except ValueError:
        record.exc_info = sys.exc_info()
    fields = json.loads(JsonFormatter(ManualClock()).format(record))
    assert fields["exception"].endswith(": 'three'")
    assert fields["thing"] == "<class 'object'>"
