"""The HTTP layer is light: what it loads is known."""

import subprocess
import sys

HEAVY = ("sqlalchemy", "alembic", "fastapi", "pydantic", "httpx", "starlette", "anyio", "msgspec")


def test_the_http_layer_loads_nothing_heavy() -> None:
    program = (
        "import sys, mainspring.gateway.http.server, mainspring.gateway.http.pool;"
        f"print(sorted(name for name in {HEAVY!r} if name in sys.modules))"
    )
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=30
    )
    assert out.stdout.strip() == "[]"
