"""The command line as such: quick, complete, in two languages."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import click
import pytest

from mainspring.app.cli.language import language
from mainspring.app.cli.main import COMMANDS, build
from mainspring.app.cli.output import table
from mainspring.app.cli.texts import TEXTS
from mainspring.app.exit_codes import ExitCode

ENTRY = (sys.executable, "-m", "mainspring.app.cli.main")


def _commands(command: click.Command, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command that does something, with its whole name."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for each in command.list_commands(context):
            found = command.get_command(context, each)
            assert found is not None
            yield from _commands(found, f"{name} {each}".strip())
    else:
        yield name, command


ALL = dict(_commands(build()))


@pytest.mark.parametrize("name", ALL)
def test_every_command_takes_json_and_explains_itself(name: str) -> None:
    command = ALL[name]
    assert "--json" in {option for each in command.params for option in each.opts}
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{name} {option.name}"


@pytest.mark.parametrize("name", ALL)
def test_every_command_has_help_in_both_languages(name: str) -> None:
    told: dict[str, str] = {}
    for lang in ("en", "zh"):
        done = _run(*name.split(), "--help", MAINSPRING_LANG=lang)
        assert done.returncode == 0, done.stderr
        told[lang] = done.stdout
    assert not re.search(r"[\u4e00-\u9fff]", told["en"])
    assert re.search(r"[\u4e00-\u9fff]", told["zh"])


def test_help_names_every_command() -> None:
    told = _run("--help").stdout
    for name in COMMANDS:
        assert re.search(rf"^  {name} ", told, re.MULTILINE)


def test_help_loads_no_command_and_nothing_heavy() -> None:
    script = (
        "import sys; from mainspring.app.cli.main import build\n"
        "try: build()(['--help'])\n"
        "except SystemExit: pass\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(done.stderr.split())
    heavy = {"httpx", "msgspec", "asyncio", "rich", "yaml", "psutil", "sqlalchemy", "fastapi"}
    assert loaded & heavy == set()
    assert not {name for name in loaded if name.startswith("mainspring.app.cli.")} - {
        "mainspring.app.cli.main",
        "mainspring.app.cli.output",
        "mainspring.app.cli.identity_texts",
        "mainspring.app.cli.release_texts",
        "mainspring.app.cli.texts_access",
        "mainspring.app.cli.texts_alerts",
        "mainspring.app.cli.texts_capacity",
        "mainspring.app.cli.texts_costs",
        "mainspring.app.cli.texts_datasets",
        "mainspring.app.cli.texts_governance",
        "mainspring.app.cli.texts_machines",
        "mainspring.app.cli.texts_operations",
        "mainspring.app.cli.texts_secrets",
        "mainspring.app.cli.texts_tenants",
        "mainspring.app.cli.texts_upstreams",
        "mainspring.app.cli.texts",
        "mainspring.app.cli.language",
    }


def test_every_text_exists_in_both_languages_with_the_same_places() -> None:
    for key, (english, chinese) in TEXTS.items():
        assert english.strip(), key
        assert chinese.strip(), key
        assert _places(english) == _places(chinese), key


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "MAINSPRING_LANG": "zh"}, "zh"),
    ],
)
def test_the_language_follows_the_environment(environ: dict[str, str], expected: str) -> None:
    assert language(environ) == expected


def test_an_unknown_command_is_a_usage_error() -> None:
    done = _run("dance")
    assert done.returncode == ExitCode.USAGE
    assert "dance" in done.stderr


def test_errors_come_as_json_where_json_was_asked_for(tmp_path: object) -> None:
    done = _run("status", "--json", MAINSPRING_HOME=str(tmp_path))
    assert done.returncode == ExitCode.NOT_RUNNING
    assert done.stdout == ""
    assert '"exit_code": 3' in done.stderr


@pytest.mark.parametrize("detach", [(), ("--detach",)])
def test_a_data_directory_that_cannot_be_made_is_told(
    tmp_path: Path, detach: tuple[str, ...]
) -> None:
    (tmp_path / "file").touch()
    done = _run("up", *detach, MAINSPRING_HOME=str(tmp_path / "file" / "home"))
    assert done.returncode == ExitCode.START_FAILED
    assert str(tmp_path / "file") in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_name_our_command(shell: str) -> None:
    done = _run("completion", shell)
    assert done.returncode == 0, done.stderr
    assert "_MAINSPRING_COMPLETE" in done.stdout


def test_columns_line_up_for_chinese_too() -> None:
    text = table({"a": "名称", "b": "id"}, [{"a": "x", "b": 1}, {"a": "模型", "b": None}])
    assert text.splitlines() == ["名称  id", "x     1", "模型  -"]


def test_exit_codes_are_stable() -> None:
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "ERROR": 1,
        "USAGE": 2,
        "NOT_RUNNING": 3,
        "START_FAILED": 4,
        "UNHEALTHY": 5,
        "REFUSED": 6,
        "UNREACHABLE": 7,
        "DIFFERENT": 8,
        "PENDING": 9,
        "CONFIGURATION": 78,
        "INTERRUPTED": 130,
    }


def _places(text: str) -> list[str]:
    return sorted(str(field) for _, field, _, _ in Formatter().parse(text) if field is not None)


def _run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    ours = ("MAINSPRING_", "LC_", "LANG")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [*ENTRY, *arguments],
        env={**kept, "LANG": "C.UTF-8", **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
