"""Objects of the API's part `tenancy`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime

from mainspring_sdk._models import Model
from mainspring_sdk.models.shared import LimitsBody


class OrganizationView(Model, frozen=True, kw_only=True):
    """A tenant."""

    id: str
    name: str
    slug: str
    suspended: bool
    limits: LimitsBody | None
    user_limits: LimitsBody | None
    created_at: datetime
    updated_at: datetime


class ProjectView(Model, frozen=True, kw_only=True):
    """A project of an organisation."""

    id: str
    name: str
    slug: str
    suspended: bool
    limits: LimitsBody | None
    user_limits: LimitsBody | None
    created_at: datetime
    updated_at: datetime
    org_id: str
    stores_responses: str
    """One of `always`, `on_request`, `never`."""
    response_days: int
