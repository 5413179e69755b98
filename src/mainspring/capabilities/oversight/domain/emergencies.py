"""Emergencies: somebody acts at once, for a time, and is asked about it afterwards."""

from datetime import datetime
from typing import Final

import msgspec

from mainspring.kernel.errors import InvalidRequestError

MAX_MINUTES: Final = 240
MIN_REASON: Final = 10
MAX_REASON: Final = 2000


class Emergency(msgspec.Struct, frozen=True, kw_only=True):
    """That a person broke the glass: why, until when, with which role; and the review.

    ``uses`` counts what was changed meanwhile. ``verdict`` is ``justified`` or ``unjustified``.
    """

    id: str
    user_id: str
    reason: str
    role: str
    opened_at: datetime
    until: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    uses: int = 0
    reviewed_at: datetime | None = None
    reviewed_by: str | None = None
    verdict: str | None = None
    review: str = ""
    revision: int = 1

    def is_open(self, now: datetime) -> bool:
        """Tell whether it holds at ``now``."""
        return self.ended_at is None and now < self.until


def checked_reason(reason: str) -> str:
    """Return ``reason`` without blanks around it.

    Raises:
        InvalidRequestError: if it says too little, or too much.
    """
    reason = reason.strip().replace("\0", "")
    if not MIN_REASON <= len(reason) <= MAX_REASON:
        raise InvalidRequestError(
            f"say why, in {MIN_REASON} to {MAX_REASON} characters", param="reason"
        )
    return reason
