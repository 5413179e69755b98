"""Things under the ids that a suite makes up: its mock server knows every id, ours only its own."""

import asyncio
import shutil
from pathlib import Path
from typing import Any, Final, Self

import psycopg
from psycopg import sql

from mainspring.kernel.tasks import TaskOwner
from tests.fixtures.site import Site

_FILE: Final = "file_id"
_INPUT: Final = "input_file_id"
_BATCH: Final = "batch_id"
_RESPONSES: Final = ("resp_677efb5139a88190b512bc3fef8e535d", "response_id")
_LINE: Final = (
    b'{"custom_id":"1","method":"POST","url":"/v1/responses",'
    b'"body":{"model":"gpt-6-astra","input":"hello"}}\n'
)


class Seeds:
    """Puts a file, a batch and a response in place, as often as a test of theirs begins.

    They are copies of what was made by the API: only their ids are not.
    """

    def __init__(self, site: Site, key: str, dsn: str) -> None:
        self._site = site
        self._key = key
        self._dsn = dsn
        self._made: dict[str, str] = {}
        self._server: asyncio.Server | None = None
        self._failures: list[BaseException] = []
        self._tasks = TaskOwner(lambda _name, error: self._failures.append(error))

    @property
    def url(self) -> str:
        """Return where a suite asks for them."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        client = self._site.openai(self._key)
        file = await client.files.create(file=("a.jsonl", _LINE), purpose="batch")
        batch = await client.batches.create(
            completion_window="24h", endpoint="/v1/responses", input_file_id=file.id
        )
        response = await client.responses.create(model="gpt-6-astra", input="hello")
        self._made = {"files": file.id, "batches": batch.id, "stored_turns": response.id}
        async with asyncio.timeout(10), self._database() as connection:
            while not await self._row(connection, "stored_turns"):  # noqa: ASYNC110 - a table has no event
                await asyncio.sleep(0.05)
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._tasks.close()
        if self._failures:
            raise BaseExceptionGroup("the seeds failed", self._failures)

    def _database(self) -> "_Connection":
        return _Connection(self._dsn)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        module = head.split()[1].decode().strip("/")
        try:
            async with self._database() as connection:
                if module in ("test_files", "test_batches"):
                    for name in (_FILE, _INPUT):
                        await self._again(connection, "files", name)
                        self._copy_blob(name)
                if module == "test_batches":
                    await self._again(connection, "batches", _BATCH)
                if module in ("test_responses", "test_input_items"):
                    for name in _RESPONSES:
                        await self._again(connection, "stored_turns", name)
        except BaseException as error:
            self._failures.append(error)
            raise
        finally:
            writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
            writer.close()

    async def _row(self, connection: psycopg.AsyncConnection[Any], table: str) -> bool:
        found = await connection.execute(
            sql.SQL("SELECT 1 FROM {} WHERE id = %s").format(sql.Identifier(table)),
            [self._made[table]],
        )
        return await found.fetchone() is not None

    async def _again(self, connection: psycopg.AsyncConnection[Any], table: str, name: str) -> None:
        named = sql.Identifier(table)
        await connection.execute(sql.SQL("DELETE FROM {} WHERE id = %s").format(named), [name])
        copy = sql.SQL(
            "INSERT INTO {0} SELECT (jsonb_populate_record(made, jsonb_build_object('id', %s::text)"
            ")).* FROM {0} AS made WHERE id = %s"
        )
        await connection.execute(copy.format(named), [name, self._made[table]])

    def _copy_blob(self, name: str) -> None:
        root: Path = self._site.control.settings.home / "blobs"
        [blob] = root.rglob(self._made["files"])
        shutil.copyfile(blob, blob.with_name(name))


class _Connection:
    """A connection that sees every tenant."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: psycopg.AsyncConnection[Any] | None = None

    async def __aenter__(self) -> psycopg.AsyncConnection[Any]:
        connection = await psycopg.AsyncConnection.connect(self._dsn, autocommit=True)
        await connection.execute("SELECT set_config('mainspring.crosses_tenants', 'on', false)")
        self._connection = connection
        return connection

    async def __aexit__(self, *_: object) -> None:
        assert self._connection is not None
        await self._connection.close()
