"""Rules and dashboards: committed as the code has them, on registered metrics, and they fire."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from mainspring.wire.telemetry import METRICS, MetricType
from mainspring.wire.texts import LANGUAGES
from tests.fixtures.prometheus import DEPLOY, RULES, promtool
from tools.watching.__main__ import generated_files
from tools.watching.panels import DASHBOARDS
from tools.watching.rules import ALERTS, RECORDINGS

_HAN = re.compile(r"[\u4e00-\u9fff]")
_NAME = re.compile(r"\b(?:mainspring|gen_ai|process|llamacpp)[_:][a-z0-9_:]+")
_FOREIGN = {"llamacpp:requests_processing"}
"""What llama.cpp's own server tells."""

_UP = 'up{job="mainspring", component="gateway", instance="a"}'
_GATEWAY = 'instance="a", component="gateway"'
_CALLS = 'mainspring_gateway_requests_total{operation="chat", model="m", status='
_TTFT = 'gen_ai_server_time_to_first_token_seconds_bucket{operation="chat", model="m", le='
_HOST = 'instance="a", state='

CASES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "MainspringTargetDown": ({_UP: "0x30"}, {_UP: "1x30"}),
    "MainspringNoGateway": ({}, {_UP: "1x30"}),
    "MainspringErrorsHigh": (
        {_CALLS + '"2xx"}': "0+90x30", _CALLS + '"5xx"}': "0+10x30"},
        {_CALLS + '"2xx"}': "0+99x30", _CALLS + '"5xx"}': "0+1x30"},
    ),
    "MainspringFirstTokenSlow": (
        {_TTFT + '"10.0"}': "0+1x30", _TTFT + '"30.0"}': "0+9x30", _TTFT + '"+Inf"}': "0+9x30"},
        {_TTFT + '"10.0"}': "0+9x30", _TTFT + '"30.0"}': "0+9x30", _TTFT + '"+Inf"}': "0+9x30"},
    ),
    "MainspringCircuitOpen": (
        {'mainspring_gateway_target_circuit{upstream="u", model="m"}': "2x30"},
        {'mainspring_gateway_target_circuit{upstream="u", model="m"}': "1x30"},
    ),
    "MainspringCallsWaiting": (
        {'mainspring_gateway_upstream_waiting{upstream="u"}': "11x30"},
        {'mainspring_gateway_upstream_waiting{upstream="u"}': "10x30"},
    ),
    "MainspringLimitsDegraded": (
        {f"mainspring_gateway_limits_degraded{{{_GATEWAY}}}": "1x30"},
        {f"mainspring_gateway_limits_degraded{{{_GATEWAY}}}": "0x30"},
    ),
    "MainspringSpoolOld": (
        {f"mainspring_gateway_spool_oldest_seconds{{{_GATEWAY}}}": "0+60x30"},
        {f"mainspring_gateway_spool_oldest_seconds{{{_GATEWAY}}}": "300x30"},
    ),
    "MainspringSpoolFull": (
        {f"mainspring_gateway_spool_full{{{_GATEWAY}}}": "1x30"},
        {f"mainspring_gateway_spool_full{{{_GATEWAY}}}": "0x30"},
    ),
    "MainspringRecordsLost": (
        {f"mainspring_gateway_spool_lost_total{{{_GATEWAY}}}": "0x10 1x20"},
        {f"mainspring_gateway_spool_lost_total{{{_GATEWAY}}}": "5x30"},
    ),
    "MainspringControlAway": (
        {f"mainspring_gateway_control_connected{{{_GATEWAY}}}": "0x30"},
        {f"mainspring_gateway_control_connected{{{_GATEWAY}}}": "1x30"},
    ),
    "MainspringSnapshotBehind": (
        {
            "mainspring_control_snapshot_version": "7x30",
            'mainspring_gateway_snapshot_version{instance="a"}': "7x30",
            'mainspring_gateway_snapshot_version{instance="b"}': "6x30",
        },
        {
            "mainspring_control_snapshot_version": "7x30",
            'mainspring_gateway_snapshot_version{instance="a"}': "7x30",
        },
    ),
    "MainspringDatabaseDown": (
        {'mainspring_control_database_up{instance="a"}': "0x30"},
        {'mainspring_control_database_up{instance="a"}': "1x30"},
    ),
    "MainspringPartDown": (
        {'mainspring_part_up{name="llm", role="runtime"}': "0x30"},
        {'mainspring_part_up{name="llm", role="runtime"}': "1x5 0x2 1x23"},
    ),
    "MainspringPartRestarting": (
        {'mainspring_part_restarts_total{name="llm", role="runtime"}': "0+1x30"},
        {'mainspring_part_restarts_total{name="llm", role="runtime"}': "0x20 1x10"},
    ),
    "MainspringRuntimeStuck": (
        {
            'mainspring_runtime_requests_waiting{instance="a"}': "3x30",
            'mainspring_runtime_tokens_total{instance="a"}': "500x30",
        },
        {
            'mainspring_runtime_requests_waiting{instance="a"}': "3x30",
            'mainspring_runtime_tokens_total{instance="a"}': "0+50x30",
        },
    ),
    "MainspringJobsWaiting": (
        {'mainspring_jobs_waiting{queue="batch"}': "101x30"},
        {'mainspring_jobs_waiting{queue="batch"}': "100x30"},
    ),
    "MainspringJobsFailing": (
        {'mainspring_jobs_finished_total{name="n", result="failed"}': "0+1x30"},
        {'mainspring_jobs_finished_total{name="n", result="ok"}': "0+1x30"},
    ),
    "MainspringUnpricedCalls": (
        {'mainspring_tenant_unpriced_requests_total{organization="o"}': "0+1x30"},
        {'mainspring_tenant_unpriced_requests_total{organization="o"}': "4x30"},
    ),
    "MainspringLedgerDrift": (
        {'mainspring_ledger_drifted_hours{direction="missing"}': "1x30"},
        {'mainspring_ledger_drifted_hours{direction="missing"}': "0x30"},
    ),
    "MainspringDiskFilling": (
        {
            f'mainspring_host_disk_bytes{{{_HOST}"free"}}': "9x30",
            f'mainspring_host_disk_bytes{{{_HOST}"total"}}': "100x30",
        },
        {
            f'mainspring_host_disk_bytes{{{_HOST}"free"}}': "50x30",
            f'mainspring_host_disk_bytes{{{_HOST}"total"}}': "100x30",
        },
    ),
    "MainspringMemoryLow": (
        {
            f'mainspring_host_memory_bytes{{{_HOST}"available"}}': "4x30",
            f'mainspring_host_memory_bytes{{{_HOST}"total"}}': "100x30",
        },
        {
            f'mainspring_host_memory_bytes{{{_HOST}"available"}}': "40x30",
            f'mainspring_host_memory_bytes{{{_HOST}"total"}}': "100x30",
        },
    ),
    "MainspringGpuHot": (
        {'mainspring_gpu_temperature_celsius{instance="a", gpu="0", name="H100"}': "91x30"},
        {'mainspring_gpu_temperature_celsius{instance="a", gpu="0", name="H100"}': "70x30"},
    ),
    "MainspringWatchDropping": (
        {'mainspring_gateway_watch_dropped_total{instance="a", kind="contents"}': "0+5x30"},
        {'mainspring_gateway_watch_dropped_total{instance="a", kind="contents"}': "0x30"},
    ),
}
"""For every alert, half an hour minute by minute: figures at which it fires, and at which not."""


@pytest.mark.parametrize("place", generated_files(), ids=str)
def test_a_generated_file_is_committed_as_the_code_has_it(place: Path) -> None:
    assert (DEPLOY / place).read_text("utf-8") == generated_files()[place]


def test_prometheus_finds_nothing_wrong_with_the_files() -> None:
    directory = DEPLOY / "prometheus"
    promtool("check", "rules", "--lint=all", "--lint-fatal", *(directory / name for name in RULES))
    promtool("check", "config", directory / "prometheus.yml")


def test_every_metric_that_is_asked_for_is_registered() -> None:
    known = {rule.name for rule in RECORDINGS} | _FOREIGN
    for metric in METRICS:
        known.add(metric.name)
        if metric.type is MetricType.HISTOGRAM:
            known |= {f"{metric.name}_{part}" for part in ("bucket", "sum", "count")}
    exprs = [rule.expr for rule in RECORDINGS] + [alert.expr for alert in ALERTS]
    exprs += [
        query.expr
        for dashboard in DASHBOARDS
        for panel in dashboard.panels
        for query in panel.queries
    ]
    exprs += [choice.metric for dashboard in DASHBOARDS for choice in dashboard.choices]
    named = {name for expr in exprs for name in _NAME.findall(expr)}
    assert named <= known
    assert len(named) > 40


def test_every_alert_fires_at_what_is_wrong_and_not_before(tmp_path: Path) -> None:
    assert CASES.keys() == {alert.name for alert in ALERTS}
    cases: list[dict[str, Any]] = []
    for alert in ALERTS:
        for series, fires in zip(CASES[alert.name], (True, False), strict=True):
            cases.append(
                {
                    "name": f"{alert.name} {'fires' if fires else 'stays silent'}",
                    "interval": "1m",
                    "input_series": [
                        {"series": name, "values": values} for name, values in series.items()
                    ],
                    # One rule cannot be asked for whether it fires without all of its labels.
                    "promql_expr_test": [
                        {
                            "expr": f'count(ALERTS{{alertname="{alert.name}", '
                            'alertstate="firing"}) > bool 0 or vector(0)',
                            "eval_time": "29m",
                            "exp_samples": [{"value": int(fires)}],
                        }
                    ],
                }
            )
    document = {
        "rule_files": [str(DEPLOY / "prometheus" / name) for name in RULES],
        "evaluation_interval": "1m",
        "tests": cases,
    }
    file = tmp_path / "alerts.test.yml"
    file.write_text(yaml.safe_dump(document), "utf-8")
    promtool("test", "rules", file)


def test_texts_are_in_both_languages() -> None:
    texts = [text for alert in ALERTS for text in (alert.summary, alert.runbook)]
    texts += [panel.title for dashboard in DASHBOARDS for panel in dashboard.panels]
    texts += [dashboard.title for dashboard in DASHBOARDS]
    assert [text for text in texts if text.keys() != set(LANGUAGES)] == []
    foreign = [text["zh"] for text in texts if not _HAN.search(text["zh"])]
    assert foreign == []


@pytest.mark.parametrize("dashboard", DASHBOARDS, ids=lambda each: each.uid)
def test_panels_lie_side_by_side_and_never_over_each_other(dashboard: Any) -> None:  # noqa: ANN401 - a parameter
    for language in LANGUAGES:
        file = DEPLOY / "grafana" / language / f"{dashboard.uid}.json"
        taken: set[tuple[int, int]] = set()
        for panel in json.loads(file.read_text("utf-8"))["panels"]:
            place = panel["gridPos"]
            cells = {
                (x, y)
                for x in range(place["x"], place["x"] + place["w"])
                for y in range(place["y"], place["y"] + place["h"])
            }
            assert place["x"] + place["w"] <= 24
            assert not cells & taken
            taken |= cells
