"""The master key changes by one command, under traffic, with the keys wrapped by a real OpenBao.

Requirements: S5
"""

import asyncio
from pathlib import Path

from mainspring.infra.secrets import Sealer, key_id_of, open_keys
from mainspring.testing.upstream import ScriptedUpstream
from tests.fixtures.commands import run, told
from tests.fixtures.openbao import OpenBao, openbao
from tests.fixtures.site import open_site

__all__ = ["openbao"]

_SECRET = "sk-of-the-vendor"


async def test_no_call_fails_while_the_master_key_changes(
    database_dsn: str, tmp_path: Path, openbao: OpenBao
) -> None:
    place = {
        "key_source": "vault-transit",
        "vault_url": openbao.url,
        "vault_token_file": openbao.token_file,
    }
    upstream = ScriptedUpstream()
    async with upstream, open_site(database_dsn, tmp_path, upstream, **place) as site:
        ups = (await site.admin.get("/upstreams", params={"limit": 200})).json()["items"]
        [scripted] = [each for each in ups if each["name"] == "scripted"]
        changed = await site.admin.patch(
            f"/upstreams/{scripted['id']}", json={"credential": _SECRET}
        )
        assert changed.status_code == 200, changed.text
        _, key = await site.tenant("acme")
        await site.has_caught_up()
        client = site.openai(key)
        [old] = [each["id"] for each in (await told(site.control, "secrets", "status"))["keys"]]

        stop = asyncio.Event()

        async def call_for_ever() -> int:
            calls = 0
            while not stop.is_set():
                await client.chat.completions.create(
                    model="scripted", messages=[{"role": "user", "content": "Hi"}]
                )
                calls += 1
                await asyncio.sleep(0.02)
            return calls

        async with asyncio.TaskGroup() as group:
            calling = group.create_task(call_for_ever())
            try:
                rotated = await told(site.control, "secrets", "rotate")
            finally:
                stop.set()
        assert rotated["resealed"] >= 2
        assert rotated["unreadable"] == 0
        assert rotated["old"] == [old]
        assert calling.result() > 10

        async with asyncio.timeout(20):  # parts tell of their keys every few seconds
            while (await run(site.control, "secrets", "retire", old))[0] != 0:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.2)
        await site.has_caught_up()
        async with asyncio.timeout(20):
            while site.gateways[0].key_ids != (rotated["key_id"],):  # noqa: ASYNC110 - a file has no event
                await asyncio.sleep(0.05)
        await client.chat.completions.create(
            model="scripted", messages=[{"role": "user", "content": "Hi"}]
        )
        shown = {request.headers.get("authorization") for request in upstream.requests}
        assert shown == {f"Bearer {_SECRET}"}

        settings = site.control.settings
        assert _SECRET not in (tmp_path / "gateway-1" / "snapshot.bin").read_bytes().decode(
            "latin-1"
        )
        [kept] = open_keys(settings, settings.master_key_file).load()
        assert key_id_of(kept) == rotated["key_id"]
        assert Sealer(kept).key_id == rotated["key_id"]
        assert settings.master_key_file.read_text().startswith("vault:v1:")
