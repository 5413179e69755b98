"""Permissions and grants: what may be done, and who was given it where.

A capability declares its permissions as :class:`Permission` values in its ``domain``; how a person
came by a grant (a role, a membership, a flag) is the identity capability's affair. Deciding is one
pure function, :func:`mainspring.kernel.authorize.authorize`.
"""

from typing import Final

import msgspec

EVERYTHING: Final = "*"
"""Stands for every permission in a grant."""


class Permission(msgspec.Struct, frozen=True):
    """Something that may be done; ``name`` is stable and reads ``object:verb``.

    ``of_platform`` says that it concerns what belongs to no tenant, or what tenants are granted:
    only a role in the platform itself gives it, never one in an organisation.
    """

    name: str
    description: str
    of_platform: bool = False


class Grant(msgspec.Struct, frozen=True):
    """Some permissions, where they hold, and where they came from.

    ``org_id`` ``None`` holds in every organisation and in the platform itself. ``project_id``
    ``None`` holds in every project of the organisation. ``source`` is what an explanation shows.
    """

    permissions: frozenset[str]
    source: str
    org_id: str | None = None
    project_id: str | None = None

    def covers(self, org_id: str, project_id: str | None) -> bool:
        """Tell whether this grant holds in that organisation and, if named, that project."""
        if self.org_id is not None and self.org_id != org_id:
            return False
        return self.project_id is None or self.project_id == project_id

    def permits(self, permission: Permission) -> bool:
        """Tell whether ``permission`` is among those granted."""
        return permission.name in self.permissions or EVERYTHING in self.permissions
