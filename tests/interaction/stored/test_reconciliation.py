"""The ledger beside what a gateway counted: real calls, a lost record, an alert, and its end."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from mainspring.app.alerting import DriftAlerts
from mainspring.capabilities.alerts.api import AlertService
from mainspring.capabilities.alerts.store import PostgresAlertStore
from mainspring.capabilities.metering.api import ReconciliationService
from mainspring.capabilities.metering.store import PostgresTallyStore
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.capabilities.tenancy.store import PostgresTenancyStore
from mainspring.infra.db import Database
from mainspring.kernel.clock import ManualClock, SystemClock
from mainspring.kernel.scope import Scope
from tests.fixtures.commands import told
from tests.fixtures.control import until
from tests.fixtures.site import Site

pytestmark = pytest.mark.timeout(120)
PLATFORM = Scope.platform("test")


async def test_what_a_gateway_counted_is_in_the_ledger_and_a_loss_is_told(site: Site) -> None:
    _, key = await site.tenant("Counted")
    await site.has_caught_up()
    client = site.openai(key)
    message: Any = [{"role": "user", "content": "three words here"}]
    for _ in range(2):
        await client.chat.completions.create(model="scripted", messages=message)
    stream = await client.chat.completions.create(model="scripted", messages=message, stream=True)
    assert [chunk async for chunk in stream]
    tallies = site.gateways[0].tallies
    assert tallies is not None
    await until(lambda: _spool_is_empty(site))
    await tallies.post()

    database = Database(site.control.settings.database_url)
    clock = ManualClock(SystemClock().now() + timedelta(hours=1, minutes=10))
    alerts = AlertService(
        PostgresAlertStore(database),
        TenancyService(PostgresTenancyStore(database), clock),
        clock,
    )
    reconciliation = ReconciliationService(
        PostgresTallyStore(database), clock, telling=DriftAlerts(alerts)
    )
    try:
        assert await reconciliation.reconcile() == 0
        [hour] = await _hours(site)
        assert (hour["state"], hour["gateway_id"]) == ("matched", "gateway-1")
        assert hour["counted"] == hour["booked"]
        assert (hour["counted"]["calls"], hour["counted"]["tokens"] > 0) == (3, True)

        # A further call is counted; then the ledger loses a record.
        await client.chat.completions.create(model="scripted", messages=message)
        await until(lambda: _spool_is_empty(site))
        await site.stop_gateway(0)  # with its last word
        async with database.session(PLATFORM) as session:
            await session.execute(
                text("DELETE FROM usage_records WHERE id = (SELECT min(id) FROM usage_records)")
            )
        assert await reconciliation.reconcile() == 1
        [found] = (await told(site.control, "reconciliation", "--state", "drifted"))["items"]
        assert (found["counted"]["calls"], found["booked"]["calls"]) == (4, 3)
        assert [each["model"] for each in found["differences"]] == ["scripted"]
        [alert] = (await site.admin.get("/alerts")).json()["items"]
        assert (alert["name"], alert["state"]) == ("MainspringLedgerDrift", "firing")
        assert alert["labels"] == {"gateway": "gateway-1"}
        assert 'mainspring_ledger_drifted_hours{direction="missing"} 1' in await _metrics(site)

        # What mends ends the alert.
        async with database.session(PLATFORM) as session:
            await session.execute(
                text("UPDATE gateway_tallies SET counted = booked WHERE state = 'drifted'")
            )
        assert await reconciliation.reconcile() == 0
        [alert] = (await site.admin.get("/alerts")).json()["items"]
        assert alert["state"] == "resolved"
        assert 'mainspring_ledger_drifted_hours{direction="missing"} 0' in await _metrics(site)
    finally:
        await database.close()


async def _spool_is_empty(site: Site) -> bool:
    await asyncio.sleep(0)
    return not site.gateways[0].spool.waiting_bytes


async def _hours(site: Site) -> list[dict[str, Any]]:
    answer = await site.admin.get("/usage/reconciliation")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def _metrics(site: Site) -> str:
    answer = await site.admin.get(f"{site.control.url}/metrics", headers=site.control.internal())
    assert answer.status_code == 200, answer.text
    return answer.text
