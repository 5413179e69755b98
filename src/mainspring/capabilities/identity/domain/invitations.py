"""Invitations: a link, good once, that makes somebody a member without any mail server."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

INVITATION_PREFIX: Final = "msv"
MAX_LIFETIME: Final = timedelta(days=30)
LIFETIME: Final = timedelta(days=7)


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """An offer of a role to whoever has that address and the link; kept as the link's digest.

    ``project_id`` and ``project_role`` add a role in one project.
    """

    id: str
    org_id: str
    email: str
    role: str
    project_id: str | None = None
    project_role: str | None = None
    digest: bytes
    created_by: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None = None
    revoked_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Tell whether it can be accepted at ``now``."""
        return self.accepted_at is None and self.revoked_at is None and now < self.expires_at
