"""G1: a batch ends after its 24 hours; what was answered is kept, the rest is told apart."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mainspring.app.control.wiring import Control
from mainspring.capabilities.batches.api import Batch, BatchWork
from mainspring.capabilities.batches.ports import Answered, NotAnsweredError
from mainspring.capabilities.batches.store import PostgresBatchStore
from mainspring.kernel.clock import ManualClock
from mainspring.kernel.scope import Actor, ActorKind, Scope
from tests.fixtures.control import Api

ITEMS, ANSWERED = 12, 3
DAY_S = 24 * 3600.0


class SlowCalls:
    """Answers a few calls; then a day passes, and nothing is answered any more."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.made = 0

    @asynccontextmanager
    async def open(self) -> AsyncGenerator["SlowCalls"]:
        """Hold nothing."""
        yield self

    async def call(self, batch: Batch, request_id: str, body: bytes) -> Answered:
        """Answer, as long as it is early."""
        del batch, request_id, body
        self.made += 1
        if self.made > ANSWERED:
            if self.made == ANSWERED + 1:
                self._clock.advance(DAY_S + 1)
            raise NotAnsweredError("nobody is there", made=False)
        return Answered(200, b'{"ok":true}')


async def test_a_batch_that_takes_longer_than_a_day_keeps_what_was_answered(
    control: Control, api: Api, clock: ManualClock
) -> None:
    org_id, project_id = await api.tenant("Patient")
    scope = Scope(
        org_id=org_id, project_id=project_id, actor=Actor(ActorKind.KEY, "key_1", "usr_1")
    )
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
    lines = [
        {"custom_id": f"c{n}", "method": "POST", "url": "/v1/chat/completions", "body": body}
        for n in range(ITEMS)
    ]

    async def pieces() -> AsyncIterator[bytes]:
        for each in lines:
            yield json.dumps(each).encode() + b"\n"

    file = await control.files.create(
        scope, filename="in.jsonl", purpose="batch", pieces=pieces(), key_id="key_1"
    )
    began = clock.now()
    batch = await control.batches.create(
        scope,
        actor_id="usr_1",
        key_id="key_1",
        endpoint="/v1/chat/completions",
        input_file_id=file.id,
        completion_window="24h",
    )
    assert (batch.expires_at - began).total_seconds() == DAY_S
    calls = SlowCalls(clock)
    store = PostgresBatchStore(control.database, control.journal)
    work = BatchWork(store, control.files, calls, clock)
    assert await work.read_input(batch.id) == ITEMS
    verdict = await work.make_calls(batch.id, 0)
    assert verdict == "expired"
    await work.finish(batch.id, verdict)

    ended = await control.batches.get(scope, batch.id)
    assert (ended.status, ended.completed, ended.total) == ("expired", ANSWERED, ITEMS)
    shape = ended.shape()
    assert shape["expired_at"] == int(clock.now().timestamp())
    assert shape["completed_at"] is None

    async def read(file_id: str | None) -> list[dict[str, Any]]:
        assert file_id is not None
        _, content = await control.files.content(scope, file_id)
        data = b"".join([piece async for piece in content])
        return [json.loads(each) for each in data.splitlines()]

    kept, rest = await read(ended.output_file_id), await read(ended.error_file_id)
    assert len(kept) == ANSWERED
    assert {str(each["custom_id"]) for each in (*kept, *rest)} == {f"c{n}" for n in range(ITEMS)}
    codes = [each["error"]["code"] for each in rest]
    assert codes == ["batch_expired"] * (ITEMS - ANSWERED)
    assert await work.make_calls(batch.id, 0) in {"expired", "cancelled"}
    assert calls.made <= ITEMS
