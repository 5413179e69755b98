"""What those who ask for changes may do at the moment at which they are made."""

from collections.abc import Mapping
from typing import Final

from mainspring.app.control.permissions import ALL_PERMISSIONS
from mainspring.capabilities.identity.api import (
    BUILT_IN_ROLES,
    AccessService,
    Level,
    TokenService,
)
from mainspring.kernel.access import EVERYTHING
from mainspring.kernel.scope import Scope


def _platform_roles() -> Mapping[str, frozenset[str]]:
    everything = frozenset(each.name for each in ALL_PERMISSIONS)
    return {
        role.role.value: everything if EVERYTHING in role.permissions else role.permissions
        for role in BUILT_IN_ROLES.values()
        if Level.PLATFORM in role.levels
    }


PLATFORM_ROLES: Final = _platform_roles()
"""The platform's roles, and what each permits."""


class ChangeAuthors:
    """Asks identity, so that an approval lends nobody a right that they have lost meanwhile."""

    def __init__(self, access: AccessService, tokens: TokenService) -> None:
        self._access = access
        self._tokens = tokens

    async def person(
        self, user_id: str, *, narrowed_to: frozenset[str] | None, confined_to: str | None
    ) -> Scope:
        """Return a person's scope.

        Raises:
            SignInRequiredError: if the account is gone or disabled.
        """
        return await self._access.scope_of(
            user_id, narrowed_to=narrowed_to, confined_to=confined_to
        )

    async def machine(self, token_id: str) -> Scope:
        """Return the scope of a token that is nobody's.

        Raises:
            SignInRequiredError: if it ended.
        """
        return await self._tokens.scope_of_machine(token_id)
