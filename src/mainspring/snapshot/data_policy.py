"""Where calls may be served: decided from data policies and the places of targets alone.

Organisations and projects state what they allow; of several statements each can only narrow what
the others leave. A place that is not known is not allowed. The rules of compatibility at the head
of :mod:`mainspring.snapshot.resources` hold here too.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

REGION: Final = "data_region"
HOSTING: Final = "data_hosting"
"""Why a target is left out, as decisions tell it."""

SELF_HOSTED: Final = "self_hosted"
HOSTINGS: Final = (SELF_HOSTED, "private_cloud", "public_cloud")
"""Who runs an upstream's server: the operator, a provider for the operator alone, or anybody's."""


class DataPolicy(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where calls may be served; ``None`` leaves that open.

    ``regions`` are names as upstreams and targets have them, a trailing ``*`` standing for any
    rest. ``hosting`` are some of :data:`HOSTINGS`; a name from the future allows nothing more.
    """

    regions: tuple[str, ...] | None = None
    hosting: tuple[str, ...] | None = None


class Place(msgspec.Struct, frozen=True):
    """Where a target serves, as far as it is known."""

    region: str | None = None
    hosting: str | None = None


class Statement(msgspec.Struct, frozen=True):
    """A data policy and whose it is: ``organisation`` or ``project``."""

    owner: str
    policy: DataPolicy


def statements_of(
    organization: DataPolicy | None, project: DataPolicy | None
) -> tuple[Statement, ...]:
    """Return what holds for the calls of a project, outermost first."""
    stated = (("organisation", organization), ("project", project))
    return tuple(
        Statement(owner, policy)
        for owner, policy in stated
        if policy is not None and policy != DataPolicy()
    )


def breach(statements: Iterable[Statement], place: Place) -> tuple[Statement, str] | None:
    """Return which statement does not allow ``place``, and why; ``None`` if all do."""
    for statement in statements:
        policy = statement.policy
        if policy.hosting is not None and place.hosting not in policy.hosting:
            return statement, HOSTING
        if policy.regions is not None and not _within(place.region, policy.regions):
            return statement, REGION
    return None


def _within(region: str | None, allowed: tuple[str, ...]) -> bool:
    if region is None:
        return False
    return any(
        region.startswith(each[:-1]) if each.endswith("*") else region == each for each in allowed
    )
