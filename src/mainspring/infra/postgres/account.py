"""The operating system's account under which the server runs when we are root."""

import os
import pwd
import stat
from collections.abc import Callable
from pathlib import Path

import msgspec

from mainspring.kernel.errors import EmbeddedDatabaseError

CANDIDATES = ("mainspring", "postgres", "nobody")
"""Tried in this order. We use what is there and never add an account to the machine; one named
``mainspring`` gives the data an owner of its own."""


class Account(msgspec.Struct, frozen=True):
    """A user and its group, by name and number."""

    name: str
    uid: int
    gid: int

    def drop(self) -> Callable[[], None]:
        """Return a function for the child, between fork and exec, that becomes this account."""
        uid, gid = self.uid, self.gid

        def become() -> None:
            os.setgroups([gid])
            os.setgid(gid)
            os.setuid(uid)

        return become

    def own(self, path: Path, mode: int) -> None:
        """Give ``path`` to this account with ``mode``."""
        os.chown(path, self.uid, self.gid)
        path.chmod(mode)

    def may(self, path: Path, right: int) -> bool:
        """Tell whether the mode of ``path`` grants ``right`` (4 read, 1 enter or execute)."""
        status = path.stat()
        if status.st_uid == self.uid:
            granted = stat.S_IMODE(status.st_mode) >> 6
        elif status.st_gid == self.gid:
            granted = stat.S_IMODE(status.st_mode) >> 3
        else:
            granted = stat.S_IMODE(status.st_mode)
        return granted & right == right

    def may_reach(self, directory: Path) -> bool:
        """Tell whether this account may enter ``directory`` and everything above it."""
        resolved = directory.resolve()
        return all(self.may(part, 1) for part in (resolved, *resolved.parents))


def service_account(preferred: str | None = None) -> Account | None:
    """Return the account to drop to, or ``None`` where we are not root and stay who we are.

    Raises:
        EmbeddedDatabaseError: if no usable account exists.
    """
    if os.geteuid() != 0:
        _require_name(os.geteuid())
        return None
    for name in (preferred,) if preferred else CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    wanted = preferred or ", ".join(CANDIDATES)
    raise EmbeddedDatabaseError(
        f"running as root, and there is no unprivileged account to run PostgreSQL as ({wanted})"
    )


def _require_name(uid: int) -> None:
    # initdb asks the system for the name of its user and stops without one, with a message that
    # helps nobody (containers that run under a random uid).
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedDatabaseError(
            f"user id {uid} has no entry in the system's user database, which PostgreSQL needs"
        ) from None
