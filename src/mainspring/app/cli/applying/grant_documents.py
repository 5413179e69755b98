"""The documents of grants of restricted models, as ``mainspring apply`` reads them."""

from datetime import datetime

import msgspec
from msgspec import UNSET, UnsetType


class ModelGrantDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That a model is open to a project (a slug) of an organisation, or to all of its projects.

    It is known by the three together. Of two models of one name it means the one that callers in
    the organisation reach by it: its own before the one of all.
    """

    model: str
    organization: str
    project: str | None = None
    reason: str | UnsetType = UNSET
    expires_at: datetime | UnsetType | None = UNSET

    @property
    def holder(self) -> str:
        """Return whom it is for, as plans tell it."""
        return self.organization if self.project is None else f"{self.organization}/{self.project}"
