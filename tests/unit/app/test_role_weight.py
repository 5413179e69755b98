"""A part loads what its own work needs, so that it starts soon and stays small."""

import subprocess
import sys


def test_a_worker_does_without_the_control_application() -> None:
    loads = "import sys, mainspring.app.worker; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loads], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(done.stdout.split())
    assert "mainspring.app.worker" in loaded
    assert not loaded & {"fastapi", "uvicorn", "scim2_models", "mainspring.app.control"}
