"""Fills a control plane's database with as much as a large company keeps for a month.

Organisations, projects and a sample of calls come by the API. The rest is made of that in SQL,
under the same triggers: keys with what gateways know of them, audit events in their chains, and
calls that repeat the sample's contents at other times.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

import httpx
import msgspec
from sqlalchemy import Table, insert, text

from mainspring.capabilities.calls.store.tables import call_records
from mainspring.capabilities.identity.api import ApiKey
from mainspring.capabilities.identity.store.tables import api_keys
from mainspring.capabilities.metering.store.tables import usage_records
from mainspring.infra.db import Database
from mainspring.infra.db.rows import to_row
from mainspring.infra.feed import publish
from mainspring.kernel.clock import SystemClock
from mainspring.kernel.ids import new_id, new_secret
from mainspring.kernel.scope import Actor, ActorKind, Scope
from mainspring.wire.observations import CallRecord, ObservationBatch
from mainspring.wire.records import RecordBatch, UsageRecord
from mainspring.wire.usage import Usage

DAYS: Final = 30
SELF: Final = Scope.platform("benchmark")
MODELS: Final = tuple(f"model-{number}" for number in range(20))
_SAMPLE: Final = 20_000
BATCH: Final = 500
"""Calls that are delivered at once."""
_KEYS_AT_ONCE: Final = 2000
_EVENTS_AT_ONCE: Final = 10_000
_VOCABULARY: Final = 20_000
_BUSY_SHARE: Final = 10
"""One project has a tenth of all keys."""


_OWN: Final = (
    "ARRAY['session_id=' || {session_id}, 'user_id=' || {user_id}, 'trace_id=' || {trace_id}]"
)
_OF_SAMPLE: Final = _OWN.format(session_id="session_id", user_id="user_id", trace_id="trace_id")
_SAMPLE_TERMS: Final = text(
    f"""
    CREATE TABLE sample_terms AS
    SELECT sample.id AS sampled, ARRAY(
        SELECT unnest(terms) EXCEPT SELECT unnest(call_terms_of(NULL, {_OF_SAMPLE}))
    ) AS shared
    FROM sample JOIN call_terms USING (day, at, id)
    """  # noqa: S608 - our own names
)
_TERMS: Final = f"""
    INSERT INTO call_terms (day, at, id, org_id, duration_ms, cost_nanos, terms)
    SELECT day, moment, {{id}}, org_id, duration_ms, cost_nanos,
        shared || call_terms_of(NULL, {_OWN})
    FROM repeated JOIN sample_terms ON sampled = repeated.id
"""  # noqa: S608 - our own names
"""Terms of a repetition: those of the sample, and of its own session, user and trace."""


class Sizes(msgspec.Struct, frozen=True):
    """How many of each."""

    organizations: int
    keys: int
    events: int
    calls: int


class Tenant(msgspec.Struct, frozen=True):
    """An organisation with its project."""

    org_id: str
    project_id: str


class Filled(msgspec.Struct, frozen=True):
    """What lies there. The first tenant is the busy one; ``common`` is a word of most calls,
    ``middling`` of one in some hundreds, ``rare`` of a few."""

    tenants: list[Tenant]
    people: list[str]
    common: str = "word0"
    middling: str = "word500"
    rare: str = "word19990"


async def fill(
    api: httpx.AsyncClient, internal: httpx.AsyncClient, database: Database, sizes: Sizes
) -> Filled:
    """Fill the database; ``api`` is an administrator's client, ``internal`` a gateway's."""
    chance = random.Random(1)
    tenants = [await _tenant(api, number) for number in range(sizes.organizations)]
    await _keys(database, tenants, sizes.keys)
    people = await _events(database, tenants, sizes.events)
    await _sample(internal, tenants, chance)
    await _multiply(database, call_records, sizes.calls, "cal")
    await _multiply(database, usage_records, sizes.calls, "use")
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("SET statement_timeout = 0"))
        await connection.execute(text("SET maintenance_work_mem = '512MB'"))
        await connection.execute(text("VACUUM ANALYZE"))
    return Filled(tenants, people)


async def _tenant(api: httpx.AsyncClient, number: int) -> Tenant:
    made = await _created(api, "/organizations", name=f"Company {number}")
    project = await _created(api, f"/organizations/{made['id']}/projects", name="Assistants")
    return Tenant(made["id"], project["id"])


async def _created(api: httpx.AsyncClient, path: str, **body: object) -> dict[str, Any]:
    answer = await api.post(path, json=body)
    answer.raise_for_status()
    return answer.json()


async def _keys(database: Database, tenants: Sequence[Tenant], count: int) -> None:
    """Make keys, most of them shared out evenly."""
    now = SystemClock().now()
    busy = count // _BUSY_SHARE
    for first in range(0, count, _KEYS_AT_ONCE):
        keys: list[ApiKey] = []
        for number in range(first, min(first + _KEYS_AT_ONCE, count)):
            tenant = tenants[0] if number < busy else tenants[number % len(tenants)]
            secret = new_secret("sk")
            keys.append(
                ApiKey(
                    id=new_id("key"),
                    org_id=tenant.org_id,
                    project_id=tenant.project_id,
                    actor_id=new_id("usr"),
                    name=f"key {number}",
                    hint=secret[:7],
                    digest=bytes.fromhex(f"{number:064x}"),
                    created_at=now,
                )
            )
        async with database.session(SELF) as session:
            await session.execute(text("SET LOCAL statement_timeout = 0"))
            await session.execute(insert(api_keys), [to_row(key) for key in keys])
            await publish(session, [key.resource() for key in keys])


async def _events(database: Database, tenants: Sequence[Tenant], count: int) -> list[str]:
    """Append events to the tenants' chains until there are ``count``; returns who did that."""
    people: list[str] = []
    async with database.session(SELF) as session:
        have = (await session.execute(text("SELECT count(*) FROM audit_events"))).scalar_one()
    append = text(
        """
        SELECT count(audit_append(
            (CAST(:orgs AS text[]))[1 + n % :tenants],
            (CAST(:actions AS text[]))[1 + n % 7], 'model',
            'mdl_' || md5(CAST(:chunk AS text) || '/' || n), NULL,
            jsonb_build_object('name', 'model ' || n, 'weight', n),
            jsonb_build_object('name', 'model ' || n, 'weight', n + 1)))
        FROM generate_series(1, :count) AS n
        """
    )
    values = {
        "orgs": [each.org_id for each in tenants],
        "tenants": len(tenants),
        "actions": [
            *("model.update", "model.create", "release.update", "policy.update"),
            *("api_key.create", "api_key.revoke", "member.update"),
        ],
    }
    while have < count:
        person = new_id("usr")
        people.append(person)
        scope = msgspec.structs.replace(
            SELF, actor=Actor(ActorKind.USER, person), request_id=new_id("req")
        )
        some = min(_EVENTS_AT_ONCE, count - have)
        async with database.session(scope) as session:
            await session.execute(text("SET LOCAL statement_timeout = 0"))
            await session.execute(append, {**values, "chunk": str(have), "count": some})
        have += some
    return people


async def _sample(
    internal: httpx.AsyncClient, tenants: Sequence[Tenant], chance: random.Random
) -> None:
    """Deliver calls as a gateway does: their records, and their contents."""
    for _ in range(0, _SAMPLE, BATCH):
        usage, calls = batch_of_calls(tenants, chance)
        for path, batch in (
            ("/internal/v1/records", RecordBatch("benchmark", usage)),
            ("/internal/v1/observations", ObservationBatch("benchmark", calls)),
        ):
            answer = await internal.post(path, content=msgspec.msgpack.encode(batch))
            answer.raise_for_status()


def batch_of_calls(
    tenants: Sequence[Tenant], chance: random.Random
) -> tuple[list[msgspec.Raw], list[msgspec.Raw]]:
    """Return the usage and the contents of ``BATCH`` calls, as a gateway delivers them."""
    now = SystemClock().now()
    usage: list[msgspec.Raw] = []
    calls: list[msgspec.Raw] = []
    for _ in range(BATCH):
        # A fifth of all calls are the busy tenant's.
        tenant = tenants[0] if chance.random() < 0.2 else chance.choice(tenants)
        at = now - timedelta(seconds=chance.random() * DAYS * 86_400)
        record, call = _call(tenant, at, chance)
        usage.append(msgspec.Raw(msgspec.msgpack.encode(record)))
        calls.append(msgspec.Raw(msgspec.msgpack.encode(call)))
    return usage, calls


def _call(tenant: Tenant, at: datetime, chance: random.Random) -> tuple[UsageRecord, CallRecord]:
    at_ms = round(at.timestamp() * 1000)
    digits = f"{at_ms:012x}{chance.getrandbits(80):020x}"
    # One call in two hundred fails; a session has some ten calls.
    failed = chance.random() < 0.005
    what: dict[str, Any] = {
        "request_id": f"req_{digits}",
        "at_ms": at_ms,
        "org_id": tenant.org_id,
        "project_id": tenant.project_id,
        "key_id": None,
        "actor_id": f"usr_{chance.randrange(2000):032x}",
        "operation": "chat",
        "model": chance.choice(MODELS),
        "stream": chance.random() < 0.7,
        "status": 502 if failed else 200,
        "outcome": "upstream_unavailable" if failed else "ok",
        "usage": Usage(input=chance.randrange(20, 4000), output=chance.randrange(1, 1000)),
        "cost_nanos": chance.randrange(1000, 50_000_000),
        "currency": "USD",
        "ttft_ms": chance.lognormvariate(5, 0.7),
        "duration_ms": chance.lognormvariate(7, 0.8),
        "trace_id": digits,
        "gateway_id": "benchmark",
    }
    request = {"messages": [{"role": "user", "content": _prose(chance)}]}
    answer = {"choices": [{"text": _prose(chance), "finish_reason": "stop"}]}
    call = CallRecord(
        id=f"cal_{digits}",
        level="redacted",
        session_id=f"session-{chance.randrange(_SAMPLE // 10)}",
        user_id=f"user-{chance.randrange(1000)}",
        metadata={"feature": f"feature-{chance.randrange(50)}", "build": str(at.day)},
        request=msgspec.json.encode(request),
        answer=msgspec.json.encode(answer),
        **what,
    )
    return UsageRecord(id=f"use_{digits}", **what), call


def _prose(chance: random.Random) -> str:
    """Return some eighty words; the n-th most common one comes 1/n times as often (Zipf)."""
    return " ".join(f"word{int(_VOCABULARY ** chance.random()) - 1}" for _ in range(80))


async def _multiply(database: Database, table: Table, count: int, prefix: str) -> None:
    """Repeat the rows of the sample, each time at another moment of their days."""
    columns = [column.name for column in table.columns]
    renewed = {
        "id": f"'{prefix}_' || digits",
        "request_id": "'req_' || digits",
        "trace_id": "digits",
        "at": "moment",
        # Sessions and users multiply as well: a repetition has its own.
        "session_id": "session_id || '-' || CAST(:round AS text)",
        "user_id": "user_id || '-' || CAST(:round AS text)",
    }
    chosen = ", ".join(renewed.get(name, name) for name in columns)
    followed = _TERMS.format(**renewed) if table is call_records else "SELECT"
    statement = text(
        f"""
        WITH repeated AS MATERIALIZED (
            SELECT sample.*, moment, digits
            FROM sample CROSS JOIN LATERAL (
                SELECT sample.day + random() * interval '1 day' AS moment
                WHERE sample.id IS NOT NULL
            ) AS moments CROSS JOIN LATERAL (
                SELECT lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0')
                    || substr(md5(sample.id || CAST(:round AS text)), 1, 20) AS digits
            ) AS names
        ), kept AS (
            INSERT INTO {table.name} ({", ".join(columns)}) SELECT {chosen} FROM repeated
        )
        {followed}
        """  # noqa: S608 - our own names
    )
    async with database.session(SELF) as session:
        await session.execute(text("SET LOCAL statement_timeout = 0"))
        copy = f"CREATE TABLE sample AS SELECT * FROM {table.name}"  # noqa: S608 - our own name
        await session.execute(text(copy))
        if table is call_records:
            await session.execute(text("SET LOCAL mainspring.sought = '{}'"))  # whatever it has
            await session.execute(_SAMPLE_TERMS)
            await session.execute(text("DROP INDEX ix_call_terms_terms"))
    for number in range(1, count // _SAMPLE):
        async with database.session(SELF) as session:
            await session.execute(text("SET LOCAL statement_timeout = 0"))
            await session.execute(statement, {"round": number})
    async with database.session(SELF) as session:
        await session.execute(text("DROP TABLE IF EXISTS sample, sample_terms"))
        if table is call_records:
            # Terms come into their index all at once, which is quicker than one by one.
            await session.execute(text("SET LOCAL statement_timeout = 0"))
            await session.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
            await session.execute(
                text("CREATE INDEX ix_call_terms_terms ON call_terms USING gin (terms)")
            )
