"""Objects of the API's part `tenancy`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime

from mainspring_sdk._models import Model
from mainspring_sdk.models.shared import DataPolicyBody, LimitsBody


class CaptureBody(Model, frozen=True, kw_only=True):
    """What is kept of a project's calls beside their bill."""

    level: str = "off"
    """`metadata`: everything but contents; `redacted`: contents without e-mail addresses, phone
    numbers, bank cards, ids and secrets; `full`: contents as they were. One of `off`,
    `metadata`, `redacted`, `full`.
    """
    sample: float = 1.0
    """Share of the calls."""


class OrganizationView(Model, frozen=True, kw_only=True):
    """A tenant."""

    id: str
    name: str
    slug: str
    suspended: bool
    limits: LimitsBody | None
    user_limits: LimitsBody | None
    data_policy: DataPolicyBody | None
    """Where its calls may be served; a project narrows its organisation's."""
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
    data_policy: DataPolicyBody | None
    """Where its calls may be served; a project narrows its organisation's."""
    created_at: datetime
    updated_at: datetime
    org_id: str
    stores_responses: str
    """One of `always`, `on_request`, `never`."""
    response_days: int
    capture: CaptureBody | None
    """What is kept of its calls."""
