"""Usage: delivered once, listed, summed, followed."""

import asyncio
import json
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
from sqlalchemy import text

from mainspring.kernel.clock import ManualClock
from mainspring.kernel.scope import Scope
from mainspring.wire.decisions import AttemptNote, Candidate, Decision
from mainspring.wire.records import BatchReceipt, RecordBatch
from mainspring.wire.usage import Usage
from tests.fixtures.control import PASSWORD, Api, Served, batch_of, usage_record

PLATFORM = Scope.platform("test")


async def test_a_batch_that_comes_again_is_counted_once(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, project_id = await api.tenant("Once")
    first, second, third = (usage_record(org_id, project_id) for _ in range(3))
    assert await api.ingest(first, second, second) == BatchReceipt(accepted=2, duplicates=1)
    assert await api.ingest(second, third) == BatchReceipt(accepted=1, duplicates=1)
    assert await api.ingest(first, second, third) == BatchReceipt(accepted=0, duplicates=3)
    totals = (await admin.get("/api/v1/usage/summary")).json()["totals"]
    assert (totals["requests"], totals["input_tokens"], totals["output_tokens"]) == (3, 30, 15)


async def test_two_deliveries_at_once_are_counted_once(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, project_id = await api.tenant("Twice")
    records = [usage_record(org_id, project_id) for _ in range(50)]
    receipts = await asyncio.gather(*(api.ingest(*records) for _ in range(4)))
    assert sum(receipt.accepted for receipt in receipts) == 50
    assert sum(receipt.duplicates for receipt in receipts) == 150
    assert (await admin.get("/api/v1/usage/summary")).json()["totals"]["requests"] == 50


async def test_a_record_shows_all_that_was_told_with_the_names_of_today(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Named")
    key = (await admin.post(f"/api/v1/projects/{project_id}/keys", json={"name": "ci"})).json()
    upstream = (await admin.get("/api/v1/upstreams")).json()["items"][0]
    record = usage_record(
        org_id,
        project_id,
        key_id=key["id"],
        upstream_id=upstream["id"],
        upstream_model="m",
        stream=True,
        usage=Usage(
            input=7,
            cached_input=3,
            output=4,
            reasoning=2,
            cache_write=5,
            images=1,
            characters=6,
            seconds=8.5,
            searches=9,
        ),
        cost_nanos=1_250_000,
        currency="EUR",
    )
    await api.ingest(record)
    [shown] = (await admin.get("/api/v1/usage/records")).json()["items"]
    assert shown == {
        "id": record.id,
        "request_id": record.request_id,
        "at": shown["at"],
        "org_id": org_id,
        "project_id": project_id,
        "key_id": key["id"],
        "key_name": "ci",
        "actor_id": "usr_1",
        "operation": "chat",
        "model": "smollm2-135m-instruct",
        "upstream_id": upstream["id"],
        "upstream": "embedded-llm",
        "upstream_model": "m",
        "stream": True,
        "status": 200,
        "outcome": "ok",
        "input_tokens": 7,
        "cached_input_tokens": 3,
        "output_tokens": 4,
        "reasoning_tokens": 2,
        "cache_write_tokens": 5,
        "images": 1,
        "characters": 6,
        "seconds": 8.5,
        "searches": 9,
        "estimated": False,
        "ttft_ms": 12.5,
        "duration_ms": 40.0,
        "attempts": 1,
        "fallback_from": None,
        "track": "stable",
        "batch": False,
        "trace_id": None,
        "gateway_id": "gw",
        "cost_nanos": 1_250_000,
        "currency": "EUR",
        "cache": None,
        "saved_nanos": None,
    }
    totals = (await admin.get("/api/v1/usage/summary")).json()["totals"]
    units = ("cache_write_tokens", "images", "characters", "seconds", "searches")
    assert [totals[each] for each in units] == [5, 1, 6, 8.5, 9]
    assert datetime.fromisoformat(shown["at"]) == datetime.fromtimestamp(record.at_ms / 1000, UTC)
    used = (await admin.get(f"/api/v1/keys/{key['id']}")).json()["last_used_at"]
    assert datetime.fromisoformat(used) == datetime.fromisoformat(shown["at"])
    async with api.control.database.session(PLATFORM) as session:
        frame = await session.execute(text("SELECT usage_frame FROM usage_records"))
        assert frame.scalar_one() == record.usage_frame


async def test_calls_are_listed_newest_first_across_days_by_cursor(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Days")
    now_ms = round(clock.now().timestamp() * 1000)
    records = [
        usage_record(org_id, project_id, at_ms=now_ms - hours * 3_600_000)
        for hours in (0, 0, 5, 30, 30, 50, 24 * 40)
    ]
    await api.ingest(*records)
    since = (clock.now() - timedelta(days=60)).isoformat()
    seen: list[str] = []
    cursor: str | None = None
    while not seen or cursor:
        query: dict[str, str | int] = {"since": since, "limit": 2, "project_id": project_id}
        if cursor:
            query["cursor"] = cursor
        page = (await admin.get("/api/v1/usage/records", params=query)).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    newest_first = sorted(records, key=lambda record: (record.at_ms, record.id), reverse=True)
    assert seen == [record.id for record in newest_first]
    yesterday = (await admin.get("/api/v1/usage/records")).json()["items"]
    assert len(yesterday) == 3


async def test_sums_are_by_model_with_errors_and_times(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, project_id = await api.tenant("Sums")
    await api.ingest(
        *(usage_record(org_id, project_id, ttft_ms=float(ms)) for ms in (10, 20, 30)),
        usage_record(org_id, project_id, outcome="client_closed", status=499, ttft_ms=None),
        usage_record(org_id, project_id, outcome="upstream_timeout", status=504, ttft_ms=None),
        usage_record(org_id, project_id, model="other"),
    )
    summary = (await admin.get("/api/v1/usage/summary?group_by=model")).json()
    assert [(each["model"], each["requests"], each["errors"]) for each in summary["items"]] == [
        ("smollm2-135m-instruct", 5, 1),
        ("other", 1, 0),
    ]
    assert summary["items"][0]["ttft_ms_p50"] == 20.0
    assert summary["totals"]["requests"] == 6
    assert summary["totals"]["input_tokens"] == 60


async def test_costs_are_summed_by_currency_and_what_had_no_price_is_counted(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Costs")
    await api.ingest(
        usage_record(org_id, project_id, cost_nanos=5, currency="USD"),
        usage_record(org_id, project_id, cost_nanos=2**40, currency="USD"),
        usage_record(org_id, project_id, cost_nanos=7, currency="EUR"),
        usage_record(org_id, project_id),
        usage_record(org_id, project_id, model="other", cost_nanos=1, currency="USD"),
    )
    summary = (await admin.get("/api/v1/usage/summary")).json()
    assert [(each["model"], each["costs"], each["unpriced"]) for each in summary["items"]] == [
        ("smollm2-135m-instruct", {"EUR": 7, "USD": 2**40 + 5}, 1),
        ("other", {"USD": 1}, 0),
    ]
    assert summary["totals"]["costs"] == {"EUR": 7, "USD": 2**40 + 6}
    assert summary["totals"]["unpriced"] == 1


async def test_a_range_is_checked(admin: httpx.AsyncClient) -> None:
    for query in (
        {"since": "2026-02-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
        {"since": "2020-01-01T00:00:00Z"},
    ):
        refused = await admin.get("/api/v1/usage/summary", params=query)
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "since")
    naive = await admin.get("/api/v1/usage/summary", params={"since": "2026-01-01T00:00:00"})
    assert naive.status_code == 422


async def test_strange_records_do_not_block_the_others(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, project_id = await api.tenant("Strange")
    good = usage_record(org_id, project_id)
    hostile = usage_record(
        org_id,
        project_id,
        model="m\x00" + "x" * 10_000,
        duration_ms=float("nan"),
        usage=Usage(input=2**63, output=-5),
    )
    timeless = usage_record(org_id, project_id, at_ms=2**62)
    newer = msgspec.msgpack.encode({"type": "audit", "id": "evt_1"})
    raw = [
        msgspec.Raw(newer),
        *(msgspec.Raw(msgspec.msgpack.encode(each)) for each in (hostile, timeless, good)),
    ]
    body = msgspec.msgpack.encode(RecordBatch("gw", raw))
    async with api.internal() as gateway:
        answers = [await gateway.post("/internal/v1/records", content=body) for _ in range(2)]
    receipts = [msgspec.msgpack.decode(each.content, type=BatchReceipt) for each in answers]
    assert receipts == [
        BatchReceipt(accepted=4, duplicates=0),
        BatchReceipt(accepted=0, duplicates=4),
    ]
    shown = (await admin.get("/api/v1/usage/records")).json()["items"]
    assert {each["id"] for each in shown} == {good.id, hostile.id}
    [cut] = [each for each in shown if each["id"] == hostile.id]
    assert (len(cut["model"]), cut["input_tokens"], cut["output_tokens"]) == (500, 2**53 - 1, 0)
    async with api.control.database.session(PLATFORM) as session:
        kept = await session.execute(text("SELECT data FROM unreadable_records"))
        assert newer in set(kept.scalars())


async def test_internal_routes_are_closed_to_everybody_else(
    api: Api, admin: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    for client in (admin, stranger):
        for method, path in (
            ("GET", "/internal/v1/snapshot"),
            ("POST", "/internal/v1/records"),
            ("POST", "/internal/v1/heartbeats"),
        ):
            refused = await client.request(method, path, content=b"\x80")
            assert refused.status_code == 401, path
            assert refused.json()["code"] == "internal_token_invalid"
    async with api.internal() as gateway:
        garbled = await gateway.post("/internal/v1/records", content=b"\xc1")
    assert (garbled.status_code, garbled.json()["code"]) == (400, "invalid_request")


async def test_a_browser_sees_calls_parts_and_sums_as_they_come(served: Served) -> None:
    async with (
        httpx.AsyncClient(base_url=served.url, timeout=15) as client,
        client.stream("GET", "/api/v1/live", headers=served.admin()) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = _events(answer)
        seen = {(await anext(events))[0] for _ in range(2)}
        assert seen == {"parts", "summary"}
        record = usage_record("org_live", "prj_live")
        delivered = await client.post(
            "/internal/v1/records", headers=served.internal(), content=batch_of(record)
        )
        assert delivered.status_code == 200
        async with asyncio.timeout(10):
            async for name, data in events:
                if name == "call":
                    assert data["id"] == record.id
                    break


async def test_the_live_stream_is_closed_to_strangers_and_ends_with_its_token(
    served: Served,
) -> None:
    async with httpx.AsyncClient(base_url=served.url, timeout=15) as client:
        assert (await client.get("/api/v1/live")).status_code == 401
        token = served.settings.setup_link_file.read_text().strip().partition("#token=")[2]
        person = {
            "token": token,
            "email": "ada@example.com",
            "name": "Ada",
            "password": "correct horse battery",
        }
        session = (await client.post("/api/v1/setup", json=person)).json()
        async with client.stream("GET", "/api/v1/live") as answer:
            events = _events(answer)
            await anext(events)
            await client.delete(
                "/api/v1/sessions/current", headers={"X-CSRF-Token": session["csrf_token"]}
            )
            async with asyncio.timeout(10):
                async for _ in events:
                    pass


async def test_a_live_stream_shows_ones_own_organisation_and_ends_with_ones_place_in_it(
    served: Served,
) -> None:
    async with (
        httpx.AsyncClient(
            base_url=f"{served.url}/api/v1", headers=served.admin(), timeout=15
        ) as admin,
        httpx.AsyncClient(base_url=f"{served.url}/api/v1", timeout=15) as member,
    ):
        ours, theirs = [
            (await admin.post("/organizations", json={"name": name})).json()["id"]
            for name in ("Ours", "Theirs")
        ]
        person = {"email": "ada@example.com", "name": "Ada", "password": PASSWORD}
        user_id = (await admin.post("/users", json=person)).json()["id"]
        place = f"/organizations/{ours}/members/{user_id}"
        (await admin.put(place, json={"role": "org_admin"})).raise_for_status()
        signed_in = {"email": person["email"], "password": PASSWORD}
        (await member.post("/sessions", json=signed_in)).raise_for_status()
        records = [usage_record(org_id, "prj_x") for org_id in (theirs, ours, theirs)]
        async with member.stream("GET", "/live") as answer:
            events = _events(answer)
            await anext(events)
            delivered = await admin.post(
                f"{served.url}/internal/v1/records",
                headers=served.internal(),
                content=batch_of(*records),
            )
            assert delivered.status_code == 200
            (await admin.delete(place)).raise_for_status()
            async with asyncio.timeout(10):
                seen = [data["id"] async for name, data in events if name == "call"]
        assert seen == [records[1].id]


async def _events(
    answer: httpx.Response,
) -> AsyncGenerator[tuple[str, dict[str, object]]]:
    name = ""
    async for line in answer.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def test_a_call_is_explained_to_whoever_may_see_it(
    api: Api, admin: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Why")
    upstream = (await admin.get("/api/v1/upstreams")).json()["items"][0]
    candidates = (Candidate(upstream["id"], "a", "circuit_open"), Candidate("ups_gone", "b"))
    decision = Decision(
        (
            AttemptNote(model="best", candidates=candidates[:1], result="no_target"),
            AttemptNote(
                model="spare",
                strategy="latency",
                track="canary",
                track_reason="share",
                draw=0.25,
                candidates=candidates,
                chosen=1,
                cause="fallback",
                result="ok",
                at_ms=1.5,
                duration_ms=30.0,
            ),
        )
    )
    record = usage_record(
        org_id,
        project_id,
        model="spare",
        fallback_from="best",
        track="canary",
        attempts=1,
        decision=decision,
    )
    record = msgspec.structs.replace(record, id="use_" + record.request_id[4:])
    await api.ingest(record)
    path = f"/api/v1/requests/{record.request_id}/decision"
    told = (await admin.get(path)).json()
    assert (told["requested_model"], told["model"], told["degraded"]) == ("best", "spare", False)
    assert [note["cause"] for note in told["attempts"]] == ["first", "fallback"]
    assert told["attempts"][1]["candidates"] == [
        {
            "upstream_id": upstream["id"],
            "upstream": upstream["name"],
            "upstream_model": "a",
            "excluded": "circuit_open",
        },
        {"upstream_id": "ups_gone", "upstream": None, "upstream_model": "b", "excluded": None},
    ]
    member = await api.member(org_id)
    assert (await member.client.get(path)).json() == told
    other_org, _ = await api.tenant("Elsewhere")
    other = await api.member(other_org)
    assert (await other.client.get(path)).status_code == 404
    assert (await stranger.get(path)).status_code == 401
    for unknown in (f"req_{'0' * 32}", "req_x", "nothing"):
        assert (await admin.get(f"/api/v1/requests/{unknown}/decision")).status_code == 404


async def test_a_call_that_had_one_target_is_explained_by_it(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Plain")
    record = usage_record(org_id, project_id, upstream_id="ups_1", upstream_model="m")
    record = msgspec.structs.replace(record, id="use_" + record.request_id[4:])
    await api.ingest(record)
    told = (await admin.get(f"/api/v1/requests/{record.request_id}/decision")).json()
    [note] = told["attempts"]
    assert (note["chosen"], note["result"], len(note["candidates"])) == (0, "ok", 1)


async def test_a_hit_of_the_cache_is_listed_with_what_it_saved(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Ours")
    record = usage_record(
        org_id,
        project_id,
        usage=Usage(),
        usage_frame=None,
        attempts=0,
        cost_nanos=0,
        currency="EUR",
        cache="exact",
        saved_nanos=11_000,
    )
    await api.ingest(record)
    listed = await admin.get("/api/v1/usage/records", params={"project_id": project_id})
    [shown] = listed.json()["items"]
    told = [shown[name] for name in ("cache", "saved_nanos", "cost_nanos", "input_tokens")]
    assert told == ["exact", 11_000, 0, 0]
