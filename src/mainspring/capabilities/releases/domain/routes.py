"""From the states of a model's releases to what gateways do with its calls; pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from mainspring.capabilities.releases.domain.lifecycle import CANDIDATE, SERVING, State
from mainspring.capabilities.releases.domain.values import CanaryPlan, Release
from mainspring.snapshot import route_policy
from mainspring.snapshot.lifecycle import Lifecycle
from mainspring.snapshot.resources import ModelTarget
from mainspring.snapshot.route_policy import CANARY, SHADOW, STABLE


class Routes(msgspec.Struct, frozen=True):
    """What a model's releases come to; ``targets`` are as they were where nothing serves."""

    targets: tuple[ModelTarget, ...]
    release: route_policy.Release | None
    lifecycle: Lifecycle | None


def serving_of(releases: Iterable[Release]) -> Release | None:
    """Return the release that serves the model."""
    return next((each for each in releases if each.state in SERVING), None)


def candidate_of(releases: Iterable[Release]) -> Release | None:
    """Return the release beside it, if there is one."""
    return next((each for each in releases if each.state in CANDIDATE), None)


def previous_of(releases: Iterable[Release]) -> Release | None:
    """Return the release that was stable last and can be again."""
    known = [
        each
        for each in releases
        if each.state is State.SUPERSEDED and each.stable_since is not None
    ]
    return max(known, key=_stable_since, default=None)


def routes_of(
    targets: Sequence[ModelTarget], shadow_share: int, releases: Sequence[Release]
) -> Routes:
    """Return what gateways are told; of the model's present ``targets`` only shadows stay."""
    serving = serving_of(releases)
    candidate = candidate_of(releases)
    gone = _last_gone(releases) if serving is None else None
    shadows = [target for target in targets if target.track == SHADOW]
    routed = [
        *_on(STABLE, serving),
        *_on(CANARY, candidate),
        *shadows,
    ]
    if serving is None and candidate is None:
        routed = list(targets)
    return Routes(
        targets=tuple(routed),
        release=_release(candidate, shadow_share),
        lifecycle=_lifecycle(serving or gone, offline=serving is None),
    )


def _on(track: str, release: Release | None) -> list[ModelTarget]:
    if release is None:
        return []
    return [msgspec.structs.replace(target, track=track) for target in release.targets]


def _release(candidate: Release | None, shadow_share: int) -> route_policy.Release | None:
    if candidate is None:
        return None if shadow_share == 100 else route_policy.Release(shadow_share=shadow_share)
    plan = candidate.plan
    step = candidate.canary_step
    if step is None:
        plan = CanaryPlan(pin_header=plan.pin_header)
    return route_policy.Release(
        canary_weight=0 if step is None else step.weight,
        canary_subjects=plan.subjects,
        canary_headers=plan.headers,
        by_user=plan.by_user,
        pin_header=plan.pin_header,
        shadow_share=shadow_share,
    )


def _lifecycle(release: Release | None, *, offline: bool) -> Lifecycle | None:
    if release is None:
        return Lifecycle(offline=True) if offline else None
    if not offline and release.state is not State.DEPRECATED:
        return None
    return Lifecycle(
        deprecated_at=_seconds(release.deprecated_at),
        sunset_at=_seconds(release.sunset_at),
        replacement=release.replacement,
        link=release.link,
        offline=offline,
    )


def _last_gone(releases: Iterable[Release]) -> Release | None:
    gone = [
        each for each in releases if each.state is State.OFFLINE and each.stable_since is not None
    ]
    return max(gone, key=_stable_since, default=None)


def _stable_since(release: Release) -> float:
    return 0.0 if release.stable_since is None else release.stable_since.timestamp()


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
