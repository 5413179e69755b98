"""What every step has in common, inside the transaction of whoever takes it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from mainspring.capabilities.catalog.api import Model, put_routes
from mainspring.capabilities.releases.domain import (
    Action,
    Release,
    ReleaseEvent,
    State,
    candidate_of,
    check_step,
    pairs_of,
    previous_of,
    routes_of,
    serving_of,
)
from mainspring.capabilities.releases.ports import ReleaseRepository
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ConflictError, InvalidRequestError, ReleaseStateError
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_NOT_DEPRECATED: Mapping[str, None] = {
    "deprecated_at": None,
    "sunset_at": None,
    "replacement": None,
    "link": None,
}


class Cause(msgspec.Struct, frozen=True):
    """Who takes a step, why, and by which figures."""

    scope: Scope
    reason: str = ""
    details: Mapping[str, Any] = {}


class Standing(msgspec.Struct, frozen=True):
    """A model with its releases, as a transaction found them."""

    model: Model
    releases: Sequence[Release]

    @property
    def serving(self) -> Release | None:
        """Return the release that serves the model."""
        return serving_of(self.releases)

    @property
    def candidate(self) -> Release | None:
        """Return the one beside it."""
        return candidate_of(self.releases)


class Transitions:
    """The steps themselves. Each writes the history and publishes: call it last."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        """Return the present moment."""
        return self._clock.now()

    async def towards(
        self,
        releases: ReleaseRepository,
        standing: Standing,
        old: Release,
        action: Action,
        cause: Cause,
        *,
        step: int | None = None,
    ) -> Release:
        """Take ``old`` a step into service: deploy, canary, advance or promote.

        Raises:
            ReleaseStateError: if its state does not allow the step.
            ConflictError: if another candidate stands in the way.
            InvalidRequestError: if the plan has no such step.
        """
        check_step(action, old.state)
        if action is Action.PROMOTE:
            new = await self._promoted(releases, standing, old, cause)
        else:
            _check_candidate(standing, old, action)
            state = State.DEPLOYED if action is Action.DEPLOY else State.CANARY
            new = msgspec.structs.replace(old, state=state, **_NOT_DEPRECATED)
            if state is State.CANARY:
                at = _next_step(old, step)
                new = msgspec.structs.replace(new, step=at, step_began_at=self.now())
        new = self.revised(new)
        await releases.replace(new)
        details = dict(cause.details)
        if new.canary_step is not None:
            details |= {"step": new.step, "weight": new.canary_step.weight}
        cause = msgspec.structs.replace(cause, details=details)
        await releases.note(self.event(action, old.state, new, cause))
        await self.route(releases, standing.model)
        return new

    async def back(self, releases: ReleaseRepository, standing: Standing, cause: Cause) -> Release:
        """Take the candidate back; without one, let the release before serve again.

        Returns:
            The release that was taken back.

        Raises:
            ReleaseStateError: if there is nothing to go back to.
        """
        candidate = standing.candidate
        previous = previous_of(standing.releases)
        old = candidate or standing.serving
        if candidate is None and previous is None:
            raise ReleaseStateError("the model has no release to go back to")
        if old is not None:
            new = self.revised(out_of_service(old, State.ROLLED_BACK))
            await releases.replace(new)
            await releases.note(self.event(Action.ROLL_BACK, old.state, new, cause))
        else:  # the model is offline: there is something to go back to all the same
            new = None
        if candidate is None and previous is not None:
            restored = self.revised(in_service(previous, self.now()))
            await releases.replace(restored)
            await releases.note(self.event(Action.RESTORE, previous.state, restored, cause))
            new = new or restored
        await self.route(releases, standing.model)
        return existing(new)

    async def route(self, releases: ReleaseRepository, model: Model) -> None:
        """Bring the model to what its releases come to; publishes, so it comes last."""
        share = 100 if model.release is None else model.release.shadow_share
        routes = routes_of(model.targets, share, await releases.of_model(model.id))
        await put_routes(
            releases.catalog,
            model,
            targets=routes.targets,
            release=routes.release,
            lifecycle=routes.lifecycle,
            now=self.now(),
        )

    def revised(self, release: Release) -> Release:
        """Return the next revision of ``release``."""
        return msgspec.structs.replace(
            release, updated_at=self.now(), revision=release.revision + 1
        )

    def event(
        self, action: Action, before: State | None, release: Release, cause: Cause
    ) -> ReleaseEvent:
        """Return what the history tells of a step that led to ``release``."""
        return ReleaseEvent(
            id=new_id("evt"),
            at=self.now(),
            org_id=release.org_id,
            model_id=release.model_id,
            release_id=release.id,
            version=release.version,
            action=action,
            before=before,
            after=release.state,
            actor_kind=cause.scope.actor.kind.value,
            actor_id=cause.scope.actor.id,
            reason=cause.reason,
            details=dict(cause.details),
        )

    async def _promoted(
        self, releases: ReleaseRepository, standing: Standing, old: Release, cause: Cause
    ) -> Release:
        serving = standing.serving
        if serving is not None and serving.id != old.id:
            superseded = self.revised(out_of_service(serving, State.SUPERSEDED))
            await releases.replace(superseded)
            await releases.note(self.event(Action.SUPERSEDE, serving.state, superseded, cause))
        return in_service(old, self.now())


async def standing_of(releases: ReleaseRepository, model_id: str) -> Standing:
    """Return the model with its releases.

    Raises:
        NotFoundError: if there is no such model.
    """
    model = existing(await releases.catalog.model(model_id))
    return Standing(model, await releases.of_model(model_id))


def in_service(release: Release, now: datetime) -> Release:
    """Return ``release`` as the stable one."""
    return msgspec.structs.replace(
        release,
        state=State.STABLE,
        step=None,
        step_began_at=None,
        stable_since=now,
        **_NOT_DEPRECATED,
    )


def out_of_service(release: Release, state: State) -> Release:
    """Return ``release`` in a state in which it takes no calls."""
    return msgspec.structs.replace(release, state=state, step=None, step_began_at=None)


def of_platform(scope: Scope, permission: Permission) -> Scope:
    """Return ``scope`` narrowed to the platform, whose the releases are.

    Raises:
        PermissionDeniedError: if the caller lacks the permission there.
    """
    return authorize(scope, permission, org_id=PLATFORM_ORG)


def _check_candidate(standing: Standing, release: Release, action: Action) -> None:
    candidate, serving = standing.candidate, standing.serving
    if candidate is not None and candidate.id != release.id:
        raise ConflictError(
            f"the release {candidate.version} is the candidate: roll it back or promote it"
        )
    if serving is not None and pairs_of(serving) & pairs_of(release):
        raise ConflictError("the stable release leads to one of the same targets")
    if action is Action.CANARY and serving is None:
        raise ReleaseStateError("no stable release serves beside which a canary could")


def _next_step(release: Release, step: int | None) -> int:
    last = len(release.plan.steps) - 1
    if step is None:
        step = 0 if release.step is None else release.step + 1
        if step > last:
            raise ReleaseStateError("the canary is at the last step of its plan: promote it")
    if not 0 <= step <= last:
        raise InvalidRequestError(f"the plan has the steps 0 to {last}", param="step")
    return step
