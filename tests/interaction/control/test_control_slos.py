"""Objectives: made by API, counted from the ledger, burnt, told, resolved; and as rules."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from mainspring.app.control.wiring import Control
from mainspring.app.slo_measures import LedgerMeasures
from mainspring.capabilities.slo.api import SloEvaluation
from mainspring.capabilities.slo.store import PostgresSloStore
from mainspring.kernel.clock import ManualClock
from tests.fixtures.control import Api, usage_record
from tests.fixtures.prometheus import promtool

SLOS = "/api/v1/slos"
AVAILABLE: dict[str, Any] = {"name": "available", "indicator": "availability", "target": 0.999}


@pytest.fixture
def evaluation(control: Control) -> SloEvaluation:
    """Return what the worker does every minute."""
    store = PostgresSloStore(control.database)
    return SloEvaluation(store, LedgerMeasures(control.metering), control.clock)


class Traffic:
    """Calls that a gateway delivered."""

    def __init__(self, api: Api, org_id: str, project_id: str) -> None:
        self._api = api
        self._place = org_id, project_id

    async def calls(self, at: datetime, count: int, **changes: object) -> None:
        """Deliver ``count`` calls that arrived at ``at``."""
        at_ms = round(at.timestamp() * 1000)
        records = (usage_record(*self._place, at_ms=at_ms, **changes) for _ in range(count))
        await self._api.ingest(*records)


@pytest.fixture
async def traffic(api: Api) -> Traffic:
    """Return a tenant's calls."""
    return Traffic(api, *await api.tenant("Busy"))


async def made(admin: httpx.AsyncClient, **body: object) -> dict[str, Any]:
    answer = await admin.post(SLOS, json={**AVAILABLE, **body})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def alerts(admin: httpx.AsyncClient, **params: str) -> list[dict[str, Any]]:
    return (await admin.get(f"{SLOS}/alerts", params=params)).json()["items"]


async def test_an_objective_is_made_changed_and_removed(admin: httpx.AsyncClient) -> None:
    slo = await made(admin, model="m", description="As promised to all")
    answer = await admin.get(f"{SLOS}/{slo['id']}")
    assert answer.json() == slo
    changed = await admin.patch(
        f"{SLOS}/{slo['id']}",
        json={"target": 0.99, "model": None},
        headers={"If-Match": answer.headers["etag"]},
    )
    assert (changed.json()["target"], changed.json()["model"]) == (0.99, None)
    late = await admin.patch(
        f"{SLOS}/{slo['id']}", json={"target": 0.9}, headers={"If-Match": answer.headers["etag"]}
    )
    assert late.status_code == 412
    assert (await admin.post(SLOS, json=AVAILABLE)).status_code == 409
    assert [each["id"] for each in (await admin.get(SLOS)).json()["items"]] == [slo["id"]]
    assert (await admin.delete(f"{SLOS}/{slo['id']}")).status_code == 204
    assert (await admin.get(f"{SLOS}/{slo['id']}")).status_code == 404


async def test_what_is_not_acceptable_is_refused_by_its_field(admin: httpx.AsyncClient) -> None:
    cases: list[tuple[dict[str, object], str]] = [
        ({"name": "No spaces"}, "name"),
        ({"model": 'm"} or vector(1'}, "model"),
        ({"indicator": "latency"}, "threshold_ms"),
        ({"indicator": "latency", "threshold_ms": 1234}, "threshold_ms"),
        ({"threshold_ms": 1000}, "threshold_ms"),
    ]
    for changes, field in cases:
        answer = await admin.post(SLOS, json={**AVAILABLE, **changes})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field), changes


async def test_only_the_platform_sees_objectives(api: Api) -> None:
    org_id, _ = await api.tenant("Curious")
    owner = await api.member(org_id)
    for path in (SLOS, f"{SLOS}/alerts", f"{SLOS}/rules"):
        assert (await owner.client.get(path)).status_code == 403
    assert (await owner.client.post(SLOS, json=AVAILABLE)).status_code == 403


async def test_an_outage_opens_an_alert_and_its_end_resolves_it(
    admin: httpx.AsyncClient, traffic: Traffic, clock: ManualClock, evaluation: SloEvaluation
) -> None:
    slo = await made(admin)
    now = clock.now()
    await traffic.calls(now - timedelta(hours=3), 200)
    assert await evaluation.evaluate() == 0
    await traffic.calls(now - timedelta(minutes=2), 90)
    await traffic.calls(now - timedelta(minutes=2), 10, status=503, outcome="upstream_error")
    assert await evaluation.evaluate() == 1
    [alert] = await alerts(admin, state="open")
    assert (alert["slo_id"], alert["severity"], alert["long_s"]) == (slo["id"], "critical", 3600)
    assert alert["rate"] == pytest.approx(100.0)  # a tenth is bad, a thousandth may be
    status = (await admin.get(f"{SLOS}/{slo['id']}/status")).json()
    assert (status["total"], status["bad"]) == (300, 10)
    assert status["achieved"] == pytest.approx(290 / 300)
    assert status["budget_left"] == pytest.approx(1 - (10 / 300) / 0.001)
    assert await evaluation.evaluate() == 1
    assert [each["id"] for each in await alerts(admin)] == [alert["id"]]
    clock.advance(7 * 3600)
    await traffic.calls(clock.now() - timedelta(minutes=2), 5000)
    assert await evaluation.evaluate() == 0
    assert await alerts(admin, state="open") == []
    [over] = await alerts(admin, slo_id=slo["id"])
    assert (over["id"], over["state"]) == (alert["id"], "resolved")
    assert over["resolved_at"] is not None


async def test_a_single_failure_in_a_quiet_night_wakes_nobody(
    admin: httpx.AsyncClient, traffic: Traffic, clock: ManualClock, evaluation: SloEvaluation
) -> None:
    await made(admin, min_calls=10)
    await traffic.calls(clock.now() - timedelta(minutes=2), 1, status=500)
    await traffic.calls(clock.now() - timedelta(minutes=2), 8)
    assert await evaluation.evaluate() == 0
    await traffic.calls(clock.now() - timedelta(minutes=2), 1)
    assert await evaluation.evaluate() == 1


async def test_calls_that_come_late_are_counted_and_none_twice(
    admin: httpx.AsyncClient, traffic: Traffic, clock: ManualClock, evaluation: SloEvaluation
) -> None:
    slo = await made(admin)
    at = clock.now() - timedelta(minutes=5)
    await traffic.calls(at, 3)
    await evaluation.evaluate()
    await traffic.calls(at, 4, status=500)
    await evaluation.evaluate()
    status = (await admin.get(f"{SLOS}/{slo['id']}/status")).json()
    assert (status["total"], status["bad"]) == (7, 4)


async def test_each_indicator_counts_what_it_says(
    admin: httpx.AsyncClient, traffic: Traffic, clock: ManualClock, evaluation: SloEvaluation
) -> None:
    late = {"indicator": "latency", "threshold_ms": 1000}
    cases: list[tuple[dict[str, object], int]] = [
        ({"indicator": "availability"}, 1),
        ({"indicator": "error_rate"}, 2),
        ({**late}, 2),
        ({"indicator": "time_to_first_token", "threshold_ms": 250}, 1),
        ({**late, "model": "other"}, 1),
        ({**late, "operation": "embeddings"}, 0),
    ]
    slos = [await made(admin, name=f"case-{n}", **body) for n, (body, _) in enumerate(cases)]
    at = clock.now() - timedelta(minutes=2)
    await traffic.calls(at, 1, status=502, duration_ms=10.0, ttft_ms=None)
    await traffic.calls(at, 1, status=429, duration_ms=10.0, ttft_ms=None)
    await traffic.calls(at, 1, duration_ms=1000.5, ttft_ms=249.0)
    await traffic.calls(at, 1, duration_ms=2000.0, ttft_ms=251.0, model="other")
    await traffic.calls(at, 1, duration_ms=10.0, ttft_ms=5.0, operation="embeddings")
    await evaluation.evaluate()
    for slo, (body, bad) in zip(slos, cases, strict=True):
        status = (await admin.get(f"{SLOS}/{slo['id']}/status")).json()
        assert status["bad"] == bad, body


async def test_an_objective_that_counts_otherwise_is_counted_anew(
    admin: httpx.AsyncClient, traffic: Traffic, clock: ManualClock, evaluation: SloEvaluation
) -> None:
    slo = await made(admin)
    await traffic.calls(clock.now() - timedelta(minutes=2), 20, status=500)
    assert await evaluation.evaluate() == 1
    await admin.patch(f"{SLOS}/{slo['id']}", json={"model": "another"})
    assert await alerts(admin, state="open") == []
    assert await evaluation.evaluate() == 0
    status = (await admin.get(f"{SLOS}/{slo['id']}/status")).json()
    assert (status["total"], status["budget_left"]) == (0, 1.0)


async def test_objectives_become_rules_that_prometheus_takes_and_that_fire(
    admin: httpx.AsyncClient, tmp_path: Path
) -> None:
    await made(admin, operation="chat")
    await made(
        admin,
        name="quick",
        indicator="latency",
        threshold_ms=2500,
        target=0.95,
        window_days=7,
        model="org/model:1",
    )
    await made(admin, name="off", enabled=False)
    answer = await admin.get(f"{SLOS}/rules")
    assert answer.headers["content-type"].startswith("application/yaml")
    groups: Sequence[dict[str, Any]] = yaml.safe_load(answer.text)["groups"]
    names = [group["name"] for group in groups]
    assert names == ["mainspring-slo-available", "mainspring-slo-quick"]
    rules = tmp_path / "slo.rules.yml"
    rules.write_text(answer.text)
    promtool("check", "rules", "--lint=all", "--lint-fatal", rules)
    calls = 'mainspring_gateway_requests_total{operation="chat", model="m", status='
    series = {calls + '"2xx"}': "0+97x90", calls + '"5xx"}': "0x30 0+3x60"}
    seconds = 'gen_ai_server_request_duration_seconds_{}{{operation="chat", model="org/model:1"{}}}'
    series[seconds.format("bucket", ', le="2.5"')] = "0+99x90"
    series[seconds.format("count", "")] = "0+100x90"
    firing = 'count by (slo, severity) (ALERTS{alertname="MainspringSloBurning", window="1h"})'
    expected = 'mainspring:slo_bad:ratio_rate5m{slo="quick"}'
    document: dict[str, Any] = {
        "rule_files": [str(rules)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [{"series": k, "values": v} for k, v in series.items()],
                "promql_expr_test": [
                    {"expr": firing, "eval_time": "25m", "exp_samples": []},
                    {
                        "expr": firing,
                        "eval_time": "85m",
                        "exp_samples": [
                            {"labels": '{slo="available", severity="critical"}', "value": 1}
                        ],
                    },
                    {
                        "expr": f"round({expected}, 0.0001)",
                        "eval_time": "80m",
                        "exp_samples": [{"labels": '{slo="quick"}', "value": 0.01}],
                    },
                ],
            }
        ],
    }
    file = tmp_path / "slo.test.yml"
    file.write_text(yaml.safe_dump(document))
    promtool("test", "rules", file)
