"""Service accounts, their secrets, the keys that sign tokens: values, rules, permissions."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.kernel.access import Permission
from mainspring.kernel.errors import InvalidRequestError
from mainspring.snapshot import resources
from mainspring.snapshot.resources import Limits
from mainspring.wire.scopes import DEFAULT_SCOPES, SCOPES

ACCOUNT_READ = Permission("service_account:read", "See service accounts (never their secrets).")
ACCOUNT_WRITE = Permission(
    "service_account:write", "Create, change and remove service accounts, and their secrets."
)
SIGNING_KEY_ROTATE = Permission(
    "signing_key:rotate", "Replace the key that signs tokens at once.", of_platform=True
)

PERMISSIONS = (ACCOUNT_READ, ACCOUNT_WRITE, SIGNING_KEY_ROTATE)
"""Every permission of this capability."""

SECRET_PREFIX: Final = "msc"  # noqa: S105 - a public marker
AUDIENCE: Final = "mainspring"
NAME_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$"
MAX_PROJECTS = 50
MAX_SECRETS = 5
MIN_LIFETIME_S = 60
MAX_LIFETIME_S = 3600

ROTATE_EVERY = timedelta(days=30)
LEAD = timedelta(minutes=30)
"""A key is published so long before it signs: every gateway knows it by then."""
OVERLAP = timedelta(seconds=2 * MAX_LIFETIME_S)
"""A key stays published so long after it last signed: no token outlives it."""


class ServiceAccount(msgspec.Struct, frozen=True, kw_only=True):
    """A machine of an organisation; its id is its OAuth client id.

    The first of ``project_ids`` is where it acts unless a call says otherwise. Its tokens live for
    ``token_lifetime_s`` seconds. A suspended account's tokens are refused. ``owner_id`` is the
    person who answers for it (``None``: nobody in particular). The account is the organisation's:
    it stays when they leave, which ``owner_left_at`` tells until somebody else takes it over.
    """

    id: str
    org_id: str
    name: str
    project_ids: tuple[str, ...]
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    models: tuple[str, ...] | None = None
    limits: Limits | None = None
    token_lifetime_s: int = 600
    expires_at: datetime | None = None
    suspended: bool = False
    owner_id: str | None = None
    owner_left_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    def is_live(self, now: datetime) -> bool:
        """Tell whether it gets tokens at ``now``."""
        return not self.suspended and (self.expires_at is None or now < self.expires_at)

    def resource(self, secret_ids: Iterable[str]) -> resources.ServiceAccount:
        """Return what gateways know of this account; a suspended one has no secrets."""
        return resources.ServiceAccount(
            id=self.id,
            org_id=self.org_id,
            name=self.name,
            project_ids=self.project_ids,
            scopes=self.scopes,
            models=self.models,
            secret_ids=() if self.suspended else tuple(secret_ids),
            limits=self.limits,
        )


class AccountSecret(msgspec.Struct, frozen=True, kw_only=True):
    """One secret of an account, kept as the SHA-256 of its 256 random bits."""

    id: str
    org_id: str
    account_id: str
    digest: bytes
    hint: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Tell whether it gets tokens at ``now``."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class TokenKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that signs tokens from ``signs_from`` on, published until ``retires_at``.

    ``sealed`` is the private key, encrypted; ``public`` is its JWK as JSON.
    """

    id: str
    sealed: bytes
    public: str
    created_at: datetime
    signs_from: datetime
    retires_at: datetime | None = None

    @property
    def context(self) -> str:
        """Return the context that the private key is sealed for."""
        return f"signing-key/{self.id}"


class AccountChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What may change about an account; ``UNSET`` stays as it is."""

    project_ids: tuple[str, ...] | UnsetType = UNSET
    scopes: tuple[str, ...] | UnsetType = UNSET
    models: tuple[str, ...] | UnsetType | None = UNSET
    limits: Limits | UnsetType | None = UNSET
    token_lifetime_s: int | UnsetType = UNSET
    expires_at: datetime | UnsetType | None = UNSET
    suspended: bool | UnsetType = UNSET
    owner_id: str | UnsetType | None = UNSET


def checked_account(account: ServiceAccount) -> ServiceAccount:
    """Return ``account``.

    Raises:
        InvalidRequestError: if a field is not acceptable.
    """
    if not re.fullmatch(NAME_PATTERN, account.name):
        raise InvalidRequestError(
            "a name has 1 to 63 lower-case letters, digits and inner hyphens", param="name"
        )
    if not 1 <= len(account.project_ids) <= MAX_PROJECTS:
        raise InvalidRequestError(
            f"an account has 1 to {MAX_PROJECTS} projects", param="project_ids"
        )
    unknown = sorted(set(account.scopes) - SCOPES.keys())
    if unknown or not account.scopes:
        raise InvalidRequestError(
            f"there is no scope {', '.join(unknown)}" if unknown else "an account has a scope",
            param="scopes",
        )
    if not MIN_LIFETIME_S <= account.token_lifetime_s <= MAX_LIFETIME_S:
        raise InvalidRequestError(
            f"tokens live for {MIN_LIFETIME_S} to {MAX_LIFETIME_S} seconds",
            param="token_lifetime_s",
        )
    return account


def next_key_due(keys: Iterable[TokenKey], now: datetime) -> bool:
    """Tell whether a new key is to be made."""
    newest = max((key.signs_from for key in keys), default=None)
    return newest is None or now - newest >= ROTATE_EVERY


def signing_now(keys: Iterable[TokenKey], now: datetime) -> TokenKey | None:
    """Return the newest key whose time to sign has come."""
    ready = [key for key in keys if key.signs_from <= now]
    return max(ready, key=lambda key: key.signs_from, default=None)
