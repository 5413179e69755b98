"""Roles and permissions, and why somebody may do something."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from msgspec import UNSET
from pydantic import Field

from mainspring.capabilities.identity.api import AccessService, CustomRole, RoleService
from mainspring.capabilities.identity.domain import BUILT_IN_ROLES, ROLE_READ, ROLE_WRITE
from mainspring.infra.web import (
    Body,
    CurrentScope,
    IfMatch,
    Patch,
    View,
    WholePageParams,
    for_the_signed_in,
    needs,
    page_of_all,
    problems,
    provided,
    tag,
)
from mainspring.kernel.errors import (
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    SignInRequiredError,
)
from mainspring.kernel.paging import PageRequest

router = APIRouter(tags=["people"], responses=problems(SignInRequiredError))
Roles = Annotated[RoleService, Depends(provided(RoleService))]
Access = Annotated[AccessService, Depends(provided(AccessService))]

Name = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$",
        examples=["key-keeper"],
        description="Lower-case letters, digits and inner hyphens; it does not change.",
    ),
]
Description = Annotated[str, Field(max_length=500)]
Permissions = Annotated[
    list[Annotated[str, Field(max_length=100)]],
    Field(max_length=200, examples=[["key:read", "key:revoke"]]),
]


class PermissionView(View):
    """Something that may be done."""

    name: str = Field(examples=["key:write"])
    description: str
    of_platform: bool = Field(description="Only a role in the platform itself gives it.")


class PermissionList(View):
    """Permissions, by name."""

    items: list[PermissionView]
    next_cursor: str | None


class RoleView(View):
    """A role and what it permits; `*` is everything in its place."""

    name: str = Field(examples=["developer"])
    description: str
    permissions: list[str]
    levels: list[Literal["platform", "organization", "project"]] = Field(
        description="Where it may be given; it holds there and below."
    )
    built_in: bool
    updated_at: datetime | None = Field(description="`null` for a built-in role.")
    revision: int | None = Field(description="Likewise.")

    @classmethod
    def of(cls, role: CustomRole) -> "RoleView":
        """Return the view of an organisation's own role."""
        return cls(
            name=role.name,
            description=role.description,
            permissions=list(role.permissions),
            levels=["organization", "project"],
            built_in=False,
            updated_at=role.updated_at,
            revision=role.revision,
        )


class RoleList(View):
    """Roles, the built-in ones first."""

    items: list[RoleView]
    next_cursor: str | None


class NewRole(Body):
    """A role of an organisation's own."""

    name: Name
    description: Description = ""
    permissions: Permissions


class RolePatch(Patch):
    """What is to change; a field that is left out stays."""

    description: Description = ""
    permissions: Permissions = Field([])


class ConsideredView(View):
    """A role that the actor has, and what it says of the question."""

    role: str = Field(examples=["developer"])
    through: str = Field(
        description="How the actor came by it.", examples=["through the group Data science"]
    )
    org_id: str | None
    project_id: str | None
    covers: bool = Field(description="Whether it holds where the resource is.")
    permits: bool = Field(description="Whether it permits this.")


class ExplanationView(View):
    """Whether an actor may do something, and everything that this follows from."""

    allowed: bool
    permission: str
    org_id: str
    project_id: str | None
    disabled: bool = Field(description="Whether the account is closed.")
    considered: list[ConsideredView]


@router.get("/permissions", operation_id="list_permissions", openapi_extra=for_the_signed_in())
async def list_permissions(
    service: Roles, _: CurrentScope, page: WholePageParams
) -> PermissionList:
    """List every permission; the routes of this document name theirs in `x-permission`."""
    every = [each for _, each in sorted(service.permissions.items())]
    return PermissionList.model_validate(page_of_all(every, page, lambda each: each.name))


@router.get("/roles", operation_id="list_built_in_roles", openapi_extra=for_the_signed_in())
async def list_built_in_roles(_: CurrentScope, page: WholePageParams) -> RoleList:
    """List the built-in roles."""
    return _page(_built_in(), page)


@router.get(
    "/organizations/{org_id}/roles",
    operation_id="list_roles",
    openapi_extra=needs(ROLE_READ),
    responses=problems(NotFoundError, PermissionDeniedError),
)
async def list_roles(
    service: Roles, scope: CurrentScope, org_id: str, page: WholePageParams
) -> RoleList:
    """List the roles that an organisation can give: the built-in ones, then its own."""
    own = await service.list_of_organization(scope, org_id)
    here = [each for each in _built_in() if each.levels != ["platform"]]
    return _page([*here, *(RoleView.of(role) for role in own)], page)


@router.post(
    "/organizations/{org_id}/roles",
    operation_id="create_role",
    openapi_extra=needs(ROLE_WRITE),
    status_code=201,
    responses=problems(NotFoundError, PermissionDeniedError, ConflictError),
)
async def create_role(
    service: Roles, scope: CurrentScope, org_id: str, body: NewRole, response: Response
) -> RoleView:
    """Create a role; it permits nothing that you may not do yourself."""
    role = await service.create(
        scope,
        org_id,
        name=body.name,
        description=body.description,
        permissions=body.permissions,
    )
    tag(response, role.revision)
    return RoleView.of(role)


@router.patch(
    "/organizations/{org_id}/roles/{name}",
    operation_id="update_role",
    openapi_extra=needs(ROLE_WRITE),
    responses=problems(NotFoundError, PermissionDeniedError, PreconditionFailedError),
)
async def update_role(
    *,
    service: Roles,
    scope: CurrentScope,
    org_id: str,
    name: str,
    body: RolePatch,
    if_match: IfMatch,
    response: Response,
) -> RoleView:
    """Change a role of the organisation's own, for everybody who has it."""
    changed = body.changed_fields()
    role = await service.update(
        scope,
        org_id,
        name,
        description=changed.get("description", UNSET),
        permissions=changed.get("permissions", UNSET),
        expected_revision=if_match,
    )
    tag(response, role.revision)
    return RoleView.of(role)


@router.delete(
    "/organizations/{org_id}/roles/{name}",
    operation_id="delete_role",
    openapi_extra=needs(ROLE_WRITE),
    status_code=204,
    responses=problems(NotFoundError, PermissionDeniedError, ConflictError),
)
async def delete_role(service: Roles, scope: CurrentScope, org_id: str, name: str) -> None:
    """Remove a role of the organisation's own that nobody has."""
    await service.remove(scope, org_id, name)


@router.get(
    "/access/explain",
    operation_id="explain_access",
    openapi_extra=for_the_signed_in(),
    responses=problems(NotFoundError, PermissionDeniedError),
)
async def explain_access(
    service: Access,
    scope: CurrentScope,
    actor: Annotated[str, Query(max_length=64, description="A person's id.")],
    permission: Annotated[str, Query(max_length=100, examples=["key:write"])],
    resource: Annotated[
        str,
        Query(
            max_length=64,
            description="`platform`, or the id of an organisation, a project or a key.",
        ),
    ],
) -> ExplanationView:
    """Tell whether somebody may do something, and why.

    Everybody may ask about themselves; about others, whoever may see the members there.
    """
    found = await service.explain(scope, actor=actor, permission=permission, resource=resource)
    return ExplanationView(
        allowed=found.allowed,
        permission=found.permission.name,
        org_id=found.org_id,
        project_id=found.project_id,
        disabled=found.disabled,
        considered=[
            ConsideredView(
                role=each.holding.role,
                through=each.holding.through,
                org_id=each.holding.org_id,
                project_id=each.holding.project_id,
                covers=each.covers,
                permits=each.permits,
            )
            for each in found.considered
        ],
    )


def _page(roles: Sequence[RoleView], page: PageRequest) -> RoleList:
    found = page_of_all(roles, page, lambda role: role.name)
    return RoleList(items=found.items, next_cursor=found.next_cursor)


def _built_in() -> list[RoleView]:
    return [
        RoleView(
            name=each.role,
            description=each.description,
            permissions=sorted(each.permissions),
            levels=sorted(level.value for level in each.levels),
            built_in=True,
            updated_at=None,
            revision=None,
        )
        for each in BUILT_IN_ROLES.values()
    ]
