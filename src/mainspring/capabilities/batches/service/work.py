"""The work on a batch, in pieces that can be interrupted anywhere and begun again."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Literal

import msgspec

from mainspring.capabilities.batches.domain import (
    MAX_ERRORS,
    MAX_ITEMS,
    MAX_LINE_BYTES,
    Batch,
    Item,
    LineError,
    Status,
    read_line,
)
from mainspring.capabilities.batches.ports import Answered, BatchStore, Calls, NotAnsweredError
from mainspring.capabilities.files.api import FileService
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import NotFoundError
from mainspring.kernel.ids import new_id
from mainspring.kernel.scope import Actor, ActorKind, Scope
from mainspring.kernel.tasks import TaskOwner

_log = logging.getLogger(__name__)

CHUNK = 100
"""Items of one journalled step."""
_AT_ONCE = 8
_PAGE = 200
_LOOK_S = 1.0
_TRIES = 5
_FIRST_WAIT_S = 0.5
_LONGEST_WAIT_S = 30.0
_SELF = Scope.platform("batches")
_json_decoder = msgspec.json.Decoder(msgspec.Raw)

Verdict = Literal["go", "cancelled", "expired"]


class BatchWork:
    """What the worker does for batches. Each method may be called again after a crash."""

    def __init__(self, store: BatchStore, files: FileService, calls: Calls, clock: Clock) -> None:
        self._store = store
        self._files = files
        self._calls = calls
        self._clock = clock

    async def read_input(self, batch_id: str) -> int:
        """Read the input file into items; return how many, 0 if nothing is to be done."""
        batch = await self._batch(batch_id)
        if batch is None or batch.is_final:
            return 0
        errors: list[LineError] = []
        try:
            _, pieces = await self._files.content(_scope(batch), batch.input_file_id)
        except NotFoundError:
            errors.append(LineError("input_file_not_found", "The input file is gone."))
        else:
            total, errors = await self._read_lines(batch, pieces)
            if not errors and total == 0:
                errors.append(LineError("empty_file", "The input file has no requests."))
            if not errors:
                return await self._begin(batch_id, total)
        now = self._clock.now()
        async with self._store.begin(_SELF) as batches:
            await batches.remove_items(batch_id)
            found = await batches.find(batch_id, lock=True)
            if found is not None:
                await batches.replace(
                    msgspec.structs.replace(
                        found, status="failed", errors=errors[:MAX_ERRORS], ended_at=now
                    )
                )
        return 0

    async def make_calls(self, batch_id: str, chunk: int) -> Verdict:
        """Make those calls of a chunk that have no result yet; tell whether to go on."""
        batch = await self._batch(batch_id)
        if batch is None:
            return "cancelled"
        async with self._store.begin(_SELF) as batches:
            items = await batches.items(
                batch_id, chunk * CHUNK + 1, (chunk + 1) * CHUNK, unfinished=True
            )
        stop = _Stop(self._store, self._clock, batch_id)
        waiting = list(reversed(items))

        async def one_after_another(calls: Calls) -> None:
            while waiting and await stop.verdict() == "go":
                await self._make(calls, batch, waiting.pop(), stop)

        owner = TaskOwner(lambda name, error: _log.error("%s ended", name, exc_info=error))
        try:
            async with self._calls.open() as calls:
                callers = [
                    owner.start(one_after_another(calls), name=f"batch caller {number}")
                    for number in range(min(_AT_ONCE, len(items)))
                ]
                # The first that fails ends the step, which is tried again as a whole.
                await asyncio.gather(*callers)
        finally:
            await owner.close()
        return await stop.verdict()

    async def finish(self, batch_id: str, verdict: Verdict) -> None:
        """Write the result files, and close the batch."""
        now = self._clock.now()
        async with self._store.begin(_SELF) as batches:
            batch = await batches.find(batch_id, lock=True)
            if batch is None or batch.is_final:
                return
            if verdict == "go" and batch.status == "cancelling":
                verdict = "cancelled"
            if batch.finalizing_at is None:
                batch = msgspec.structs.replace(
                    batch,
                    finalizing_at=now,
                    status="finalizing" if verdict == "go" else batch.status,
                )
                await batches.replace(batch)
        # Each file is noted as soon as it is there: after a crash it is not made again.
        if batch.output_file_id is None and batch.completed:
            batch = await self._write(batch, succeeded=True, verdict=verdict)
        if batch.error_file_id is None and batch.completed < batch.total:
            batch = await self._write(batch, succeeded=False, verdict=verdict)
        ends: dict[Verdict, Status] = {
            "go": "completed",
            "cancelled": "cancelled",
            "expired": "expired",
        }
        async with self._store.begin(_SELF) as batches:
            found = await batches.find(batch_id, lock=True)
            if found is not None:
                await batches.replace(
                    msgspec.structs.replace(found, status=ends[verdict], ended_at=self._clock.now())
                )
                await batches.remove_items(batch_id)

    async def give_up(self, batch_id: str) -> None:
        """Close a batch whose run failed by a mistake of ours."""
        async with self._store.begin(_SELF) as batches:
            batch = await batches.find(batch_id, lock=True)
            if batch is not None and not batch.is_final:
                error = LineError(
                    "internal_error", "The batch failed by a mistake of the platform."
                )
                await batches.replace(
                    msgspec.structs.replace(
                        batch, status="failed", errors=[error], ended_at=self._clock.now()
                    )
                )

    # Within

    async def _batch(self, batch_id: str) -> Batch | None:
        async with self._store.begin(_SELF) as batches:
            return await batches.find(batch_id)

    async def _begin(self, batch_id: str, total: int) -> int:
        async with self._store.begin(_SELF) as batches:
            batch = await batches.find(batch_id, lock=True)
            if batch is None:
                return 0
            status: Status = "in_progress" if batch.status == "validating" else batch.status
            await batches.replace(
                msgspec.structs.replace(
                    batch, status=status, total=total, in_progress_at=self._clock.now()
                )
            )
        return total

    async def _read_lines(
        self, batch: Batch, pieces: AsyncGenerator[bytes]
    ) -> tuple[int, list[LineError]]:
        errors: list[LineError] = []
        kept: list[Item] = []
        total = number = 0
        try:
            async for data in _lines(pieces):
                number += 1
                if not data.strip():
                    continue
                if total >= MAX_ITEMS or len(errors) >= MAX_ERRORS:
                    break
                read = (
                    LineError(
                        "line_too_long", f"A line has at most {MAX_LINE_BYTES} bytes.", number
                    )
                    if len(data) > MAX_LINE_BYTES
                    else read_line(batch, total + 1, data)
                )
                if isinstance(read, LineError):
                    errors.append(msgspec.structs.replace(read, line=number))
                    if read.code == "line_too_long":
                        break
                    continue
                total += 1
                kept.append(read)
                if len(kept) >= CHUNK:
                    errors.extend(await self._keep(kept))
                    kept.clear()
            else:
                errors.extend(await self._keep(kept))
                return total, errors
        finally:
            await pieces.aclose()
        if not errors:
            errors.append(
                LineError("too_many_requests", f"A batch has at most {MAX_ITEMS} requests.")
            )
        return total, errors

    async def _keep(self, items: list[Item]) -> list[LineError]:
        async with self._store.begin(_SELF) as batches:
            taken = await batches.add_items(items)
        return [
            LineError("duplicate_custom_id", f"custom_id {each[:80]!r} is there twice.")
            for each in taken
        ]

    async def _make(self, calls: Calls, batch: Batch, item: Item, stop: "_Stop") -> None:
        """Make one call until it has a result, or the batch ends."""
        tries = 0
        wait_s = _FIRST_WAIT_S
        fresh = True
        while await stop.verdict() == "go":
            now = self._clock.now()
            if item.started_at is not None and fresh and item.started_at.date() != now.date():
                # The ledger knows a call once per day: this one could be counted again.
                await self._finish(msgspec.structs.replace(item, error="item_interrupted"))
                return
            if item.request_id is None or not fresh:
                item = msgspec.structs.replace(item, request_id=new_id("req"), started_at=now)
                async with self._store.begin(_SELF) as batches:
                    await batches.begin_item(item)
            try:
                answered = await calls.call(batch, item.request_id or "", item.body)
            except NotAnsweredError as error:
                # It may have been made: the same id again, which the ledger counts once.
                fresh = error.made
                await stop.wait(wait_s)
                wait_s = min(wait_s * 2, _LONGEST_WAIT_S)
                continue
            tries += 1
            if _is_result(answered, tries):
                await self._finish(_with_answer(item, answered))
                return
            fresh = False
            await stop.wait(min(max(answered.retry_after_s or 0.0, wait_s), _LONGEST_WAIT_S))
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)

    async def _finish(self, item: Item) -> None:
        async with self._store.begin(_SELF) as batches:
            await batches.finish_item(msgspec.structs.replace(item, finished_at=self._clock.now()))

    async def _write(self, batch: Batch, *, succeeded: bool, verdict: Verdict) -> Batch:
        kind = "output" if succeeded else "error"
        file = await self._files.create(
            _scope(batch),
            filename=f"{batch.id}_{kind}.jsonl",
            purpose="batch_output",
            pieces=self._results(batch, succeeded=succeeded, verdict=verdict),
            key_id=batch.key_id,
        )
        async with self._store.begin(_SELF) as batches:
            found = await batches.find(batch.id, lock=True)
            batch = msgspec.structs.replace(found or batch, **{f"{kind}_file_id": file.id})
            await batches.replace(batch)
        return batch

    async def _results(
        self, batch: Batch, *, succeeded: bool, verdict: Verdict
    ) -> AsyncIterator[bytes]:
        unmade = "batch_cancelled" if verdict == "cancelled" else "batch_expired"
        for first in range(1, batch.total + 1, _PAGE):
            async with self._store.begin(_SELF) as batches:
                items = await batches.items(batch.id, first, first + _PAGE - 1)
            for item in items:
                if item.succeeded is succeeded:
                    told = item if item.finished_at else msgspec.structs.replace(item, error=unmade)
                    yield told.result()


class _Stop:
    """Whether to go on with a batch; looks every second."""

    def __init__(self, store: BatchStore, clock: Clock, batch_id: str) -> None:
        self._store = store
        self._clock = clock
        self._batch_id = batch_id
        self._known: Verdict = "go"
        self._looked_at = float("-inf")

    async def verdict(self) -> Verdict:
        """Return it."""
        if self._known != "go" or self._clock.monotonic() - self._looked_at < _LOOK_S:
            return self._known
        self._looked_at = self._clock.monotonic()
        async with self._store.begin(_SELF) as batches:
            batch = await batches.find(self._batch_id)
        if batch is None or batch.status == "cancelling" or batch.is_final:
            self._known = "cancelled"
        elif batch.expires_at <= self._clock.now():
            self._known = "expired"
        return self._known

    async def wait(self, seconds: float) -> None:
        """Wait, unless the batch ends before."""
        until = self._clock.monotonic() + seconds
        while (left := until - self._clock.monotonic()) > 0:
            if await self.verdict() != "go":
                return
            await asyncio.sleep(min(left, _LOOK_S))


def _is_result(answered: Answered, tries: int) -> bool:
    """Tell whether an answer is final: limits are waited for, failures tried a few times."""
    if answered.status == 429 and answered.retry_after_s is not None:
        return False
    return (answered.status < 500 and answered.status != 429) or tries >= _TRIES


def _with_answer(item: Item, answered: Answered) -> Item:
    try:
        _json_decoder.decode(answered.body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return msgspec.structs.replace(item, error="answer_unreadable")
    return msgspec.structs.replace(item, status=answered.status, answer=answered.body)


async def _lines(pieces: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    """Yield lines; one beyond the bound is cut there, and is the last."""
    rest = b""
    async for piece in pieces:
        *complete, rest = (rest + piece).split(b"\n")
        for line in complete:
            yield line
        if len(rest) > MAX_LINE_BYTES:
            yield rest
            return
    if rest:
        yield rest


def _scope(batch: Batch) -> Scope:
    return Scope(
        org_id=batch.org_id,
        project_id=batch.project_id,
        actor=Actor(ActorKind.KEY, batch.key_id or batch.actor_id, batch.actor_id),
    )
