"""O6: GPU hours have a price, their calls share it, and what changes is reversed and rebooked."""

from datetime import timedelta
from typing import Any

import httpx
from sqlalchemy import text

from mainspring.app.control.wiring import Control
from mainspring.capabilities.metering.api import GpuBooking
from mainspring.capabilities.metering.store import PostgresGpuStore
from mainspring.kernel.clock import ManualClock
from mainspring.wire.usage import Usage
from tests.fixtures.control import PLATFORM, Api, usage_record

PRICES = "/api/v1/gpu-prices"
DOLLAR = 1_000_000_000


async def costs(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - query
    answer = await client.get("/api/v1/costs", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()["totals"]


async def test_calls_share_the_hours_of_their_gpus(
    api: Api, control: Control, admin: httpx.AsyncClient
) -> None:
    now = control.clock.now()
    hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    while now - hour < timedelta(hours=1, minutes=5):
        hour -= timedelta(hours=1)
    upstream_id = (await admin.get("/api/v1/upstreams")).json()["items"][0]["id"]
    body = {
        "name": "H100",
        "upstream_id": upstream_id,
        "gpus": 2,
        "hourly_nanos": 2 * DOLLAR,
        "valid_from": hour.isoformat(),
        "valid_until": (hour + timedelta(hours=1)).isoformat(),
    }
    made = await admin.post(PRICES, json=body)
    assert made.status_code == 201, made.text
    assert (await admin.post(PRICES, json=body)).status_code == 409
    refused = await admin.post(PRICES, json={**body, "upstream_id": "ups_none"})
    assert (refused.status_code, "upstream" in refused.text) == (400, True)

    (one, search), (two, chat) = await api.tenant("Much"), await api.tenant("Little")
    on_gpu: dict[str, Any] = {
        "upstream_id": upstream_id,
        "at_ms": round((hour + timedelta(minutes=20)).timestamp() * 1000),
    }
    await api.ingest(
        usage_record(one, search, usage=Usage(input=200, output=100), **on_gpu),
        usage_record(two, chat, usage=Usage(input=50, output=50), **on_gpu),
    )
    booking = GpuBooking(PostgresGpuStore(control.database), control.clock)
    assert await booking.book() == 2
    assert await booking.book() == 0
    much, little = await costs(admin, org_id=one), await costs(admin, org_id=two)
    assert (much["costs"], much["gpu"]) == ({"USD": 3 * DOLLAR}, {"USD": 3 * DOLLAR})
    assert (little["costs"], little["requests"]) == ({"USD": DOLLAR}, 1)
    member = await api.member(one)
    theirs = await costs(member.client)
    assert theirs["gpu"] == {"USD": 3 * DOLLAR}
    assert (await member.client.get(PRICES)).status_code == 403

    # A record that comes late shares as well: both shares are reversed, three are booked.
    await api.ingest(usage_record(two, chat, model="late", usage=Usage(input=400), **on_gpu))
    assert await booking.book() == 5
    assert (await costs(admin, org_id=one))["costs"] == {"USD": 3 * DOLLAR // 2}
    assert (await costs(admin, org_id=two, model="late"))["gpu"] == {"USD": 2 * DOLLAR}
    async with control.database.session(PLATFORM) as session:
        rows = await session.execute(
            text("SELECT count(*), sum(nanos), sum(gpu_s) FROM gpu_charges")
        )
        assert rows.one() == (7, 4 * DOLLAR, 7200.0)

    # So does a price that was mended, and one that should never have been.
    path = f"{PRICES}/{made.json()['id']}"
    changed = await admin.patch(path, json={"hourly_nanos": DOLLAR})
    assert (changed.status_code, changed.json()["revision"]) == (200, 2)
    assert await booking.book() == 6
    assert (await costs(admin, org_id=one))["gpu"] == {"USD": 3 * DOLLAR // 4}
    table = await admin.get("/api/v1/costs", params={"org_id": one, "format": "csv"})
    assert table.text.splitlines()[1].endswith(",USD,0.750000000,0.000000000,0.750000000")
    assert (await admin.delete(path)).status_code == 204
    assert await booking.book() == 3
    assert (await costs(admin, org_id=one))["costs"] == {"USD": 0}


async def test_what_nobody_uses_is_told_with_what_it_costs(
    api: Api, control: Control, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Idle")
    made: dict[str, str] = {}
    for name in ("busy", "asleep"):
        upstream = await admin.post(
            "/api/v1/upstreams", json={"name": name, "base_url": "http://127.0.0.1:9/v1"}
        )
        made[name] = upstream.json()["id"]
        key = await admin.post(f"/api/v1/projects/{project_id}/keys", json={"name": name})
        made[f"{name} key"] = key.json()["id"]
    for name, targets in (("used", ("busy", "asleep")), ("unused", ("busy",))):
        body = {
            "name": name,
            "targets": [{"upstream_id": made[each], "upstream_model": "m"} for each in targets],
        }
        assert (await admin.post("/api/v1/models", json=body)).status_code == 201
    clock.advance(timedelta(days=10).total_seconds())
    now = clock.now()
    price = {
        "name": "pool",
        "upstream_id": made["asleep"],
        "hourly_nanos": DOLLAR,
        "valid_from": (now - timedelta(hours=5)).isoformat(),
    }
    assert (await admin.post(PRICES, json=price)).status_code == 201
    await api.ingest(
        usage_record(
            org_id,
            project_id,
            model="used",
            upstream_id=made["busy"],
            upstream_model="m",
            key_id=made["busy key"],
            at_ms=round((now - timedelta(hours=2)).timestamp() * 1000),
        )
    )
    booked = await GpuBooking(PostgresGpuStore(control.database), control.clock).book()
    assert booked in {4, 5}  # whole hours, and what is left of the first

    async def idle(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - query
        answer = await client.get("/api/v1/usage/idle", params={"days": 7, **query})
        assert answer.status_code == 200, answer.text
        return answer.json()

    found = await idle(admin)
    ours = {(each["kind"], each["name"]): each for each in found["items"]}
    assert {("upstream", "asleep"), ("target", "used"), ("model", "unused")} <= ours.keys()
    assert ("key", "asleep") in ours
    assert ours.keys().isdisjoint({("upstream", "busy"), ("model", "used"), ("key", "busy")})
    asleep = ours["upstream", "asleep"]
    assert asleep["hourly"] == {"USD": DOLLAR}
    assert asleep["cost"] == found["idle_hours"]
    assert 3 * DOLLAR < asleep["cost"]["USD"] <= 5 * DOLLAR
    # The hours that nobody used are in no organisation's costs.
    assert (await costs(admin))["gpu"] == {}

    # Within an organisation: its own, and nothing of what GPUs cost.
    member = await api.member(org_id)
    theirs = await idle(member.client)
    assert [(each["kind"], each["id"]) for each in theirs["items"]] == [("key", made["asleep key"])]
    assert theirs["idle_hours"] == {}
    other, _ = await api.tenant("Elsewhere")
    refused = await member.client.get("/api/v1/usage/idle", params={"org_id": other})
    assert refused.status_code in {403, 404}
    assert (await idle(admin, org_id=other))["items"] == []
    assert (await admin.get("/api/v1/usage/idle", params={"days": 93})).status_code == 422
