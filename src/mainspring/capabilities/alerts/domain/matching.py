"""Which alerts are meant: matchers, and silences made of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from mainspring.capabilities.alerts.domain.alerts import Alert
from mainspring.kernel.errors import InvalidRequestError

MAX_MATCHERS: Final = 20
MAX_SILENCES: Final = 200
"""Silences of one owner that hold at once."""
MAX_REASON: Final = 500
LONGEST_SILENCE: Final = timedelta(days=90)

_LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,99}")


class Matcher(msgspec.Struct, frozen=True):
    """A label and what it must be; ``*`` in ``value`` stands for any text. ``negated``: must not.

    A label that an alert does not have is an empty text.
    """

    label: str
    value: str
    negated: bool = False

    def meets(self, labels: Mapping[str, str]) -> bool:
        """Tell whether labels are as this wants them."""
        return _fits(self.value, labels.get(self.label, "")) is not self.negated


class Silence(msgspec.Struct, frozen=True, kw_only=True):
    """That nobody wants to hear of some alerts until a moment: who said so, and why."""

    id: str
    org_id: str | None
    matchers: tuple[Matcher, ...]
    starts_at: datetime
    until: datetime
    reason: str
    created_by: str
    created_at: datetime

    def holds(self, now: datetime) -> bool:
        """Tell whether it is in force."""
        return self.starts_at <= now < self.until


def all_meet(matchers: Iterable[Matcher], alert: Alert) -> bool:
    """Tell whether ``alert`` is meant; without any matcher every alert is."""
    labels = alert.matchable
    return all(matcher.meets(labels) for matcher in matchers)


def is_silenced(alert: Alert, silences: Iterable[Silence], now: datetime) -> bool:
    """Tell whether somebody asked not to hear of ``alert`` now."""
    return any(each.holds(now) and all_meet(each.matchers, alert) for each in silences)


def checked_matchers(matchers: Sequence[Matcher]) -> tuple[Matcher, ...]:
    """Return the matchers.

    Raises:
        InvalidRequestError: if there are too many, or one is not acceptable.
    """
    if len(matchers) > MAX_MATCHERS:
        raise InvalidRequestError(f"there are up to {MAX_MATCHERS} matchers", param="matchers")
    for each in matchers:
        if not _LABEL.fullmatch(each.label):
            raise InvalidRequestError(
                f"{each.label[:80]!r} is no name of a label", param="matchers"
            )
        if len(each.value) > 500 or each.value.count("*") > 5:
            raise InvalidRequestError(
                "a value has up to 500 characters and 5 stars", param="matchers"
            )
    return tuple(matchers)


def checked_silence(silence: Silence) -> Silence:
    """Return ``silence`` if all of it is acceptable.

    Raises:
        InvalidRequestError: naming the field that is not.
    """
    if not silence.matchers:
        raise InvalidRequestError("say which alerts: name at least one label", param="matchers")
    checked_matchers(silence.matchers)
    if all(each.negated or not each.value.strip("*") for each in silence.matchers):
        raise InvalidRequestError("this would silence nearly everything", param="matchers")
    if not 1 <= len(silence.reason) <= MAX_REASON:
        raise InvalidRequestError(f"a reason has 1 to {MAX_REASON} characters", param="reason")
    if silence.until <= max(silence.starts_at, silence.created_at):
        raise InvalidRequestError("the end lies before the beginning", param="until")
    if silence.until - silence.starts_at > LONGEST_SILENCE:
        raise InvalidRequestError(
            f"a silence lasts up to {LONGEST_SILENCE.days} days", param="until"
        )
    return silence


def _fits(pattern: str, text: str) -> bool:
    """Tell whether ``text`` is ``pattern``, in time that grows with neither's power."""
    first, *parts = pattern.split("*")
    if not parts:
        return text == pattern
    *middle, last = parts
    if not text.startswith(first):
        return False
    place = len(first)
    for part in middle:
        found = text.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return len(text) - place >= len(last) and text.endswith(last)
