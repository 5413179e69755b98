"""``mainspring settings``: what holds, where it comes from, and no secret."""

import json

import pytest
from click.testing import CliRunner

from mainspring.app.cli.settings import command


def test_what_is_set_is_told_from_what_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAINSPRING_LANG", "en")
    monkeypatch.setenv("MAINSPRING_LOG_LEVEL", "debug")
    monkeypatch.setenv("MAINSPRING_API_KEY", "msk-hidden")
    lines = CliRunner().invoke(command).output.splitlines()
    assert "MAINSPRING_LOG_LEVEL=debug  (set)" in lines
    assert "MAINSPRING_LOG_FORMAT=console  (default)" in lines
    assert "MAINSPRING_API_KEY=[set]  (set)" in lines
    assert not any("hidden" in line for line in lines)
    done = CliRunner().invoke(command, ["--set", "--json"])
    found = {each["name"]: each for each in json.loads(done.output)["items"]}
    assert found["MAINSPRING_LOG_LEVEL"]["parts"] == ["process"]
    assert {each["source"] for each in found.values()} == {"environment"}
