"""O6: what calls cost, by whatever tells them apart."""

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from mainspring.app.exit_codes import ExitCode
from mainspring.kernel.clock import SystemClock
from mainspring.wire.usage import Usage
from tests.fixtures.commands import Line, run, told
from tests.fixtures.control import Api, Served, batch_of, usage_record

PATH = "/api/v1/costs"
CENT = 10_000_000


def at(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


async def asked(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - query
    answer = await client.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_sums_are_split_by_what_is_asked_for(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, search = await api.tenant("Costs")
    key = (await admin.post(f"/api/v1/projects/{search}/keys", json={"name": "ci"})).json()["id"]
    common: dict[str, Any] = {"cost_nanos": CENT, "currency": "USD"}
    await api.ingest(
        usage_record(org_id, search, key_id=key, model="large", **common),
        usage_record(org_id, search, key_id=key, model="large", **common),
        usage_record(org_id, search, model="large", cost_nanos=3 * CENT, currency="CNY"),
        usage_record(org_id, search, model="small", outcome="upstream_timeout"),
        usage_record(org_id, search, model="small", cache="exact", saved_nanos=5, **common),
    )

    by_model = await asked(admin, org_id=org_id, group_by="model")
    large, small = by_model["items"]
    assert large["group"] == {"model": "large"}
    assert (large["requests"], large["unpriced"], large["input_tokens"]) == (3, 0, 30)
    assert large["costs"] == {"CNY": 3 * CENT, "USD": 2 * CENT}
    assert (small["requests"], small["errors"], small["unpriced"]) == (2, 1, 1)
    assert (small["costs"], small["saved"]) == ({"USD": CENT}, {"USD": 5})
    assert by_model["totals"]["requests"] == 5
    assert by_model["totals"]["costs"] == {"CNY": 3 * CENT, "USD": 3 * CENT}

    by_key = await asked(admin, project_id=search, group_by=["project", "key"])
    names = [row["names"] for row in by_key["items"]]
    assert {"project_id": "Costs project", "key_id": "ci"} in names
    assert [row["group"]["key_id"] for row in by_key["items"]] == [None, key]

    of_key = await asked(admin, org_id=org_id, key_id=key, model="large")
    assert of_key["totals"]["requests"] == 2


async def test_time_is_split_in_utc(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, project_id = await api.tenant("Days")
    midnight = SystemClock().now().replace(hour=0, minute=0, second=0, microsecond=0)
    moments = [midnight - timedelta(days=2, seconds=1), midnight - timedelta(days=2), midnight]
    await api.ingest(*(usage_record(org_id, project_id, at_ms=at(each)) for each in moments))

    since = (midnight - timedelta(days=9)).isoformat()
    days = await asked(admin, org_id=org_id, since=since, interval="day")
    starts = [datetime.fromisoformat(row["start"]) for row in days["items"]]
    assert starts == [midnight - timedelta(days=ago) for ago in (3, 2, 0)]
    assert [row["requests"] for row in days["items"]] == [1, 1, 1]
    months = await asked(admin, org_id=org_id, since=since, interval="month")
    assert all(datetime.fromisoformat(row["start"]).day == 1 for row in months["items"])
    assert sum(row["requests"] for row in months["items"]) == 3


async def test_regions_are_those_of_the_upstreams(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, project_id = await api.tenant("Regions")
    ids: list[str] = []
    for number, region in enumerate(("eu", "eu", "us")):
        made = await admin.post(
            "/api/v1/upstreams",
            json={
                "name": f"region-{number}-{org_id[-8:]}",
                "base_url": f"http://127.0.0.1:{9 + number}/v1",
                "protocol": "openai",
                "region": region,
            },
        )
        assert made.status_code == 201, made.text
        ids.append(made.json()["id"])
    await api.ingest(*(usage_record(org_id, project_id, upstream_id=each) for each in ids))

    found = await asked(admin, org_id=org_id, group_by="region")
    assert {row["group"]["region"]: row["requests"] for row in found["items"]} == {"eu": 2, "us": 1}
    for each in ids:
        await admin.delete(f"/api/v1/upstreams/{each}")


async def test_a_table_has_a_line_for_each_currency_and_no_formulas(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Table")
    await api.ingest(
        usage_record(org_id, project_id, model="=1+1", cost_nanos=1, currency="USD"),
        usage_record(org_id, project_id, model="=1+1", cost_nanos=2 * CENT, currency="CNY"),
    )
    answer = await admin.get(PATH, params={"org_id": org_id, "group_by": "model", "format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(line["model"], line["currency"], line["cost"]) for line in lines] == [
        ("'=1+1", "CNY", "0.020000000"),
        ("'=1+1", "USD", "0.000000001"),
    ]
    assert [line["requests"] for line in lines] == ["2", ""]


async def test_the_export_for_finops_tools_adds_up(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, project_id = await api.tenant("Focus")
    priced: dict[str, Any] = {"cost_nanos": CENT, "currency": "USD"}
    await api.ingest(
        usage_record(org_id, project_id, usage=Usage(input=5, cached_input=2, output=1), **priced),
        usage_record(org_id, project_id, **priced),
        usage_record(org_id, project_id),
    )
    answer = await admin.get(f"{PATH}/focus", params={"org_id": org_id})
    [line] = csv.DictReader(io.StringIO(answer.text))
    costs = {line[name] for name in ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")}
    assert costs == {"0.020000000"}
    assert (line["ConsumedQuantity"], line["ConsumedUnit"]) == ("38", "Tokens")
    assert (line["BillingAccountId"], line["SubAccountName"]) == (org_id, "Focus project")
    start = datetime.fromisoformat(line["ChargePeriodStart"])
    assert datetime.fromisoformat(line["ChargePeriodEnd"]) - start == timedelta(days=1)
    assert line["BillingPeriodStart"] <= line["ChargePeriodStart"] < line["BillingPeriodEnd"]


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({"group_by": ["model", "model"]}, "group_by"),
        ({"since": "2026-01-01T00:00:00Z", "until": "2027-01-03T00:00:00Z"}, "since"),
        (
            {
                "since": "2026-01-01T00:00:00Z",
                "until": "2026-02-02T00:00:00Z",
                "interval": "hour",
            },
            "since",
        ),
    ],
)
async def test_a_question_that_is_too_much_is_refused(
    admin: httpx.AsyncClient, query: dict[str, Any], param: str
) -> None:
    answer = await admin.get(PATH, params=query)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [param]


async def test_the_command_tells_the_same(served: Served) -> None:
    record = usage_record("org_1", "prj_1", model="told", cost_nanos=CENT, currency="USD")
    async with httpx.AsyncClient(base_url=served.url, headers=served.internal()) as client:
        await client.post("/internal/v1/records", content=batch_of(record))
    words = ("costs", "--since", "2h", "--by", "model", "--model", "told")
    report = await told(served, *words)
    assert report["totals"]["costs"] == {"USD": CENT}
    status, shown, _ = await run(served, *words)
    assert status == 0
    assert [word for word in ("told", "0.01", "USD") if word not in shown] == []
    status, table, _ = await run(served, *words, "--csv")
    [line] = csv.DictReader(io.StringIO(table))
    assert (status, line["model"], line["cost"]) == (0, "told", "0.010000000")
    status, focus, _ = await run(served, "costs", "--since", "2h", "--focus")
    assert (status, "BilledCost" in focus) == (0, True)


async def test_capacity_is_reckoned_from_the_ledger(api: Api, served: Served) -> None:
    org_id, project_id = await api.tenant("Capacity")
    model = f"capacity-{org_id[-8:]}"
    now = SystemClock().now()
    quiet, busy = (now.replace(minute=0, second=0) - timedelta(hours=ago) for ago in (5, 3))
    usage = Usage(input=30, cached_input=10, output=15, reasoning=5)
    await api.ingest(
        *(
            usage_record(org_id, project_id, model=model, at_ms=at(moment), usage=usage)
            for moment, count in ((quiet, 1), (busy, 4))
            for _ in range(count)
        )
    )
    words = ("capacity", "--ledger", "--since", "10h", "-m", model, "--target-rate", "0.1")
    found = await told(served, *words, "--reserve", "0", "--spare", "1", "--peak-factor", "1")
    demand, estimate = found["demand"], found["estimate"]
    assert (demand["requests"], demand["busiest_hour"]) == (5, 4 / 3600)
    assert (demand["input_tokens"], demand["output_tokens"]) == (40, 20)
    assert (estimate["basis"], estimate["headroom"]) == ("busiest_hour", 0.0)
    assert estimate["replicas_for_peak"] == 2
    status, _, err = await run(served, "capacity", "--ledger", "-m", f"{model}-unknown")
    assert status == ExitCode.REFUSED
    assert "no successful call" in err


async def test_a_month_is_forecast_and_days_unlike_others_are_told(
    api: Api, admin: httpx.AsyncClient, served: Served
) -> None:
    org_id, project_id = await api.tenant("Forecast")
    midnight = SystemClock().now().replace(hour=0, minute=0, second=0, microsecond=0)
    wild = midnight - timedelta(days=3)
    await api.ingest(
        *(
            usage_record(
                org_id,
                project_id,
                at_ms=at(midnight - timedelta(days=each) + timedelta(hours=1)),
                cost_nanos=(50 if each == 3 else 1) * CENT,
                currency="USD",
            )
            for each in range(1, 43)
        )
    )
    answer = await admin.get(f"{PATH}/forecast", params={"org_id": org_id})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    [dollars] = found["currencies"]
    assert (found["month"], dollars["currency"]) == (f"{midnight:%Y-%m}", "USD")
    unlike = [
        (day["start"][:10], day["cost"], day["expected"])
        for day in dollars["days"]
        if day["unlike"]
    ]
    assert unlike == [(f"{wild:%Y-%m-%d}", 50 * CENT, CENT)]
    first = midnight.replace(day=1)
    days = ((first + timedelta(days=32)).replace(day=1) - first).days
    assert dollars["expected"] == (days + (49 if wild >= first else 0)) * CENT

    status, shown, _ = await run(served, "costs", "--forecast", "-o", org_id)
    assert (status, f"{wild:%Y-%m-%d} cost 0.50 USD: far more" in shown) == (0, True)
    nobody = await api.member((await api.tenant("Forecast elsewhere"))[0])
    refused = await nobody.client.get(f"{PATH}/forecast", params={"org_id": org_id})
    assert refused.status_code in (403, 404)
    assert (await nobody.client.get(f"{PATH}/forecast")).json()["currencies"] == []


async def test_gpu_prices_idle_things_and_exports_by_the_command_line(
    served: Served, tmp_path: Path
) -> None:
    line = Line(served)
    async with httpx.AsyncClient(
        base_url=f"{served.url}/api/v1", headers=served.admin(), timeout=20
    ) as client:
        upstream = (await client.get("/upstreams")).json()["items"][0]
    words = ("--hourly", "2.50", "--gpus", "8", "--from", "2026-01-01", "--model", "m")
    made = await line.told("gpu-prices", "create", upstream["name"], *words)
    assert (made["hourly_nanos"], made["gpus"], made["upstream_id"]) == (
        250 * CENT,
        8.0,
        upstream["id"],
    )
    assert "2.500000000" in (await line.run("gpu-prices", "list")).stdout
    again = await line.run("gpu-prices", "create", upstream["name"], *words)
    assert (again.exit_code, "same GPUs" in again.stderr) == (ExitCode.REFUSED, True)
    wrong = await line.run("gpu-prices", "create", upstream["name"], "--hourly", "cheap")
    assert (wrong.exit_code, "cheap" in wrong.stderr) == (ExitCode.USAGE, True)
    ended = await line.told("gpu-prices", "end", made["id"], "--at", "2026-02-01")
    assert ended["valid_until"] == "2026-02-01T00:00:00Z"
    await line.told("gpu-prices", "delete", made["id"])
    assert (await line.told("gpu-prices", "list"))["items"] == []

    # What was made a moment ago had no chance to be used yet.
    assert (await line.told("idle", "--days", "1"))["items"] == []
    assert (await line.run("idle")).exit_code == 0
    assert (await line.run("idle", "--days", "93")).exit_code == ExitCode.USAGE

    target = tmp_path / "finops"
    done = await line.run(
        "cost-export", str(target), "--since", "2026-11-01", "--until", "2026-11-02"
    )
    assert done.exit_code == 0, done.stderr
    assert sorted(str(each.relative_to(target)) for each in target.rglob("*.parquet")) == [
        f"focus/day=2026-11-0{day}/costs.parquet" for day in (1, 2)
    ]
    backwards = ("--since", "2026-11-02", "--until", "2026-11-01")
    assert (await line.run("cost-export", str(target), *backwards)).exit_code == ExitCode.USAGE
    assert (await line.run("cost-export", "ftp://x/y")).exit_code == ExitCode.USAGE
