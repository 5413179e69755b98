"""One embedded cluster, from an empty directory to a server that answers."""

import asyncio
import fcntl
import os
import signal
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Self
from urllib.parse import quote

import msgspec
import psycopg

from mainspring.infra.postgres.account import service_account
from mainspring.infra.postgres.binaries import copy_for_account, find_binaries, usable_by
from mainspring.infra.postgres.bootstrap import ENVIRONMENT, Bootstrap, child_preparation
from mainspring.infra.postgres.config import APPLICATION_ROLE, DATABASE
from mainspring.infra.postgres.layout import (
    SHARED_ROOT,
    ClusterPaths,
    place_cluster,
    remove_distant_socket_directory,
    socket_directory,
)
from mainspring.infra.postgres.leftovers import end_leftovers
from mainspring.kernel.errors import ClusterInUseError, EmbeddedDatabaseError

_LEFTOVERS_S = 20.0
_POLL_S = 0.05
_ATTEMPT_S = 5
_STARTING = "57P03"


class SpawnSpec(msgspec.Struct, frozen=True):
    """How to start the server as a child of the calling process.

    Pass ``preexec`` as ``preexec_fn``: it changes the account, then ties the child to the calling
    thread, which must live as long as the server is wanted. ``stop_signal`` is the orderly
    ("fast") stop, ``abort_signal`` the one without a checkpoint.
    """

    argv: tuple[str, ...]
    env: dict[str, str]
    cwd: Path
    preexec: Callable[[], None]
    stop_signal: signal.Signals = signal.SIGINT
    abort_signal: signal.Signals = signal.SIGQUIT


class EmbeddedPostgres:
    """The cluster for ``directory``; see the package's text for what it is and is not.

    ``account`` names the account to drop to when we are root. ``createdb`` lets the application's
    role create databases and ``durable=False`` gives up crash safety for speed; both are for test
    suites and count when the cluster is first made.

    Use: :meth:`prepare`, start a child by :meth:`spawn_spec` (as often as it ends),
    :meth:`wait_ready`, and :meth:`release` after the last child has ended. Or :meth:`running`.
    """

    def __init__(
        self,
        directory: Path,
        *,
        account: str | None = None,
        createdb: bool = False,
        durable: bool = True,
        shared_root: Path = SHARED_ROOT,
    ) -> None:
        self._directory = directory
        self._wanted_account = account
        self._createdb = createdb
        self._durable = durable
        self._shared_root = shared_root
        self._spec: SpawnSpec | None = None
        self._dsn = ""
        self._lock: int | None = None
        self._paths: ClusterPaths | None = None

    @property
    def dsn(self) -> str:
        """Return the application role's URL, password included.

        Raises:
            RuntimeError: before :meth:`prepare`.
        """
        if not self._dsn:
            raise RuntimeError("prepare() comes first")
        return self._dsn

    async def prepare(self) -> None:
        """Make or adopt the cluster, clean up after a crash, and take charge of it.

        Idempotent; call it before every start. Nothing runs afterwards.

        Raises:
            ClusterInUseError: if another process is in charge.
            ClusterVersionError: if the data is of another major version of PostgreSQL.
            ClusterLostError: if the data is gone or out of reach.
            EmbeddedDatabaseError: for everything else that prevents a start.
        """
        await asyncio.to_thread(self._prepare)

    def _prepare(self) -> None:
        account = service_account(self._wanted_account)
        paths = place_cluster(self._directory, account, shared_root=self._shared_root)
        self._take_charge(paths)
        self._paths = paths
        binaries = find_binaries()
        if account and not usable_by(binaries, account):
            binaries = copy_for_account(binaries, paths.root)
        end_leftovers(paths.data, within_s=_LEFTOVERS_S)
        password = Bootstrap(
            binaries, paths, account, durable=self._durable, createdb=self._createdb
        ).run()
        self._dsn = _dsn(password, paths.socket)
        self._spec = SpawnSpec(
            argv=(str(binaries.program("postgres")), "-D", str(paths.data)),
            env=dict(ENVIRONMENT),
            cwd=paths.data,
            preexec=child_preparation(account, signal.SIGINT),
        )

    def _take_charge(self, paths: ClusterPaths) -> None:
        if self._lock is not None:
            return
        descriptor = os.open(paths.lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise ClusterInUseError(f"another process runs the database in {paths.root}") from error
        self._lock = descriptor  # not inherited: it is free as soon as this process is gone

    def spawn_spec(self) -> SpawnSpec:
        """Return how to start the server.

        Raises:
            RuntimeError: before :meth:`prepare`.
        """
        if self._spec is None:
            raise RuntimeError("prepare() comes first")
        return self._spec

    async def wait_ready(
        self, *, within_s: float, alive: Callable[[], bool] = lambda: True
    ) -> None:
        """Return once the application's role can log in and run a statement.

        ``alive`` tells whether the child still runs, so that a failed start is not waited for.

        Raises:
            EmbeddedDatabaseError: if it ended, refuses us, or does not answer in ``within_s``.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + within_s
        while True:
            # Asked before the attempt: a server that ended after it is found by the next round.
            if not alive():
                raise EmbeddedDatabaseError("PostgreSQL ended while it was starting")
            try:
                await self.ping()
            except psycopg.OperationalError as error:
                # No state: the socket is not there yet. Any other answer will not change.
                if error.sqlstate not in (None, _STARTING):
                    raise EmbeddedDatabaseError(f"PostgreSQL refuses us: {error}") from error
                if loop.time() > deadline:
                    raise EmbeddedDatabaseError(
                        f"PostgreSQL did not answer within {within_s:.0f} s"
                    ) from error
            else:
                return
            await asyncio.sleep(_POLL_S)

    async def ping(self) -> None:
        """Log in and run one statement.

        Raises:
            psycopg.OperationalError: if that fails.
        """
        connection = await psycopg.AsyncConnection.connect(
            self.dsn, connect_timeout=_ATTEMPT_S, application_name="mainspring health"
        )
        async with connection:
            await connection.execute("SELECT 1")

    def release(self) -> None:
        """Give up charge of the cluster; the server must have ended. Idempotent."""
        if self._lock is None:
            return
        if self._paths is not None:
            remove_distant_socket_directory(self._paths)
        os.close(self._lock)
        self._lock = None

    @classmethod
    @asynccontextmanager
    async def running(
        cls,
        directory: Path,
        *,
        createdb: bool = False,
        durable: bool = True,
        shared_root: Path = SHARED_ROOT,
        within_s: float = 60.0,
    ) -> AsyncGenerator[Self]:
        """Run the cluster for the length of the block, for tests and tools.

        The server's messages go to ``server.log`` beside its data.

        Raises:
            EmbeddedDatabaseError: as :meth:`prepare` and :meth:`wait_ready` do.
        """
        postgres = cls(directory, createdb=createdb, durable=durable, shared_root=shared_root)
        await postgres.prepare()
        try:
            spec = postgres.spawn_spec()
            log = os.open(
                spec.cwd.parent / "server.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600
            )
            try:
                server = await asyncio.create_subprocess_exec(
                    *spec.argv,
                    env=spec.env,
                    cwd=spec.cwd,
                    preexec_fn=spec.preexec,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )
            finally:
                os.close(log)
            try:
                await postgres.wait_ready(
                    within_s=within_s, alive=lambda: server.returncode is None
                )
                yield postgres
            finally:
                await stop_server(server, within_s=_LEFTOVERS_S)
        finally:
            postgres.release()


def dsn_of_running(directory: Path) -> str:
    """Return the URL of the cluster for ``directory``, which another process of ours runs.

    Raises:
        EmbeddedDatabaseError: if there is no cluster, or we may not read its password.
    """
    root = directory.resolve()
    try:
        password = ClusterPaths(root, root).password.read_text(encoding="ascii").strip()
    except OSError as error:
        raise EmbeddedDatabaseError(
            f"the database's password cannot be read: {error.strerror}"
        ) from error
    return _dsn(password, socket_directory(root))


def _dsn(password: str, socket: Path) -> str:
    return (
        f"postgresql://{APPLICATION_ROLE}:{password}@/{DATABASE}?host={quote(str(socket), safe='')}"
    )


async def stop_server(server: asyncio.subprocess.Process, *, within_s: float) -> None:
    """Stop a started server in an orderly way, without a checkpoint after ``within_s``."""
    for wish in (signal.SIGINT, signal.SIGQUIT):
        if server.returncode is not None:
            return
        server.send_signal(wish)
        try:
            async with asyncio.timeout(within_s):
                await server.wait()
        except TimeoutError:
            continue
    if server.returncode is None:
        server.kill()
        await server.wait()
