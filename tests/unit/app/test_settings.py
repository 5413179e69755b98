"""Settings: what is read from the environment, what is refused, what is written for children."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from mainspring.app.environment import SettingError
from mainspring.app.settings import Part
from mainspring.app.variables import (
    CLIENT,
    CONTROL,
    GATEWAY,
    LLAMA,
    PARTS,
    PROCESS,
    SUPERVISOR,
    documented_variables,
)

ENVIRON = {"MAINSPRING_HOME": "/data", "DATABASE_URL": "postgresql://db/x"}
UNSETTABLE = {
    "control": set[str](),
    "llama": {"host", "drain_s"},  # only the supervisor talks to a runtime, on this machine
    "embed": {"host", "model_name", "max_inputs", "max_body_bytes", "drain_s"},
}


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_field_of_every_part_has_a_variable(part: Part[Any]) -> None:
    fields = {field.name for field in msgspec.structs.fields(part.settings)}
    assert set(part.variables) <= fields
    assert fields - set(part.variables) == UNSETTABLE.get(part.name, set())


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_what_is_written_for_a_child_is_what_it_reads(part: Part[Any]) -> None:
    settings = part.read(ENVIRON)
    assert part.read(part.write(settings) | {"MAINSPRING_HOME": "/data"}) == settings


def test_every_variable_is_ours_and_says_what_it_means_in_both_languages() -> None:
    for documented in documented_variables():
        variable = documented.variable
        # The others are names that everybody knows them by.
        ours = variable.name.startswith(("MAINSPRING_", "OTEL_EXPORTER_OTLP_"))
        assert ours or variable.name == "DATABASE_URL"
        assert variable.meaning.strip()
        assert any("\u4e00" <= char <= "\u9fff" for char in variable.meaning_zh)


def test_paths_lie_under_the_data_directory_unless_told_otherwise() -> None:
    settings = GATEWAY.read(ENVIRON | {"MAINSPRING_SPOOL_DIR": "~/spool"})
    assert settings.snapshot_file == Path("/data/gateway/snapshot.bin")
    assert settings.spool_dir == Path("~/spool").expanduser()


def test_numbers_and_switches_are_read_as_such() -> None:
    settings = SUPERVISOR.read(
        {"MAINSPRING_GATEWAY_PORT": "0", "MAINSPRING_EMBEDDED_MODELS": "false"}
    )
    assert settings.gateway_port == 0
    assert settings.embedded_models is False
    assert LLAMA.read({"MAINSPRING_LLM_MODEL_FILE": "/m.gguf"}).model_file == Path("/m.gguf")
    assert PROCESS.read({"MAINSPRING_LIFELINE_FD": "7"}).lifeline_fd == 7


def test_an_empty_variable_is_an_unset_one() -> None:
    assert SUPERVISOR.read({"DATABASE_URL": ""}).database_url is None
    assert CLIENT.read({"MAINSPRING_URL": ""}).url is None


def test_what_does_not_fit_is_refused_by_name() -> None:
    with pytest.raises(SettingError, match=r"^MAINSPRING_GATEWAY_PORT: 'x' does not fit") as error:
        SUPERVISOR.read({"MAINSPRING_GATEWAY_PORT": "x"})
    assert error.value.name == "MAINSPRING_GATEWAY_PORT"


def test_what_is_needed_and_missing_is_refused_by_name() -> None:
    with pytest.raises(SettingError, match=r"^DATABASE_URL: is not set"):
        CONTROL.read({"MAINSPRING_HOME": "/data"})
