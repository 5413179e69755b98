"""The gateway's own question to an embedding model, for the cache."""

import asyncio
import time
from typing import Final

import msgspec

from mainspring.gateway.http.sink import UpstreamFailure
from mainspring.gateway.meter.recorder import usage_record_id
from mainspring.gateway.pipeline.failures import verdict_of_failure, verdict_of_status
from mainspring.gateway.pipeline.model_call import ModelCall, ModelPipeline
from mainspring.gateway.routing import Destination, Plan, Verdict
from mainspring.kernel.ids import new_id
from mainspring.snapshot.prices import cost_of
from mainspring.snapshot.routing import NO_FACTS
from mainspring.wire.records import UsageRecord
from mainspring.wire.usage import Usage, openai_usage_frame

OPERATION: Final = "cache_embedding"
"""What these calls are in records: they are the caller's, and under no limit of its."""
_PATH: Final = b"/v1/embeddings"
_MAX_ANSWER_BYTES: Final = 1024 * 1024


class _Vector(msgspec.Struct):
    embedding: list[float]


class _Vectors(msgspec.Struct):
    data: list[_Vector]


_decoder = msgspec.json.Decoder(_Vectors)


class Embedder:
    """Fails open: without a vector in time there is none."""

    def __init__(self, pipeline: ModelPipeline) -> None:
        self._pipeline = pipeline

    async def embed(
        self, call: ModelCall, text: str, *, model: str, deadline_s: float
    ) -> list[float] | None:
        """Return the embedding of what ``call`` says, by the embedding model of that name."""
        pipeline = self._pipeline
        known = pipeline.table.find_model(model, call.principal.org_id)
        if known is None:
            return None
        plan = pipeline.router.plan(known)
        if "embedding" not in plan.tasks:
            return None
        guard = call.principal.guard
        facts = NO_FACTS if guard is None else guard.facts(plan, NO_FACTS)
        choice = pipeline.router.choose(plan, time.monotonic(), facts)
        destination = None if choice.index is None else plan.destinations.get(choice.index)
        if destination is None or destination.upstream.resource.protocol != "openai":
            return None
        request_id = new_id("req")
        body = msgspec.json.encode({"model": destination.upstream_model, "input": [text]})
        answer = _Answer(destination)
        sent = destination.upstream.post(
            _PATH,
            body,
            answer,
            request_id=request_id.encode(),
            traceparent=None,
            lines=destination.protocol.header_lines({}),
        )
        try:
            async with asyncio.timeout(deadline_s):
                data = await answer.arrived
        except TimeoutError:
            data = None
        finally:
            sent.cancel()
            answer.leave(Verdict.NEUTRAL)
        if data is None:
            return None
        self._record(call, plan, destination, request_id, data)
        try:
            [vector] = _decoder.decode(data).data
        except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
            return None
        return vector.embedding

    def _record(
        self, call: ModelCall, plan: Plan, destination: Destination, request_id: str, answer: bytes
    ) -> None:
        pipeline = self._pipeline
        frame = openai_usage_frame(answer)
        usage = None if frame is None else destination.protocol.normalise(frame)
        if usage is None:
            frame, usage = None, Usage(input=1, estimated=True)
        cost = None if plan.price is None else cost_of(plan.price, usage)
        principal = call.principal
        series = pipeline.metrics.of(OPERATION, plan.model.name)
        series.by_status[2] += 1
        series.input_tokens += usage.input + usage.cached_input
        series.tokens += usage.total
        pipeline.recorder.write(
            UsageRecord(
                id=usage_record_id(request_id),
                request_id=request_id,
                at_ms=int(time.time() * 1000),
                org_id=principal.org_id,
                project_id=principal.project_id,
                key_id=principal.key_id,
                actor_id=principal.actor_id,
                operation=OPERATION,
                model=plan.model.name,
                upstream_id=destination.upstream.resource.id,
                upstream_model=destination.upstream_model,
                usage=usage,
                usage_frame=frame,
                trace_id=call.trace.trace_id,
                snapshot_version=pipeline.table.version,
                gateway_id=pipeline.gateway_id,
                cost_nanos=None if cost is None else cost.nanos,
                currency=None if cost is None else cost.currency,
            )
        )


class _Answer:
    """Takes the answer of one question to a server; ``arrived`` gets its body, or ``None``."""

    def __init__(self, destination: Destination) -> None:
        self.arrived: asyncio.Future[bytes | None] = asyncio.get_running_loop().create_future()
        self._destination: Destination | None = destination
        self._probe = destination.health.begin()
        self._status = 0
        self._body = bytearray()

    def on_head(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        """Take the status."""
        del headers
        self._status = status

    def on_data(self, data: bytes) -> None:
        """Take a piece; more than an embedding could have is none."""
        if len(self._body) <= _MAX_ANSWER_BYTES:
            self._body += data

    def on_end(self) -> None:
        """Take the end."""
        good = self._status == 200
        self.leave(Verdict.GOOD if good else verdict_of_status(self._status))
        whole = good and len(self._body) <= _MAX_ANSWER_BYTES
        self._tell(bytes(self._body) if whole else None)

    def on_failure(self, error: UpstreamFailure) -> None:
        """Take a failure."""
        self.leave(verdict_of_failure(error))
        self._tell(None)

    def leave(self, verdict: Verdict) -> None:
        """Count the attempt for its target, once."""
        destination, self._destination = self._destination, None
        if destination is not None:
            destination.health.end(verdict, time.monotonic(), None, probe=self._probe)

    def _tell(self, body: bytes | None) -> None:
        if not self.arrived.done():
            self.arrived.set_result(body)
