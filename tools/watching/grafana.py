"""Dashboards as Grafana imports them."""

from collections.abc import Iterator
from typing import Any

from mainspring.wire.texts import Language
from tools.watching.panels import Choice, Dashboard, Panel

_SCHEMA = 39
_SOURCE = {"type": "prometheus", "uid": "${source}"}
_HEIGHT = {"timeseries": 8, "stat": 4}
_COLUMNS = 24


def grafana_dashboard(dashboard: Dashboard, language: Language) -> dict[str, Any]:
    """Return the dashboard's JSON document, its texts in ``language``."""
    return {
        "uid": f"{dashboard.uid}-{language}",
        "title": dashboard.title[language],
        "tags": ["mainspring"],
        "schemaVersion": _SCHEMA,
        "editable": True,
        "time": {"from": "now-6h", "to": "now"},
        "refresh": "30s",
        "templating": {
            "list": [_source(language), *(_choice(c, language) for c in dashboard.choices)]
        },
        "panels": list(_panels(dashboard, language)),
    }


def _source(language: Language) -> dict[str, Any]:
    return {
        "name": "source",
        "label": {"en": "Data source", "zh": "数据源"}[language],
        "type": "datasource",
        "query": "prometheus",
    }


def _choice(choice: Choice, language: Language) -> dict[str, Any]:
    return {
        "name": choice.name,
        "label": choice.title[language],
        "type": "query",
        "datasource": _SOURCE,
        "query": {
            "query": f"label_values({choice.metric}, {choice.label})",
            "refId": choice.name,
        },
        "refresh": 2,
        "includeAll": True,
        "allValue": ".*",
        "multi": True,
        "current": {"text": "All", "value": "$__all"},
    }


def _panels(dashboard: Dashboard, language: Language) -> Iterator[dict[str, Any]]:
    """Lay the panels out from left to right, in rows."""
    x = y = row_height = 0
    for number, panel in enumerate(dashboard.panels, 1):
        height = _HEIGHT[panel.kind]
        if x + panel.width > _COLUMNS or (x and height != row_height):
            x, y = 0, y + row_height
        row_height = height
        place = {"x": x, "y": y, "w": panel.width, "h": height}
        yield {"id": number, "gridPos": place, **_panel(panel, language)}
        x += panel.width


def _panel(panel: Panel, language: Language) -> dict[str, Any]:
    return {
        "type": panel.kind,
        "title": panel.title[language],
        "datasource": _SOURCE,
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": [
            {
                "refId": chr(ord("A") + place),
                "datasource": _SOURCE,
                "expr": query.expr,
                "legendFormat": query.legend or "__auto",
            }
            for place, query in enumerate(panel.queries)
        ],
    }
