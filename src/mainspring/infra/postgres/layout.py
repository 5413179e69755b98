"""Where a cluster lies.

Wanted is ``$MAINSPRING_HOME/postgres``. When we are root that place is often out of reach for the
server's account (``/root`` has mode 0700) and opening up somebody's home is not our business. The
cluster then lies under ``/var/lib/mainspring`` and the wanted place is a link to it. The choice is
made once: afterwards the link, or the data found in place, decides.
"""

import contextlib
import hashlib
import logging
import secrets
import tempfile
from pathlib import Path

import msgspec

from mainspring.infra.postgres.account import Account
from mainspring.kernel.errors import ClusterLostError, EmbeddedDatabaseError

_log = logging.getLogger(__name__)

SHARED_ROOT = Path("/var/lib/mainspring/postgres")
_LONGEST_SOCKET_DIRECTORY = 107 - len("/.s.PGSQL.5432")  # sockaddr_un.sun_path without its NUL


class ClusterPaths(msgspec.Struct, frozen=True):
    """The files of one cluster below ``root``, which belongs to us and not to the server."""

    root: Path
    socket: Path

    @property
    def data(self) -> Path:
        """Return PostgreSQL's data directory; the server's account owns it."""
        return self.root / "data"

    @property
    def partial(self) -> Path:
        """Return where a new data directory is made before it is moved into place."""
        return self.root / "data.partial"

    @property
    def password(self) -> Path:
        """Return the file with the application role's password, mode 0600, ours."""
        return self.root / "password"

    @property
    def provisioned(self) -> Path:
        """Return the file that names the version for which roles and extensions were set up."""
        return self.root / "provisioned"

    @property
    def lock(self) -> Path:
        """Return the file that the process in charge of the cluster holds locked."""
        return self.root / "lock"


def place_cluster(
    wanted: Path, account: Account | None, *, shared_root: Path = SHARED_ROOT
) -> ClusterPaths:
    """Return where the cluster for ``wanted`` lies, creating the directories that are missing.

    Raises:
        ClusterLostError: if the place chosen earlier is gone or out of the account's reach.
        EmbeddedDatabaseError: if no place can be made.
    """
    try:
        root = _root(wanted, account, shared_root)
        root.mkdir(parents=True, exist_ok=True)
        # The account passes through the root to its own directories and reads nothing of ours.
        root.chmod(0o711 if account else 0o700)
        paths = ClusterPaths(root, socket_directory(root))
        _make_socket_directory(paths.socket, account)
    except OSError as error:
        raise EmbeddedDatabaseError(f"cannot make a place for the database: {error}") from error
    return paths


def remove_distant_socket_directory(paths: ClusterPaths) -> None:
    """Remove the socket's directory if it had to lie outside the cluster and nobody uses it."""
    if not paths.socket.is_relative_to(paths.root):
        with contextlib.suppress(OSError):
            paths.socket.rmdir()


def _root(wanted: Path, account: Account | None, shared_root: Path) -> Path:
    if wanted.is_symlink():
        target = wanted.resolve()
        if not target.is_dir():
            raise ClusterLostError(f"{wanted} leads to {target}, which does not exist")
        return target
    place = wanted.absolute()
    place.parent.mkdir(parents=True, exist_ok=True)
    if account is None or account.may_reach(place.parent):
        return place
    if (place / "data").exists():
        raise ClusterLostError(f"the account {account.name} can no longer reach {place}")
    return _link_to_shared_place(place, account, shared_root)


def _link_to_shared_place(place: Path, account: Account, shared_root: Path) -> Path:
    shared_root.mkdir(parents=True, exist_ok=True, mode=0o755)
    if not account.may_reach(shared_root):
        raise EmbeddedDatabaseError(
            f"the account {account.name} can reach neither {place.parent} nor {shared_root}"
        )
    # A new name each time: whoever deleted the data directory, link and keys included, expects to
    # start empty, not to meet the old data again.
    prefix = hashlib.sha256(str(place).encode()).hexdigest()[:12]
    for old in shared_root.glob(f"{prefix}-*"):
        _log.warning("%s belonged to an earlier %s; remove it if it is not needed", old, place)
    root = shared_root / f"{prefix}-{secrets.token_hex(4)}"
    root.mkdir(mode=0o711)
    if place.exists():
        place.rmdir()
    place.symlink_to(root, target_is_directory=True)
    return root


def socket_directory(root: Path) -> Path:
    """Return where the socket of the cluster at ``root`` lies: in it, unless that is too long."""
    beside = root / "socket"
    if len(str(beside).encode()) <= _LONGEST_SOCKET_DIRECTORY:
        return beside
    name = hashlib.sha256(str(root).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"mainspring-{name}"


def _make_socket_directory(directory: Path, account: Account | None) -> None:
    directory.mkdir(mode=0o700, exist_ok=True)
    # In a directory that everybody may write, somebody else may have been here first.
    if directory.is_symlink():
        raise EmbeddedDatabaseError(f"{directory} is a link; remove it")
    if account:
        account.own(directory, 0o700)
    else:
        directory.chmod(0o700)  # fails where it is not ours
