"""What others rely on stays: ``tests/golden/promises.toml`` holds what was ever released.

New things may be added freely; at a release they are written into that file. What is in it is
never removed, renamed or given another meaning.
"""

import tomllib

import msgspec

from mainspring.app.cli.main import COMMANDS
from mainspring.app.exit_codes import ExitCode
from mainspring.app.variables import documented_variables
from mainspring.kernel.errors import error_catalogue
from mainspring.wire.telemetry import METRICS
from tests.unit.house.source import ROOT


class Promises(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was released; error codes with their status, metrics with their labels."""

    commands: list[str]
    settings: list[str]
    exit_statuses: dict[str, int]
    error_statuses: dict[str, int]
    metric_labels: dict[str, list[str]]


def promises() -> Promises:
    """Return what the file holds."""
    text = (ROOT / "tests" / "golden" / "promises.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Promises)


def test_released_commands_stay() -> None:
    assert set(promises().commands) <= COMMANDS.keys()


def test_released_settings_stay() -> None:
    assert set(promises().settings) <= {entry.variable.name for entry in documented_variables()}


def test_released_exit_statuses_keep_their_number() -> None:
    released = promises().exit_statuses
    assert {name: ExitCode[name].value for name in released} == released


def test_released_error_codes_keep_their_status() -> None:
    catalogue = error_catalogue()
    released = promises().error_statuses
    assert {code: catalogue[code].status for code in released if code in catalogue} == released


def test_released_metrics_keep_their_labels() -> None:
    known = {metric.name: list(metric.labels) for metric in METRICS}
    released = promises().metric_labels
    assert {name: known.get(name) for name in released} == released
