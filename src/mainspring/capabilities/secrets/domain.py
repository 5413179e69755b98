"""Master keys as operators see them; never their material."""

import msgspec

from mainspring.kernel.access import Permission

SECRETS_READ = Permission(
    "secrets:read",
    "See which master keys there are, and what each of them seals.",
    of_platform=True,
)
SECRETS_ROTATE = Permission("secrets:rotate", "Make, use and retire master keys.", of_platform=True)

PERMISSIONS = (SECRETS_READ, SECRETS_ROTATE)
"""Every permission of this capability."""


class MasterKey(msgspec.Struct, frozen=True, kw_only=True):
    """One master key.

    ``seals`` tells that new secrets are sealed by it, ``secrets`` how many it seals now,
    ``missing_at`` which running parts do not hold it.
    """

    id: str
    seals: bool
    secrets: int
    missing_at: tuple[str, ...] = ()


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Secrets of one kind: how many there are, and how many still wait to be sealed anew."""

    name: str
    secrets: int
    waiting: int
    unreadable: int


class KeyState(msgspec.Struct, frozen=True, kw_only=True):
    """All master keys, the sealing one first, and where the secrets that they seal are."""

    source: str
    writable: bool
    keys: tuple[MasterKey, ...]
    places: tuple[Place, ...]

    @property
    def waiting(self) -> int:
        """Return how many secrets wait to be sealed anew."""
        return sum(place.waiting for place in self.places)


class Resealed(msgspec.Struct, frozen=True, kw_only=True):
    """What one step of sealing anew did; ``cursor`` is where the next one begins."""

    examined: int
    resealed: int
    unreadable: int
    cursor: str | None
