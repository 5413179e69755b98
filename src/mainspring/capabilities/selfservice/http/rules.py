"""The routes of the rules of approval."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from mainspring.capabilities.selfservice.api import (
    AccessRule,
    ApprovalStep,
    RuleChanges,
    RuleService,
)
from mainspring.capabilities.selfservice.domain import ACCESS_READ, ACCESS_RULE
from mainspring.capabilities.selfservice.domain.rules import (
    APPROVER_PATTERN,
    MAX_APPROVERS,
    MAX_MATCHES,
    MAX_STEPS,
    STEP_PATTERN,
)
from mainspring.infra.web import (
    Body,
    CurrentScope,
    IfMatch,
    Patch,
    Shape,
    View,
    WholePageParams,
    needs,
    page_of_all,
    problems,
    provided,
    tag,
)
from mainspring.infra.web.limits import Budget
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(tags=["access"], responses=problems(SignInRequiredError, PermissionDeniedError))
Rules = Annotated[RuleService, Depends(provided(RuleService))]

DataClass = Literal["public", "internal", "confidential", "restricted"]
Texts = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=201)], ...], Field(max_length=MAX_MATCHES)
]
RuleName = Annotated[str, Field(min_length=1, max_length=120, examples=["large-models"])]
Position = Annotated[int, Field(ge=0, le=10_000, description="Rules with lower numbers go first.")]
ModelNames = Annotated[
    Texts, Field(description="By name, a trailing `*` standing for any rest; none: all.")
]
Tags = Annotated[Texts, Field(description="Tags of the model's targets; none: any.")]
DataClasses = Annotated[tuple[DataClass, ...], Field(description="None: any.")]
ProjectIds = Annotated[Texts, Field(description="Of the requester; none: any.")]
MinCost = Annotated[
    Budget,
    Field(
        description="What a month is expected to cost at least, in billionths of the price's"
        " currency; a model without a price, or a wish without a volume, costs more than anything."
    ),
]
MoreThanDays = Annotated[
    int, Field(ge=0, le=3650, description="Holds for a wish without an end as well.")
]
Denies = Annotated[
    str, Field(max_length=500, description="Why such requests are never granted; empty: they are.")
]


class ApprovalStepBody(Shape):
    """Somebody's agreement."""

    name: str = Field(pattern=STEP_PATTERN, examples=["security"])
    approvers: tuple[Annotated[str, Field(pattern=APPROVER_PATTERN)], ...] = Field(
        min_length=1, max_length=MAX_APPROVERS, examples=[["role:security"]]
    )
    need: Literal["any", "all"] = Field(
        "any", description="`all`: of each of the approvers a person of its own."
    )

    def value(self) -> ApprovalStep:
        """Return the domain's value."""
        return ApprovalStep(**self.model_dump())


Steps = Annotated[
    tuple[ApprovalStepBody, ...],
    Field(max_length=MAX_STEPS, description="One after the other; none: it agrees by itself."),
]


class NewAccessRule(Body):
    """Which requests need whose agreement."""

    name: RuleName
    org_id: str | None = Field(
        None, max_length=64, description="`null`: the platform's, for everybody."
    )
    position: Position = 100
    enabled: bool = True
    models: ModelNames = ()
    tags: Tags = ()
    data_classes: DataClasses = ()
    project_ids: ProjectIds = ()
    min_cost: MinCost | None = None
    more_than_days: MoreThanDays | None = None
    steps: Steps = ()
    denies: Denies = ""

    def fields(self) -> dict[str, Any]:
        """Return what the service takes."""
        named = {name: getattr(self, name) for name in type(self).model_fields}
        return {**named, "steps": [step.value() for step in self.steps]}


class AccessRulePatch(Patch):
    """What is to change; a field that is left out stays."""

    name: RuleName = ""
    position: Position = 100
    enabled: bool = True
    models: ModelNames = ()
    tags: Tags = ()
    data_classes: DataClasses = ()
    project_ids: ProjectIds = ()
    min_cost: MinCost | None = Field(None, description="`null`: whatever it costs.")
    more_than_days: MoreThanDays | None = Field(None, description="`null`: however long.")
    steps: Steps = ()
    denies: Denies = ""

    def changes(self) -> RuleChanges:
        """Return the fields that were sent."""
        fields = self.changed_fields()
        if "steps" in fields:
            fields["steps"] = tuple(step.value() for step in self.steps)
        return RuleChanges(**fields)


class AccessRuleView(View):
    """A rule; without `org_id` it is the platform's, for everybody."""

    id: str = Field(examples=["arl_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
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


class AccessRuleList(View):
    """The rules that concern an organisation, in the order in which they speak."""

    items: list[AccessRuleView]
    next_cursor: str | None


@router.get(
    "/access-rules",
    operation_id="list_access_rules",
    openapi_extra=needs(ACCESS_READ),
    response_model=AccessRuleList,
    responses=problems(NotFoundError),
)
async def list_access_rules(
    rules: Rules,
    scope: CurrentScope,
    page: WholePageParams,
    org_id: Annotated[
        str | None, Query(max_length=64, description="Whom they concern; none: the platform's.")
    ] = None,
) -> Page[AccessRule]:
    """List the rules that concern an organisation, the platform's included."""
    return page_of_all(await rules.list_rules(scope, org_id), page, lambda rule: rule.id)


@router.post(
    "/access-rules",
    operation_id="create_access_rule",
    openapi_extra=needs(ACCESS_RULE),
    status_code=201,
    response_model=AccessRuleView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def create_access_rule(
    rules: Rules, scope: CurrentScope, body: NewAccessRule, response: Response
) -> AccessRule:
    """Create a rule of an organisation, or, as the platform, one for everybody."""
    rule = await rules.create(scope, **body.fields())
    tag(response, rule.revision)
    return rule


@router.patch(
    "/access-rules/{rule_id}",
    operation_id="update_access_rule",
    openapi_extra=needs(ACCESS_RULE),
    response_model=AccessRuleView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError, PreconditionFailedError),
)
async def update_access_rule(
    *,
    rules: Rules,
    scope: CurrentScope,
    rule_id: str,
    body: AccessRulePatch,
    if_match: IfMatch,
    response: Response,
) -> AccessRule:
    """Change a rule; requests under way keep the steps that they have."""
    rule = await rules.update(scope, rule_id, body.changes(), expected_revision=if_match)
    tag(response, rule.revision)
    return rule


@router.delete(
    "/access-rules/{rule_id}",
    operation_id="delete_access_rule",
    openapi_extra=needs(ACCESS_RULE),
    status_code=204,
    responses=problems(NotFoundError),
)
async def delete_access_rule(rules: Rules, scope: CurrentScope, rule_id: str) -> None:
    """Remove a rule."""
    await rules.remove(scope, rule_id)
