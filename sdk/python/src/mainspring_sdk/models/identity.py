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
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    secret: str


class SetupState(Model, frozen=True, kw_only=True):
    """Whether the first administrator is still to be created."""

    needed: bool


class TokenView(Model, frozen=True, kw_only=True):
    """A token without its secret."""

    id: str
    name: str
    hint: str
    """Its first characters."""
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
