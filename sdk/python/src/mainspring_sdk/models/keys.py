"""Objects of the API's part `keys`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from mainspring_sdk._models import Model
from mainspring_sdk.models.shared import LimitsBody


class CreatedKeyView(Model, frozen=True, kw_only=True):
    """A key with its secret, which is shown this once."""

    secret_fields_: ClassVar[frozenset[str]] = frozenset({"secret"})

    id: str
    org_id: str
    project_id: str
    name: str
    hint: str
    """Its first characters."""
    scopes: list[str]
    models: list[str] | None
    limits: LimitsBody | None
    replaces: str | None
    """The key that this one took the place of."""
    granted: list[str]
    """Ids of models that it was granted, by an access request; but for its name, such a key changes
    with that request alone.
    """
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    secret: str


class KeyView(Model, frozen=True, kw_only=True):
    """A key without its secret."""

    id: str
    org_id: str
    project_id: str
    name: str
    hint: str
    """Its first characters."""
    scopes: list[str]
    models: list[str] | None
    limits: LimitsBody | None
    replaces: str | None
    """The key that this one took the place of."""
    granted: list[str]
    """Ids of models that it was granted, by an access request; but for its name, such a key changes
    with that request alone.
    """
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
