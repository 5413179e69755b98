"""Releases into service and out of it."""

from datetime import datetime

import msgspec

from mainspring.capabilities.releases.domain import (
    LIVE,
    RELEASE_OPERATE,
    Action,
    Release,
    State,
    check_offline,
    check_step,
    checked_link,
    checked_reason,
)
from mainspring.capabilities.releases.ports import ReleaseRepository, ReleaseStore
from mainspring.capabilities.releases.service.transitions import (
    Cause,
    Standing,
    Transitions,
    of_platform,
    out_of_service,
    standing_of,
)
from mainspring.kernel.changes import check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.existing import existing
from mainspring.kernel.scope import Scope


class RolloutService:
    """The steps that change which calls a release takes; gateways follow with the transaction."""

    def __init__(self, store: ReleaseStore, clock: Clock) -> None:
        self._store = store
        self._transitions = Transitions(clock)

    async def deploy(
        self,
        scope: Scope,
        release_id: str,
        *,
        reason: str = "",
        expected_revision: int | None = None,
    ) -> Release:
        """Make a release the candidate: it takes the calls that ask for it, and no others.

        Raises:
            NotFoundError: if there is none.
            ReleaseStateError: if it was not verified.
            ConflictError: if the model has another candidate.
        """
        return await self._step(
            scope, release_id, Action.DEPLOY, reason=reason, expected_revision=expected_revision
        )

    async def start_canary(
        self,
        scope: Scope,
        release_id: str,
        *,
        reason: str = "",
        expected_revision: int | None = None,
    ) -> Release:
        """Give the candidate the first share of calls.

        Raises:
            NotFoundError: if there is none.
            ReleaseStateError: if it is not deployed, or nothing serves beside it.
        """
        return await self._step(
            scope,
            release_id,
            Action.CANARY,
            reason=reason,
            expected_revision=expected_revision,
            step=0,
        )

    async def advance(
        self,
        scope: Scope,
        release_id: str,
        *,
        step: int | None = None,
        reason: str = "",
        expected_revision: int | None = None,
    ) -> Release:
        """Go on to the next step of the plan, or to ``step`` (from 0), back too.

        Raises:
            NotFoundError: if there is none.
            ReleaseStateError: if it is no canary, or at its last step.
            InvalidRequestError: if the plan has no such step.
        """
        return await self._step(
            scope,
            release_id,
            Action.ADVANCE,
            reason=reason,
            expected_revision=expected_revision,
            step=step,
        )

    async def promote(
        self,
        scope: Scope,
        release_id: str,
        *,
        reason: str = "",
        expected_revision: int | None = None,
    ) -> Release:
        """Let a release serve the model; the one that did is kept for a rollback.

        Raises:
            NotFoundError: if there is none.
            ReleaseStateError: if it is neither the candidate nor deprecated.
        """
        return await self._step(
            scope, release_id, Action.PROMOTE, reason=reason, expected_revision=expected_revision
        )

    # Out of service

    async def roll_back(self, scope: Scope, model_id: str, *, reason: str = "") -> Release:
        """Take the candidate back; without one, let the release before serve again.

        Returns:
            The release that was taken back.

        Raises:
            NotFoundError: if there is no such model.
            ReleaseStateError: if there is nothing to go back to.
        """
        scope = of_platform(scope, RELEASE_OPERATE)
        cause = Cause(scope, checked_reason(reason))
        async with self._store.begin(scope) as releases:
            standing = await standing_of(releases, model_id)
            return await self._transitions.back(releases, standing, cause)

    async def deprecate(
        self,
        scope: Scope,
        release_id: str,
        *,
        sunset_at: datetime | None = None,
        replacement: str | None = None,
        link: str | None = None,
        reason: str = "",
        expected_revision: int | None = None,
    ) -> Release:
        """Tell callers with every answer that the model is on its way out; it goes on to serve.

        Asked again, it changes what they are told.

        Raises:
            NotFoundError: if there is none.
            ReleaseStateError: if the release does not serve the model.
            InvalidRequestError: if a field is not acceptable.
        """
        scope = of_platform(scope, RELEASE_OPERATE)
        reason = checked_reason(reason)
        now = self._transitions.now()
        if sunset_at is not None and (sunset_at.tzinfo is None or sunset_at <= now):
            raise InvalidRequestError("is a time to come, with its zone", param="sunset_at")
        async with self._store.begin(scope) as releases:
            old = existing(await releases.get(release_id))
            check_revision(expected_revision, old.revision)
            check_step(Action.DEPRECATE, old.state)
            standing = await standing_of(releases, old.model_id)
            await _check_replacement(releases, standing, replacement)
            new = self._transitions.revised(
                msgspec.structs.replace(
                    old,
                    state=State.DEPRECATED,
                    deprecated_at=old.deprecated_at or now,
                    sunset_at=sunset_at,
                    replacement=replacement,
                    link=checked_link(link),
                )
            )
            await releases.replace(new)
            told = msgspec.to_builtins({"sunset_at": sunset_at, "replacement": replacement})
            cause = Cause(scope, reason, told)
            await releases.note(self._transitions.event(Action.DEPRECATE, old.state, new, cause))
            await self._transitions.route(releases, standing.model)
        return new

    async def take_offline(
        self,
        scope: Scope,
        release_id: str,
        *,
        force: bool = False,
        replacement: str | None = None,
        reason: str = "",
        expected_revision: int | None = None,
    ) -> Release:
        """Take a release out of service for good. Without a stable one the model refuses calls.

        Raises:
            NotFoundError: if there is none.
            ReleaseStateError: if it takes calls undeprecated and ``force`` is not set.
            InvalidRequestError: if there is no model of the name ``replacement``.
        """
        scope = of_platform(scope, RELEASE_OPERATE)
        reason = checked_reason(reason)
        async with self._store.begin(scope) as releases:
            old = existing(await releases.get(release_id))
            check_revision(expected_revision, old.revision)
            check_offline(old.state, force=force)
            standing = await standing_of(releases, old.model_id)
            await _check_replacement(releases, standing, replacement)
            new = self._transitions.revised(
                msgspec.structs.replace(
                    out_of_service(old, State.OFFLINE), replacement=replacement or old.replacement
                )
            )
            await releases.replace(new)
            cause = Cause(scope, reason, {"force": force})
            await releases.note(self._transitions.event(Action.OFFLINE, old.state, new, cause))
            if old.state in LIVE:
                await self._transitions.route(releases, standing.model)
        return new

    # Within

    async def _step(
        self,
        scope: Scope,
        release_id: str,
        action: Action,
        *,
        reason: str,
        expected_revision: int | None,
        step: int | None = None,
    ) -> Release:
        scope = of_platform(scope, RELEASE_OPERATE)
        cause = Cause(scope, checked_reason(reason))
        async with self._store.begin(scope) as releases:
            old = existing(await releases.get(release_id))
            check_revision(expected_revision, old.revision)
            standing = await standing_of(releases, old.model_id)
            return await self._transitions.towards(
                releases, standing, old, action, cause, step=step
            )


async def _check_replacement(
    releases: ReleaseRepository, standing: Standing, replacement: str | None
) -> None:
    if replacement is None:
        return
    model = standing.model
    found = await releases.catalog.model_by_name(replacement, None)
    if found is None and model.org_id is not None:
        found = await releases.catalog.model_by_name(replacement, model.org_id)
    if found is None or found.id == model.id:
        raise InvalidRequestError(
            "is the name of another model that the same callers see", param="replacement"
        )
