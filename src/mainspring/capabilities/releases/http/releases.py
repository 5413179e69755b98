"""Releases themselves: registering, reading, changing, withdrawing."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from mainspring.capabilities.releases.api import (
    Release,
    ReleaseFilter,
    ReleaseService,
    State,
)
from mainspring.capabilities.releases.domain import RELEASE_READ, RELEASE_WRITE
from mainspring.capabilities.releases.http.bodies import (
    NewRelease,
    ReleasePage,
    ReleasePatch,
    ReleaseView,
)
from mainspring.infra.web import CurrentScope, IfMatch, PageParams, needs, problems, provided, tag
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    ReleaseStateError,
    SignInRequiredError,
)
from mainspring.kernel.paging import Page

router = APIRouter(responses=problems(SignInRequiredError, PermissionDeniedError))
Releases = Annotated[ReleaseService, Depends(provided(ReleaseService))]


@router.get(
    "/releases",
    operation_id="list_releases",
    openapi_extra=needs(RELEASE_READ),
    response_model=ReleasePage,
)
async def list_releases(
    releases: Releases,
    scope: CurrentScope,
    page: PageParams,
    model_id: Annotated[str | None, Query(max_length=64)] = None,
    state: Annotated[State | None, Query()] = None,
) -> Page[Release]:
    """List releases, oldest first."""
    return await releases.list_releases(scope, page, ReleaseFilter(model_id=model_id, state=state))


@router.post(
    "/models/{model_id}/releases",
    operation_id="create_release",
    openapi_extra=needs(RELEASE_WRITE),
    status_code=201,
    response_model=ReleaseView,
    responses=problems(InvalidRequestError, NotFoundError, ConflictError),
)
async def create_release(
    releases: Releases, scope: CurrentScope, model_id: str, body: NewRelease, response: Response
) -> Release:
    """Register a version of a model; it takes no calls yet.

    With its first release a model's present targets become the stable release `initial`.
    """
    release = await releases.register(
        scope,
        model_id,
        version=body.version,
        targets=[target.value() for target in body.targets],
        specification=body.specification.value(),
        plan=body.plan.value(),
        guard=body.guard.value(),
        reason=body.reason,
    )
    tag(response, release.revision)
    return release


@router.get(
    "/releases/{release_id}",
    operation_id="get_release",
    openapi_extra=needs(RELEASE_READ),
    response_model=ReleaseView,
    responses=problems(NotFoundError),
)
async def get_release(
    releases: Releases, scope: CurrentScope, release_id: str, response: Response
) -> Release:
    """Read one release."""
    release = await releases.get(scope, release_id)
    tag(response, release.revision)
    return release


@router.patch(
    "/releases/{release_id}",
    operation_id="update_release",
    openapi_extra=needs(RELEASE_WRITE),
    response_model=ReleaseView,
    responses=problems(
        InvalidRequestError, NotFoundError, ReleaseStateError, PreconditionFailedError
    ),
)
async def update_release(
    *,
    releases: Releases,
    scope: CurrentScope,
    release_id: str,
    body: ReleasePatch,
    if_match: IfMatch,
    response: Response,
) -> Release:
    """Change a release; its targets only while it takes no calls, and then verify it anew."""
    release = await releases.change(scope, release_id, body.changes(), expected_revision=if_match)
    tag(response, release.revision)
    return release


@router.delete(
    "/releases/{release_id}",
    operation_id="delete_release",
    openapi_extra=needs(RELEASE_WRITE),
    status_code=204,
    responses=problems(NotFoundError, ReleaseStateError),
)
async def delete_release(releases: Releases, scope: CurrentScope, release_id: str) -> None:
    """Withdraw a release that takes no calls; its history stays."""
    await releases.withdraw(scope, release_id)
