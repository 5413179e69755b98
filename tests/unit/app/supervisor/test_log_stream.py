"""The one log stream."""

import io
import json
import stat
from pathlib import Path

from mainspring.app.supervisor.log_stream import RECENT_LINES, LogStream
from mainspring.kernel.clock import ManualClock

AT = "2026-01-01T00:00:00.000+00:00"


class Terminal(io.StringIO):
    """A console that may go away."""

    gone = False

    def write(self, text: str) -> int:
        if self.gone:
            raise BrokenPipeError
        return super().write(text)


def _lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_lines_of_all_kinds_leave_as_json_with_their_source(tmp_path: Path) -> None:
    path = tmp_path / "mainspring.log"
    log = LogStream(path, clock=ManualClock())
    log.line("gateway", '{"at":"then","level":"error","message":"ours","request_id":"r"}')
    log.line("postgres", "LOG:  theirs")
    log.line("llm", "{not json")
    log.line("llm", '{"json":"but no log line"}')
    log.event("info", "said by the supervisor", part="llm")
    log.close()
    assert _lines(path) == [
        {"at": "then", "level": "error", "message": "ours", "request_id": "r", "source": "gateway"},
        {"message": "LOG:  theirs", "at": AT, "level": "info", "source": "postgres"},
        {"message": "{not json", "at": AT, "level": "info", "source": "llm"},
        {"message": '{"json":"but no log line"}', "at": AT, "level": "info", "source": "llm"},
        {
            "at": AT,
            "level": "info",
            "message": "said by the supervisor",
            "part": "llm",
            "source": "supervisor",
        },
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_console_shows_the_source_before_each_message(tmp_path: Path) -> None:
    console = Terminal()
    log = LogStream(tmp_path / "log", clock=ManualClock(), console=console)
    log.line("llm", '{"message":"hello","exception":"Traceback"}')
    log.close()
    assert console.getvalue() == "llm        | hello\nTraceback\n"


def test_a_terminal_that_is_gone_costs_no_line_of_the_file(tmp_path: Path) -> None:
    console = Terminal()
    log = LogStream(tmp_path / "log", clock=ManualClock(), console=console)
    console.gone = True
    log.line("llm", "one")
    log.line("llm", "two")
    log.close()
    assert [line["message"] for line in _lines(tmp_path / "log")] == ["one", "two"]


def test_the_files_are_bounded_in_size_and_number(tmp_path: Path) -> None:
    log = LogStream(tmp_path / "log", clock=ManualClock(), max_bytes=2_000, kept_files=2)
    for index in range(200):
        log.line("llm", f"line {index}")
    log.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log", "log.1", "log.2"]
    assert all(path.stat().st_size <= 2_000 for path in tmp_path.iterdir())
    newest = [_lines(tmp_path / name) for name in ("log.2", "log.1", "log")]
    messages = [str(line["message"]) for lines in newest for line in lines]
    assert messages == [f"line {index}" for index in range(200 - len(messages), 200)]


def test_a_full_disk_costs_lines_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.symlink_to("/dev/full")
    log = LogStream(path, clock=ManualClock())
    log.line("llm", "lost")
    path.unlink()  # there is space again
    log.line("llm", "lost as well, but the file is opened anew")
    log.line("llm", "kept")
    log.close()
    assert log.dropped == 2
    assert [line["message"] for line in _lines(path)] == ["kept"]


def test_only_the_last_lines_of_a_source_are_remembered(tmp_path: Path) -> None:
    log = LogStream(tmp_path / "log", clock=ManualClock())
    for index in range(100):
        log.line("llm", f"line {index}")
    log.line("embed", "other")
    log.close()
    assert log.recent("llm") == [f"line {index}" for index in range(100 - RECENT_LINES, 100)]
    assert log.recent("nobody") == []
