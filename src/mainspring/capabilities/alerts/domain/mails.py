"""Messages as e-mail: text and the same as HTML, threaded by their group."""

import hashlib
from email.message import EmailMessage
from html import escape

from mainspring.capabilities.alerts.domain.alerts import Severity
from mainspring.capabilities.alerts.domain.channels import MailRoute
from mainspring.capabilities.alerts.domain.messages import Message, Text


def mail_message(route: MailRoute, message: Message) -> EmailMessage:
    """Return ``message`` as an e-mail; sent twice, it keeps its id."""
    domain = route.sender.rpartition("@")[2]
    mail = EmailMessage()
    mail["Subject"] = message.title[:300]
    mail["From"] = route.sender
    mail["To"] = ", ".join(route.recipients)
    mail["Date"] = message.at
    mail["Message-ID"] = f"<{message.id}@{domain}>"
    thread = hashlib.sha256(message.thread.encode()).hexdigest()[:32]
    mail["References"] = f"<{thread}@{domain}>"
    # So that nobody's absence note answers, and mail programs show what wakes somebody.
    mail["Auto-Submitted"] = "auto-generated"
    if message.firing and message.severity is Severity.CRITICAL:
        mail["Importance"] = "high"
    mail.set_content("\n\n".join(_plain(text) for text in message.texts))
    body = "<hr>".join(_html(text) for text in message.texts)
    mail.add_alternative(f"<!doctype html><html><body>{body}</body></html>", subtype="html")
    return mail


def _plain(text: Text) -> str:
    lines = [text.title]
    for item in text.items:
        lines += ["", item.heading, *(f"  {line}" for line in item.lines)]
        if item.link is not None:
            lines.append(f"  {item.link[0]}: {item.link[1]}")
    if text.more:
        lines += ["", text.more]
    return "\n".join(lines)


def _html(text: Text) -> str:
    parts = [f"<h2>{escape(text.title)}</h2>"]
    for item in text.items:
        lines = "<br>".join(escape(line) for line in item.lines)
        parts.append(f"<h3>{escape(item.heading)}</h3><p>{lines}</p>")
        if item.link is not None:
            words, url = item.link
            parts.append(f'<p><a href="{escape(url, quote=True)}">{escape(words)}</a></p>')
    if text.more:
        parts.append(f"<p>{escape(text.more)}</p>")
    return f'<div lang="{text.language}">{"".join(parts)}</div>'
