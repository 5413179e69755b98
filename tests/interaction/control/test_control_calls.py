"""What projects keep of their calls: delivered, searched, read, scored, and over in time."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import text

from mainspring.app.control.wiring import Control
from mainspring.capabilities.calls.domain import CallFilter
from mainspring.capabilities.calls.store import PostgresCallStore
from mainspring.capabilities.calls.store.tables import call_records
from mainspring.kernel.clock import ManualClock
from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import Scope
from mainspring.snapshot.frame import decode_resource
from mainspring.wire.observations import TraceRecord
from mainspring.wire.records import BatchReceipt
from mainspring.wire.spans import Span, trace_id_of
from mainspring.wire.usage import Usage
from tests.fixtures.control import Api, Person, call_record, observed, usage_record

PLATFORM = Scope.platform("test")


def asking(words: str, answered: str = "yes") -> dict[str, bytes]:
    return {
        "request": json.dumps({"messages": [{"role": "user", "content": words}]}).encode(),
        "answer": json.dumps({"choices": [{"text": answered}]}).encode(),
    }


class Calls:
    """The list of calls, as the administrator asks for it."""

    def __init__(self, admin: httpx.AsyncClient, clock: ManualClock) -> None:
        self.admin = admin
        self.since = (clock.now() - timedelta(days=60)).isoformat()

    async def page(self, **query: Any) -> dict[str, Any]:  # noqa: ANN401 - query values
        answer = await self.admin.get("/api/v1/calls", params={"since": self.since, **query})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ids(self, **query: Any) -> set[str]:  # noqa: ANN401 - query values
        return {each["id"] for each in (await self.page(**query))["items"]}


async def test_a_call_shows_all_that_was_told(api: Api, admin: httpx.AsyncClient) -> None:
    org_id, project_id = await api.tenant("Shown")
    record = call_record(
        org_id,
        project_id,
        key_id="key_1",
        usage=Usage(input=7, cached_input=3, output=4, reasoning=2),
        cost_nanos=1_000,
        currency="USD",
        session_id="s-1",
        user_id="u-1",
        trace_id="order.7",
        metadata={"ticket": "T-1"},
        truncated=True,
    )
    assert await api.observe(record) == BatchReceipt(accepted=1, duplicates=0)
    shown = (await admin.get(f"/api/v1/calls/{record.id}")).json()
    assert shown == (await admin.get(f"/api/v1/calls/{record.request_id}")).json()
    assert shown == {
        "id": record.id,
        "request_id": record.request_id,
        "at": shown["at"],
        "org_id": org_id,
        "project_id": project_id,
        "key_id": "key_1",
        "actor_id": "usr_1",
        "operation": "chat",
        "path": None,
        "model": "smollm2-135m-instruct",
        "upstream_id": None,
        "upstream_model": None,
        "stream": False,
        "status": 200,
        "outcome": "ok",
        "input_tokens": 10,
        "output_tokens": 6,
        "cost_nanos": 1_000,
        "currency": "USD",
        "ttft_ms": None,
        "duration_ms": 40.0,
        "attempts": 1,
        "trace_id": "order.7",
        "session_id": "s-1",
        "user_id": "u-1",
        "metadata": {"ticket": "T-1"},
        "level": "redacted",
        "truncated": True,
        "fallback_from": None,
        "track": "stable",
        "snapshot_version": 0,
        "gateway_id": "gw",
        "input_preview": "When do I get my money back?",
        "output_preview": "Within ten days.",
        "request": {"messages": [{"role": "user", "content": "When do I get my money back?"}]},
        "answer": {"choices": [{"text": "Within ten days.", "finish_reason": "stop"}]},
        "scores": [],
        "replays": [],
        "replay_of": None,
    }


async def test_what_comes_again_is_kept_once(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Once")
    usage = usage_record(org_id, project_id)
    call, trace = observed(usage)
    assert (await api.observe(call, trace)).accepted == 2
    assert (await api.observe(call, trace)).accepted == 0
    assert await Calls(admin, clock).ids() == {call.id}
    assert (await admin.get(f"/api/v1/traces/{usage.request_id[4:]}")).json()["spans"] == 1


async def test_every_filter_finds_what_it_names_and_nothing_else(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Found")
    other_org, other_project = await api.tenant("Other")
    plain = call_record(org_id, project_id)
    special = call_record(
        org_id,
        project_id,
        model="gpt-9",
        status=504,
        outcome="upstream_timeout",
        key_id="key_9",
        session_id="s-9",
        user_id="u-9",
        trace_id="t-9",
        duration_ms=9000.0,
        cost_nanos=9_000,
        currency="USD",
        metadata={"ticket": "T:9", "tier": "gold"},
    )
    elsewhere = call_record(other_org, other_project, model="gpt-9")
    await api.observe(plain, special, elsewhere)
    calls = Calls(admin, clock)
    for query in (
        {"model": "gpt-9", "org_id": org_id},
        {"status": 504},
        {"outcome": "upstream_timeout"},
        {"failed": True},
        {"key_id": "key_9"},
        {"session_id": "s-9"},
        {"user_id": "u-9"},
        {"trace_id": "t-9"},
        {"min_duration_ms": 5000},
        {"min_cost_nanos": 1},
        {"metadata": "ticket:T:9"},
        {"metadata": ["ticket:T:9", "tier:gold"]},
    ):
        assert await calls.ids(**query) == {special.id}, query
    assert await calls.ids(project_id=project_id, failed=False) == {plain.id}
    assert await calls.ids(metadata=["ticket:T:9", "tier:lead"]) == set()
    assert await calls.ids(project_id=other_project) == {elsewhere.id}


async def test_words_are_found_in_questions_and_answers_in_any_language(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Words")
    english = call_record(org_id, project_id, **asking("Where is my Refund?", "On its way"))
    chinese = call_record(org_id, project_id, **asking("我的退款什么时候到账", "三天之内"))
    await api.observe(english, chinese)
    calls = Calls(admin, clock)
    assert await calls.ids(text="refund") == {english.id}
    assert await calls.ids(text="WAY refund") == {english.id}
    assert await calls.ids(text="refund nowhere") == set()
    assert await calls.ids(text="退款") == {chinese.id}
    assert await calls.ids(text="退") == {chinese.id}
    assert await calls.ids(text="到账 三天") == {chinese.id}
    assert await calls.ids(text="款退") == set()
    assert await calls.ids(text="user") == set()  # a role is no word of anybody
    assert await calls.ids(text="'; DROP TABLE call_records; --") == set()


async def test_words_and_conditions_are_met_by_the_same_call(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Both")
    other_org, other_project = await api.tenant("Neither")
    now_ms = round(clock.now().timestamp() * 1000)
    words = asking("Does Zürich have a harbour-master?")
    # One on most of the last days; each day is searched alone, or with others.
    ours = [
        call_record(
            org_id,
            project_id,
            model="gpt-9" if days % 2 else "gpt-8",
            at_ms=now_ms - days * 86_400_000,
            duration_ms=100.0 * days,
            metadata={"a=b": "c"} if days % 2 else {"a": "b=c"},
            **words,
        )
        for days in (0, 1, 2, 5, 9, 13, 20, 28)
    ]
    theirs = call_record(other_org, other_project, model="gpt-9", **words)
    plain = call_record(org_id, project_id, model="gpt-9")
    await api.observe(*ours, theirs, plain)
    calls = Calls(admin, clock)
    odd = {each.id for each in ours if each.model == "gpt-9"}
    sought = "zürich harbour-master"
    assert await calls.ids(text=sought) == {each.id for each in [*ours, theirs]}
    assert await calls.ids(text=sought, org_id=org_id, model="gpt-9") == odd
    assert await calls.ids(text="master", project_id=project_id, metadata="a=b:c") == odd
    slow = {each.id for each in ours if each.duration_ms >= 900}
    assert await calls.ids(text=sought, min_duration_ms=900) == slow
    assert await calls.ids(text="harbours") == set()
    assert await calls.ids(text="?! ;") == set()
    person = await api.member(other_org)
    assert await Calls(person.client, clock).ids(text=sought) == {theirs.id}
    seen: list[str] = []
    cursor: str | None = None
    while not seen or cursor:
        after = {"cursor": cursor} if cursor else {}
        page = await calls.page(text=sought, org_id=org_id, limit=3, **after)
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [each.id for each in ours]


async def test_what_the_release_before_writes_is_found_as_well(
    api: Api, admin: httpx.AsyncClient, control: Control, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Before")
    copied, written = call_record(org_id, project_id), new_id("req")
    await api.observe(copied)
    columns = [each.name for each in call_records.columns]
    values = {"id": f"'cal_{written[4:]}'", "request_id": f"'{written}'"}
    values["words"] = "to_tsvector('simple', 'an unheard-of thing')"
    async with control.database.session(PLATFORM) as session:
        await session.execute(
            text(
                f"INSERT INTO call_records ({', '.join(columns)})"  # noqa: S608 - our own names
                f" SELECT {', '.join(values.get(name, name) for name in columns)}"
                " FROM call_records WHERE id = :id"
            ),
            {"id": copied.id},
        )
    assert await Calls(admin, clock).ids(text="unheard-of", org_id=org_id) == {f"cal_{written[4:]}"}


async def test_a_question_that_takes_too_long_is_told_so(
    control: Control, clock: ManualClock
) -> None:
    store = PostgresCallStore(control.database, question_s=0.05)
    until = clock.now()
    which = CallFilter(since=until - timedelta(days=1), until=until, text="refund")
    async with control.database.session(PLATFORM) as held:
        await held.execute(text("LOCK TABLE call_terms IN ACCESS EXCLUSIVE MODE"))
        with pytest.raises(InvalidRequestError, match="shorter time"):
            async with store.begin(PLATFORM) as calls:
                await calls.calls(which, before=None, limit=1)


async def test_pages_follow_one_another_across_days(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Pages")
    now_ms = round(clock.now().timestamp() * 1000)
    records = [
        call_record(org_id, project_id, at_ms=now_ms - hours * 3_600_000)
        for hours in (0, 0, 5, 30, 30, 50)
    ]
    await api.observe(*records)
    calls = Calls(admin, clock)
    seen: list[str] = []
    cursor: str | None = None
    while not seen or cursor:
        page = await calls.page(limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    newest_first = sorted(records, key=lambda record: (record.at_ms, record.id), reverse=True)
    assert seen == [record.id for record in newest_first]


async def test_a_time_is_asked_for_and_has_bounds(admin: httpx.AsyncClient) -> None:
    without = await admin.get("/api/v1/calls")
    too_long = await admin.get("/api/v1/calls", params={"since": "2020-01-01T00:00:00Z"})
    no_pair = await admin.get(
        "/api/v1/calls", params={"since": "2020-01-01T00:00:00Z", "metadata": "ticket"}
    )
    assert [each.status_code for each in (without, too_long, no_pair)] == [422, 400, 400]


async def test_what_cannot_be_kept_holds_up_nothing_else(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Strange")
    good = call_record(org_id, project_id)
    nul = call_record(org_id, project_id, **asking("a\x00b \ud800 c"), user_id="u\x00")
    broken = call_record(org_id, project_id, request=b"{not json")
    ageless = call_record(org_id, project_id, at_ms=2**62)
    ancient = call_record(org_id, project_id, at_ms=1_000)
    deep = call_record(org_id, project_id, request=b"[" * 100_000)
    await api.observe(good, nul, broken, ageless, ancient, deep)
    assert await Calls(admin, clock).ids() == {good.id, nul.id}


async def test_answers_are_scored_by_whoever_was_answered(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Scored")
    record = call_record(org_id, project_id)
    await api.observe(record)
    made = await admin.post(
        "/api/v1/scores",
        json={"request_id": record.request_id, "value": 1, "label": "good", "user_id": "u-1"},
    )
    assert made.status_code == 201
    await admin.post(
        "/api/v1/scores",
        json={"request_id": record.request_id, "comment": "too slow", "name": "speed"},
    )
    scores = (await admin.get(f"/api/v1/calls/{record.id}")).json()["scores"]
    assert [(each["name"], each["value"], each["comment"]) for each in scores] == [
        ("feedback", 1.0, None),
        ("speed", None, "too slow"),
    ]
    unkept = usage_record(org_id, project_id).request_id
    body: dict[str, Any] = {"request_id": unkept, "value": 0}
    assert (await admin.post("/api/v1/scores", json=body)).status_code == 404
    body["project_id"] = project_id
    assert (await admin.post("/api/v1/scores", json=body)).status_code == 201
    for wrong in (
        {"request_id": record.request_id},
        {"request_id": "cal_1", "value": 1},
        {"request_id": record.request_id, "value": 1, "source": "rumour"},
    ):
        assert (await admin.post("/api/v1/scores", json=wrong)).status_code in {400, 422}, wrong


async def test_a_trace_is_a_tree_under_whatever_name_its_sender_gave_it(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Traced")
    at = round(clock.now().timestamp() * 1e9)
    trace_id = trace_id_of("order.7")
    spans = [
        span(trace_id, "b" * 16, "chat m", at + 2_000_000, parent_id="a" * 16, error="500"),
        span(trace_id, "a" * 16, "POST /v1/chat/completions", at, parent_id="f" * 16),
        span(trace_id, "c" * 16, "chat m", at + 3_000_000, parent_id="a" * 16),
    ]
    await api.observe(
        TraceRecord(
            request_id="req_1", org_id=org_id, project_id=project_id, service="gateway", spans=spans
        )
    )
    tree = (await admin.get("/api/v1/traces/order.7")).json()
    assert (tree["trace_id"], tree["spans"]) == (trace_id, 3)
    [root] = tree["roots"]
    assert (root["name"], root["start_ns"]) == ("POST /v1/chat/completions", str(at))
    assert [(each["span_id"], each["error"]) for each in root["children"]] == [
        ("b" * 16, "500"),
        ("c" * 16, None),
    ]
    assert root["children"][0]["duration_ms"] == 1.0


async def test_spans_in_a_circle_do_not_hide_a_trace(
    api: Api, admin: httpx.AsyncClient, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Circle")
    at = round(clock.now().timestamp() * 1e9)
    trace_id = "d" * 32
    spans = [
        span(trace_id, "a" * 16, "a", at, parent_id="b" * 16),
        span(trace_id, "b" * 16, "b", at + 1, parent_id="a" * 16),
        span(trace_id, "c" * 16, "c", at + 2, parent_id="c" * 16),
    ]
    await api.observe(
        TraceRecord(
            request_id="req_1", org_id=org_id, project_id=project_id, service="gateway", spans=spans
        )
    )
    tree = (await admin.get(f"/api/v1/traces/{trace_id}")).json()
    assert {root["span_id"] for root in tree["roots"]} == {"a" * 16, "b" * 16, "c" * 16}


def span(trace_id: str, span_id: str, name: str, start_ns: int, **changes: str | None) -> Span:
    made = Span(
        trace_id=trace_id,
        span_id=span_id,
        name=name,
        kind="client",
        start_ns=start_ns,
        end_ns=start_ns + 1_000_000,
        attributes={"gen_ai.request.model": "m"},
    )
    return msgspec.structs.replace(made, **changes)


async def test_two_tenants_with_one_trace_id_each_see_their_own(
    api: Api, clock: ManualClock
) -> None:
    at = round(clock.now().timestamp() * 1e9)
    trace_id = "e" * 32
    for number, name in enumerate(("One", "Two")):
        org_id, project_id = await api.tenant(name)
        await api.observe(
            TraceRecord(
                request_id="req_1",
                org_id=org_id,
                project_id=project_id,
                service="gateway",
                spans=[span(trace_id, f"{number}" * 16, name, at)],
            )
        )
        person = await api.member(org_id)
        tree = (await person.client.get(f"/api/v1/traces/{trace_id}")).json()
        assert [root["name"] for root in tree["roots"]] == [name]


async def test_what_control_did_is_shown_to_the_tenant_that_it_did_it_for(
    api: Api, control: Control
) -> None:
    trace_id = "9" * 32
    sampled = {"traceparent": f"00-{trace_id}-{'b' * 16}-01"}
    people: list[tuple[Person, str]] = []
    for name in ("One", "Two", "Three"):
        org_id, project_id = await api.tenant(name)
        people.append((await api.member(org_id), project_id))
    kept: list[str] = []
    for person, project_id in people[:2]:
        answer = await person.client.post(
            "/api/v1/playground/embeddings",
            params={"project_id": project_id},
            json={"model": "m", "input": ["private words"]},
            headers=sampled,
        )
        assert answer.status_code == 502  # no gateway; what failed is told all the same
        kept.append(answer.headers["x-request-id"])
    nobody, _ = people[2]
    stolen = await nobody.client.post(
        "/api/v1/playground/embeddings",
        params={"project_id": people[0][1]},
        json={"model": "m", "input": []},
        headers=sampled,
    )
    assert stolen.status_code == 404
    await nobody.client.get("/api/v1/models", headers=sampled)
    await control.spans.flush()
    for (person, project_id), request_id in zip(people, kept, strict=False):
        tree = (await person.client.get(f"/api/v1/traces/{trace_id}")).json()
        [root] = tree["roots"]
        assert (root["request_id"], root["project_id"]) == (request_id, project_id)
        assert (root["service"], root["error"]) == ("control", "502")
        assert "private words" not in str(tree)
    assert (await nobody.client.get(f"/api/v1/traces/{trace_id}")).status_code == 404
    async with control.database.session(PLATFORM) as session:
        count = await session.execute(text("SELECT count(*) FROM call_spans"))
        assert count.scalar_one() == 2


async def test_days_that_are_over_go_whole(
    api: Api, admin: httpx.AsyncClient, control: Control, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Over")
    record = usage_record(org_id, project_id)
    call, trace = observed(record)
    await api.observe(call, trace)
    await admin.post("/api/v1/scores", json={"request_id": record.request_id, "value": 1})
    clock.advance(timedelta(days=8).total_seconds())
    await control.calls.keep_house()
    assert (await admin.get(f"/api/v1/traces/{record.request_id[4:]}")).status_code == 404
    shown = (await admin.get(f"/api/v1/calls/{call.id}")).json()
    assert len(shown["scores"]) == 1
    clock.advance(timedelta(days=30).total_seconds())
    await control.calls.keep_house()
    assert (await admin.get(f"/api/v1/calls/{call.id}")).status_code == 404
    made_on = datetime.fromtimestamp(call.at_ms / 1000, UTC)
    async with control.database.session(PLATFORM) as session:
        for table in ("call_records", "call_terms", "call_scores", "call_spans", "call_replays"):
            gone = await session.execute(
                text("SELECT to_regclass(:name) IS NULL"), {"name": f"{table}_p{made_on:%Y%m%d}"}
            )
            assert gone.scalar_one(), table
    await api.observe(msgspec.structs.replace(call, at_ms=now_ms(clock)))
    assert await Calls(admin, clock).ids() == {call.id}


def now_ms(clock: ManualClock) -> int:
    return round(clock.now().timestamp() * 1000)


async def test_what_a_project_keeps_is_set_by_api_and_reaches_gateways(
    api: Api, admin: httpx.AsyncClient, control: Control
) -> None:
    org_id, project_id = await api.tenant("Keeps")
    made = await admin.post(
        f"/api/v1/organizations/{org_id}/projects",
        json={"name": "New", "capture": {"level": "metadata", "sample": 0.5}},
    )
    assert made.json()["capture"] == {"level": "metadata", "sample": 0.5}
    changed = await admin.patch(
        f"/api/v1/projects/{project_id}", json={"capture": {"level": "full"}}
    )
    assert changed.json()["capture"] == {"level": "full", "sample": 1.0}
    frame = await control.feed.next_frame(None, wait_s=0)
    assert frame is not None
    [entry] = [each for each in frame.entries if each.key == project_id]
    resource = decode_resource(entry.kind, entry.data or b"")
    assert msgspec.to_builtins(resource)["capture"] == {"level": "full", "sample": 1.0}
    cleared = await admin.patch(f"/api/v1/projects/{project_id}", json={"capture": None})
    assert cleared.json()["capture"] is None
    wrong = await admin.patch(
        f"/api/v1/projects/{project_id}", json={"capture": {"level": "everything"}}
    )
    assert wrong.status_code == 422


async def test_who_may_rename_a_project_may_not_read_its_users_words(
    api: Api, admin: httpx.AsyncClient
) -> None:
    org_id, project_id = await api.tenant("Guarded")
    role = {"name": "namer", "permissions": ["project:read", "project:write"]}
    await admin.post(f"/api/v1/organizations/{org_id}/roles", json=role)
    person = await api.member(org_id, "namer")
    path = f"/api/v1/projects/{project_id}"
    named = await person.client.patch(path, json={"name": "Renamed"})
    kept = await person.client.patch(path, json={"capture": {"level": "full"}})
    assert (named.status_code, kept.status_code) == (200, 403)
