"""The configurations for shippers of logs fit the logs that we write.

Neither program can be installed where the tests run: what is checked is what could go out of step
with our own lines, names of files and fields. That each is read as a whole is for its own check
(``fluent-bit --dry-run``, ``vector validate``).
"""

import fnmatch
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from mainspring.app.supervisor.log_stream import LogStream
from mainspring.gateway.watch.access_line import AccessLine
from mainspring.kernel.clock import SystemClock

DEPLOY = Path(__file__).parents[3] / "deploy"
FILES = ("mainspring.log", "access.log", "access-2.log")


def read(name: str) -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / name).read_text("utf-8"))


@pytest.fixture
def line(tmp_path: Path) -> dict[str, Any]:
    """A line of the log of all parts."""
    log = LogStream(tmp_path / "log", clock=SystemClock())
    log.line("gateway", "hello")
    log.close()
    return json.loads((tmp_path / "log").read_text())


def assert_reads_each_line_once(patterns: list[str]) -> None:
    places = [pattern.removeprefix("${MAINSPRING_HOME}/logs/") for pattern in patterns]
    for name in FILES:
        assert sum(fnmatch.fnmatch(name, place) for place in places) == 1, name
        assert not any(fnmatch.fnmatch(f"{name}.1", place) for place in places), name


def test_fluent_bit_reads_our_files_and_their_times(line: dict[str, Any]) -> None:
    config = read("fluent-bit/fluent-bit.yaml")
    [parser] = config["parsers"]
    [tail] = config["pipeline"]["inputs"]
    assert tail["parser"] == parser["name"]
    assert_reads_each_line_once(tail["path"].split(","))
    # Fluent Bit writes %L for the fraction of a second that Python has as %f.
    form = parser["time_format"].replace("%L", "%f")
    assert form.endswith("%z")
    assert datetime.strptime(line[parser["time_key"]], form)  # noqa: DTZ007 - it ends with %z


def test_vector_reads_our_files_and_their_times(line: dict[str, Any]) -> None:
    config = read("vector/vector.yaml")
    assert_reads_each_line_once(config["sources"]["mainspring_files"]["include"])
    program = config["transforms"]["mainspring"]["source"]
    [field] = re.findall(r"parse_timestamp\(\.(\w+), format: \"%\+\"\)", program)
    assert datetime.fromisoformat(line[field]).utcoffset() is not None


def test_labels_are_fields_that_every_line_has(line: dict[str, Any]) -> None:
    outputs = read("fluent-bit/fluent-bit.yaml")["pipeline"]["outputs"]
    [loki] = [each for each in outputs if each["name"] == "loki"]
    labels = {each.strip().removeprefix("$") for each in loki["label_keys"].split(",")}
    sinks = read("vector/vector.yaml")["sinks"]
    of_vector = {re.sub(r"[{} ]", "", each) for each in sinks["loki"]["labels"].values()}
    assert of_vector - {"mainspring"} == labels
    assert labels <= set(line)
    # What an access log lacks, both fill in.
    assert labels - set(AccessLine.__struct_fields__) == {"source"}
    for name in ("fluent-bit/fluent-bit.yaml", "vector/vector.yaml"):
        assert (
            '"gateway"' in (DEPLOY / name).read_text()
            or "value: gateway" in (DEPLOY / name).read_text()
        )
