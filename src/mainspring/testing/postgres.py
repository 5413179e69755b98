"""An embedded PostgreSQL of a test's or a measurement's own."""

import asyncio
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from mainspring.infra.postgres import EmbeddedPostgres

_START_S: Final = 60.0
_STOP_S: Final = 60.0


@contextmanager
def running_postgres(*, durable: bool) -> Generator[str]:
    """Run a server in a directory of its own until the block ends; yields the URL of its database.

    Its role may create databases. Not ``durable``, it is quicker, and a crash of the machine would
    lose it. Not to be called from a running event loop.
    """
    directory = Path(tempfile.mkdtemp(prefix="mainspring-pg-"))
    directory.chmod(0o711)  # when we are root, the server's account must get through
    embedded = EmbeddedPostgres(directory / "postgres", createdb=True, durable=durable)
    try:
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            runner.run(embedded.prepare())
            spec = embedded.spawn_spec()
            with (directory / "server.log").open("wb") as log:
                server = subprocess.Popen(
                    spec.argv,
                    env=spec.env,
                    cwd=spec.cwd,
                    preexec_fn=spec.preexec,  # noqa: PLW1509 - no thread runs in this process yet
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            try:
                alive = embedded.wait_ready(within_s=_START_S, alive=lambda: server.poll() is None)
                runner.run(alive)
                yield embedded.dsn
            finally:
                server.send_signal(signal.SIGINT)
                server.wait(_STOP_S)
    finally:
        embedded.release()
        shutil.rmtree(directory, ignore_errors=True)
