"""Releases before they are in service: registering, reading, changing, verifying, withdrawing."""

from collections.abc import Collection, Sequence
from datetime import datetime

import msgspec
from msgspec import UNSET

from mainspring.capabilities.catalog.api import Model
from mainspring.capabilities.releases.domain import (
    ADOPTED_VERSION,
    RELEASE_READ,
    RELEASE_WRITE,
    Action,
    CanaryPlan,
    Check,
    Guard,
    Release,
    ReleaseChanges,
    ReleaseEvent,
    ReleaseFilter,
    Specification,
    State,
    Verification,
    check_step,
    checked_reason,
    checked_release,
    differing_files,
    pairs_of,
    serving_of,
)
from mainspring.capabilities.releases.ports import (
    NoProbe,
    ReleaseRepository,
    ReleaseStore,
    TargetProbe,
)
from mainspring.capabilities.releases.service.transitions import (
    Cause,
    Transitions,
    in_service,
    of_platform,
    standing_of,
)
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ConflictError, InvalidRequestError, ReleaseStateError
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import ModelTarget
from mainspring.snapshot.route_policy import CANARY, SHADOW, STABLE

MAX_RELEASES = 500
"""Releases of one model; what is withdrawn does not count."""
_CHECKS = ("targets", "servers", "licence", "context_length", "weights")


class ReleaseService:
    """Versions of models, from registration to the end.

    All of it is the platform's, as models are. From its first release on a model's targets follow
    from its releases.
    """

    def __init__(
        self, store: ReleaseStore, clock: Clock, *, probe: TargetProbe | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._transitions = Transitions(clock)
        self._probe = probe or NoProbe()

    # Reading

    async def get(self, scope: Scope, release_id: str) -> Release:
        """Return one release.

        Raises:
            NotFoundError: if there is none.
        """
        async with self._store.begin(of_platform(scope, RELEASE_READ)) as releases:
            return existing(await releases.get(release_id))

    async def list_releases(
        self, scope: Scope, page: PageRequest, which: ReleaseFilter
    ) -> Page[Release]:
        """Return releases, oldest first."""
        after = decode_cursor(page.cursor, str)
        async with self._store.begin(of_platform(scope, RELEASE_READ)) as releases:
            found = await releases.releases(which, after=after, limit=page.limit + 1)
        return page_of(found, page.limit, lambda release: release.id)

    async def history(
        self,
        scope: Scope,
        page: PageRequest,
        *,
        model_id: str | None = None,
        release_id: str | None = None,
    ) -> Page[ReleaseEvent]:
        """Return what happened, newest first; of what is gone too."""
        before = decode_cursor(page.cursor, int)
        async with self._store.begin(of_platform(scope, RELEASE_READ)) as releases:
            found = await releases.events(
                model_id=model_id, release_id=release_id, before=before, limit=page.limit + 1
            )
        return page_of(found, page.limit, lambda event: event.seq)

    # Before service

    async def register(
        self,
        scope: Scope,
        model_id: str,
        *,
        version: str,
        targets: Sequence[ModelTarget],
        specification: Specification | None = None,
        plan: CanaryPlan | None = None,
        guard: Guard | None = None,
        reason: str = "",
    ) -> Release:
        """Make a version of a model known; it takes no calls yet.

        The first one also makes a stable release of what the model leads to now.

        Raises:
            NotFoundError: if there is no such model.
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if the model has a release of that version, or too many.
        """
        scope = of_platform(scope, RELEASE_WRITE)
        cause = Cause(scope, checked_reason(reason))
        now = self._clock.now()
        async with self._store.begin(scope) as releases:
            standing = await standing_of(releases, model_id)
            model, known = standing.model, standing.releases
            if len(known) >= MAX_RELEASES:
                raise ConflictError(f"the model has {MAX_RELEASES} releases: withdraw some")
            release = _made(model, now, version, targets)
            release = checked_release(
                msgspec.structs.replace(
                    release,
                    specification=specification or Specification(),
                    plan=plan or CanaryPlan(),
                    guard=guard or Guard(),
                )
            )
            await _check_upstreams(releases, release)
            if not known:
                await self._adopt(releases, cause, model, version)
            await releases.add(release)
            await releases.note(self._transitions.event(Action.REGISTER, None, release, cause))
            if not known:
                await self._transitions.route(releases, model)
        return release

    async def change(
        self,
        scope: Scope,
        release_id: str,
        changes: ReleaseChanges,
        *,
        expected_revision: int | None = None,
    ) -> Release:
        """Change a release. Its card changes at any time, its targets only while it takes no calls.

        A verified release whose targets change is to be verified anew.

        Raises:
            NotFoundError: if there is none.
            ReleaseStateError: if what would change is in use.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        scope = of_platform(scope, RELEASE_WRITE)
        async with self._store.begin(scope) as releases:
            old = existing(await releases.get(release_id))
            check_revision(expected_revision, old.revision)
            new = checked_release(apply_changes(old, changes))
            if new.targets != old.targets:
                check_step(Action.CHANGE, old.state)
                await _check_upstreams(releases, new)
                new = msgspec.structs.replace(new, state=State.REGISTERED, verification=None)
            if changes.plan is not UNSET and old.state is State.CANARY and new.plan != old.plan:
                raise ReleaseStateError("the plan of a canary under way cannot be changed")
            new = self._transitions.revised(new)
            await releases.replace(new)
            await releases.note(
                self._transitions.event(Action.CHANGE, old.state, new, Cause(scope))
            )
        return new

    async def verify(
        self, scope: Scope, release_id: str, *, waive: Collection[str] = (), reason: str = ""
    ) -> Release:
        """Look whether a release is fit to be deployed; what was found is kept either way.

        ``waive`` accepts failures of the checks that it names: ``targets``, ``servers``,
        ``licence``, ``context_length``, ``weights``.

        Raises:
            NotFoundError: if there is none.
            ReleaseStateError: if it is in service already.
            InvalidRequestError: if ``waive`` names no check, or no reason is given for it.
        """
        scope = of_platform(scope, RELEASE_WRITE)
        reason = checked_reason(reason)
        unknown = set(waive) - set(_CHECKS)
        if unknown:
            raise InvalidRequestError(f"the checks are {', '.join(_CHECKS)}", param="waive")
        if waive and not reason:
            raise InvalidRequestError("say why these failures are accepted", param="reason")
        async with self._store.begin(scope) as releases:
            old = existing(await releases.get(release_id))
            check_step(Action.VERIFY, old.state)
            model = existing(await releases.catalog.model(old.model_id))
            known = await releases.of_model(old.model_id)
            upstreams = {
                target.upstream_id: await releases.catalog.upstream(target.upstream_id)
                for target in old.targets
            }
        # Servers are asked between transactions: none waits for them.
        wrong: list[str] = []
        for target in old.targets:
            upstream = upstreams[target.upstream_id]
            if upstream is None:
                wrong.append(f"there is no upstream {target.upstream_id}")
                continue
            problem = await self._probe.look(upstream, target)
            if problem is not None:
                wrong.append(f"{upstream.name}: {problem}")
        checks = (
            _check("targets", _unlike(old, serving_of(known)), waive),
            _check("servers", "; ".join(wrong)[:2000], waive),
            _check("licence", _licence(old), waive),
            _check("context_length", _context(old, model), waive),
            _check("weights", _weights(old, known), waive),
        )
        found = Verification(self._clock.now().isoformat(), checks)
        new = self._transitions.revised(
            msgspec.structs.replace(
                old,
                verification=found,
                state=State.VERIFIED if found.passed else State.REGISTERED,
            )
        )
        async with self._store.begin(scope) as releases:
            await releases.replace(new)
            cause = Cause(scope, reason, {"checks": msgspec.to_builtins(checks)})
            await releases.note(self._transitions.event(Action.VERIFY, old.state, new, cause))
        return new

    async def withdraw(self, scope: Scope, release_id: str, *, reason: str = "") -> None:
        """Remove a release that takes no calls; its history stays.

        Raises:
            NotFoundError: if there is none.
            ReleaseStateError: if it takes calls, or calls can go back to it.
        """
        scope = of_platform(scope, RELEASE_WRITE)
        cause = Cause(scope, checked_reason(reason))
        async with self._store.begin(scope) as releases:
            release = existing(await releases.get(release_id))
            check_step(Action.WITHDRAW, release.state)
            await releases.remove(release_id)
            event = self._transitions.event(Action.WITHDRAW, release.state, release, cause)
            await releases.note(event)

    # Within

    async def _adopt(
        self, releases: ReleaseRepository, cause: Cause, model: Model, version: str
    ) -> None:
        """Make a stable release of what the model leads to now."""
        if any(target.track == CANARY for target in model.targets):
            raise ConflictError(
                "the model has a canary of its own: take that track out before the first release"
            )
        if version == ADOPTED_VERSION:
            raise ConflictError(f"{ADOPTED_VERSION} is what the model's present targets are called")
        now = self._clock.now()
        targets = [target for target in model.targets if target.track != SHADOW]
        adopted = in_service(_made(model, now, ADOPTED_VERSION, targets), now)
        await releases.add(adopted)
        await releases.note(self._transitions.event(Action.ADOPT, None, adopted, cause))


def _made(model: Model, now: datetime, version: str, targets: Sequence[ModelTarget]) -> Release:
    return Release(
        id=new_id("rel"),
        org_id=model.org_id,
        model_id=model.id,
        version=version,
        # Which track they are on follows from the release's state.
        targets=tuple(msgspec.structs.replace(each, track=STABLE) for each in targets),
        created_at=now,
        updated_at=now,
    )


def _check(name: str, wrong: str, waive: Collection[str]) -> Check:
    return Check(name, not wrong, wrong, bool(wrong) and name in waive)


def _unlike(release: Release, serving: Release | None) -> str:
    if serving is not None and serving.id != release.id and pairs_of(serving) & pairs_of(release):
        return f"the stable release {serving.version} leads to one of the same targets"
    return ""


def _licence(release: Release) -> str:
    return "" if release.specification.licence else "the card names no licence"


def _context(release: Release, model: Model) -> str:
    promised, has = model.context_length, release.specification.context_length
    if promised is not None and has is not None and has < promised:
        return f"the model promises {promised} tokens, and the release takes {has}"
    return ""


def _weights(release: Release, known: Sequence[Release]) -> str:
    for other in known:
        paths = differing_files(release.specification, other.specification)
        if other.id != release.id and paths:
            more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
            return (
                f"{', '.join(paths[:3])}{more}: not the hash that {other.version} names for the"
                " same revision of the same repository"
            )[:2000]
    return ""


async def _check_upstreams(releases: ReleaseRepository, release: Release) -> None:
    wanted = {target.upstream_id for target in release.targets}
    missing = wanted - (await releases.catalog.known_upstreams(wanted)).keys()
    if missing:
        raise InvalidRequestError(
            f"there is no upstream {', '.join(sorted(missing))}", param="targets"
        )
