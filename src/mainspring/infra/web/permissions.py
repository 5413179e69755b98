"""Which permission a route needs, said beside the route and shown in the OpenAPI document.

The service decides; this only tells. A test compares the two: with everything but the permission
that is named a call is refused, and with nothing but that permission it is not.
"""

from typing import Any, Final

from mainspring.kernel.access import Permission

FIELD: Final = "x-permission"
"""The extension of an operation in the document."""

PUBLIC: Final = "public"
"""Open to strangers."""

SIGNED_IN: Final = "signed-in"
"""For whoever is signed in: their own things, or what they may see of everybody's."""


def needs(permission: Permission) -> dict[str, Any]:
    """Return the ``openapi_extra`` of a route that needs ``permission``."""
    return {FIELD: permission.name}


def for_the_signed_in() -> dict[str, Any]:
    """Return the ``openapi_extra`` of a route for everybody who is signed in."""
    return {FIELD: SIGNED_IN}


def for_strangers() -> dict[str, Any]:
    """Return the ``openapi_extra`` of a route that asks for no identity."""
    return {FIELD: PUBLIC}
