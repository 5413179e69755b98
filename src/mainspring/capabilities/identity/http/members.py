"""Members of organisations, projects and groups."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from mainspring.capabilities.identity.api import (
    Group,
    GroupChanges,
    GroupService,
    Member,
    MemberService,
    RoleAt,
)
from mainspring.capabilities.identity.domain import MEMBER_READ, MEMBER_WRITE
from mainspring.infra.web import (
    Body,
    CurrentScope,
    IfMatch,
    PageParams,
    Patch,
    Shape,
    View,
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
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(
    tags=["people"],
    responses=problems(SignInRequiredError, PermissionDeniedError, NotFoundError),
)
Members = Annotated[MemberService, Depends(provided(MemberService))]
Groups = Annotated[GroupService, Depends(provided(GroupService))]

RoleName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=63,
        examples=["developer"],
        description="A built-in role, or one of the organisation's own.",
    ),
]
ExternalName = Annotated[str, Field(min_length=1, max_length=256, examples=["data-science"])]
GroupName = Annotated[str, Field(min_length=1, max_length=120, examples=["Data science"])]
Description = Annotated[str, Field(max_length=500)]


class RoleBody(Body):
    """The role that somebody is to have."""

    role: RoleName


class MemberView(View):
    """A person, and what they are here."""

    user_id: str = Field(examples=["usr_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    email: str
    name: str
    role: str | None = Field(description="`null` in a group, whose roles are its own.")
    since: datetime
    disabled: bool = Field(description="Whether the account is closed.")

    @classmethod
    def of(cls, member: Member) -> "MemberView":
        """Return the view of ``member``."""
        return cls(
            user_id=member.user.id,
            email=member.user.email,
            name=member.user.name,
            role=member.role,
            since=member.since,
            disabled=member.user.disabled_at is not None,
        )


class MemberPage(View):
    """Some members."""

    items: list[MemberView]
    next_cursor: str | None

    @classmethod
    def of(cls, page: Page[Member]) -> "MemberPage":
        """Return the view of ``page``."""
        return cls(
            items=[MemberView.of(member) for member in page.items], next_cursor=page.next_cursor
        )


class RoleAtBody(Shape):
    """A role in the whole organisation, or in one of its projects."""

    role: RoleName
    project_id: str | None = Field(None, max_length=64)


class NewGroup(Body):
    """What a group starts with."""

    name: GroupName
    description: Description = ""
    roles: list[RoleAtBody] = Field([], max_length=200)
    external_name: ExternalName | None = Field(
        None, description="The group at a provider or in the directory whose people are in it."
    )


class GroupPatch(Patch):
    """What is to change; a field that is left out stays."""

    name: GroupName = ""
    description: Description = ""
    roles: list[RoleAtBody] = Field([], max_length=200)
    external_name: ExternalName | None = None

    def changes(self) -> GroupChanges:
        """Return the fields that were sent."""
        fields = self.changed_fields()
        if "roles" in fields:
            fields["roles"] = _roles(self.roles)
        return GroupChanges(**fields)


class GroupView(View):
    """A group; whoever is in it has its roles."""

    id: str = Field(examples=["grp_0193f2c4a7be5d0f6c1a9e3b7d42c8f1"])
    org_id: str
    name: str
    description: str
    roles: list[RoleAtBody]
    external_name: str | None = Field(
        description="The group at a provider or in the directory whose people are in it."
    )
    created_at: datetime
    updated_at: datetime


class GroupPage(View):
    """Some groups."""

    items: list[GroupView]
    next_cursor: str | None


@router.get(
    "/organizations/{org_id}/members",
    operation_id="list_members",
    openapi_extra=needs(MEMBER_READ),
)
async def list_members(
    service: Members, scope: CurrentScope, org_id: str, page: PageParams
) -> MemberPage:
    """List the members of an organisation."""
    return MemberPage.of(await service.list_of_organization(scope, org_id, page))


@router.put(
    "/organizations/{org_id}/members/{user_id}",
    operation_id="put_member",
    openapi_extra=needs(MEMBER_WRITE),
    status_code=204,
)
async def put_member(
    service: Members, scope: CurrentScope, org_id: str, user_id: str, body: RoleBody
) -> None:
    """Change a member's role.

    Whoever has `user:write` may also make an account a member this way; others invite. Nobody
    gives or takes a role that permits more than their own.
    """
    await service.put(scope, org_id, user_id, body.role)


@router.delete(
    "/organizations/{org_id}/members/{user_id}",
    operation_id="remove_member",
    openapi_extra=needs(MEMBER_WRITE),
    status_code=204,
)
async def remove_member(service: Members, scope: CurrentScope, org_id: str, user_id: str) -> None:
    """Take a person out of an organisation; the API keys that they hold there end."""
    await service.remove(scope, org_id, user_id)


@router.get(
    "/projects/{project_id}/members",
    operation_id="list_project_members",
    openapi_extra=needs(MEMBER_READ),
)
async def list_project_members(
    service: Members, scope: CurrentScope, project_id: str, page: PageParams
) -> MemberPage:
    """List those members of the organisation who have a role in the project itself."""
    return MemberPage.of(await service.list_of_project(scope, project_id, page))


@router.put(
    "/projects/{project_id}/members/{user_id}",
    operation_id="put_project_member",
    openapi_extra=needs(MEMBER_WRITE),
    status_code=204,
)
async def put_project_member(
    service: Members, scope: CurrentScope, project_id: str, user_id: str, body: RoleBody
) -> None:
    """Give a member of the organisation a role in the project."""
    await service.put_in_project(scope, project_id, user_id, body.role)


@router.delete(
    "/projects/{project_id}/members/{user_id}",
    operation_id="remove_project_member",
    openapi_extra=needs(MEMBER_WRITE),
    status_code=204,
)
async def remove_project_member(
    service: Members, scope: CurrentScope, project_id: str, user_id: str
) -> None:
    """Take a person's role in the project back."""
    await service.remove_from_project(scope, project_id, user_id)


@router.get(
    "/organizations/{org_id}/groups",
    operation_id="list_groups",
    openapi_extra=needs(MEMBER_READ),
    response_model=GroupPage,
)
async def list_groups(
    service: Groups, scope: CurrentScope, org_id: str, page: PageParams
) -> Page[Group]:
    """List the groups of an organisation, oldest first."""
    return await service.list_of_organization(scope, org_id, page)


@router.post(
    "/organizations/{org_id}/groups",
    operation_id="create_group",
    openapi_extra=needs(MEMBER_WRITE),
    status_code=201,
    response_model=GroupView,
    responses=problems(ConflictError),
)
async def create_group(
    service: Groups, scope: CurrentScope, org_id: str, body: NewGroup, response: Response
) -> Group:
    """Create a group."""
    group = await service.create(
        scope,
        org_id,
        name=body.name,
        description=body.description,
        roles=_roles(body.roles),
        external_name=body.external_name,
    )
    tag(response, group.revision)
    return group


@router.get(
    "/groups/{group_id}",
    operation_id="get_group",
    openapi_extra=needs(MEMBER_READ),
    response_model=GroupView,
)
async def get_group(
    service: Groups, scope: CurrentScope, group_id: str, response: Response
) -> Group:
    """Read one group."""
    group = await service.get(scope, group_id)
    tag(response, group.revision)
    return group


@router.patch(
    "/groups/{group_id}",
    operation_id="update_group",
    openapi_extra=needs(MEMBER_WRITE),
    response_model=GroupView,
    responses=problems(ConflictError, PreconditionFailedError),
)
async def update_group(
    *,
    service: Groups,
    scope: CurrentScope,
    group_id: str,
    body: GroupPatch,
    if_match: IfMatch,
    response: Response,
) -> Group:
    """Change a group; its roles change for everybody who is in it."""
    group = await service.update(scope, group_id, body.changes(), expected_revision=if_match)
    tag(response, group.revision)
    return group


@router.delete(
    "/groups/{group_id}",
    operation_id="delete_group",
    openapi_extra=needs(MEMBER_WRITE),
    status_code=204,
)
async def delete_group(service: Groups, scope: CurrentScope, group_id: str) -> None:
    """Remove a group; its people keep what they have otherwise."""
    await service.remove(scope, group_id)


@router.get(
    "/groups/{group_id}/members",
    operation_id="list_group_members",
    openapi_extra=needs(MEMBER_READ),
)
async def list_group_members(
    service: Groups, scope: CurrentScope, group_id: str, page: PageParams
) -> MemberPage:
    """List the people of a group."""
    return MemberPage.of(await service.list_members(scope, group_id, page))


@router.put(
    "/groups/{group_id}/members/{user_id}",
    operation_id="put_group_member",
    openapi_extra=needs(MEMBER_WRITE),
    status_code=204,
)
async def put_group_member(
    service: Groups, scope: CurrentScope, group_id: str, user_id: str
) -> None:
    """Put a member of the organisation into a group."""
    await service.put_member(scope, group_id, user_id)


@router.delete(
    "/groups/{group_id}/members/{user_id}",
    operation_id="remove_group_member",
    openapi_extra=needs(MEMBER_WRITE),
    status_code=204,
    responses=problems(ConflictError),
)
async def remove_group_member(
    service: Groups, scope: CurrentScope, group_id: str, user_id: str
) -> None:
    """Take a person out of a group."""
    await service.remove_member(scope, group_id, user_id)


def _roles(bodies: list[RoleAtBody]) -> tuple[RoleAt, ...]:
    return tuple(RoleAt(each.role, each.project_id) for each in bodies)
