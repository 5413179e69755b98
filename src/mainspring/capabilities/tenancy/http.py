"""The routes of tenancy."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from mainspring.capabilities.tenancy.api import (
    Changes,
    Organization,
    Project,
    ProjectChanges,
    TenancyService,
)
from mainspring.capabilities.tenancy.domain import (
    MAX_NAME,
    MAX_RESPONSE_DAYS,
    ORGANIZATION_CREATE,
    ORGANIZATION_READ,
    ORGANIZATION_WRITE,
    PROJECT_READ,
    PROJECT_WRITE,
    SLUG_PATTERN,
    Storing,
)
from mainspring.infra.web import (
    Body,
    CurrentScope,
    DataPolicyBody,
    IfMatch,
    LimitsBody,
    PageParams,
    Patch,
    Shape,
    View,
    as_data_policy,
    as_limits,
    needs,
    problems,
    provided,
    tag,
)
from mainspring.kernel.errors import (
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
)
from mainspring.kernel.paging import Page
from mainspring.snapshot.resources import Capture

router = APIRouter(tags=["tenancy"], responses=problems(PermissionDeniedError))
Tenancy = Annotated[TenancyService, Depends(provided(TenancyService))]

Name = Annotated[
    str, Field(min_length=1, max_length=MAX_NAME, examples=["Research"], description="For people.")
]
Slug = Annotated[
    str,
    Field(
        pattern=SLUG_PATTERN,
        examples=["research"],
        description="For files and commands; made from the name where it is left out.",
    ),
]


StoresResponses = Annotated[
    Storing,
    Field(
        description="Which answers of `/v1/responses` are kept: `always` (unless the request says"
        " `store: false`), `on_request` (only with `store: true`), or `never`."
    ),
]
ResponseDays = Annotated[
    int,
    Field(ge=1, le=MAX_RESPONSE_DAYS, description="For how many days a response is kept."),
]


class NewTenant(Body):
    """What an organisation or a project starts with."""

    name: Name
    slug: Slug | None = None
    limits: LimitsBody | None = None
    user_limits: LimitsBody | None = Field(None, description="Bounds on each user.")
    data_policy: DataPolicyBody | None = Field(None, description="Where calls may be served.")


class TenantPatch(Patch):
    """What is to change; a field that is left out stays."""

    name: Name = ""
    suspended: bool = Field(False, description="Suspended ones are refused at every gateway.")
    limits: LimitsBody | None = Field(None, description="`null` removes every limit.")
    user_limits: LimitsBody | None = Field(None, description="`null` removes every limit.")
    data_policy: DataPolicyBody | None = Field(None, description="`null`: anywhere.")

    def changes(self) -> Changes:
        """Return the fields that were sent."""
        return Changes(**self.given())

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, as domain values."""
        fields = self.changed_fields()
        if "limits" in fields:
            fields["limits"] = as_limits(self.limits)
        if "user_limits" in fields:
            fields["user_limits"] = as_limits(self.user_limits)
        if "data_policy" in fields:
            fields["data_policy"] = as_data_policy(self.data_policy)
        return fields


class CaptureBody(Shape):
    """What is kept of a project's calls beside their bill."""

    level: Literal["off", "metadata", "redacted", "full"] = Field(
        "off",
        description="`metadata`: everything but contents; `redacted`: contents without e-mail "
        "addresses, phone numbers, bank cards, ids and secrets; `full`: contents as they were.",
    )
    sample: float = Field(1.0, ge=0, le=1, description="Share of the calls.")


class NewProject(NewTenant):
    """What a project starts with."""

    stores_responses: StoresResponses = "always"
    response_days: ResponseDays = 30
    capture: CaptureBody | None = None


class ProjectPatch(TenantPatch):
    """What is to change about a project; a field that is left out stays."""

    stores_responses: StoresResponses = "always"
    response_days: ResponseDays = 30
    capture: CaptureBody | None = Field(None, description="`null` keeps nothing.")

    def project_changes(self) -> ProjectChanges:
        """Return the fields that were sent."""
        fields = self.given()
        if "capture" in fields:
            fields["capture"] = _as_capture(self.capture)
        return ProjectChanges(**fields)


def _as_capture(body: CaptureBody | None) -> Capture | None:
    return None if body is None else Capture(**body.model_dump())


class OrganizationView(View):
    """A tenant."""

    id: str = Field(examples=["org_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    name: str = Field(examples=["Research"])
    slug: str = Field(examples=["research"])
    suspended: bool
    limits: LimitsBody | None
    user_limits: LimitsBody | None
    data_policy: DataPolicyBody | None = Field(
        description="Where its calls may be served; a project narrows its organisation's."
    )
    created_at: datetime
    updated_at: datetime


class OrganizationPage(View):
    """Some organisations."""

    items: list[OrganizationView]
    next_cursor: str | None


class ProjectView(OrganizationView):
    """A project of an organisation."""

    id: str = Field(examples=["prj_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str = Field(examples=["org_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    stores_responses: Storing
    response_days: int
    capture: CaptureBody | None = Field(description="What is kept of its calls.")


class ProjectPage(View):
    """Some projects."""

    items: list[ProjectView]
    next_cursor: str | None


@router.get(
    "/organizations",
    operation_id="list_organizations",
    openapi_extra=needs(ORGANIZATION_READ),
    response_model=OrganizationPage,
)
async def list_organizations(
    tenancy: Tenancy, scope: CurrentScope, page: PageParams
) -> Page[Organization]:
    """List the organisations that you may see, oldest first."""
    return await tenancy.list_organizations(scope, page)


@router.post(
    "/organizations",
    operation_id="create_organization",
    openapi_extra=needs(ORGANIZATION_CREATE),
    status_code=201,
    response_model=OrganizationView,
    responses=problems(ConflictError),
)
async def create_organization(
    tenancy: Tenancy, scope: CurrentScope, body: NewTenant, response: Response
) -> Organization:
    """Create an organisation."""
    organization = await tenancy.create_organization(
        scope,
        name=body.name,
        slug=body.slug,
        limits=as_limits(body.limits),
        user_limits=as_limits(body.user_limits),
        data_policy=as_data_policy(body.data_policy),
    )
    tag(response, organization.revision)
    return organization


@router.get(
    "/organizations/{org_id}",
    operation_id="get_organization",
    openapi_extra=needs(ORGANIZATION_READ),
    response_model=OrganizationView,
    responses=problems(NotFoundError),
)
async def get_organization(
    tenancy: Tenancy, scope: CurrentScope, org_id: str, response: Response
) -> Organization:
    """Read one organisation."""
    organization = await tenancy.get_organization(scope, org_id)
    tag(response, organization.revision)
    return organization


@router.patch(
    "/organizations/{org_id}",
    operation_id="update_organization",
    openapi_extra=needs(ORGANIZATION_WRITE),
    response_model=OrganizationView,
    responses=problems(NotFoundError, PreconditionFailedError),
)
async def update_organization(
    *,
    tenancy: Tenancy,
    scope: CurrentScope,
    org_id: str,
    body: TenantPatch,
    if_match: IfMatch,
    response: Response,
) -> Organization:
    """Rename an organisation; its limits and suspension are for the platform to set.

    `limits`, `user_limits` and `suspended` need the permission `organization:limit`.
    """
    organization = await tenancy.update_organization(
        scope, org_id, body.changes(), expected_revision=if_match
    )
    tag(response, organization.revision)
    return organization


@router.delete(
    "/organizations/{org_id}",
    operation_id="delete_organization",
    openapi_extra=needs(ORGANIZATION_CREATE),
    status_code=204,
    responses=problems(NotFoundError),
)
async def delete_organization(tenancy: Tenancy, scope: CurrentScope, org_id: str) -> None:
    """Remove an organisation with its projects and keys; its usage stays in the ledger."""
    await tenancy.remove_organization(scope, org_id)


@router.get(
    "/organizations/{org_id}/projects",
    operation_id="list_projects",
    openapi_extra=needs(PROJECT_READ),
    response_model=ProjectPage,
    responses=problems(NotFoundError),
)
async def list_projects(
    tenancy: Tenancy, scope: CurrentScope, org_id: str, page: PageParams
) -> Page[Project]:
    """List the projects of an organisation, oldest first."""
    return await tenancy.list_projects(scope, org_id, page)


@router.post(
    "/organizations/{org_id}/projects",
    operation_id="create_project",
    openapi_extra=needs(PROJECT_WRITE),
    status_code=201,
    response_model=ProjectView,
    responses=problems(NotFoundError, ConflictError),
)
async def create_project(
    tenancy: Tenancy, scope: CurrentScope, org_id: str, body: NewProject, response: Response
) -> Project:
    """Create a project."""
    project = await tenancy.create_project(
        scope,
        org_id,
        name=body.name,
        slug=body.slug,
        limits=as_limits(body.limits),
        user_limits=as_limits(body.user_limits),
        data_policy=as_data_policy(body.data_policy),
        stores_responses=body.stores_responses,
        response_days=body.response_days,
        capture=_as_capture(body.capture),
    )
    tag(response, project.revision)
    return project


@router.get(
    "/projects/{project_id}",
    operation_id="get_project",
    openapi_extra=needs(PROJECT_READ),
    response_model=ProjectView,
    responses=problems(NotFoundError),
)
async def get_project(
    tenancy: Tenancy, scope: CurrentScope, project_id: str, response: Response
) -> Project:
    """Read one project."""
    project = await tenancy.get_project(scope, project_id)
    tag(response, project.revision)
    return project


@router.patch(
    "/projects/{project_id}",
    operation_id="update_project",
    openapi_extra=needs(PROJECT_WRITE),
    response_model=ProjectView,
    responses=problems(NotFoundError, PreconditionFailedError),
)
async def update_project(
    *,
    tenancy: Tenancy,
    scope: CurrentScope,
    project_id: str,
    body: ProjectPatch,
    if_match: IfMatch,
    response: Response,
) -> Project:
    """Rename a project; limit or suspend it from above.

    `limits`, `user_limits` and `suspended` need `project:limit` in the whole organisation, and no
    limit may be wider than the organisation's.
    """
    project = await tenancy.update_project(
        scope, project_id, body.project_changes(), expected_revision=if_match
    )
    tag(response, project.revision)
    return project
