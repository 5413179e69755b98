"""Objects of the API's part `identity`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from mainspring_sdk._models import Model


class CreatedTokenView(Model, frozen=True, kw_only=True):
    """A token with its secret, which is shown this once."""

    secret_fields_: ClassVar[frozenset[str]] = frozenset({"secret"})

    id: str
    name: str
    hint: str
    """Its first characters."""
    scopes: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    secret: str


class EnrolmentView(Model, frozen=True, kw_only=True):
    """For an authenticator app; shown this once."""

    secret_fields_: ClassVar[frozenset[str]] = frozenset({"secret", "uri"})

    secret: str
    """To be typed into the app."""
    uri: str
    """To be shown as a QR code."""


class OwnSessionView(Model, frozen=True, kw_only=True):
    """A browser that is signed in."""

    id: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    peer: str | None
    """The address that it signed in from."""
    agent: str | None
    """What the browser calls itself."""
    current: bool
    """Whether it makes this request."""


class RecoveryCodes(Model, frozen=True, kw_only=True):
    """For the day when the app is lost: each is good once, and they are shown this once."""

    secret_fields_: ClassVar[frozenset[str]] = frozenset({"recovery_codes"})

    recovery_codes: list[str]


class SecondFactorState(Model, frozen=True, kw_only=True):
    """Whether signing in asks for a code."""

    enabled: bool


class SetupState(Model, frozen=True, kw_only=True):
    """Whether the first administrator is still to be created."""

    needed: bool


class TokenView(Model, frozen=True, kw_only=True):
    """A token without its secret."""

    id: str
    name: str
    hint: str
    """Its first characters."""
    scopes: list[str] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
