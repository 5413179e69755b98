"""People: their accounts, what may be called what, and the pace of guessing."""

import re
from datetime import datetime, timedelta

import msgspec

from mainspring.capabilities.identity.domain.roles import Role
from mainspring.kernel.access import EVERYTHING, Grant
from mainspring.kernel.errors import InvalidRequestError

LANGUAGES = ("en", "zh")
MIN_PASSWORD = 10
MAX_PASSWORD = 256
MAX_NAME = 120
MAX_EMAIL = 254
"""The longest address that SMTP can carry (RFC 5321)."""

_EMAIL = re.compile(r"[^\s@\x00-\x1f]{1,64}@[^\s@\x00-\x1f]{1,189}")
_LONGEST_LOCK = timedelta(minutes=15)
FORGET_AFTER = timedelta(hours=1)
"""Without a failure for so long, earlier ones do not count any more."""


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person. ``password_hash`` ``None`` means that no password opens this account.

    ``platform_roles`` are those beside the administrator's, which has a field of its own. Nothing
    opens a disabled account. ``managed_by`` is the organisation whose provider or directory made
    the account. ``break_glass`` keeps an administrator's password good where passwords are off.
    """

    id: str
    email: str
    name: str
    language: str
    password_hash: str | None = None
    is_platform_admin: bool = False
    platform_roles: tuple[str, ...] = ()
    managed_by: str | None = None
    break_glass: bool = False
    disabled_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    @property
    def all_platform_roles(self) -> tuple[str, ...]:
        """Return every role that the person has in the platform."""
        admin = (Role.PLATFORM_ADMIN.value,) if self.is_platform_admin else ()
        return admin + self.platform_roles


def platform_grant() -> Grant:
    """Return the grant of a platform administrator."""
    return Grant(permissions=frozenset({EVERYTHING}), source="platform administrator")


def locked_for_s(failures: int, last_at: datetime, now: datetime, *, free: int) -> float:
    """Return for how many seconds more a subject may not try to sign in.

    The first ``free`` failures cost nothing; from then on each doubles the wait, from two seconds
    to a quarter of an hour. An hour without a failure clears the slate.
    """
    if failures < free or now - last_at >= FORGET_AFTER:
        return 0.0
    wait = min(timedelta(seconds=2 ** min(failures - free + 1, 20)), _LONGEST_LOCK)
    return max((last_at + wait - now).total_seconds(), 0.0)


def failures_after(failures: int, last_at: datetime, now: datetime) -> int:
    """Return the count that another failure at ``now`` makes."""
    return 1 if now - last_at >= FORGET_AFTER else failures + 1


def checked_email(email: str) -> str:
    """Return ``email`` as accounts are looked up by it: without outer blanks, in lower case.

    Raises:
        InvalidRequestError: if it does not look like an address.
    """
    email = email.strip().lower()
    if len(email) > MAX_EMAIL or not _EMAIL.fullmatch(email):
        raise InvalidRequestError("that is not an e-mail address", param="email")
    return email


def checked_person_name(name: str) -> str:
    """Return ``name`` without outer blanks.

    Raises:
        InvalidRequestError: if it is empty or too long.
    """
    name = name.strip()
    if not 1 <= len(name) <= MAX_NAME:
        raise InvalidRequestError(f"a name has 1 to {MAX_NAME} characters", param="name")
    return name


def checked_password(password: str, *, email: str) -> str:
    """Return ``password``: length counts, not its mixture of characters (NIST SP 800-63B).

    Raises:
        InvalidRequestError: if it is too short, too long, one repeated character, or the address.
    """
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise InvalidRequestError(
            f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters", param="password"
        )
    if len(set(password)) == 1 or password.strip().lower() == email:
        raise InvalidRequestError("this password is too easy to guess", param="password")
    return password
