"""The embedded cluster's life: first start, crash, kill -9 of either side, and who may run it."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from mainspring.infra.postgres import EmbeddedPostgres
from mainspring.kernel.errors import ClusterInUseError, ClusterLostError, ClusterVersionError

WAIT_S = 30


@pytest.fixture
def home() -> Generator[Path]:
    """Return a directory that any account can reach; pytest keeps its own ones closed."""
    with tempfile.TemporaryDirectory(prefix="mainspring-", ignore_cleanup_errors=True) as name:
        directory = Path(name)
        directory.chmod(0o711)
        yield directory


@asynccontextmanager
async def _running(directory: Path, shared_root: Path) -> AsyncGenerator[EmbeddedPostgres]:
    async with EmbeddedPostgres.running(
        directory, shared_root=shared_root, durable=False, within_s=WAIT_S
    ) as postgres:
        yield postgres


async def _scalar(postgres: EmbeddedPostgres, statement: str) -> object:
    async with await psycopg.AsyncConnection.connect(postgres.dsn, autocommit=True) as connection:
        row = await (await connection.execute(statement.encode())).fetchone()
        return None if row is None else row[0]


async def _execute(postgres: EmbeddedPostgres, statement: str) -> None:
    async with await psycopg.AsyncConnection.connect(postgres.dsn, autocommit=True) as connection:
        await connection.execute(statement.encode())


def _postmaster(data: Path) -> psutil.Process:
    return psutil.Process(int((data / "postmaster.pid").read_text().split("\n")[0]))


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def test_the_first_start_makes_what_the_second_finds(home: Path) -> None:
    async with _running(home / "postgres", home / "shared") as postgres:
        await _execute(postgres, "CREATE TABLE kept AS SELECT 42 AS n")
        dsn = postgres.dsn
    async with _running(home / "postgres", home / "shared") as postgres:
        assert postgres.dsn == dsn
        assert await _scalar(postgres, "SELECT n FROM kept") == 42


async def test_the_application_owns_its_database_and_is_no_superuser(home: Path) -> None:
    async with _running(home / "postgres", home / "shared") as postgres:
        facts = {
            "current_setting('is_superuser')": "off",
            "(SELECT rolbypassrls OR rolcreaterole OR rolcreatedb FROM pg_roles"
            " WHERE rolname = current_user)": False,
            "(SELECT pg_get_userbyid(datdba) FROM pg_database"
            " WHERE datname = current_database())": "mainspring",
            "current_setting('listen_addresses')": "",
            "current_setting('data_checksums')": "on",
            "current_setting('server_encoding')": "UTF8",
            "(SELECT datlocale FROM pg_database WHERE datname = current_database())": "C.UTF-8",
            "'[1,2,3]'::vector <-> '[1,2,5]'": 2.0,
            "similarity('mainspring', 'mainspring')": 1.0,
            "(SELECT count(*) FROM pg_extension"
            " WHERE extname IN ('vector', 'pg_trgm', 'btree_gin'))": 3,
        }
        found = {question: await _scalar(postgres, f"SELECT {question}") for question in facts}
        assert found == facts


async def test_nobody_else_may_log_in(home: Path) -> None:
    async with _running(home / "postgres", home / "shared") as postgres:
        wrong_password = postgres.dsn.replace("@/", "x@/")
        superuser = postgres.dsn.replace("mainspring:", "postgres:", 1)
        for dsn in (wrong_password, superuser):
            with pytest.raises(psycopg.OperationalError, match=r"password|pg_hba"):
                await psycopg.AsyncConnection.connect(dsn)
    root = home / "postgres"
    assert (root / "password").stat().st_mode & 0o777 == 0o600
    assert (root / "socket").stat().st_mode & 0o777 == 0o700
    assert (root / "data").stat().st_mode & 0o777 == 0o700


async def test_the_server_does_not_run_as_root(home: Path) -> None:
    async with _running(home / "postgres", home / "shared"):
        server = _postmaster(home / "postgres" / "data")
        assert server.uids().real != 0
        assert server.uids().effective == server.uids().saved == server.uids().real
        assert server.ppid() == os.getpid()


async def test_committed_rows_survive_kill_9_of_every_server_process(home: Path) -> None:
    async with _running(home / "postgres", home / "shared") as postgres:
        await _execute(postgres, "CREATE TABLE kept AS SELECT 42 AS n")
        server = _postmaster(home / "postgres" / "data")
        for process in (server, *server.children(recursive=True)):
            process.kill()
    async with _running(home / "postgres", home / "shared") as postgres:
        assert await _scalar(postgres, "SELECT n FROM kept") == 42


async def test_a_lock_file_that_names_a_stranger_does_not_prevent_a_start(home: Path) -> None:
    async with _running(home / "postgres", home / "shared"):
        lock = (home / "postgres" / "data" / "postmaster.pid").read_text().split("\n")
    # The process id was given to another program of the same account meanwhile.
    lock[0] = str(_stranger(home / "postgres" / "data").pid)
    (home / "postgres" / "data" / "postmaster.pid").write_text("\n".join(lock))
    async with _running(home / "postgres", home / "shared") as postgres:
        assert await _scalar(postgres, "SELECT 1") == 1


_strangers: list[subprocess.Popen[bytes]] = []


def _stranger(data: Path) -> subprocess.Popen[bytes]:
    owner = data.stat().st_uid if os.getuid() == 0 else None
    _strangers.append(subprocess.Popen(["/bin/sleep", "300"], cwd="/", user=owner))
    return _strangers[-1]


@pytest.fixture(autouse=True)
def no_strangers() -> Generator[None]:
    yield
    while _strangers:
        stranger = _strangers.pop()
        stranger.kill()
        stranger.wait()


async def test_two_processes_never_run_one_cluster(home: Path) -> None:
    async with _running(home / "postgres", home / "shared"):
        second = EmbeddedPostgres(home / "postgres", shared_root=home / "shared")
        with pytest.raises(ClusterInUseError):
            await second.prepare()


async def test_data_of_another_major_version_is_refused_untouched(home: Path) -> None:
    async with _running(home / "postgres", home / "shared"):
        pass
    version = home / "postgres" / "data" / "PG_VERSION"
    version.write_text("17\n")
    postgres = EmbeddedPostgres(home / "postgres", shared_root=home / "shared")
    with pytest.raises(ClusterVersionError, match="PostgreSQL 17"):
        await postgres.prepare()
    postgres.release()
    version.write_text("18\n")
    async with _running(home / "postgres", home / "shared"):
        pass


async def test_an_interrupted_first_start_is_begun_again(home: Path) -> None:
    partial = home / "postgres" / "data.partial"
    partial.mkdir(parents=True)
    (partial / "PG_VERSION").write_text("18\n")
    async with _running(home / "postgres", home / "shared") as postgres:
        assert await _scalar(postgres, "SELECT 1") == 1
    assert not partial.exists()


async def test_a_lost_password_is_replaced(home: Path) -> None:
    async with _running(home / "postgres", home / "shared") as postgres:
        lost = postgres.dsn
    (home / "postgres" / "password").unlink()
    async with _running(home / "postgres", home / "shared") as postgres:
        assert postgres.dsn != lost
        assert await _scalar(postgres, "SELECT 1") == 1


def _socket_mode(postgres: EmbeddedPostgres) -> int | None:
    directory = Path(str(conninfo_to_dict(postgres.dsn)["host"]))
    return directory.stat().st_mode & 0o777 if directory.exists() else None


async def test_a_path_too_long_for_a_socket_gets_its_socket_elsewhere(home: Path) -> None:
    directory = home / ("long" * 25) / "postgres"
    directory.parent.mkdir(mode=0o711)
    async with _running(directory, home / "shared") as postgres:
        assert _socket_mode(postgres) == 0o700
        assert await _scalar(postgres, "SELECT 1") == 1
    assert _socket_mode(postgres) is None


_SUPERVISOR = """
import asyncio, sys
from pathlib import Path
from mainspring.infra.postgres import EmbeddedPostgres

async def main():
    directory, shared = Path(sys.argv[1]), Path(sys.argv[2])
    async with EmbeddedPostgres.running(directory, shared_root=shared, durable=False):
        print("ready", flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_kill_9_of_the_parent_leaves_no_server_and_the_next_start_works(home: Path) -> None:
    directory = home / "postgres"
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _SUPERVISOR, str(directory), str(home / "shared")),
        stdout=asyncio.subprocess.PIPE,
    )
    assert parent.stdout is not None
    async with asyncio.timeout(WAIT_S):
        assert await parent.stdout.readline() == b"ready\n"
    server = _postmaster(directory / "data")
    family = [server, *server.children(recursive=True)]
    parent.send_signal(signal.SIGKILL)
    await parent.wait()
    # At once, while the old server is still ending: the two must not meet.
    async with _running(directory, home / "shared") as postgres:
        assert not any(_is_alive(process) for process in family)
        assert await _scalar(postgres, "SELECT 1") == 1


needs_root = pytest.mark.skipif(os.getuid() != 0, reason="only root drops privileges")


@needs_root
async def test_root_with_a_closed_home_keeps_its_cluster_where_the_account_can_reach_it(
    home: Path,
) -> None:
    closed = home / "root"
    closed.mkdir(mode=0o700)
    async with _running(closed / ".mainspring" / "postgres", home / "shared") as postgres:
        await _execute(postgres, "CREATE TABLE kept AS SELECT 42 AS n")
    link = closed / ".mainspring" / "postgres"
    assert link.is_symlink()
    assert link.resolve().parent == home / "shared"
    assert closed.stat().st_mode & 0o777 == 0o700
    async with _running(link, home / "shared") as postgres:
        assert await _scalar(postgres, "SELECT n FROM kept") == 42


@needs_root
async def test_a_deleted_home_starts_empty_and_a_lost_cluster_is_not_papered_over(
    home: Path,
) -> None:
    closed = home / "root"
    closed.mkdir(mode=0o700)
    directory = closed / "postgres"
    async with _running(directory, home / "shared") as postgres:
        await _execute(postgres, "CREATE TABLE kept AS SELECT 42 AS n")
    first = directory.resolve()
    directory.unlink()
    async with _running(directory, home / "shared") as postgres:
        assert await _scalar(postgres, "SELECT to_regclass('kept') IS NULL") is True
    assert directory.resolve() != first
    directory.resolve().rename(home / "moved")
    with pytest.raises(ClusterLostError):
        await EmbeddedPostgres(directory, shared_root=home / "shared").prepare()


@needs_root
async def test_programs_out_of_the_accounts_reach_are_copied_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_binaries: object, _account: object) -> bool:
        return False

    monkeypatch.setattr("mainspring.infra.postgres.cluster.usable_by", never)
    async with _running(home / "postgres", home / "shared") as postgres:
        program = Path(postgres.spawn_spec().argv[0])
        assert await _scalar(postgres, "SELECT '[1]'::vector IS NOT NULL") is True
    assert program.is_relative_to(home / "postgres")
    made = _identity(program)
    assert made[:2] == (0, 0o755)
    async with _running(home / "postgres", home / "shared"):
        pass
    assert _identity(program) == made


def _identity(file: Path) -> tuple[int, int, int]:
    status = file.stat()
    return (status.st_uid, status.st_mode & 0o777, status.st_ctime_ns)


_AS_NOBODY = """
import asyncio, os, sys
from pathlib import Path
from mainspring.infra.postgres import EmbeddedPostgres

async def run(directory, shared):
    async with EmbeddedPostgres.running(directory, shared_root=shared, durable=False):
        pass

first, second, shared = map(Path, sys.argv[1:])
# Once as root, because that loads every module: this interpreter may lie where only root can read.
asyncio.run(run(first, shared))
os.setgroups([]); os.setgid(65534); os.setuid(65534)
asyncio.run(run(second, shared))
"""


@needs_root
async def test_a_normal_user_needs_no_other_account(home: Path) -> None:
    theirs = home / "theirs"
    theirs.mkdir(mode=0o700)
    os.chown(theirs, 65534, 65534)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _AS_NOBODY),
        *(str(home / "postgres"), str(theirs / "postgres"), str(home / "shared")),
    )
    async with asyncio.timeout(WAIT_S):
        assert await process.wait() == 0
    assert _identity(theirs / "postgres" / "data")[0] == 65534
    assert not (home / "shared").exists()
