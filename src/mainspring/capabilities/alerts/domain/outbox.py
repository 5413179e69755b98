"""Messages on their way: what waits, how often it was tried, and when it is given up."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

import msgspec

from mainspring.capabilities.alerts.domain.alerts import Alert

MAX_ATTEMPTS: Final = 10
GIVEN_UP_AFTER: Final = timedelta(hours=1)
_FIRST_RETRY: Final = timedelta(seconds=5)
_LONGEST_RETRY: Final = timedelta(minutes=10)
MAX_TOLD: Final = 100
"""Alerts that one message holds, the worst of its group."""
MAX_WAITING: Final = 50
"""Messages of one channel that wait; a channel that is behind decides nothing new until it is
less so. Nothing is lost by that: groups are compared with what was told."""


class NotificationState(StrEnum):
    """Where a message stands; the last two are final."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Notification(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a channel about a group, with the alerts as they were when it was decided.

    ``left_out`` counts those beyond ``MAX_TOLD``.

    ``next_at`` is when it may be tried (again); ``problem`` is what went wrong last.
    """

    id: str
    channel_id: str
    org_id: str | None
    group_key: str
    labels: dict[str, str]
    alerts: tuple[Alert, ...]
    left_out: int = 0
    state: NotificationState = NotificationState.WAITING
    attempts: int = 0
    problem: str | None = None
    created_at: datetime
    next_at: datetime
    deadline: datetime
    finished_at: datetime | None = None


def after_failure(
    notification: Notification, problem: str, *, lasting: bool, now: datetime
) -> Notification:
    """Return what becomes of a message that was tried in vain."""
    pause = min(_FIRST_RETRY * 2 ** max(0, notification.attempts - 1), _LONGEST_RETRY)
    over = lasting or notification.attempts >= MAX_ATTEMPTS or now + pause > notification.deadline
    return msgspec.structs.replace(
        notification,
        state=NotificationState.FAILED if over else NotificationState.WAITING,
        problem=problem[:300],
        next_at=now + pause,
        finished_at=now if over else None,
    )


def after_success(notification: Notification, now: datetime) -> Notification:
    """Return what becomes of a message that was taken."""
    return msgspec.structs.replace(
        notification, state=NotificationState.SENT, problem=None, finished_at=now
    )
