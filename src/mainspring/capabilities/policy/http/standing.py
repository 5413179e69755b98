"""What holds for somebody's calls, by the API."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import Field, JsonValue

from mainspring.capabilities.policy.api import Explained, Standing, StandingService
from mainspring.capabilities.policy.domain import POLICY_READ
from mainspring.infra.web import (
    CurrentScope,
    RoutingBody,
    View,
    needs,
    problems,
    provided,
)
from mainspring.infra.web.policies import Task
from mainspring.kernel.errors import (
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)
from mainspring.snapshot.parameters import Parameter, Rank, Sourced
from mainspring.snapshot.policies import level_of

router = APIRouter(tags=["policy"], responses=problems(SignInRequiredError, PermissionDeniedError))
Standings = Annotated[StandingService, Depends(provided(StandingService))]


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


class ValueSourceView(View):
    """Whose setting a value is."""

    level: Literal["default", "platform", "organization", "project", "key", "model"]
    id: str = Field(description="Empty for the platform's settings and for defaults.")
    name: str
    by_policy: bool = Field(
        description="A policy says it: `id` and `name` are its own, `level` is whom it is for."
    )


class EffectiveLimitView(View):
    """A limit that holds; a call has to fit under all of them."""

    name: str = Field(examples=["requests_per_minute"])
    value: int = Field(description="A budget: billionths of `currency`.")
    currency: str | None
    unpriced: str | None = Field(description="What a budget does with calls without a price.")
    counts: Literal[
        "organization",
        "user_of_organization",
        "project",
        "user_of_project",
        "key",
        "model",
        "key_on_model",
    ] = Field(description="Whose calls it counts.")
    source: ValueSourceView
    tightest: bool = Field(description="No other limit of this name is lower.")


class EffectiveRoutingView(View):
    """How the model's calls are routed."""

    value: RoutingBody
    source: ValueSourceView


class DataStatementView(View):
    """What one of the owners allows; `null` leaves it open."""

    regions: list[str] | None
    hosting: list[str] | None
    source: ValueSourceView


class PlaceView(View):
    """A server of the model, and who does not allow it."""

    upstream_model: str
    track: str
    region: str | None
    hosting: str | None
    barred_by: str | None
    reason: str | None = Field(examples=["data_region"])


class DataPlacesView(View):
    """Where the calls may be served; every statement has to allow a place."""

    statements: list[DataStatementView]
    targets: list[PlaceView]


class CaptureBoundView(View):
    """The most that policies leave to be kept of calls."""

    level: str
    level_source: SourceView
    sample: float
    sample_source: SourceView


class EffectiveCaptureView(View):
    """What is kept of the calls beside their bill."""

    level: str
    sample: float
    source: ValueSourceView = Field(description="Whose word the level is.")
    sample_source: ValueSourceView
    at_most: CaptureBoundView | None = Field(
        description="What policies leave at the most, whatever projects want; `null`: all."
    )


class KeptView(View):
    """For how long something is kept."""

    what: Literal["usage", "audit", "traces", "calls", "responses"]
    days: int | None = Field(description="`null`: without end.")
    level: str | None = Field(description="How much of it, where that can be chosen.")
    source: ValueSourceView


class EffectiveView(View):
    """What holds for one caller, model and task, with the source of each value."""

    org_id: str
    project_id: str | None
    key_id: str | None
    model: str | None
    task: str
    parameters: list[ParameterView]
    cache: EffectiveCacheView | None
    limits: list[EffectiveLimitView] = Field(description="By name, the tightest first.")
    routing: EffectiveRoutingView | None = Field(description="Of a model that is known.")
    data: DataPlacesView
    capture: EffectiveCaptureView
    retention: list[KeptView]


@router.get(
    "/policies/effective",
    operation_id="get_effective_policy",
    openapi_extra=needs(POLICY_READ),
    response_model=EffectiveView,
    responses=problems(NotFoundError, InvalidRequestError),
)
async def get_effective_policy(
    *,
    standings: Standings,
    scope: CurrentScope,
    org_id: Annotated[
        str | None, Query(description="An organisation, where no project is named.")
    ] = None,
    project: Annotated[str | None, Query(description="The id of a project.")] = None,
    model: Annotated[
        str | None, Query(max_length=200, description="A model's own name; none: for all models.")
    ] = None,
    key: Annotated[str | None, Query(description="The id of a key of the project.")] = None,
    task: Task = "chat",
) -> EffectiveView:
    """Tell what holds for the calls of an organisation, a project or a key, and whose word it is.

    Parameters, cache, limits, routing, where data may go, what is captured and for how long it is
    kept.
    """
    standing = await standings.explain(
        scope, org_id=org_id, project_id=project, key_id=key, model=model or "", task=task
    )
    return _effective_view(standing)


def _effective_view(standing: Standing) -> EffectiveView:
    explained = standing.explained
    subject = explained.subject
    model = standing.model
    return EffectiveView(
        org_id=subject.org_id,
        project_id=subject.project_id or None,
        key_id=subject.key_id,
        model=subject.model or None,
        task=subject.task,
        parameters=[_parameter_view(explained, each) for each in explained.effective.parameters],
        cache=_cache_view(explained),
        limits=[EffectiveLimitView.model_validate(each) for each in standing.limits],
        routing=None
        if model is None
        else EffectiveRoutingView.model_validate(
            {"value": model.routing, "source": standing.routing_source}
        ),
        data=DataPlacesView.model_validate(
            {
                "statements": [
                    {
                        "regions": statement.policy.regions,
                        "hosting": statement.policy.hosting,
                        "source": source,
                    }
                    for statement, source in standing.statements
                ],
                "targets": standing.targets,
            }
        ),
        capture=EffectiveCaptureView.model_validate(
            {
                "level": standing.capture.level,
                "sample": standing.capture.sample,
                "source": standing.capture_source,
                "sample_source": standing.sample_source,
                "at_most": _capture_bound_view(explained),
            }
        ),
        retention=[KeptView.model_validate(each) for each in standing.kept],
    )


def _cache_view(explained: Explained) -> EffectiveCacheView | None:
    cache = explained.effective.cache
    if cache is None:
        return None
    return EffectiveCacheView.model_validate(
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
    )


def _capture_bound_view(explained: Explained) -> CaptureBoundView | None:
    bound = explained.effective.capture
    if bound is None:
        return None
    return CaptureBoundView(
        level=bound.level,
        level_source=_source(explained, bound.level_source),
        sample=bound.sample,
        sample_source=_source(explained, bound.sample_source),
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
