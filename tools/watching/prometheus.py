"""Rules and alerts as Prometheus reads them."""

from typing import Any

import yaml

from tools.watching.rules import ALERTS, RECORDINGS, Alert

RUNBOOKS = "https://mainspring.example/docs/{language}/reference/alerts/#{name}"
_HEAD = "# Written by `python -m tools.watching`; edit tools/watching/rules.py instead.\n"


def recording_rules() -> str:
    """Return the file of recording rules."""
    rules = [{"record": each.name, "expr": each.expr} for each in RECORDINGS]
    return _file("mainspring-recordings", rules)


def alert_rules() -> str:
    """Return the file of alerts."""
    return _file("mainspring-alerts", [_alert(each) for each in ALERTS])


def _alert(alert: Alert) -> dict[str, Any]:
    anchor = alert.name.lower()
    return {
        "alert": alert.name,
        "expr": alert.condition,
        "for": alert.lasting,
        "labels": {"severity": alert.severity},
        "annotations": {
            "summary": alert.summary["en"],
            "summary_zh": alert.summary["zh"],
            "runbook_url": RUNBOOKS.format(language="en", name=anchor),
            "runbook_url_zh": RUNBOOKS.format(language="zh", name=anchor),
        },
    }


def _file(name: str, rules: list[dict[str, Any]]) -> str:
    document = {"groups": [{"name": name, "rules": rules}]}
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=96)
    return _HEAD + text
