"""``/v1/files`` by the official client, over real gateways, control, database and disk."""

import asyncio
import hashlib
from pathlib import Path

import httpx
import openai
import psycopg
import pytest

from mainspring.testing.upstream import ScriptedUpstream
from tests.fixtures.exported import check_export
from tests.fixtures.seaweed import ACCESS_KEY, SECRET_KEY, seaweed
from tests.fixtures.site import Site, open_site

LINES = b'{"custom_id":"1"}\n' * 1000


def blobs_under(site: Site) -> list[Path]:
    """Return the files that lie on the disk for callers."""
    root = site.control.settings.home / "blobs"
    return [each for each in root.rglob("*") if each.is_file()]


async def test_a_file_is_uploaded_listed_read_and_deleted(site: Site) -> None:
    project, key = await site.tenant("acme")
    await site.has_caught_up()
    client = site.openai(key)
    made = await client.files.create(file=("über uns.jsonl", LINES), purpose="batch")
    assert (made.object, made.bytes, made.filename, made.purpose, made.status) == (
        "file",
        len(LINES),
        "über uns.jsonl",
        "batch",
        "processed",
    )
    other = await client.files.create(file=("b.txt", b"hello"), purpose="user_data")
    assert [each.id async for each in client.files.list()] == [other.id, made.id]
    assert [each.id async for each in client.files.list(purpose="batch")] == [made.id]
    first = await client.files.list(limit=1, order="asc")
    assert (first.data[0].id, first.has_more) == (made.id, True)
    assert [each.id async for each in first] == [made.id, other.id]
    assert (await client.files.retrieve(made.id)).bytes == len(LINES)
    content = await client.files.content(made.id)
    assert content.content == LINES
    disposition = content.response.headers["content-disposition"]
    assert disposition == "attachment; filename*=UTF-8''%C3%BCber%20uns.jsonl"
    [blob] = [each for each in blobs_under(site) if each.name == made.id]
    assert blob.parent.name == project
    assert (await client.files.delete(made.id)).deleted
    assert not blob.exists()
    for attempt in (
        client.files.retrieve(made.id),
        client.files.content(made.id),
        client.files.delete(made.id),
    ):
        with pytest.raises(openai.NotFoundError):
            await attempt


async def test_no_other_project_sees_a_file(site: Site) -> None:
    _, key = await site.tenant("acme")
    _, foreign = await site.tenant("rival")
    await site.has_caught_up()
    made = await site.openai(key).files.create(file=("a.txt", b"secret"), purpose="user_data")
    stranger = site.openai(foreign)
    assert [each async for each in stranger.files.list()] == []
    for attempt in (
        stranger.files.retrieve(made.id),
        stranger.files.content(made.id),
        stranger.files.delete(made.id),
    ):
        with pytest.raises(openai.NotFoundError):
            await attempt
    with pytest.raises(openai.AuthenticationError):
        await site.openai("msk-wrong").files.list()


async def test_control_believes_nobody_but_a_gateway(site: Site) -> None:
    url = f"{site.control.url}/internal/v1/files"
    async with httpx.AsyncClient() as http:
        assert (await http.get(url)).status_code == 401
        internal = site.control.internal()
        assert (await http.get(url, headers=internal)).status_code == 401
        forged = {**internal, "x-mainspring-identity": "msi_AAAA.AAAA"}
        assert (await http.get(url, headers=forged)).status_code == 401


async def test_bad_uploads_are_refused_and_leave_nothing(
    database_dsn: str, tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    bounds = {"max_file_bytes": 1000, "project_file_bytes": 1500}
    async with open_site(database_dsn, tmp_path, upstream, **bounds) as site:
        _, key = await site.tenant("acme")
        await site.has_caught_up()
        client = site.openai(key)
        with pytest.raises(openai.BadRequestError) as wrong:
            await client.files.create(file=("a", b"x"), purpose="batch_output")  # pyright: ignore[reportArgumentType] - what is tried
        assert wrong.value.param == "purpose"
        with pytest.raises(openai.BadRequestError):
            await client.files.create(
                file=("a", b"x"),
                purpose="batch",
                expires_after={"anchor": "created_at", "seconds": 5},
            )
        with pytest.raises(openai.APIStatusError) as large:
            await client.files.create(file=("a", b"x" * 1001), purpose="batch")
        assert (large.value.status_code, large.value.code) == (413, "body_too_large")
        assert blobs_under(site) == []
        await client.files.create(file=("a", b"x" * 900), purpose="batch")
        with pytest.raises(openai.PermissionDeniedError) as full:
            await client.files.create(file=("b", b"x" * 900), purpose="batch")
        assert full.value.code == "project_storage_full"
        assert len(blobs_under(site)) == 1
        headers = {"authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(base_url=site.url(), headers=headers) as http:
            for answer, status in (
                (await http.post("/v1/files", json={}), 400),
                (await http.post("/v1/files", data={"purpose": "batch"}), 400),
                (await http.get("/v1/files?limit=-1"), 400),
                (await http.get("/v1/files/..%2f..%2frecords"), 404),
                (await http.get("/v1/files/x/../../heartbeats"), 404),
                (await http.put("/v1/files/x"), 405),
            ):
                assert answer.status_code == status, answer.request.url
                assert answer.json()["error"]["message"]


async def test_files_expire_and_what_never_arrived_is_swept_up(
    site: Site, database_dsn: str
) -> None:
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    client = site.openai(key)
    made = await client.files.create(
        file=("a.txt", b"x"),
        purpose="user_data",
        expires_after={"anchor": "created_at", "seconds": 3600},
    )
    kept = await client.files.create(file=("b.txt", b"y"), purpose="user_data")
    assert made.expires_at == made.created_at + 3600
    async with await psycopg.AsyncConnection.connect(database_dsn, autocommit=True) as connection:
        await connection.execute("SELECT set_config('mainspring.crosses_tenants', 'on', false)")
        await connection.execute(
            "UPDATE files SET expires_at = now() - interval '1 s' WHERE id = %s", [made.id]
        )
        await connection.execute(
            "INSERT INTO files SELECT 'file-lost', org_id, project_id, key_id, actor_id, filename,"
            " purpose, 0, '', 'arriving', now() - interval '2 days', NULL FROM files"
            " WHERE id = %s",
            [kept.id],
        )
        with pytest.raises(openai.NotFoundError):
            await client.files.retrieve(made.id)
        assert [each.id async for each in client.files.list()] == [kept.id]
        assert await site.sweep_files() == 2
        rows = await connection.execute("SELECT id FROM files")
        assert await rows.fetchall() == [(kept.id,)]
    assert [each.name for each in blobs_under(site)] == [kept.id]


async def test_without_control_files_are_refused_and_calls_are_not(site: Site) -> None:
    _, key = await site.tenant("acme")
    await site.has_caught_up()
    await site.lose_control()
    client = site.openai(key)
    with pytest.raises(openai.APIStatusError) as refused:
        await client.files.list()
    assert (refused.value.status_code, refused.value.code) == (503, "control_unavailable")
    answer = await client.chat.completions.create(
        model="scripted", messages=[{"role": "user", "content": "hi"}]
    )
    assert answer.choices[0].message.content


async def test_files_lie_in_a_bucket_where_one_is_named_and_costs_go_to_one(
    database_dsn: str,
    tmp_path: Path,
    upstream: ScriptedUpstream,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = tmp_path / "s3"
    place.mkdir()
    secret = tmp_path / "secret-key"
    secret.write_text(SECRET_KEY)
    with seaweed(place) as endpoint:
        bucket = {
            "blob_url": "s3://mainspring/prod",
            "blob_endpoint": endpoint,
            "blob_access_key": ACCESS_KEY,
            "blob_secret_key_file": secret,
        }
        async with open_site(database_dsn, tmp_path, upstream, **bucket) as site:
            _, key = await site.tenant("acme")
            await site.has_caught_up()
            client = site.openai(key)
            data = bytes(range(256)) * 4096 * 12
            made = None
            async with asyncio.timeout(30):
                while made is None:
                    try:
                        made = await client.files.create(file=("big", data), purpose="user_data")
                    except openai.InternalServerError:  # it makes its bucket in a moment
                        await asyncio.sleep(0.2)
            content = await client.files.content(made.id)
            assert hashlib.sha256(content.content).digest() == hashlib.sha256(data).digest()
            assert blobs_under(site) == []
            await client.files.delete(made.id)
            monkeypatch.setenv("MAINSPRING_BLOB_ENDPOINT", endpoint)
            monkeypatch.setenv("MAINSPRING_BLOB_ACCESS_KEY", ACCESS_KEY)
            monkeypatch.setenv("MAINSPRING_BLOB_SECRET_KEY_FILE", str(secret))
            await check_export(site, endpoint)
