"""Grants of restricted models: to a project, or to a whole organisation.

They are given by who runs the platform. What an approved request gives is a key of its own, which
opens its model to nobody but the requester.
"""

from datetime import datetime
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.kernel.errors import InvalidRequestError
from mainspring.snapshot import resources

MAX_REASON: Final = 500


class ModelGrant(msgspec.Struct, frozen=True, kw_only=True):
    """That a model is open to whoever acts in a project; ``project_id`` ``None``: in any.

    ``model`` is its name, ``created_by`` who gave the grant, ``reason`` what for. It ends at
    ``expires_at``, at the gateways in that second; ``None``: when it is taken back.
    """

    id: str
    org_id: str
    project_id: str | None = None
    model_id: str
    model: str
    reason: str = ""
    created_by: str
    expires_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    def resource(self) -> resources.ModelGrant:
        """Return what gateways know of this grant."""
        return resources.ModelGrant(
            id=self.id,
            model_id=self.model_id,
            org_id=self.org_id,
            project_id=self.project_id,
            expires_at=None if self.expires_at is None else int(self.expires_at.timestamp()),
        )


class GrantChanges(msgspec.Struct, frozen=True):
    """What may change about a grant; ``UNSET`` stays."""

    reason: str | UnsetType = UNSET
    expires_at: datetime | UnsetType | None = UNSET


def checked_grant(grant: ModelGrant, now: datetime) -> ModelGrant:
    """Return ``grant`` if all of it is acceptable.

    Raises:
        InvalidRequestError: naming the field that is not.
    """
    reason = grant.reason.strip()
    if len(reason) > MAX_REASON or "\0" in reason:
        raise InvalidRequestError(f"a reason has up to {MAX_REASON} characters", param="reason")
    if grant.expires_at is not None and grant.expires_at <= now:
        raise InvalidRequestError("the expiry has passed already", param="expires_at")
    return msgspec.structs.replace(grant, reason=reason)
