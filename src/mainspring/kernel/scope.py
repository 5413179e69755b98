"""Who asks, and for whom: nothing reads tenant data without a :class:`Scope`."""

from enum import StrEnum

import msgspec

from mainspring.kernel.access import Grant

PLATFORM_ORG = "org_platform"
"""The organisation id of the platform itself; owns what every tenant shares."""


class ActorKind(StrEnum):
    """What kind of principal acts."""

    USER = "user"
    SERVICE = "service"
    KEY = "key"
    PLATFORM = "platform"


class Actor(msgspec.Struct, frozen=True):
    """The principal that acts, and the person behind it when one delegated to it."""

    kind: ActorKind
    id: str
    on_behalf_of: str | None = None


class Scope(msgspec.Struct, frozen=True):
    """The reach of one call: an organisation, optionally one project of it, and the actor.

    ``grants`` are what the actor was given; :func:`mainspring.kernel.authorize.authorize` reads
    them and narrows ``org_id``. A platform scope (see :meth:`platform`) is the only one that
    crosses organisations. ``request_id`` is what the audit trail names beside the actor.
    ``narrowed_to`` are the permissions that the actor's credential was confined to when it was
    made; ``grants`` hold no others then. ``confined_to`` is the one organisation that the
    credential opens: whoever it was that vouched for the actor can vouch for nobody elsewhere.
    """

    org_id: str
    actor: Actor
    project_id: str | None = None
    crosses_tenants: bool = False
    grants: tuple[Grant, ...] = ()
    request_id: str | None = None
    narrowed_to: frozenset[str] | None = None
    confined_to: str | None = None

    @classmethod
    def platform(cls, component: str) -> "Scope":
        """Return the scope of the platform's own ``component`` (boot, ingest, compiler)."""
        return cls(
            org_id=PLATFORM_ORG,
            actor=Actor(ActorKind.PLATFORM, component),
            crosses_tenants=True,
        )

    def across_tenants(self) -> "Scope":
        """Return this actor's scope over the platform's own rows.

        For use cases that have decided by themselves that the actor may, such as a person's
        changes to their own account.
        """
        return msgspec.structs.replace(
            self, org_id=PLATFORM_ORG, project_id=None, crosses_tenants=True
        )
