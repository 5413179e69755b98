"""Objects of the API's part `access`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from mainspring_sdk._models import Model
from mainspring_sdk.models.shared import LimitsBody


class AccessKey(Model, frozen=True, kw_only=True):
    """The key of a grant; its secret is shown this once."""

    secret_fields_: ClassVar[frozenset[str]] = frozenset({"secret"})

    key_id: str
    secret: str
    model: str
    expires_at: datetime | None


class CommentView(Model, frozen=True, kw_only=True):
    """What somebody wrote."""

    user_id: str
    text: str
    at: datetime


class MainspringCapabilitiesSelfserviceHttpRequestsDecisionView(Model, frozen=True, kw_only=True):
    """What somebody said, and as whom."""

    user_id: str
    approver: str
    agrees: bool
    comment: str
    at: datetime


class StepView(Model, frozen=True, kw_only=True):
    """A step, and what was said to it."""

    name: str
    approvers: list[str]
    need: str
    """One of `any`, `all`."""
    is_agreed: bool
    decisions: list[MainspringCapabilitiesSelfserviceHttpRequestsDecisionView]


class AccessRequestView(Model, frozen=True, kw_only=True):
    """A request, and what was granted."""

    id: str
    org_id: str
    project_id: str
    requester_id: str
    model_id: str
    model: str
    purpose: str
    data_class: str
    tokens_per_month: int | None
    days: int | None
    limits: LimitsBody | None
    cost: int | None
    """Of a month, at the dearer rate, in billionths of `currency`."""
    currency: str
    state: str
    """One of `pending`, `active`, `renewed`, `denied`, `withdrawn`, `lapsed`, `ended`, `revoked`.
    """
    reason: str
    rules: list[str]
    """The names of the rules that had a say."""
    steps: list[StepView]
    comments: list[CommentView]
    renews: str | None
    until: datetime | None
    """When what was granted ends; `null`: never."""
    key_id: str | None
    """Once the requester has taken it."""
    created_at: datetime
    updated_at: datetime
    decided_at: datetime | None
    ended_at: datetime | None


class ApprovalStepBody(Model, frozen=True, kw_only=True):
    """Somebody's agreement."""

    name: str
    approvers: list[str]
    need: str = "any"
    """`all`: of each of the approvers a person of its own. One of `any`, `all`."""


class AccessRuleView(Model, frozen=True, kw_only=True):
    """A rule; without `org_id` it is the platform's, for everybody."""

    id: str
    org_id: str | None
    name: str
    position: int
    enabled: bool
    models: list[str]
    tags: list[str]
    data_classes: list[str]
    project_ids: list[str]
    min_cost: int | None
    more_than_days: int | None
    steps: list[ApprovalStepBody]
    denies: str
    created_at: datetime
    updated_at: datetime
    revision: int


class ModelGrantView(Model, frozen=True, kw_only=True):
    """A grant."""

    id: str
    org_id: str
    project_id: str | None
    """`null`: all projects of the organisation."""
    model_id: str
    model: str
    """Its name."""
    reason: str
    created_by: str
    expires_at: datetime | None
    created_at: datetime
    updated_at: datetime
