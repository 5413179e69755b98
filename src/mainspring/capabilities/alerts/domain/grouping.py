"""When a group of alerts is told, and what of it: pure decisions over what is known now.

What is firing is compared with what was told, so nothing depends on having seen every change: a
process that was away decides the same when it comes back.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from mainspring.capabilities.alerts.domain.alerts import Alert, AlertState, Severity
from mainspring.capabilities.alerts.domain.channels import Channel
from mainspring.capabilities.alerts.domain.matching import Silence, is_silenced


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel was told of a group.

    ``told`` are the alerts that it takes for firing, with the severity that was named.
    ``changed_at`` is when something new was first seen since ``sent_at``.
    """

    channel_id: str
    key: str
    org_id: str | None
    labels: dict[str, str]
    told: dict[str, Severity] = {}
    changed_at: datetime | None = None
    sent_at: datetime | None = None


class Decision(msgspec.Struct, frozen=True):
    """What becomes of a group: its next form (``None``: nothing is left), and what is told now."""

    before: Group | None
    after: Group | None
    told: tuple[Alert, ...] = ()


def group_key(labels: Mapping[str, str]) -> str:
    """Return what a group is known by: a digest of its labels, which may be long."""
    return hashlib.sha256(msgspec.json.encode(sorted(labels.items()))).hexdigest()


def decide(
    channel: Channel,
    alerts: Sequence[Alert],
    silences: Sequence[Silence],
    groups: Sequence[Group],
    now: datetime,
) -> list[Decision]:
    """Return what becomes of the groups of ``channel``; groups that stay as they are are left out.

    ``alerts`` are all of the owner's that fire, and those that ``groups`` were told of.
    """
    by_id = {alert.id: alert for alert in alerts}
    known = {group.key: group for group in groups}
    firing: dict[str, list[Alert]] = {}
    labels: dict[str, dict[str, str]] = {}
    for alert in alerts:
        if alert.state is not AlertState.FIRING or not channel.hears_of(alert):
            continue
        if is_silenced(alert, silences, now):
            continue
        shared = channel.group_of(alert)
        key = group_key(shared)
        firing.setdefault(key, []).append(alert)
        labels[key] = shared
    decisions: list[Decision] = []
    for key in sorted({*firing, *known}):
        before = known.get(key)
        group = before or Group(
            channel_id=channel.id, key=key, org_id=channel.org_id, labels=labels[key]
        )
        after, told = _decide(channel, group, firing.get(key, []), by_id, now)
        if after != before or told:
            decisions.append(Decision(before, after, tuple(told)))
    return decisions


def _decide(
    channel: Channel,
    group: Group,
    firing: Sequence[Alert],
    by_id: Mapping[str, Alert],
    now: datetime,
) -> tuple[Group | None, list[Alert]]:
    told, over = _compared(channel, group, by_id)
    news = [
        alert
        for alert in firing
        if alert.id not in told or alert.severity.rank > told[alert.id].rank
    ]
    if not firing and not told and not over:
        return None, []
    if not news and not over:
        group = msgspec.structs.replace(group, told=told, changed_at=None)
        if not firing or group.sent_at is None or now < group.sent_at + channel.repeat_interval:
            return group, []
    else:
        group = msgspec.structs.replace(group, changed_at=group.changed_at or now)
        if now < _due(channel, group, now):
            return group, []
    told |= {alert.id: alert.severity for alert in firing}
    if not told:
        return None, over
    return msgspec.structs.replace(group, told=told, changed_at=None, sent_at=now), [*firing, *over]


def _compared(
    channel: Channel, group: Group, by_id: Mapping[str, Alert]
) -> tuple[dict[str, Severity], list[Alert]]:
    """Return what was told and still fires (be it silenced), and what is over and untold."""
    told: dict[str, Severity] = {}
    over: list[Alert] = []
    for alert_id, severity in group.told.items():
        alert = by_id.get(alert_id)
        if alert is None:
            continue
        # One that fires and is grouped otherwise by now (the channel was changed) belongs there.
        if alert.state is AlertState.FIRING:
            if group_key(channel.group_of(alert)) == group.key:
                told[alert_id] = severity
        elif channel.send_resolved:
            over.append(alert)
    return told, over


def _due(channel: Channel, group: Group, now: datetime) -> datetime:
    changed_at = group.changed_at or now
    if group.sent_at is None:
        return changed_at + channel.group_wait
    return max(changed_at, group.sent_at + channel.group_interval)
