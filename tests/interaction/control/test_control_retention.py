"""S3, S4: what is over by its retention goes; the rest of the audit trail still proves itself."""

from datetime import timedelta
from typing import Any

import httpx
import msgspec
from sqlalchemy import text

from mainspring.app.control.wiring import Control
from mainspring.kernel.clock import ManualClock
from mainspring.kernel.scope import Scope
from tests.fixtures.control import Api, usage_record
from tests.fixtures.prepared import quick_hasher

API = "/api/v1"
PLATFORM = Scope.platform("test")
CHAIN = "org_past"


async def by_sql(control: Control, *statements: str) -> None:
    async with control.database.session(PLATFORM) as session:
        for statement in statements:
            await session.execute(text(statement))


async def append(control: Control, count: int, *, days_ago: int = 0) -> None:
    """Tell of something in a chain, as if by a clock that is so many days behind."""
    await by_sql(
        control,
        f"SELECT audit_make_month((now() - interval '{days_ago} days')::date)",
        "CREATE SCHEMA IF NOT EXISTS past",
        "CREATE OR REPLACE FUNCTION past.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
        f" $$ SELECT pg_catalog.clock_timestamp() - interval '{days_ago} days' $$",
    )
    await by_sql(
        control,
        "SET LOCAL search_path = past, public, pg_catalog",
        *[f"SELECT audit_append('{CHAIN}', 'thing.do', 'thing', NULL, NULL, NULL, NULL)"] * count,
    )


async def keeping(control: Control, clock: ManualClock, **kept: int) -> Control:
    """Return another control plane on the same database, with retentions."""
    settings = msgspec.structs.replace(control.settings, **kept)
    return Control(settings, clock=clock, hasher=quick_hasher())


async def verified(admin: httpx.AsyncClient, *anchors: str) -> dict[str, Any]:
    query = {"org_id": CHAIN, "anchor": list(anchors)}
    answer = await admin.get(f"{API}/audit/verification", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_months_of_the_trail_go_and_what_is_left_is_proven(
    control: Control, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    await append(control, 3, days_ago=200)
    [old] = (await verified(admin))["anchors"]
    noted = f"{CHAIN}:{old['seq']}:{old['hash']}"
    await append(control, 2)
    [newer] = (await verified(admin))["anchors"]
    await control.audit.drop_old()  # without a retention nothing goes
    assert (await verified(admin))["events"] == 5
    other = await keeping(control, clock, audit_kept_months=3)
    try:
        await other.audit.drop_old()
        await other.audit.drop_old()
    finally:
        await other.close()
    found = await verified(admin, noted, f"{CHAIN}:{newer['seq']}:{newer['hash']}")
    assert (found["intact"], found["events"], found["cuts"]) == (True, 3, [old]), found
    query = {"org_id": CHAIN, "action": "audit.drop"}
    [told] = (await admin.get(f"{API}/audit/events", params=query)).json()["items"]
    assert (told["after"]["last_seq"], told["after"]["last_hash"]) == (3, old["hash"])
    wrong = f"{CHAIN}:3:{'0' * 64}"
    assert [each["kind"] for each in (await verified(admin, wrong))["faults"]] == ["replaced"]
    # A beginning that nothing vouches for is a fault, and so is one that was cut by hand.
    await by_sql(control, "UPDATE audit_cuts SET seq = 4")
    assert not (await verified(admin))["intact"]
    await by_sql(control, "DELETE FROM audit_cuts")
    assert (await verified(admin))["faults"][0]["kind"] == "missing"


async def test_the_month_in_which_a_drop_is_told_stays(
    control: Control, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    await append(control, 2)
    # To a control plane whose clock runs far ahead, even the present month is old.
    clock.advance(timedelta(days=400).total_seconds())
    other = await keeping(control, clock, audit_kept_months=1)
    try:
        await other.audit.drop_old()
    finally:
        await other.close()
    found = await verified(admin)
    assert (found["intact"], found["events"], found["cuts"]) == (True, 2, [])


async def test_days_of_the_ledger_go(
    control: Control, api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Used")
    old = clock.now() - timedelta(days=40)
    await api.ingest(
        usage_record(org_id, project_id, at_ms=round(old.timestamp() * 1000)),
        usage_record(org_id, project_id),
    )

    async def count() -> int:
        since = (clock.now() - timedelta(days=60)).isoformat()
        query = {"org_id": org_id, "since": since}
        listed = await admin.get(f"{API}/usage/records", params=query)
        return len(listed.json()["items"])

    await control.metering.drop_old()
    assert await count() == 2
    other = await keeping(control, clock, usage_kept_days=30)
    try:
        await other.metering.drop_old()
    finally:
        await other.close()
    assert await count() == 1
