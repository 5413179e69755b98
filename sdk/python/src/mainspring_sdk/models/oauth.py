"""Objects of the API's part `oauth`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime

from mainspring_sdk._models import Model
from mainspring_sdk.models.shared import LimitsBody


class CreatedSecretView(Model, frozen=True, kw_only=True):
    """A secret in clear, which is shown this once."""

    id: str
    hint: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    secret: str


class CreatedServiceAccountView(Model, frozen=True, kw_only=True):
    """A service account with its first secret, which is shown this once."""

    id: str
    org_id: str
    name: str
    project_ids: list[str]
    scopes: list[str]
    models: list[str] | None
    limits: LimitsBody | None
    token_lifetime_s: int
    expires_at: datetime | None
    suspended: bool
    owner_id: str | None
    """Who answers for it: who made it, at first."""
    owner_left_at: datetime | None
    """Since when its owner has left; set anew, `owner_id` ends that."""
    created_at: datetime
    updated_at: datetime
    secret: str


class SecretView(Model, frozen=True, kw_only=True):
    """A secret, not in clear."""

    id: str
    hint: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class ServiceAccountView(Model, frozen=True, kw_only=True):
    """A service account; its id is its OAuth client id."""

    id: str
    org_id: str
    name: str
    project_ids: list[str]
    scopes: list[str]
    models: list[str] | None
    limits: LimitsBody | None
    token_lifetime_s: int
    expires_at: datetime | None
    suspended: bool
    owner_id: str | None
    """Who answers for it: who made it, at first."""
    owner_left_at: datetime | None
    """Since when its owner has left; set anew, `owner_id` ends that."""
    created_at: datetime
    updated_at: datetime
