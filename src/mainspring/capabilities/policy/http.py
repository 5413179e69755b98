"""The routes of policy."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field, JsonValue

from mainspring.capabilities.policy.api import Explained, Policy, PolicyChanges, PolicyService
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
from mainspring.infra.web.policies import CacheRuleBody, ParameterRuleBody, Task
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page
from mainspring.snapshot.parameters import Parameter, Rank, Sourced
from mainspring.snapshot.policies import level_of

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


class PolicyPatch(Patch):
    """What is to change; a field that is left out stays."""

    name: Name = ""
    models: Models = ()
    enabled: bool = True
    locked: bool = False
    parameters: Rules = ()
    cache: CacheRuleBody | None = Field(None, description="`null` removes it.")

    def changes(self) -> PolicyChanges:
        """Return the fields that were sent."""
        fields = self.changed_fields()
        if "parameters" in fields:
            fields["parameters"] = tuple(each.value() for each in self.parameters)
        if "cache" in fields:
            fields["cache"] = None if self.cache is None else self.cache.value()
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
    created_at: datetime
    updated_at: datetime


class PolicyPage(View):
    """Some policies."""

    items: list[PolicyView]
    next_cursor: str | None


class SourceView(View):
    """The policy that something comes from."""

    policy_id: str
    policy: str
    level: Literal["platform", "organization", "project", "key"]


class SourcedView(View):
    """A value and where it comes from."""

    value: JsonValue
    source: SourceView


class AllowedView(View):
    """A list of allowed values; a value has to be on every one."""

    values: list[JsonValue]
    refuses: bool = Field(description="Whether a call with another value is refused.")
    source: SourceView


class ParameterView(View):
    """Everything that holds for one parameter."""

    name: str
    default: SourcedView | None
    force: SourcedView | None
    min: SourcedView | None
    max: SourcedView | None
    refused_below: SourcedView | None
    refused_above: SourcedView | None
    allowed: list[AllowedView]
    denied: SourcedView | None = Field(description="Its value is `drop` or `refuse`.")


class EffectiveCacheView(View):
    """What holds for the cache; `scopes` are all that answers are kept apart by."""

    mode: Literal["exact", "semantic"]
    ttl_s: int
    scopes: list[str]
    max_bytes: int
    max_temperature: float
    threshold: float
    embedding_model: str
    embedding_deadline_ms: int
    sources: list[SourceView]


class EffectiveView(View):
    """What all policies come to for one caller, model and task."""

    org_id: str
    project_id: str
    key_id: str | None
    model: str
    task: str
    parameters: list[ParameterView]
    cache: EffectiveCacheView | None


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
    )
    tag(response, policy.revision)
    return policy


@router.get(
    "/policies/effective",
    operation_id="get_effective_policy",
    openapi_extra=needs(POLICY_READ),
    response_model=EffectiveView,
    responses=problems(NotFoundError),
)
async def get_effective_policy(
    *,
    policies: Policies,
    scope: CurrentScope,
    project: Annotated[str, Query(description="The id of a project.")],
    model: Annotated[str, Query(max_length=200, description="A model's own name.")],
    key: Annotated[str | None, Query(description="The id of a key of the project.")] = None,
    task: Task = "chat",
) -> EffectiveView:
    """Tell what all policies come to, and which policy each value comes from."""
    explained = await policies.explain(
        scope, project_id=project, key_id=key, model=model, task=task
    )
    return _effective_view(explained)


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


def _effective_view(explained: Explained) -> EffectiveView:
    subject = explained.subject
    cache = explained.effective.cache
    return EffectiveView(
        org_id=subject.org_id,
        project_id=subject.project_id,
        key_id=subject.key_id,
        model=subject.model,
        task=subject.task,
        parameters=[_parameter_view(explained, each) for each in explained.effective.parameters],
        cache=None
        if cache is None
        else EffectiveCacheView.model_validate(
            {
                "mode": cache.mode,
                "ttl_s": cache.ttl_s,
                "scopes": cache.scopes,
                "max_bytes": cache.max_bytes,
                "max_temperature": cache.max_temperature,
                "threshold": cache.threshold,
                "embedding_model": cache.embedding_model,
                "embedding_deadline_ms": cache.embedding_deadline_ms,
                "sources": [_source(explained, each) for each in cache.sources],
            }
        ),
    )


def _parameter_view(explained: Explained, parameter: Parameter) -> ParameterView:
    def sourced(found: Sourced[Any] | None) -> SourcedView | None:
        if found is None:
            return None
        return SourcedView(value=found.value, source=_source(explained, found.rank))

    return ParameterView(
        name=parameter.name,
        default=sourced(parameter.default),
        force=sourced(parameter.force),
        min=sourced(parameter.min),
        max=sourced(parameter.max),
        refused_below=sourced(parameter.strict_min),
        refused_above=sourced(parameter.strict_max),
        allowed=[
            AllowedView(
                values=list(each.told), refuses=each.strict, source=_source(explained, each.rank)
            )
            for each in parameter.allowed
        ],
        denied=sourced(parameter.denial),
    )


def _source(explained: Explained, of: Rank | str) -> SourceView:
    policy = explained.policies[of if isinstance(of, str) else of.policy_id]
    return SourceView.model_validate(
        {"policy_id": policy.id, "policy": policy.name, "level": level_of(policy.resource())}
    )
