"""What proves an identity. A secret is random (256 bits), shown once, and kept as its SHA-256.

A fast digest is right here and would be wrong for passwords: nobody can guess 256 random bits, so
there is nothing for a slow hash to slow down.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.kernel.errors import InvalidRequestError
from mainspring.snapshot import resources
from mainspring.snapshot.resources import Limits
from mainspring.wire.scopes import SCOPES

KEY_PREFIX: Final = "msk"
SESSION_PREFIX: Final = "mss"
TOKEN_PREFIX: Final = "mst"  # noqa: S105 - a public marker
SETUP_PREFIX: Final = "msu"

MODEL_CALL_SCOPE: Final = "model:call"
"""The scope of an ordinary API key."""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that signed in; it ends at ``expires_at``, or when idle for too long.

    ``peer`` is the address that it came from, ``agent`` what it calls itself. One that a provider
    vouched for names it, and the provider's own session; an organisation's provider (``org_id``)
    opens that organisation only.
    """

    id: str
    digest: bytes
    user_id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    peer: str | None = None
    agent: str | None = None
    provider_id: str | None = None
    provider_session: str | None = None
    org_id: str | None = None


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A bearer token for scripts: a person's (``user_id``), or the platform's own.

    ``hint`` is its first characters, so that people can tell their tokens apart. ``scopes`` are
    the permissions that it is confined to; ``None`` leaves it all that its owner has. ``org_id``
    is the one organisation that it opens, where the session that made it opened no other.
    """

    id: str
    digest: bytes
    name: str
    hint: str
    user_id: str | None = None
    is_platform_admin: bool = False
    scopes: tuple[str, ...] | None = None
    org_id: str | None = None
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Tell whether it opens anything at ``now``."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key to the gateway, of one project; ``models`` ``None`` allows all that it sees.

    ``actor_id`` is who created it and for whom its calls count; ``replaces`` the key that it took
    the place of. ``granted`` are ids of models that it was made for by a grant: it may call them
    although they are restricted, and what it may do follows that grant alone.
    """

    id: str
    org_id: str
    project_id: str
    actor_id: str
    name: str
    hint: str
    digest: bytes
    scopes: tuple[str, ...] = (MODEL_CALL_SCOPE,)
    models: tuple[str, ...] | None = None
    limits: Limits | None = None
    replaces: str | None = None
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    granted: tuple[str, ...] = ()
    revision: int = 1

    def is_opened_by(self, secret: str) -> bool:
        """Tell whether ``secret`` is this key's."""
        return hmac.compare_digest(self.digest, digest_of(secret))

    def resource(self) -> resources.ApiKey:
        """Return what gateways know of this key."""
        return resources.ApiKey(
            id=self.id,
            digest=self.digest,
            org_id=self.org_id,
            project_id=self.project_id,
            actor_id=self.actor_id,
            name=self.name,
            scopes=self.scopes,
            models=self.models,
            expires_at=None if self.expires_at is None else int(self.expires_at.timestamp()),
            limits=self.limits,
            granted=self.granted,
        )


class KeyChanges(msgspec.Struct, frozen=True, kw_only=True):
    """What may change about a key; ``UNSET`` stays as it is."""

    name: str | UnsetType = UNSET
    scopes: tuple[str, ...] | UnsetType = UNSET
    models: tuple[str, ...] | UnsetType | None = UNSET
    limits: Limits | UnsetType | None = UNSET
    expires_at: datetime | UnsetType | None = UNSET


def checked_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    """Return ``scopes``, each once.

    Raises:
        InvalidRequestError: if there is none, or one that does not exist.
    """
    found = tuple(dict.fromkeys(scopes))
    unknown = sorted(set(found) - SCOPES.keys())
    if unknown or not found:
        raise InvalidRequestError(
            f"there is no scope {', '.join(unknown)}" if unknown else "a key has a scope",
            param="scopes",
        )
    return found


def digest_of(secret: str) -> bytes:
    """Return what is kept of ``secret``."""
    return hashlib.sha256(secret.encode()).digest()


def hint_of(secret: str) -> str:
    """Return the few characters of ``secret`` that may be shown; 238 of its bits stay hidden."""
    return f"{secret[:7]}…"


def csrf_token(session_secret: str, key: bytes) -> str:
    """Return the token that the console repeats in a header: bound to the session, so that a
    cookie planted by a neighbouring site does not help it.
    """
    mac = hmac.digest(key, b"mainspring csrf v1\0" + session_secret.encode(), "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()
