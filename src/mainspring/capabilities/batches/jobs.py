"""The durable job of a batch: read, call chunk by chunk, write the results."""

from collections.abc import Awaitable, Callable

from mainspring.capabilities.batches.api import BatchWork
from mainspring.capabilities.batches.domain import BATCH_RUN
from mainspring.capabilities.batches.service.work import CHUNK, Verdict
from mainspring.infra.jobs import Job, JsonObject, JsonValue, Run

_ATTEMPTS = 6
_BACKOFF_S = 2.0


def batch_job(work: BatchWork) -> Job:
    """Return the job; its steps may each be done twice, which ``work`` bears."""

    async def body(run: Run, arguments: JsonObject) -> JsonValue:
        batch_id = str(arguments["batch_id"])

        async def read_input() -> JsonValue:
            return await work.read_input(batch_id)

        async def give_up() -> JsonValue:
            await work.give_up(batch_id)
            return None

        try:
            total = await _tried(run, "read_input", read_input)
            verdict: Verdict = "go"
            for chunk in range(-(-_number(total) // CHUNK)):

                async def make_calls(chunk: int = chunk) -> JsonValue:
                    return await work.make_calls(batch_id, chunk)

                verdict = _verdict(await _tried(run, "make_calls", make_calls))
                if verdict != "go":
                    break

            async def finish() -> JsonValue:
                await work.finish(batch_id, verdict)
                return None

            if total:
                await _tried(run, "finish", finish)
        except Exception:
            await _tried(run, "give_up", give_up)
            raise
        return {"items": total, "ended": verdict}

    return Job(spec=BATCH_RUN, body=body)


async def _tried(run: Run, name: str, work: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
    return await run.step(name, work, attempts=_ATTEMPTS, backoff_s=_BACKOFF_S)


def _number(value: JsonValue) -> int:
    if not isinstance(value, int):
        raise TypeError("the journal returned another type than it was given")
    return value


def _verdict(value: JsonValue) -> Verdict:
    match value:
        case "go" | "cancelled" | "expired":
            return value
        case _:
            raise TypeError("the journal returned another value than it was given")
