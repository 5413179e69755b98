"""Makes a cluster and sets up what only the superuser may: roles, database, extensions."""

import logging
import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from mainspring.infra.postgres.account import Account
from mainspring.infra.postgres.binaries import Binaries
from mainspring.infra.postgres.config import (
    APPLICATION_ROLE,
    DATABASE,
    SUPERUSER,
    write_configuration,
)
from mainspring.infra.postgres.layout import ClusterPaths
from mainspring.infra.processes.lifeline import child_setup
from mainspring.kernel.errors import ClusterVersionError, EmbeddedDatabaseError

_log = logging.getLogger(__name__)

EXTENSIONS = ("vector", "pg_trgm", "btree_gin")
ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath, "TZ": "UTC"}
"""All that the server's programs inherit: nothing of ours, so no secret of ours."""

_TIMEOUT_S = 300.0


class Bootstrap:
    """Brings one cluster to the state in which the server can be started."""

    def __init__(
        self,
        binaries: Binaries,
        paths: ClusterPaths,
        account: Account | None,
        *,
        durable: bool,
        createdb: bool,
    ) -> None:
        self._binaries = binaries
        self._paths = paths
        self._account = account
        self._durable = durable
        self._createdb = createdb

    def run(self) -> str:
        """Initialise or adopt the cluster; return the application role's password.

        A crash at any point leaves either no data directory or a complete one.

        Raises:
            ClusterVersionError: if the data is of another major version.
            EmbeddedDatabaseError: if a program of PostgreSQL fails.
        """
        password, password_is_new = self._password()
        if self._paths.data.exists():
            self._check_version()
            write_configuration(self._paths.data, self._paths, durable=self._durable)
            self._own_configuration(self._paths.data)
            if password_is_new:
                self._single_user(self._paths.data, "postgres", [self._set_password(password)])
            if self._provisioned_version() != self._binaries.version:
                updates = [f"ALTER EXTENSION {name} UPDATE" for name in EXTENSIONS]
                self._single_user(self._paths.data, DATABASE, updates)
        else:
            self._initialise(password)
        self._paths.provisioned.write_text(self._binaries.version + "\n", encoding="utf-8")
        return password

    def _password(self) -> tuple[str, bool]:
        file = self._paths.password
        if file.exists():
            return file.read_text(encoding="ascii").strip(), False
        password = secrets.token_urlsafe(32)
        partial = file.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(password + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        partial.rename(file)
        return password, True

    def _provisioned_version(self) -> str:
        try:
            return self._paths.provisioned.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return ""

    def _check_version(self) -> None:
        try:
            found = (self._paths.data / "PG_VERSION").read_text(encoding="ascii").strip()
        except FileNotFoundError:
            raise EmbeddedDatabaseError(
                f"{self._paths.data} is not a data directory of PostgreSQL; move it away"
            ) from None
        if found != str(self._binaries.major):
            raise ClusterVersionError(
                f"{self._paths.data} was written by PostgreSQL {found}; this is"
                f" {self._binaries.major}"
            )

    def _initialise(self, password: str) -> None:
        partial = self._paths.partial
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(mode=0o700)
        if self._account:
            self._account.own(partial, 0o700)
        _log.info("initialising a PostgreSQL cluster in %s", self._paths.data)
        self._run(
            [
                str(self._binaries.program("initdb")),
                f"--pgdata={partial}",
                f"--username={SUPERUSER}",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                "--auth=reject",
                *([] if self._durable else ["--no-sync"]),
            ],
            commands="",
        )
        write_configuration(partial, self._paths, durable=self._durable)
        self._own_configuration(partial)
        createdb = "CREATEDB" if self._createdb else "NOCREATEDB"
        roles = [
            f"CREATE ROLE {APPLICATION_ROLE} LOGIN NOSUPERUSER NOBYPASSRLS {createdb}",
            self._set_password(password),
            f"CREATE DATABASE {DATABASE} OWNER {APPLICATION_ROLE}",
        ]
        self._single_user(partial, "postgres", roles)
        extensions = [f"CREATE EXTENSION {name}" for name in EXTENSIONS]
        self._single_user(partial, DATABASE, extensions)
        partial.rename(self._paths.data)

    def _set_password(self, password: str) -> str:
        # The alphabet of token_urlsafe needs no quoting.
        return f"ALTER ROLE {APPLICATION_ROLE} PASSWORD '{password}'"

    def _own_configuration(self, data: Path) -> None:
        for name in ("postgresql.conf", "pg_hba.conf"):
            if self._account:
                self._account.own(data / name, 0o600)
            else:
                (data / name).chmod(0o600)

    def _single_user(self, data: Path, database: str, statements: list[str]) -> None:
        arguments = ["--single", "-D", str(data), "-c", "exit_on_error=on", database]
        # In single-user mode a statement is one line.
        commands = "".join(f"{statement};\n" for statement in statements)
        self._run([str(self._binaries.program("postgres")), *arguments], commands=commands)

    def _run(self, arguments: list[str], *, commands: str) -> None:
        program = Path(arguments[0]).name
        try:
            subprocess.run(
                arguments,
                input=commands,
                env=ENVIRONMENT,
                cwd=self._paths.root,
                preexec_fn=child_preparation(self._account, signal.SIGKILL),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                check=True,
                text=True,
                timeout=_TIMEOUT_S,
            )
        except subprocess.CalledProcessError as error:
            said = str(error.stderr).strip().splitlines()[-5:]
            raise EmbeddedDatabaseError(f"{program} failed: {' / '.join(said)}") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise EmbeddedDatabaseError(f"{program} failed: {error}") from error


def child_preparation(account: Account | None, death_signal: signal.Signals) -> Callable[[], None]:
    """Return the ``preexec_fn`` of a server's program: change account, then tie it to us.

    In this order, because the kernel forgets the tie when the account changes.
    """
    become = account.drop() if account else None
    tie = child_setup(death_signal)

    def prepare() -> None:
        if become is not None:
            become()
        os.umask(0o077)
        tie()

    return prepare
