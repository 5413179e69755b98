"""Objects of the API's part `secrets`.

Written by tools/sdk from the OpenAPI document; do not edit.
"""

from __future__ import annotations

from mainspring_sdk._models import Model


class MasterKeyView(Model, frozen=True, kw_only=True):
    """A master key; its material is never shown."""

    id: str
    seals: bool
    """Whether new secrets are sealed by it."""
    secrets: int
    """How many secrets are sealed by it now."""
    missing_at: list[str]
    """Running parts that do not hold it yet."""


class SecretPlaceView(Model, frozen=True, kw_only=True):
    """Secrets of one kind."""

    name: str
    secrets: int
    waiting: int
    """To be sealed anew by the key that seals."""
    unreadable: int
    """Sealed by a key that is not held."""


class KeyStateView(Model, frozen=True, kw_only=True):
    """All master keys, the sealing one first, and what they seal."""

    source: str
    writable: bool
    """Whether keys can be made and retired from here."""
    keys: list[MasterKeyView]
    places: list[SecretPlaceView]


class ResealedView(Model, frozen=True, kw_only=True):
    """What one step did."""

    examined: int
    resealed: int
    unreadable: int
    cursor: str | None
    """For the next step; `null`: that was all."""
