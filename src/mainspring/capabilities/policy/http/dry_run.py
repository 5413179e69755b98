"""Trying policies on recorded calls, by the API."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends
from pydantic import AwareDatetime, Field, JsonValue

from mainspring.capabilities.policy.api import (
    DataChange,
    DryRun,
    DryRunService,
    LimitChange,
    Proposal,
    ProposedPolicy,
)
from mainspring.capabilities.policy.domain import MAX_MODELS, MAX_RULES, POLICY_TRY
from mainspring.capabilities.policy.service.dry_run import MAX_CALLS, MAX_CHANGES
from mainspring.infra.web import (
    Body,
    CurrentScope,
    DataPolicyBody,
    LimitsBody,
    Shape,
    View,
    as_data_policy,
    as_limits,
    needs,
    problems,
    provided,
)
from mainspring.infra.web.policies import CacheRuleBody, CaptureRuleBody, ParameterRuleBody
from mainspring.kernel.errors import (
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    SignInRequiredError,
)
from mainspring.snapshot.replay import Finding

router = APIRouter(tags=["policy"], responses=problems(SignInRequiredError, PermissionDeniedError))
DryRuns = Annotated[DryRunService, Depends(provided(DryRunService))]

Id = Annotated[str, Field(max_length=64)]


class ProposedPolicyBody(Shape):
    """A policy that is thought of, as it would be created."""

    id: Id | None = Field(None, description="Of the policy whose place it takes; none: a new one.")
    name: Annotated[str, Field(min_length=1, max_length=120)] = "proposed"
    org_id: Id | None = None
    project_id: Id | None = None
    key_id: Id | None = None
    models: Annotated[
        tuple[Annotated[str, Field(max_length=201)], ...], Field(max_length=MAX_MODELS)
    ] = ()
    enabled: bool = True
    parameters: Annotated[tuple[ParameterRuleBody, ...], Field(max_length=MAX_RULES)] = ()
    cache: CacheRuleBody | None = None
    capture: CaptureRuleBody | None = Field(
        None, description="Taken as it is; what would be kept of calls is not judged."
    )

    def value(self) -> ProposedPolicy:
        """Return the policy."""
        return ProposedPolicy(
            id=self.id,
            name=self.name,
            org_id=self.org_id,
            project_id=self.project_id,
            key_id=self.key_id,
            models=self.models,
            enabled=self.enabled,
            parameters=tuple(each.value() for each in self.parameters),
            cache=None if self.cache is None else self.cache.value(),
            capture=None if self.capture is None else self.capture.value(),
        )


class LimitChangeBody(Shape):
    """Limits in the place of those of one organisation, project, key or model."""

    org_id: Id | None = None
    project_id: Id | None = None
    key_id: Id | None = None
    model: Annotated[str, Field(max_length=200)] | None = Field(None, description="By name.")
    limits: LimitsBody | None = None
    user_limits: LimitsBody | None = Field(
        None, description="Of an organisation or a project: for each of its users."
    )
    key_limits: LimitsBody | None = Field(None, description="Of a model: for each key.")

    def value(self) -> LimitChange:
        """Return the change.

        Raises:
            InvalidRequestError: if the inner limits are another kind's.
        """
        if (self.user_limits if self.model is not None else self.key_limits) is not None:
            raise InvalidRequestError(
                "user_limits are for organisations and projects, key_limits for models",
                param="limits",
            )
        return LimitChange(
            org_id=self.org_id,
            project_id=self.project_id,
            key_id=self.key_id,
            model=self.model,
            limits=as_limits(self.limits),
            inner_limits=as_limits(self.user_limits or self.key_limits),
        )


class DataChangeBody(Shape):
    """A data policy in the place of that of one organisation or project."""

    org_id: Id | None = None
    project_id: Id | None = None
    data_policy: DataPolicyBody | None = None

    def value(self) -> DataChange:
        """Return the change."""
        return DataChange(
            org_id=self.org_id,
            project_id=self.project_id,
            data_policy=as_data_policy(self.data_policy),
        )


class DryRunBody(Body):
    """Whose calls, of when, and what would hold; all that is not named stays as it is."""

    since: AwareDatetime
    until: AwareDatetime | None = Field(None, description="By default now; 31 days at the most.")
    org_id: Id | None = Field(None, description="Whose calls; neither this nor a project: all.")
    project_id: Id | None = None
    max_calls: int = Field(
        1000, ge=1, le=MAX_CALLS, description="The newest calls of the range that are judged."
    )
    policies: Annotated[tuple[ProposedPolicyBody, ...], Field(max_length=MAX_CHANGES)] = ()
    removed: Annotated[
        tuple[Id, ...], Field(max_length=MAX_CHANGES, description="Ids of policies.")
    ] = ()
    limits: Annotated[tuple[LimitChangeBody, ...], Field(max_length=MAX_CHANGES)] = ()
    data_policies: Annotated[tuple[DataChangeBody, ...], Field(max_length=MAX_CHANGES)] = ()


class ParameterChangeView(View):
    """A member of the request that would have been another one."""

    name: str
    before: JsonValue = Field(description="A long or nested value is told by its size alone.")
    after: JsonValue
    absent_before: bool
    absent_after: bool


class FindingView(View):
    """What would have been different about one call."""

    request_id: str
    at: datetime
    project_id: str
    model: str
    kind: Literal["refused", "allowed", "parameters", "target"]
    reason: str = Field(description="The code of the refusal.", examples=["parameter_denied"])
    detail: str
    changes: list[ParameterChangeView]

    @classmethod
    def of(cls, found: Finding) -> "FindingView":
        """Return the view of a finding."""
        fields: dict[str, Any] = msgspec.structs.asdict(found)
        return cls.model_validate({**fields, "at": datetime.fromtimestamp(found.at, UTC)})


class ChangedView(View):
    """How many calls would have been served differently."""

    refused: int = 0
    allowed: int = 0
    parameters: int = 0
    target: int = 0


class DryRunView(View):
    """What would have been different, as far as records tell."""

    since: datetime
    until: datetime
    read: int = Field(description="Calls that were looked at, the newest of the range.")
    stopped: Literal["calls", "time"] | None = Field(
        description="Why not the whole range was looked at; `null`: it was."
    )
    changed: ChangedView
    not_judged: dict[str, int] = Field(
        description="Calls whose records leave something open, by what is missing:"
        " `contents_not_kept`, `contents_cut`, `not_json`, `model_gone`, `target_gone`."
    )
    findings: list[FindingView] = Field(description="The newest two hundred.")
    limits_judged: bool

    @classmethod
    def of(cls, done: DryRun) -> "DryRunView":
        """Return the view of a dry run."""
        fields: dict[str, Any] = msgspec.structs.asdict(done)
        return cls.model_validate(
            {**fields, "findings": [FindingView.of(f) for f in done.findings]}
        )


@router.post(
    "/policies/dry-run",
    operation_id="dry_run_policies",
    openapi_extra=needs(POLICY_TRY),
    responses=problems(NotFoundError, InvalidRequestError),
)
async def dry_run_policies(dry_runs: DryRuns, scope: CurrentScope, body: DryRunBody) -> DryRunView:
    """Replay recorded calls against policies, limits and data policies that are only proposed.

    Nothing is changed, and nothing is called. Refused calls leave no record, so what a looser
    policy would let through is told only of calls that were recorded.
    """
    proposal = Proposal(
        policies=tuple(each.value() for each in body.policies),
        removed=body.removed,
        limits=tuple(each.value() for each in body.limits),
        data=tuple(each.value() for each in body.data_policies),
    )
    done = await dry_runs.run(
        scope,
        proposal,
        since=body.since,
        until=body.until,
        org_id=body.org_id,
        project_id=body.project_id,
        max_calls=body.max_calls,
    )
    return DryRunView.of(done)
