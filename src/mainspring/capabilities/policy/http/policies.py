"""Policies, made and changed by the API."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from mainspring.capabilities.policy.api import Policy, PolicyChanges, PolicyService
from mainspring.capabilities.policy.domain import MAX_MODELS, MAX_RULES, POLICY_READ, POLICY_WRITE
from mainspring.infra.web import (
    Body,
    CurrentScope,
    IfMatch,
    PageParams,
    Patch,
    View,
    needs,
    problems,
    provided,
    tag,
)
from mainspring.infra.web.policies import CacheRuleBody, CaptureRuleBody, ParameterRuleBody
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(tags=["policy"], responses=problems(SignInRequiredError, PermissionDeniedError))
Policies = Annotated[PolicyService, Depends(provided(PolicyService))]

Name = Annotated[str, Field(min_length=1, max_length=120, examples=["frugal"])]
Models = Annotated[
    tuple[Annotated[str, Field(max_length=201)], ...],
    Field(
        max_length=MAX_MODELS,
        examples=[["writer", "small-*"]],
        description="Models by name, a trailing `*` standing for any rest; none: all.",
    ),
]
Rules = Annotated[tuple[ParameterRuleBody, ...], Field(max_length=MAX_RULES)]


class NewPolicy(Body):
    """Rules, and whom they are for: the innermost id that is given; none: everybody."""

    name: Name
    org_id: str | None = None
    project_id: str | None = None
    key_id: str | None = None
    models: Models = ()
    enabled: bool = True
    locked: bool = Field(False, description="Only the platform may change it.")
    parameters: Rules = ()
    cache: CacheRuleBody | None = None
    capture: CaptureRuleBody | None = None


class PolicyPatch(Patch):
    """What is to change; a field that is left out stays."""

    name: Name = ""
    models: Models = ()
    enabled: bool = True
    locked: bool = False
    parameters: Rules = ()
    cache: CacheRuleBody | None = Field(None, description="`null` removes it.")
    capture: CaptureRuleBody | None = Field(None, description="`null` removes it.")

    def changes(self) -> PolicyChanges:
        """Return the fields that were sent."""
        fields = self.changed_fields()
        if "parameters" in fields:
            fields["parameters"] = tuple(each.value() for each in self.parameters)
        if "cache" in fields:
            fields["cache"] = None if self.cache is None else self.cache.value()
        if "capture" in fields:
            fields["capture"] = None if self.capture is None else self.capture.value()
        return PolicyChanges(**fields)


class PolicyView(View):
    """A policy."""

    id: str = Field(examples=["pol_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str | None
    project_id: str | None
    key_id: str | None
    name: str
    models: list[str]
    enabled: bool
    locked: bool
    parameters: list[ParameterRuleBody]
    cache: CacheRuleBody | None
    capture: CaptureRuleBody | None
    created_at: datetime
    updated_at: datetime


class PolicyPage(View):
    """Some policies."""

    items: list[PolicyView]
    next_cursor: str | None


@router.get(
    "/policies",
    operation_id="list_policies",
    response_model=PolicyPage,
    openapi_extra=needs(POLICY_READ),
)
async def list_policies(
    policies: Policies,
    scope: CurrentScope,
    page: PageParams,
    org_id: Annotated[str | None, Query(description="Its own, and those for everybody.")] = None,
) -> Page[Policy]:
    """List the policies that hold in an organisation, oldest first."""
    return await policies.list_policies(scope, page, org_id=org_id)


@router.post(
    "/policies",
    operation_id="create_policy",
    openapi_extra=needs(POLICY_WRITE),
    status_code=201,
    response_model=PolicyView,
    responses=problems(NotFoundError, ConflictError, InvalidRequestError),
)
async def create_policy(
    policies: Policies, scope: CurrentScope, body: NewPolicy, response: Response
) -> Policy:
    """Create a policy; of several that hold for a call each only narrows what the others leave."""
    policy = await policies.create(
        scope,
        name=body.name,
        org_id=body.org_id,
        project_id=body.project_id,
        key_id=body.key_id,
        models=body.models,
        enabled=body.enabled,
        locked=body.locked,
        parameters=tuple(each.value() for each in body.parameters),
        cache=None if body.cache is None else body.cache.value(),
        capture=None if body.capture is None else body.capture.value(),
    )
    tag(response, policy.revision)
    return policy


@router.get(
    "/policies/{policy_id}",
    operation_id="get_policy",
    openapi_extra=needs(POLICY_READ),
    response_model=PolicyView,
    responses=problems(NotFoundError),
)
async def get_policy(
    policies: Policies, scope: CurrentScope, policy_id: str, response: Response
) -> Policy:
    """Read one policy."""
    policy = await policies.get(scope, policy_id)
    tag(response, policy.revision)
    return policy


@router.patch(
    "/policies/{policy_id}",
    operation_id="update_policy",
    openapi_extra=needs(POLICY_WRITE),
    response_model=PolicyView,
    responses=problems(NotFoundError, ConflictError, InvalidRequestError, PreconditionFailedError),
)
async def update_policy(
    *,
    policies: Policies,
    scope: CurrentScope,
    policy_id: str,
    body: PolicyPatch,
    if_match: IfMatch,
    response: Response,
) -> Policy:
    """Change a policy; it holds from the next request of every gateway."""
    policy = await policies.update(scope, policy_id, body.changes(), expected_revision=if_match)
    tag(response, policy.revision)
    return policy


@router.delete(
    "/policies/{policy_id}",
    operation_id="delete_policy",
    openapi_extra=needs(POLICY_WRITE),
    status_code=204,
    responses=problems(NotFoundError),
)
async def delete_policy(policies: Policies, scope: CurrentScope, policy_id: str) -> None:
    """Remove a policy."""
    await policies.remove(scope, policy_id)
