"""The steps of a release: into service, and out of it."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import Field

from mainspring.capabilities.releases.api import Release, ReleaseService, RolloutService
from mainspring.capabilities.releases.domain import RELEASE_OPERATE, RELEASE_WRITE
from mainspring.capabilities.releases.http.bodies import Reason, ReleaseView
from mainspring.infra.web import Body, CurrentScope, IfMatch, needs, problems, provided, tag
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    ReleaseStateError,
    SignInRequiredError,
)

router = APIRouter(responses=problems(SignInRequiredError, PermissionDeniedError))
Releases = Annotated[ReleaseService, Depends(provided(ReleaseService))]
Rollout = Annotated[RolloutService, Depends(provided(RolloutService))]

_REFUSALS: Final[dict[int | str, dict[str, Any]]] = problems(
    InvalidRequestError, NotFoundError, ReleaseStateError, ConflictError, PreconditionFailedError
)
ModelName = Annotated[str, Field(max_length=200, examples=["writer-2"])]


class StepBody(Body):
    """Why a step is taken."""

    reason: Reason = ""


class VerifyBody(StepBody):
    """Which failures are accepted, and why."""

    waive: tuple[Literal["targets", "servers", "licence", "context_length", "weights"], ...] = (
        Field((), max_length=8, description="Checks whose failure is accepted; needs a reason.")
    )


class AdvanceBody(StepBody):
    """To which step of the plan."""

    step: int | None = Field(None, ge=0, le=100, description="`null`: the next one.")


class DeprecateBody(StepBody):
    """What callers are told."""

    sunset_at: datetime | None = Field(None, description="When it will stop to answer.")
    replacement: ModelName | None = Field(None, description="The model to call in its place.")
    link: str | None = Field(None, max_length=2000, examples=["https://docs.example/writer"])


class OfflineBody(StepBody):
    """Whether to stop a release that takes calls, and what takes its place."""

    force: bool = Field(False, description="Stop it although it takes calls undeprecated.")
    replacement: ModelName | None = None


@router.post(
    "/releases/{release_id}/verify",
    operation_id="verify_release",
    openapi_extra=needs(RELEASE_WRITE),
    response_model=ReleaseView,
    responses=_REFUSALS,
)
async def verify_release(
    releases: Releases, scope: CurrentScope, release_id: str, body: VerifyBody, response: Response
) -> Release:
    """Look whether a release is fit to be deployed; what was found is in `verification`."""
    release = await releases.verify(scope, release_id, waive=body.waive, reason=body.reason)
    tag(response, release.revision)
    return release


@router.post(
    "/releases/{release_id}/deploy",
    operation_id="deploy_release",
    openapi_extra=needs(RELEASE_OPERATE),
    response_model=ReleaseView,
    responses=_REFUSALS,
)
async def deploy_release(
    *,
    rollout: Rollout,
    scope: CurrentScope,
    release_id: str,
    body: StepBody,
    if_match: IfMatch,
    response: Response,
) -> Release:
    """Make a release the candidate: it takes the calls that ask for it, and no others."""
    release = await rollout.deploy(
        scope, release_id, reason=body.reason, expected_revision=if_match
    )
    tag(response, release.revision)
    return release


@router.post(
    "/releases/{release_id}/canary",
    operation_id="start_canary",
    openapi_extra=needs(RELEASE_OPERATE),
    response_model=ReleaseView,
    responses=_REFUSALS,
)
async def start_canary(
    *,
    rollout: Rollout,
    scope: CurrentScope,
    release_id: str,
    body: StepBody,
    if_match: IfMatch,
    response: Response,
) -> Release:
    """Give the candidate the first share of calls."""
    release = await rollout.start_canary(
        scope, release_id, reason=body.reason, expected_revision=if_match
    )
    tag(response, release.revision)
    return release


@router.post(
    "/releases/{release_id}/advance",
    operation_id="advance_canary",
    openapi_extra=needs(RELEASE_OPERATE),
    response_model=ReleaseView,
    responses=_REFUSALS,
)
async def advance_canary(
    *,
    rollout: Rollout,
    scope: CurrentScope,
    release_id: str,
    body: AdvanceBody,
    if_match: IfMatch,
    response: Response,
) -> Release:
    """Go on to the next step of the plan, or to any."""
    release = await rollout.advance(
        scope, release_id, step=body.step, reason=body.reason, expected_revision=if_match
    )
    tag(response, release.revision)
    return release


@router.post(
    "/releases/{release_id}/promote",
    operation_id="promote_release",
    openapi_extra=needs(RELEASE_OPERATE),
    response_model=ReleaseView,
    responses=_REFUSALS,
)
async def promote_release(
    *,
    rollout: Rollout,
    scope: CurrentScope,
    release_id: str,
    body: StepBody,
    if_match: IfMatch,
    response: Response,
) -> Release:
    """Let a release serve the model; the one that did is kept for a rollback."""
    release = await rollout.promote(
        scope, release_id, reason=body.reason, expected_revision=if_match
    )
    tag(response, release.revision)
    return release


@router.post(
    "/releases/{release_id}/deprecate",
    operation_id="deprecate_release",
    openapi_extra=needs(RELEASE_OPERATE),
    response_model=ReleaseView,
    responses=_REFUSALS,
)
async def deprecate_release(
    *,
    rollout: Rollout,
    scope: CurrentScope,
    release_id: str,
    body: DeprecateBody,
    if_match: IfMatch,
    response: Response,
) -> Release:
    """Tell callers with every answer that the model is on its way out."""
    release = await rollout.deprecate(
        scope,
        release_id,
        sunset_at=body.sunset_at,
        replacement=body.replacement,
        link=body.link,
        reason=body.reason,
        expected_revision=if_match,
    )
    tag(response, release.revision)
    return release


@router.post(
    "/releases/{release_id}/offline",
    operation_id="take_release_offline",
    openapi_extra=needs(RELEASE_OPERATE),
    response_model=ReleaseView,
    responses=_REFUSALS,
)
async def take_release_offline(
    *,
    rollout: Rollout,
    scope: CurrentScope,
    release_id: str,
    body: OfflineBody,
    if_match: IfMatch,
    response: Response,
) -> Release:
    """Take a release out of service. A model without a stable one refuses calls."""
    release = await rollout.take_offline(
        scope,
        release_id,
        force=body.force,
        replacement=body.replacement,
        reason=body.reason,
        expected_revision=if_match,
    )
    tag(response, release.revision)
    return release


@router.post(
    "/models/{model_id}/rollback",
    operation_id="roll_back_model",
    openapi_extra=needs(RELEASE_OPERATE),
    response_model=ReleaseView,
    responses=_REFUSALS,
)
async def roll_back_model(
    rollout: Rollout, scope: CurrentScope, model_id: str, body: StepBody, response: Response
) -> Release:
    """Take the candidate back; without one, let the release before serve again.

    Gateways follow within moments. The answer is the release that was taken back.
    """
    release = await rollout.roll_back(scope, model_id, reason=body.reason)
    tag(response, release.revision)
    return release
