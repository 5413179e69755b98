"""What a message says, in English and in Chinese, before it takes any receiver's form."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from mainspring.capabilities.alerts.domain.alerts import Alert, AlertState, Severity
from mainspring.capabilities.alerts.domain.channels import Language

MAX_SHOWN: Final = 10
"""Alerts that one message describes; of more it tells the number."""
_MAX_LABELS: Final = 12


class Item(msgspec.Struct, frozen=True):
    """One alert of a message: its heading, further lines, and a link with its words."""

    heading: str
    lines: tuple[str, ...]
    link: tuple[str, str] | None = None


class Text(msgspec.Struct, frozen=True):
    """A whole message in one language; ``more`` is empty where everything is shown."""

    language: Language
    title: str
    items: tuple[Item, ...]
    more: str = ""


class Message(msgspec.Struct, frozen=True):
    """A message: its words in one language or two, and what it is about.

    ``id`` is the same when it is sent again; ``thread`` is shared by the messages of a group.
    """

    id: str
    thread: str
    at: datetime
    texts: tuple[Text, ...]
    severity: Severity
    firing: tuple[Alert, ...]
    resolved: tuple[Alert, ...]
    labels: Mapping[str, str]
    left_out: int = 0
    is_test: bool = False

    @property
    def title(self) -> str:
        """Return its title; in two languages, both."""
        return " / ".join(text.title for text in self.texts)


class _Words(msgspec.Struct, frozen=True):
    """What a language calls things."""

    severities: Mapping[Severity, str]
    firing: str
    resolved: str
    test: str
    state_firing: str
    state_resolved: str
    since: str
    ended: str
    labels: str
    runbook: str
    more: str


_WORDS: Final[Mapping[str, _Words]] = {
    "en": _Words(
        severities={
            Severity.CRITICAL: "Critical",
            Severity.WARNING: "Warning",
            Severity.INFO: "Info",
        },
        firing="{count} firing",
        resolved="{count} resolved",
        test="Test",
        state_firing="FIRING",
        state_resolved="RESOLVED",
        since="Since: {at}",
        ended="Until: {at}",
        labels="Labels: {labels}",
        runbook="What to do",
        more="… and {count} more",
    ),
    "zh": _Words(
        severities={
            Severity.CRITICAL: "严重",
            Severity.WARNING: "警告",
            Severity.INFO: "提示",
        },
        firing="{count} 条告警",
        resolved="{count} 条已恢复",
        test="测试",
        state_firing="告警中",
        state_resolved="已恢复",
        since="开始时间：{at}",
        ended="恢复时间：{at}",
        labels="标签：{labels}",
        runbook="处理手册",
        more="……另有 {count} 条",
    ),
}


def compose(
    notification_id: str,
    thread: str,
    *,
    alerts: Sequence[Alert],
    labels: Mapping[str, str],
    language: Language,
    at: datetime,
    left_out: int = 0,
    is_test: bool = False,
) -> Message:
    """Return the message that tells of ``alerts``, the worst first.

    ``left_out`` are further ones that are not at hand.
    """
    ordered = worst_first(alerts)
    firing = tuple(each for each in ordered if each.state is AlertState.FIRING)
    resolved = tuple(each for each in ordered if each.state is AlertState.RESOLVED)
    told: tuple[Language, ...] = ("en", "zh") if language == "both" else (language,)
    worst = max((each.severity for each in firing or resolved), key=lambda each: each.rank)
    return Message(
        id=notification_id,
        thread=thread,
        at=at,
        texts=tuple(
            _text(each, ordered, worst, left_out=left_out, is_test=is_test) for each in told
        ),
        severity=worst,
        firing=firing,
        resolved=resolved,
        labels=labels,
        left_out=left_out,
        is_test=is_test,
    )


def worst_first(alerts: Iterable[Alert]) -> list[Alert]:
    """Return alerts in the order in which they are told."""
    return sorted(
        alerts,
        key=lambda alert: (
            alert.state is AlertState.RESOLVED,
            -alert.severity.rank,
            alert.started_at,
            alert.id,
        ),
    )


def _text(
    language: Language,
    alerts: Sequence[Alert],
    worst: Severity,
    *,
    left_out: int,
    is_test: bool,
) -> Text:
    words = _WORDS[language]
    counts = [
        form.format(count=f"{count}+" if left_out else count)
        for state, form in (
            (AlertState.FIRING, words.firing),
            (AlertState.RESOLVED, words.resolved),
        )
        if (count := sum(1 for each in alerts if each.state is state))
    ]
    names = sorted({each.name for each in alerts})
    what = names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}"
    kind = words.severities[worst]
    if is_test:
        kind = words.test
    elif all(each.state is AlertState.RESOLVED for each in alerts):
        kind = words.state_resolved
    left = len(alerts) - MAX_SHOWN + left_out
    return Text(
        language=language,
        title=f"[{kind}] {what} ({', '.join(counts)})",
        items=tuple(_item(words, language, each) for each in alerts[:MAX_SHOWN]),
        more=words.more.format(count=left) if left > 0 else "",
    )


def _item(words: _Words, language: Language, alert: Alert) -> Item:
    zh = language == "zh"
    summary = (alert.summary_zh if zh else "") or alert.summary
    runbook = (alert.runbook_url_zh if zh else "") or alert.runbook_url
    over = alert.state is AlertState.RESOLVED
    state = words.state_resolved if over else words.state_firing
    lines = [summary, alert.description if alert.description != summary else ""]
    labels = [f"{name}={value}" for name, value in alert.labels.items() if name != "alertname"]
    if labels:
        lines.append(words.labels.format(labels=", ".join(labels[:_MAX_LABELS])))
    lines.append(words.since.format(at=_moment(alert.started_at)))
    if alert.ended_at is not None:
        lines.append(words.ended.format(at=_moment(alert.ended_at)))
    return Item(
        heading=f"{state} · {words.severities[alert.severity]} · {alert.name}",
        lines=tuple(line for line in lines if line),
        link=(words.runbook, runbook) if runbook else None,
    )


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")
