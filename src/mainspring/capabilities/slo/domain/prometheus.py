"""Objectives as recording rules and alerts of Prometheus."""

import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import yaml

from mainspring.capabilities.slo.domain.burning import Burn, burns_of, windows_of
from mainspring.capabilities.slo.domain.objectives import Indicator, Slo
from mainspring.wire.telemetry import GATEWAY_DURATION, GATEWAY_REQUESTS, GATEWAY_TTFT

_HEAD = "# Written by Mainspring from its objectives; see GET /api/v1/slos/rules.\n"
_RUNBOOK = "https://mainspring.example/docs/{language}/guides/slos/#when-an-alert-fires"


def prometheus_rules(slos: Iterable[Slo]) -> str:
    """Return a file of rules for the enabled ``slos``."""
    groups = [_group(slo) for slo in slos if slo.enabled]
    document = {"groups": groups}
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=96)
    return _HEAD + text


def _group(slo: Slo) -> dict[str, Any]:
    labels = {"slo": slo.name}
    rules: list[dict[str, Any]] = [
        {"record": _recorded(span), "expr": _ratio(slo, span), "labels": labels}
        for span in windows_of(slo)
    ]
    whole = f'{_recorded(slo.window)}{{slo="{slo.name}"}}'
    rules.append(
        {
            "record": "mainspring:slo_budget_left:ratio",
            "expr": f"1 - {whole} / {_number(slo.budget)}",
            "labels": labels,
        }
    )
    rules += [_alert(slo, burn) for burn in burns_of(slo)]
    # The longest window reads weeks: once a minute is often enough for the shortest.
    return {"name": f"mainspring-slo-{slo.name}", "interval": "1m", "rules": rules}


def _alert(slo: Slo, burn: Burn) -> dict[str, Any]:
    bound = _number(burn.rate(slo) * slo.budget)
    long, short = (
        f'{_recorded(span)}{{slo="{slo.name}"}} > {bound}' for span in (burn.long, burn.short)
    )
    calls = f"sum(increase({_total(slo)}[{_span(burn.long)}])) >= {slo.min_calls}"
    return {
        "alert": "MainspringSloBurning",
        "expr": f"({long}) and ({short}) and on () ({calls})",
        "labels": {
            "slo": slo.name,
            "severity": burn.severity.value,
            "window": _span(burn.long),
        },
        "annotations": {
            "summary": f"{slo.name}: {burn.spent:.0%} of the error budget went within "
            f"{_span(burn.long)}, and it goes on",
            "summary_zh": f"{slo.name}：{_span(burn.long)} 内已消耗 {burn.spent:.0%} 的错误预算，"
            "且仍在继续",
            "runbook_url": _RUNBOOK.format(language="en"),
            "runbook_url_zh": _RUNBOOK.format(language="zh"),
        },
    }


def _ratio(slo: Slo, span: timedelta) -> str:
    """Return the share of bad calls over ``span``."""
    total = f"sum(rate({_total(slo)}[{_span(span)}]))"
    if slo.indicator.timed:
        metric = _histogram(slo)
        bound = json.dumps(str((slo.threshold_ms or 0) / 1000))
        good = f"{metric}_bucket{_selector(slo, f'le={bound}')}"
        return f"1 - sum(rate({good}[{_span(span)}])) / {total}"
    classes = "5xx" if slo.indicator is Indicator.AVAILABILITY else "[45]xx"
    status = f'status=~"{classes}"'
    bad = f"{GATEWAY_REQUESTS.name}{_selector(slo, status)}"
    return f"(sum(rate({bad}[{_span(span)}])) or vector(0)) / {total}"


def _total(slo: Slo) -> str:
    name = f"{_histogram(slo)}_count" if slo.indicator.timed else GATEWAY_REQUESTS.name
    return f"{name}{_selector(slo)}"


def _histogram(slo: Slo) -> str:
    return (GATEWAY_DURATION if slo.indicator is Indicator.LATENCY else GATEWAY_TTFT).name


def _selector(slo: Slo, *more: str) -> str:
    # What may be in a name needs no escapes in a string of PromQL but those of JSON.
    pairs = [
        f"{label}={json.dumps(value)}"
        for label, value in (("model", slo.model), ("operation", slo.operation))
        if value is not None
    ]
    pairs.extend(more)
    return "{" + ", ".join(pairs) + "}" if pairs else ""


def _recorded(span: timedelta) -> str:
    return f"mainspring:slo_bad:ratio_rate{_span(span)}"


def _span(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    if minutes % 1440 == 0:
        return f"{minutes // 1440}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def _number(value: float) -> str:
    return f"{value:.9g}"
