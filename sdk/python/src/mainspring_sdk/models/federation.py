"""Objects of the API's part `federation`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import field

from mainspring_sdk._models import Model


class GrantBody(Model, frozen=True, kw_only=True):
    """What bearers may do in one project; the grants of one project add up."""

    project_id: str
    group: str | None = None
    """Only bearers whose token names this group; `null`: every bearer."""
    scopes: list[str] = field(default_factory=lambda: ["model:call", "models:read"])
    models: list[str] | None = None
    """Names of the models that may be called; `null` allows all of them."""


class IssuerView(Model, frozen=True, kw_only=True):
    """An issuer whose tokens are believed."""

    id: str
    org_id: str
    name: str
    issuer: str
    audience: str
    algorithms: list[str]
    user_claim: str
    groups_claim: str
    project_claim: str | None
    scope_claim: str | None
    required: dict[str, str]
    grants: list[GrantBody]
    leeway_s: int
    jwks_uri: str | None
    static_keys: bool
    """The keys were given and are not fetched."""
    key_ids: list[str]
    """The names of the keys that are held."""
    keys_fetched_at: datetime | None
    problem: str | None
    """Why the last attempt to fetch keys failed; those before it stay good."""
    created_at: datetime
    updated_at: datetime
