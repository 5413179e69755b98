"""What much data costs the control plane: ``python -m benchmarks.volume``.

A real PostgreSQL holds what a large company keeps for a month; the control role answers on a port
and one gateway follows it. Each question is asked one after the other with ever other parameters,
over HTTP, and the plan of every statement that it took is looked at: a table with many rows that is
read from end to end is told. (The client shares the process and its core with control.)
"""

import asyncio
import contextlib
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click
import httpx
import msgspec
import psycopg
import uvloop
from sqlalchemy import Engine, event

from benchmarks.filling import BATCH, DAYS, MODELS, Filled, Sizes, batch_of_calls, fill
from benchmarks.processes import orderly_end
from benchmarks.report import VOLUME_BEGIN, VOLUME_END, Machine, insert
from mainspring.app.control.main import run
from mainspring.app.home import Home
from mainspring.app.settings import ControlSettings
from mainspring.gateway.main import Gateway
from mainspring.gateway.settings import GatewaySettings
from mainspring.infra.db import Database
from mainspring.infra.db.dsn import libpq_url
from mainspring.kernel.clock import SystemClock
from mainspring.kernel.paging import encode_cursor
from mainspring.kernel.tasks import TaskOwner
from mainspring.testing.ports import free_port
from mainspring.testing.postgres import running_postgres
from mainspring.wire.observations import ObservationBatch

_TIMES: Final = 60
_KEY_TIMES: Final = 20
_DELIVERIES: Final = 10
_LARGE: Final = 20_000
"""Rows from which on a table is not to be read whole."""
_PATIENCE_S: Final = 900.0

_Asked = tuple[str, Mapping[str, str | int]]


class Question(msgspec.Struct, frozen=True):
    """Something that is asked; ``make`` returns a path with its query, another each time."""

    name: str
    make: Callable[[random.Random], _Asked]
    times: int = _TIMES


class Figures(msgspec.Struct, frozen=True):
    """What a question took, in milliseconds, and what its plans used."""

    name: str
    p50_ms: float
    p95_ms: float
    slowest_ms: float
    indexes: list[str]
    read_whole: list[str]


class _Statements:
    """Notes every statement that any engine of this process sends, while it is asked to."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, Any]] = []
        self.noting = False
        event.listen(Engine, "before_cursor_execute", self._note)

    def _note(self, *about: Any) -> None:  # noqa: ANN401 - SQLAlchemy's arguments
        if self.noting:
            self.noted.append((about[2], about[3]))


def questions(filled: Filled, now: datetime) -> list[Question]:
    """Return what is asked."""
    busy = filled.tenants[0]
    month = _iso(now, -DAYS)
    day = _iso(now, -1)
    now_ms = round(now.timestamp() * 1000)
    calls = {"since": month, "limit": 50}

    def some(chance: random.Random) -> str:
        return chance.choice(filled.tenants).org_id

    def moment(chance: random.Random) -> str:
        return encode_cursor((now_ms - chance.randrange(DAYS * 86_400_000), "cal_"))

    return [
        Question("organisations, a page", lambda c: ("/organizations", _after(some(c)))),
        Question(
            "keys of a project with thousands, a page",
            lambda _: (f"/projects/{busy.project_id}/keys", {"limit": 50}),
        ),
        Question(
            "audit: everything, newest first",
            lambda c: ("/audit/events", {"since": month, "limit": 1 + c.randrange(99)}),
        ),
        Question(
            "audit: one organisation",
            lambda c: ("/audit/events", {"since": month, "org_id": some(c)}),
        ),
        Question(
            "audit: what a person did",
            lambda c: ("/audit/events", {"since": month, "actor_id": c.choice(filled.people)}),
        ),
        Question(
            "audit: an action in an organisation",
            lambda c: (
                "/audit/events",
                {"since": month, "org_id": some(c), "action": "policy.update"},
            ),
        ),
        Question(
            "audit: an object that nothing happened to",
            lambda c: ("/audit/events", {"since": month, "object_id": f"mdl_{c.getrandbits(64)}"}),
        ),
        Question(
            "audit: a request that changed nothing",
            lambda c: ("/audit/events", {"since": month, "request_id": f"req_{c.getrandbits(64)}"}),
        ),
        Question(
            "calls: newest first, any page", lambda c: ("/calls", {**calls, "cursor": moment(c)})
        ),
        Question(
            "calls: one organisation, any page",
            lambda c: ("/calls", {**calls, "org_id": some(c), "cursor": moment(c)}),
        ),
        Question("calls: one model", lambda c: ("/calls", {**calls, "model": c.choice(MODELS)})),
        Question(
            "calls: failed, of one model",
            lambda c: ("/calls", {**calls, "model": c.choice(MODELS), "failed": "true"}),
        ),
        Question(
            "calls: slower than anything",
            lambda c: ("/calls", {**calls, "min_duration_ms": 500_000 + c.randrange(1000)}),
        ),
        Question(
            "calls: one session",
            lambda c: (
                "/calls",
                {**calls, "session_id": f"session-{c.randrange(2000)}-{1 + c.randrange(9)}"},
            ),
        ),
        Question(
            "calls: one user",
            lambda c: (
                "/calls",
                {**calls, "user_id": f"user-{c.randrange(1000)}-{1 + c.randrange(9)}"},
            ),
        ),
        Question(
            "calls: a trace that is not there",
            lambda c: ("/calls", {**calls, "trace_id": f"{c.getrandbits(128):032x}"}),
        ),
        Question(
            "calls: metadata",
            lambda c: ("/calls", {**calls, "metadata": f"feature:feature-{c.randrange(50)}"}),
        ),
        Question(
            "calls: text, in most of them", lambda _: ("/calls", {**calls, "text": filled.common})
        ),
        Question(
            "calls: text, in one of hundreds",
            lambda _: ("/calls", {**calls, "text": filled.middling}),
        ),
        Question("calls: text, in few", lambda _: ("/calls", {**calls, "text": filled.rare})),
        Question(
            "calls: text of one organisation",
            lambda c: ("/calls", {**calls, "org_id": some(c), "text": filled.common}),
        ),
        Question(
            "calls: text, failed, of one model",
            lambda c: (
                "/calls",
                {**calls, "model": c.choice(MODELS), "failed": "true", "text": filled.common},
            ),
        ),
        Question(
            "calls: text, in most of them, slower than anything",
            lambda c: (
                "/calls",
                {**calls, "min_duration_ms": 500_000 + c.randrange(1000), "text": filled.common},
            ),
        ),
        Question(
            "calls: a status that none has",
            lambda c: ("/calls", {**calls, "status": c.randrange(505, 599)}),
        ),
        Question("usage of a day by model", lambda _: ("/usage/summary", {"since": day}), 20),
        Question(
            "costs of an organisation in a month, by day",
            lambda c: ("/costs", {"since": month, "org_id": some(c), "interval": "day"}),
            20,
        ),
        Question(
            "costs of everybody in a month, by model",
            lambda _: ("/costs", {"since": month, "group_by": "model"}),
            5,
        ),
    ]


def _after(org_id: str) -> Mapping[str, str | int]:
    return {"limit": 50, "cursor": encode_cursor(org_id)}


def _iso(now: datetime, days: int) -> str:
    return (now + timedelta(days=days)).isoformat()


async def measure(dsn: str, sizes: Sizes, directory: Path) -> tuple[list[Figures], dict[str, str]]:
    """Fill the database of ``dsn`` and ask; returns the figures, and what else was timed."""
    statements = _Statements()
    async with _serving(dsn, directory) as settings:
        url = f"http://127.0.0.1:{settings.port}"
        headers = {
            kind: {"Authorization": f"Bearer {file.read_text().strip()}"}
            for kind, file in (
                ("admin", settings.admin_token_file),
                ("internal", settings.internal_token_file),
            )
        }
        async with (
            httpx.AsyncClient(
                base_url=f"{url}/api/v1", headers=headers["admin"], timeout=120
            ) as api,
            httpx.AsyncClient(base_url=url, headers=headers["internal"], timeout=120) as internal,
        ):
            database = Database(dsn, role="benchmark")
            began = time.monotonic()
            filled = await fill(api, internal, database, sizes)
            told = {"filled in": f"{time.monotonic() - began:.0f} s"}
            await database.close()
            now = SystemClock().now()
            chance = random.Random(2)
            figures = [
                await _ask(api, each, chance, statements, dsn) for each in questions(filled, now)
            ]
            began = time.monotonic()
            verified = await api.get("/audit/verification")
            verified.raise_for_status()
            told["every chain of the audit trail verified"] = f"{time.monotonic() - began:.1f} s"
            told |= await _delivery(internal, dsn, filled, chance)
            told |= await _snapshot(internal)
            told |= await _keys(api, settings, filled, directory)
    return figures, told


async def _ask(
    api: httpx.AsyncClient,
    question: Question,
    chance: random.Random,
    statements: _Statements,
    dsn: str,
) -> Figures:
    path, query = question.make(chance)
    statements.noted.clear()
    statements.noting = True
    (await api.get(path, params=query)).raise_for_status()
    statements.noting = False
    indexes, whole = _plans(dsn, statements.noted)
    took: list[float] = []
    for _ in range(question.times):
        path, query = question.make(chance)
        began = time.perf_counter()
        answer = await api.get(path, params=query)
        took.append((time.perf_counter() - began) * 1000)
        answer.raise_for_status()
    took.sort()
    found = Figures(
        name=question.name,
        p50_ms=took[len(took) // 2],
        p95_ms=took[min(len(took) * 95 // 100, len(took) - 1)],
        slowest_ms=took[-1],
        indexes=sorted(indexes),
        read_whole=sorted(whole),
    )
    sys.stderr.write(f"{found}\n")
    return found


def _plans(dsn: str, noted: Iterable[tuple[str, Any]]) -> tuple[set[str], set[str]]:
    """Return the indexes that these statements use, and the large tables that they read whole.

    The statements are explained in their order in one transaction, which has the tenant that the
    first of them set. Partitions stand under their table's name.
    """
    indexes: set[str] = set()
    whole: set[str] = set()
    with psycopg.connect(libpq_url(dsn)) as connection:
        rows = dict(
            connection.execute("SELECT relname, reltuples::bigint FROM pg_class").fetchall()
        )
        parents = dict(
            connection.execute(
                "SELECT part.relname, whole.relname FROM pg_inherits"
                " JOIN pg_class AS part ON part.oid = inhrelid"
                " JOIN pg_class AS whole ON whole.oid = inhparent"
            ).fetchall()
        )
        for statement, values in noted:
            if "set_config" in statement:
                connection.execute(statement.encode(), values)
            if not statement.lstrip().upper().startswith(("SELECT", "WITH")):
                continue
            found = connection.execute(
                f"EXPLAIN (FORMAT JSON) {statement}".encode(), values
            ).fetchone()
            for node in _nodes(found[0][0]["Plan"] if found else {}):
                relation = node.get("Relation Name", "")
                if name := node.get("Index Name"):
                    indexes.add(parents.get(name, name))
                elif node.get("Node Type") == "Seq Scan" and rows.get(relation, 0) > _LARGE:
                    whole.add(parents.get(relation, relation))
        connection.rollback()
    return indexes, whole


def _nodes(plan: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    yield plan
    for each in plan.get("Plans", []):
        yield from _nodes(each)


async def _delivery(
    internal: httpx.AsyncClient, dsn: str, filled: Filled, chance: random.Random
) -> dict[str, str]:
    """Deliver more calls; return how long that took, what was written, and the room they take."""
    took: list[float] = []
    with psycopg.connect(libpq_url(dsn), autocommit=True) as connection:
        before = connection.execute("SELECT pg_current_wal_lsn()").fetchone()
        for _ in range(_DELIVERIES):
            _, calls = batch_of_calls(filled.tenants, chance)
            content = msgspec.msgpack.encode(ObservationBatch("benchmark", calls))
            began = time.perf_counter()
            answer = await internal.post("/internal/v1/observations", content=content)
            took.append((time.perf_counter() - began) * 1000)
            answer.raise_for_status()
        written = connection.execute(
            "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), %s)::float8", before
        ).fetchone()
        room = dict(
            connection.execute(
                "SELECT whole.relname, sum(pg_total_relation_size(inhrelid))::float8"
                " FROM pg_inherits JOIN pg_class AS whole ON whole.oid = inhparent"
                " WHERE whole.relname IN ('call_records', 'call_terms') GROUP BY 1"
            ).fetchall()
        )
    each = written[0] / (_DELIVERIES * BATCH) / 1000 if written else 0.0
    return {
        f"{BATCH} calls with contents kept": _spread(took),
        "written to the log of the database for each of these calls": f"{each:.1f} kB",
        "room of the calls": f"{room['call_records'] / 1e9:.1f} GB",
        "room of what they are found by": f"{room['call_terms'] / 1e9:.1f} GB",
    }


async def _snapshot(internal: httpx.AsyncClient) -> dict[str, str]:
    began = time.monotonic()
    async with internal.stream("GET", "/internal/v1/snapshot?since=0") as answer:
        buffer = b""
        async for chunk in answer.aiter_raw():
            buffer += chunk
            if len(buffer) >= 4 and len(buffer) >= 4 + (size := int.from_bytes(buffer[:4], "big")):
                took = time.monotonic() - began
                return {"a whole snapshot compiled and sent": f"{took:.2f} s, {size / 1e6:.0f} MB"}
    raise RuntimeError("control ended the stream")


async def _keys(
    api: httpx.AsyncClient, settings: ControlSettings, filled: Filled, directory: Path
) -> dict[str, str]:
    """Make keys and revoke them; return how long a gateway took to know."""
    gateway = Gateway(
        GatewaySettings(
            spool_dir=directory / "spool",
            snapshot_file=directory / "snapshot.bin",
            port=0,
            gateway_id="benchmark",
            control_url=f"http://127.0.0.1:{settings.port}",
            internal_token_file=settings.internal_token_file,
            master_key_file=settings.master_key_file,
        )
    )
    began = time.monotonic()
    await gateway.start()
    while not gateway.table.version:  # noqa: ASYNC110 - a snapshot has no event
        await asyncio.sleep(0.005)
    ready = time.monotonic() - began
    made: list[float] = []
    ended: list[float] = []
    path = f"/projects/{filled.tenants[0].project_id}/keys"
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{gateway.port}", timeout=20) as client:
        for number in range(_KEY_TIMES):
            began = time.monotonic()
            answer = await api.post(path, json={"name": f"new {number}"})
            answer.raise_for_status()
            key = answer.json()
            known = {"Authorization": f"Bearer {key['secret']}"}
            while (await client.get("/v1/models", headers=known)).status_code != 200:
                pass  # each try takes a round trip
            made.append((time.monotonic() - began) * 1000)
            began = time.monotonic()
            (await api.delete(f"/keys/{key['id']}")).raise_for_status()
            while (await client.get("/v1/models", headers=known)).status_code == 200:
                pass
            ended.append((time.monotonic() - began) * 1000)
    await gateway.stop(0.0)
    return {
        "a gateway that starts without a file has taken everything": f"{ready:.1f} s",
        "a new key is good at a gateway (with its creation)": _spread(made),
        "a revoked key is refused (with its revocation)": _spread(ended),
    }


def _spread(took: list[float]) -> str:
    took.sort()
    return f"{took[len(took) // 2]:.0f} ms, slowest {took[-1]:.0f} ms"


@contextlib.asynccontextmanager
async def _serving(dsn: str, directory: Path) -> AsyncGenerator[ControlSettings]:
    """Run the control role on a free port."""
    home = Home(directory / "home")
    settings = ControlSettings(
        home=home.root,
        host="127.0.0.1",
        port=free_port(),
        database_url=dsn,
        internal_token_file=home.internal_token,
        master_key_file=home.master_key,
        session_key_file=home.session_key,
        setup_link_file=home.setup_link,
        admin_token_file=home.admin_token,
        first_key_file=home.first_key,
        gateway_url="http://127.0.0.1:9",
        requests_per_minute=0,
    )
    ready = asyncio.Event()
    owner = TaskOwner(lambda _name, _error: ready.set())
    role = owner.start(run(settings, ready=ready.set), name="control")
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await ready.wait()
        if role.done():
            role.result()
        yield settings
    finally:
        await owner.close()


def table(sizes: Sizes, figures: Iterable[Figures], told: Mapping[str, str]) -> str:
    """Return the figures as a page's tables."""
    machine = Machine.this()
    where = (
        f"`python -m benchmarks.volume`; {machine.cpu}, {machine.cores} cores, {machine.kernel}, "
        f"Python {machine.python}; {sizes.organizations:,} organisations, {sizes.keys:,} keys, "
        f"{sizes.events:,} audit events, {sizes.calls:,} calls with contents in {DAYS} days:"
    )
    lines = [
        where,
        "",
        "| question | p50 | p95 | slowest | indexes of its plans |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for each in figures:
        used = ", ".join(f"`{name}`" for name in each.indexes) or "none"
        if each.read_whole:
            used += "; reads whole: " + ", ".join(f"`{name}`" for name in each.read_whole)
        lines.append(
            f"| {each.name} | {each.p50_ms:.1f} ms | {each.p95_ms:.1f} ms "
            f"| {each.slowest_ms:.1f} ms | {used} |"
        )
    lines += ["", "| what else | took |", "| --- | ---: |"]
    lines += [f"| {name} | {value} |" for name, value in told.items()]
    return "\n".join(lines) + "\n"


@click.command(help=__doc__)
@click.option("--organizations", default=1000, show_default=True)
@click.option("--keys", default=100_000, show_default=True)
@click.option("--events", default=1_000_000, show_default=True)
@click.option("--calls", default=1_000_000, show_default=True)
@click.option(
    "--docs", "docs_path", type=click.Path(path_type=Path), help="Put the tables into this page."
)
def main(*, organizations: int, keys: int, events: int, calls: int, docs_path: Path | None) -> None:
    """Fill a database and ask."""
    sizes = Sizes(organizations=organizations, keys=keys, events=events, calls=calls)
    with (
        orderly_end(),
        tempfile.TemporaryDirectory(prefix="mainspring-volume-") as temporary,
        running_postgres(durable=True) as dsn,
    ):
        os.umask(0o077)
        figures, told = uvloop.run(measure(dsn, sizes, Path(temporary)))
    text = table(sizes, figures, told)
    sys.stdout.write(text)
    if docs_path:
        page = insert(docs_path.read_text("utf-8"), text, begin=VOLUME_BEGIN, end=VOLUME_END)
        docs_path.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
