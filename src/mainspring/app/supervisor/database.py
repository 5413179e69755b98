"""The embedded PostgreSQL as a part: prepared before every start, asked by a statement."""

from pathlib import Path

import psycopg

from mainspring.app.supervisor.child import Child, Launch
from mainspring.app.supervisor.probe import Answer
from mainspring.app.supervisor.runner import LaunchError
from mainspring.infra.postgres import EmbeddedPostgres
from mainspring.kernel.errors import MainspringError


class EmbeddedDatabase:
    """One cluster under ``directory``; our own processes reach it by :attr:`dsn`."""

    def __init__(self, directory: Path) -> None:
        self._postgres = EmbeddedPostgres(directory)

    @property
    def dsn(self) -> str:
        """Return the URL of the database; known once the first :meth:`launch` was answered."""
        return self._postgres.dsn

    async def launch(self) -> Launch:
        """Make or repair the cluster and say how its server is started.

        Raises:
            LaunchError: if the cluster cannot be used.
        """
        try:
            await self._postgres.prepare()
        except MainspringError as error:
            raise LaunchError(f"{error.detail}. {error.next_step}") from error
        spec = self._postgres.spawn_spec()
        return Launch(argv=spec.argv, env=dict(spec.env), cwd=spec.cwd, preexec=spec.preexec)

    async def probe(self, _child: Child) -> Answer:
        """Ask the server to run a statement."""
        try:
            await self._postgres.ping()
        except (psycopg.OperationalError, OSError):
            return Answer.SILENT
        return Answer.WELL
