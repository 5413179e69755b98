"""Messages as each receiver wants them over HTTP, signed as it says, and what its answer means.

The forms follow the vendors' own documentation: Slack, "Sending messages using incoming webhooks";
WeCom, "群机器人配置说明"; DingTalk, "自定义机器人接入" with its additional signature; Feishu,
"自定义机器人使用指南" with signature verification; and the Standard Webhooks specification.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

import msgspec

from mainspring.capabilities.alerts.domain.alerts import Alert, Severity
from mainspring.capabilities.alerts.domain.channels import ChannelKind, Keyring
from mainspring.capabilities.alerts.domain.messages import Message, Text
from mainspring.kernel.errors import InvalidRequestError

_MAX_BYTES: Final[Mapping[ChannelKind, int]] = {
    ChannelKind.SLACK: 2900,
    ChannelKind.WECOM: 4000,
    ChannelKind.DINGTALK: 18_000,
    ChannelKind.FEISHU: 18_000,
}
"""What one message may have, with room for what surrounds it; Slack's is of one block."""
_STANDARD_PREFIX: Final = "whsec_"
_COLOURS: Final[Mapping[Severity, str]] = {
    Severity.CRITICAL: "#d92d20",
    Severity.WARNING: "#f79009",
    Severity.INFO: "#2e90fa",
}
_OVER: Final = "#12b76a"
_BUSY_CODES: Final[Mapping[ChannelKind, frozenset[int]]] = {
    ChannelKind.WECOM: frozenset({-1, 45009}),
    ChannelKind.DINGTALK: frozenset({-1, 130101, 130102}),
    ChannelKind.FEISHU: frozenset({9499, 11232}),
}
"""Codes by which a receiver says that it is busy, or that messages come too fast."""


class HttpMessage(msgspec.Struct, frozen=True):
    """A request that delivers a message."""

    url: str
    headers: Mapping[str, str]
    body: bytes


class Verdict(msgspec.Struct, frozen=True):
    """What an answer means: ``problem`` ``None`` is delivered; ``lasting`` helps no repetition."""

    problem: str | None = None
    lasting: bool = False


def http_message(
    kind: ChannelKind, keyring: Keyring, message: Message, now: datetime
) -> HttpMessage:
    """Return ``message`` in the form of its receiver, signed for this moment."""
    if kind is ChannelKind.WEBHOOK:
        return _webhook(keyring, message, now)
    url, body = keyring.url, _BODIES[kind](message)
    if keyring.secret is not None and kind is ChannelKind.DINGTALK:
        url = _signed_for_dingtalk(url, keyring.secret, now)
    if keyring.secret is not None and kind is ChannelKind.FEISHU:
        body = {**_signed_for_feishu(keyring.secret, now), **body}
    return HttpMessage(url, {"Content-Type": "application/json"}, msgspec.json.encode(body))


def verdict_of(kind: ChannelKind, status: int, body: bytes) -> Verdict:
    """Return what an answer says; of its text nothing is told but a code."""
    if not 200 <= status < 300:
        lasting = 300 <= status < 500 and status not in {408, 425, 429}
        return Verdict(f"the receiver answered with status {status}", lasting=lasting)
    if kind not in _BUSY_CODES:
        return Verdict()
    code = _code_of(body)
    if code == 0:
        return Verdict()
    if code is None:
        return Verdict(f"the receiver's answer is none of {kind}", lasting=True)
    lasting = code not in _BUSY_CODES[kind]
    return Verdict(f"{kind} answered with code {code}", lasting=lasting)


def webhook_key(secret: str) -> bytes:
    """Return the key that a webhook's secret stands for.

    Raises:
        InvalidRequestError: if it begins like one of Standard Webhooks and is none.
    """
    if not secret.startswith(_STANDARD_PREFIX):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(_STANDARD_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidRequestError("behind whsec_ stands base64", param="secret") from error


def _webhook(keyring: Keyring, message: Message, now: datetime) -> HttpMessage:
    body = msgspec.json.encode(
        {
            "type": "alerts.test" if message.is_test else "alerts",
            "id": message.id,
            "timestamp": message.at,
            "title": message.title,
            "severity": message.severity.value,
            "status": "firing" if message.firing else "resolved",
            "group": dict(message.labels),
            "alerts": [_told(each) for each in (*message.firing, *message.resolved)],
            "left_out": message.left_out,
        }
    )
    seconds = str(int(now.timestamp()))
    signed = f"{message.id}.{seconds}.".encode() + body
    mark = hmac.new(webhook_key(keyring.secret or ""), signed, hashlib.sha256).digest()
    headers = {
        "Content-Type": "application/json",
        "webhook-id": message.id,
        "webhook-timestamp": seconds,
        "webhook-signature": "v1," + base64.b64encode(mark).decode(),
    }
    return HttpMessage(keyring.url, headers, body)


def _told(alert: Alert) -> dict[str, Any]:
    return {
        "id": alert.id,
        "name": alert.name,
        "status": alert.state.value,
        "severity": alert.severity.value,
        "source": alert.source,
        "labels": alert.labels,
        "summary": {"en": alert.summary, "zh": alert.summary_zh or alert.summary},
        "description": alert.description,
        "runbook_url": {
            "en": alert.runbook_url,
            "zh": alert.runbook_url_zh or alert.runbook_url,
        },
        "started_at": alert.started_at,
        "ended_at": alert.ended_at,
    }


def _slack(message: Message) -> dict[str, Any]:
    def link(words: str, url: str) -> str:
        return f"<{url.replace('|', '%7C').replace('>', '%3E')}|{words}>"

    blocks = [
        {
            "type": "section",
            "text": {
                "type": "mrkdwn",
                "text": _cut(
                    _lines(text, plain=_for_slack, strong="*{}*".format, link=link),
                    _MAX_BYTES[ChannelKind.SLACK],
                ),
            },
        }
        for text in message.texts
    ]
    colour = _COLOURS[message.severity] if message.firing else _OVER
    # The text is what a notification shows, the attachment what the channel does.
    return {
        "text": _for_slack(message.title),
        "attachments": [{"color": colour, "blocks": blocks, "fallback": message.title}],
    }


def _wecom(message: Message) -> dict[str, Any]:
    share = _MAX_BYTES[ChannelKind.WECOM] // len(message.texts)
    return {"msgtype": "markdown", "markdown": {"content": _markdown(message, share)}}


def _dingtalk(message: Message) -> dict[str, Any]:
    share = _MAX_BYTES[ChannelKind.DINGTALK] // len(message.texts)
    return {
        "msgtype": "markdown",
        "markdown": {"title": _cut(message.title, 200), "text": _markdown(message, share)},
    }


def _feishu(message: Message) -> dict[str, Any]:
    # Rich text is made of pieces, so nothing in an alert can be taken for markup; with both
    # languages, everybody is shown their own.
    locales = {"en": "en_us", "zh": "zh_cn"}
    share = _MAX_BYTES[ChannelKind.FEISHU] // len(message.texts)
    post = {
        locales[text.language]: {
            "title": _cut(text.title, 500),
            "content": _pieces(text, share),
        }
        for text in message.texts
    }
    return {"msg_type": "post", "content": {"post": post}}


_BODIES = {
    ChannelKind.SLACK: _slack,
    ChannelKind.WECOM: _wecom,
    ChannelKind.DINGTALK: _dingtalk,
    ChannelKind.FEISHU: _feishu,
}


def _pieces(text: Text, most: int) -> list[list[dict[str, str]]]:
    content: list[list[dict[str, str]]] = []
    left = most
    for item in text.items:
        # A paragraph is sent with its frame around it.
        paragraphs = [[{"tag": "text", "text": line}] for line in (item.heading, *item.lines)]
        if item.link is not None:
            paragraphs.append([{"tag": "a", "text": item.link[0], "href": item.link[1]}])
        left -= len(msgspec.json.encode(paragraphs))
        if left < 0:
            content.append([{"tag": "text", "text": "…"}])
            return content
        content += paragraphs
    if text.more:
        content.append([{"tag": "text", "text": text.more}])
    return content


def _markdown(message: Message, share: int) -> str:
    def link(words: str, url: str) -> str:
        return f"[{words}]({url.replace('(', '%28').replace(')', '%29')})"

    return "\n\n".join(
        _cut(_lines(text, plain=_for_markdown, strong="**{}**".format, link=link), share - 4)
        for text in message.texts
    )


def _lines(text: Text, *, plain: Any, strong: Any, link: Any) -> str:  # noqa: ANN401 - small functions on text
    lines = [strong(plain(text.title))]
    for item in text.items:
        lines += ["", strong(plain(item.heading)), *(plain(line) for line in item.lines)]
        if item.link is not None:
            lines.append(link(*item.link))
    if text.more:
        lines += ["", plain(text.more)]
    # In these dialects a single line break is none.
    return "\n".join(lines) if plain is _for_slack else "\n\n".join(line for line in lines if line)


def _for_slack(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_MARKS = str.maketrans(
    {"<": "＜", ">": "＞", "[": "［", "]": "］", "`": "＇", "*": "＊", "@": "＠"}
)
"""Wide twins of what would be markup or call somebody: these dialects know no escapes."""


def _for_markdown(text: str) -> str:
    return text.translate(_MARKS)


def _signed_for_dingtalk(url: str, secret: str, now: datetime) -> str:
    at = str(round(now.timestamp() * 1000))
    mark = hmac.new(secret.encode(), f"{at}\n{secret}".encode(), hashlib.sha256).digest()
    query = urlencode({"timestamp": at, "sign": base64.b64encode(mark).decode()})
    return f"{url}{'&' if '?' in url else '?'}{query}"


def _signed_for_feishu(secret: str, now: datetime) -> dict[str, str]:
    at = str(int(now.timestamp()))
    # What would be the message is the key here, and nothing is the message.
    mark = hmac.new(f"{at}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": at, "sign": base64.b64encode(mark).decode()}


def _code_of(body: bytes) -> int | None:
    try:
        found: Any = msgspec.json.decode(body)
    except msgspec.MsgspecError:
        return None
    if not isinstance(found, dict):
        return None
    members: dict[str, Any] = found  # pyright: ignore[reportUnknownVariableType] - JSON
    for name in ("errcode", "code", "StatusCode"):
        if isinstance(members.get(name), int):
            return int(members[name])
    return None


def _cut(text: str, most: int) -> str:
    """Return ``text`` in at most ``most`` bytes of UTF-8, never with half a character."""
    data = text.encode()
    if len(data) <= most:
        return text
    return data[: most - 3].decode(errors="ignore") + "…"
