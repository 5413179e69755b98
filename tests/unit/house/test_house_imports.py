"""What importing costs: the command line starts light, and the gateway stays free of storage."""

import resource
import subprocess
import sys

import pytest

from tests.unit.house.source import PACKAGE, modules

HEAVY = {
    "alembic",
    "argon2",
    "dbos",
    "fastapi",
    "httpx",
    "numpy",
    "openai",
    "psycopg",
    "pydantic",
    "rich",
    "sqlalchemy",
    "starlette",
    "uvicorn",
    "xllamacpp",
}
STORAGE = {"sqlalchemy", "alembic", "psycopg", "fastapi", "starlette", "pydantic", "httpx"}
HELP_CPU_S = 0.3


def loaded_by(code: str) -> set[str]:
    """Return the top-level modules that a fresh interpreter holds after ``code``."""
    program = f"{code}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    return set(done.stdout.splitlines()[-1].split())


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    assert loaded_by("import mainspring.app.cli.main") & HEAVY == set()


def test_showing_the_help_loads_nothing_heavy() -> None:
    code = (
        "from mainspring.app.cli.main import build\n"
        "build().main(['--help'], standalone_mode=False, prog_name='mainspring')"
    )
    assert loaded_by(code) & HEAVY == set()


def test_the_help_costs_less_than_a_third_of_a_second() -> None:
    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "mainspring.app.cli.main", "--help"],
            check=True,
            capture_output=True,
            timeout=60,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)

    # The best of several: CPU time too suffers from neighbours, and never gains from them.
    assert min(once() for _ in range(5)) < HELP_CPU_S


def test_no_module_of_the_gateway_loads_a_database_or_a_web_framework() -> None:
    names = [
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in modules(PACKAGE / "gateway")
    ]
    code = "\n".join(f"import {name}" for name in names)
    assert loaded_by(code) & STORAGE == set()


@pytest.mark.parametrize("layer", ["kernel", "wire", "snapshot"])
def test_the_lower_floors_need_only_msgspec(layer: str) -> None:
    names = [
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in modules(PACKAGE / layer)
    ]
    # What the interpreter loads by itself (Debian's has a sitecustomize) is not ours.
    loaded = loaded_by("\n".join(f"import {name}" for name in names)) - loaded_by("pass")
    # msgspec takes typing_extensions along where it is installed.
    foreign = loaded - sys.stdlib_module_names - {"mainspring", "msgspec", "typing_extensions"}
    assert {name for name in foreign if not name.startswith(("_", "__"))} == set()
