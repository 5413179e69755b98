"""The release before runs on this release's schema, as it does while an upgrade is under way.

What ran before is taken from the history: the newest release that is not this very commit, and
as long as nothing was released, the code from before the newest migration. It starts as a process
of its own on a database that has all migrations, and is used by its own API.
"""

import asyncio
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from mainspring.infra.db.migrate import migrate
from mainspring.testing.ports import free_port
from tests.fixtures.control import batch_of, usage_record

ROOT = Path(__file__).parents[3]
VERSIONS = "src/mainspring/infra/db/migrations/versions"
START_S = 60.0


def git(*words: str) -> str:
    """Return what git says; the suite runs in a clone with its history."""
    done = subprocess.run(
        ["git", *words],  # noqa: S607 - git is on PATH wherever there is a clone
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit_before() -> str:
    """Return the commit whose code runs while this one's migrations are applied."""
    here = git("rev-parse", "HEAD")
    for tag in git("tag", "--list", "v*", "--merged", "HEAD", "--sort=-version:refname").split():
        commit = git("rev-list", "-n", "1", tag)
        if commit != here:
            return commit
    newest = max(each.name for each in (ROOT / VERSIONS).glob("[0-9]*.py"))
    added = git("log", "--diff-filter=A", "--format=%H", "-1", "--", f"{VERSIONS}/{newest}")
    return git("rev-parse", f"{added}^") if added else here  # one that is being written


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """Return the directory of the code from before."""
    archive = tmp_path / "before.tar"
    git("archive", "-o", str(archive), commit_before(), "src")
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "before", filter="data")
    return tmp_path / "before" / "src"


def head_of(code: Path) -> str:
    """Return the newest revision that ``code`` knows."""
    return max(each.name for each in (code.parent / VERSIONS).glob("[0-9]*.py"))[:4]


def say(dsn: str, revision: str) -> str:
    """Have the database say that it is at ``revision``; return what it said before."""
    with psycopg.connect(dsn) as connection:
        [said] = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
        connection.execute("UPDATE alembic_version SET version_num = %s", (revision,))
    return str(said)


@asynccontextmanager
async def serving(code: Path, home: Path, dsn: str) -> AsyncGenerator[httpx.AsyncClient]:
    """Run the control role of ``code``; the client is its administrator's."""
    port = free_port()
    ours = ("MAINSPRING_", "PYTHON")
    kept = {name: text for name, text in os.environ.items() if not name.startswith(ours)}
    log = home.with_suffix(".log")
    with log.open("wb") as written:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "mainspring.app.cli.main",
            "serve",
            "control",
            env={
                **kept,
                "PYTHONPATH": str(code),
                "MAINSPRING_HOME": str(home),
                "MAINSPRING_CONTROL_PORT": str(port),
                "DATABASE_URL": dsn,
            },
            cwd="/",
            stdout=written,
            stderr=written,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(base_url=url, timeout=20) as client:
            async with asyncio.timeout(START_S):
                while not await _is_ready(client):
                    assert process.returncode is None, await asyncio.to_thread(log.read_text)
                    await asyncio.sleep(0.05)
            token = (home / "admin-token").read_text().strip()
            client.headers["Authorization"] = f"Bearer {token}"
            yield client
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()


async def _is_ready(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/readyz")).status_code == 200
    except httpx.TransportError:
        return False


async def test_what_ran_before_goes_on_to_work_on_the_present_schema(
    code: Path, database_dsn: str, tmp_path: Path
) -> None:
    present = say(database_dsn, head_of(code))
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    async with serving(code, home, database_dsn) as client:
        # Had it been started before the migrations, it would stand here; only a start is refused.
        assert say(database_dsn, present) == head_of(code)

        async def made(path: str, **body: object) -> dict[str, Any]:
            answer = await client.post(f"/api/v1{path}", json=body)
            assert answer.status_code == 201, (path, answer.text)
            return answer.json()

        org = (await made("/organizations", name="Before"))["id"]
        project = (await made(f"/organizations/{org}/projects", name="Before"))["id"]
        key = (await made(f"/projects/{project}/keys", name="before"))["id"]
        server = (await made("/upstreams", name="before", base_url="http://127.0.0.1:9"))["id"]
        target = {"upstream_id": server, "upstream_model": "m"}
        model = (await made("/models", name="before", targets=[target]))["id"]
        targets = [{**target, "upstream_model": "n"}]
        await made(f"/models/{model}/releases", version="2", targets=targets)
        await made("/policies", name="before", parameters=[{"name": "top_p", "max": 1}])
        person = {"email": "before@example.com", "name": "B", "password": "a longer password"}
        user = (await made("/users", **person))["id"]
        for path, body in (
            (f"/organizations/{org}", {"name": "After"}),
            (f"/projects/{project}", {"limits": {"requests_per_minute": 5}}),
            (f"/keys/{key}", {"models": ["before"]}),
            (f"/models/{model}", {"context_length": 4096}),
        ):
            answer = await client.patch(f"/api/v1{path}", json=body)
            assert answer.status_code == 200, (path, answer.text)
        record = usage_record(org, project, key_id=key, model="before")
        internal = (home / "secrets" / "internal.token").read_text().strip()
        sent = await client.post(
            "/internal/v1/records",
            headers={"Authorization": f"Bearer {internal}"},
            content=batch_of(record),
        )
        assert sent.status_code == 200, sent.text
        assert (await client.post(f"/api/v1/users/{user}/revoke")).status_code == 200
        assert (await client.delete(f"/api/v1/keys/{key}")).status_code == 204

        known = {"org_id": org, "project_id": project, "model_id": model, "user_id": user}
        failed, read = await _read_everything(client, known)
        assert failed == []
        assert read > 40
        trail = await client.get("/api/v1/audit/verification")
        assert (trail.status_code, trail.json()["intact"]) == (200, True), trail.text
    # And nothing that it wrote stands in the way of this release.
    assert (await asyncio.to_thread(migrate, database_dsn)).is_current


async def _read_everything(
    client: httpx.AsyncClient, known: dict[str, str]
) -> tuple[list[tuple[str, str]], int]:
    """Read all that its document offers and ``known`` leads to; return what failed, and a count."""
    document = (await client.get("/api/v1/openapi.json")).json()
    failed: list[tuple[str, str]] = []
    read = 0
    for path, methods in document["paths"].items():
        names = set(re.findall(r"{(\w+)}", path))
        if "get" not in methods or methods["get"]["operationId"] == "follow_live":
            continue
        if not names <= known.keys():
            continue
        answer = await client.get(path.format(**known))
        read += answer.status_code == 200
        # One that asks for more than it was given is refused, and well; a query that fails is not.
        if answer.status_code >= 500:
            failed.append((path, answer.text))
    return failed, read
