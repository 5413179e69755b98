"""Answering from the cache where a policy has one, and keeping what is made for the next time.

A hit is a call like any other to whoever counts: it is checked against limits, as one request
without tokens, and recorded with what it saved. Of calls that ask the same at the same time one is
made, and the others wait for its answer.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable
from typing import Final

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.kept.answer import KeptAnswer
from mainspring.gateway.kept.cache import CachedAnswer, CacheStore
from mainspring.gateway.kept.cache.likeness import MAX_SAID, LikenessIndex, Said
from mainspring.gateway.kept.cache.question import (
    CacheControl,
    Question,
    read_cache_control,
    read_question,
)
from mainspring.gateway.kept.cache.rendering import rendered
from mainspring.gateway.kept.recording import RecordedExchange
from mainspring.gateway.limits import Refusal, Reservation
from mainspring.gateway.meter.recorder import usage_record_id
from mainspring.gateway.pipeline.answers import rate_limited
from mainspring.gateway.pipeline.embedding import Embedder
from mainspring.gateway.pipeline.model_call import ModelCall, ModelPipeline
from mainspring.gateway.watch.exchange import WatchedExchange
from mainspring.gateway.watch.notes import Told
from mainspring.gateway.watch.spans import failed
from mainspring.kernel.errors import MainspringError, NotCachedError
from mainspring.kernel.money import Money
from mainspring.snapshot.policies import CacheRules
from mainspring.snapshot.prices import cost_of
from mainspring.wire.records import UsageRecord
from mainspring.wire.usage import Usage

MAX_WAITING: Final = 4096
"""Calls that wait for the answers of others; a further one is made by itself."""
_NO_USAGE: Final = Usage()
_EXACT: Final = "exact"
_SEMANTIC: Final = "semantic"


class Hit:
    """An answer that was found, and how."""

    __slots__ = ("answer", "kind")

    def __init__(self, answer: CachedAnswer, kind: str) -> None:
        self.answer = answer
        self.kind = kind


class AnswerCache:
    """Stands between a call that was read and its admission."""

    def __init__(
        self, pipeline: ModelPipeline, store: CacheStore, counts: defaultdict[str, int]
    ) -> None:
        """Count ``hit``, ``miss`` and ``bypass`` in ``counts``."""
        self._pipeline = pipeline
        self._store = store
        self._counts = counts
        self._embedder = Embedder(pipeline)
        self._alike = LikenessIndex()
        self._flights: dict[bytes, asyncio.Future[CachedAnswer | None]] = {}
        self._waiting = 0

    async def serve(self, call: ModelCall, rules: CacheRules) -> bool:
        """Answer ``call`` from the cache, or have it made; true: callbacks will end the answer."""
        try:
            return await self._serve(call, rules)
        except MainspringError as error:
            self._pipeline.refuse(call.operation, call.exchange, error, call.request_id)
            return False

    # Within

    async def _serve(self, call: ModelCall, rules: CacheRules) -> bool:
        control = read_cache_control(call.exchange.headers)
        question = read_question(
            call.operation,
            call.plan.model,
            rules,
            body=call.exchange.body,
            headers=call.exchange.headers,
            partition=_partition(call, rules),
        )
        if question is None:
            if control.only_if_cached:
                raise NotCachedError
            return await self._make(call, b"bypass")
        hit = None if control.no_cache else await self._find(question.key, rules, control)
        said: Said | None = None
        if hit is None and not (control.no_cache or control.no_store):
            hit = await self._wait_for_others(call, question)
        uses_it = not (control.no_cache and control.no_store)
        if hit is None and question.said and uses_it and not call.exchange.disconnected:
            said = await self._embed(call, question.said, rules)
            if said is not None and not control.no_cache:
                hit = await self._find_alike(question, said, rules, control)
            if hit is None and not (control.no_cache or control.no_store):
                hit = await self._wait_for_others(call, question)
        if call.exchange.disconnected:
            return False
        if hit is not None:
            given = _form_of(hit.answer, call)
            if given is not None:
                await self._give(call, hit, *given)
                return False
        if control.only_if_cached:
            raise NotCachedError
        if not control.no_store:
            self._record(call, question, said, rules)
        return await self._make(call, b"miss")

    async def _find(
        self, key: bytes, rules: CacheRules, control: CacheControl, kind: str = _EXACT
    ) -> Hit | None:
        found = self._store.get(key)
        answer = await found if isinstance(found, Awaitable) else found
        if answer is None or not _is_fresh(answer, rules, control):
            return None
        return Hit(answer, kind)

    async def _embed(self, call: ModelCall, text: str, rules: CacheRules) -> Said | None:
        if len(text) > MAX_SAID:
            return None
        vector = await self._embedder.embed(
            call,
            text,
            model=rules.embedding_model,
            deadline_s=rules.embedding_deadline_ms / 1000,
        )
        try:
            return None if vector is None else Said(text, vector)
        except ValueError:
            return None

    async def _find_alike(
        self, question: Question, said: Said, rules: CacheRules, control: CacheControl
    ) -> Hit | None:
        """Return the answer to a question that means the same."""
        key = self._alike.find(question.likeness, said, rules.threshold)
        return None if key is None else await self._find(key, rules, control, _SEMANTIC)

    async def _wait_for_others(self, call: ModelCall, question: Question) -> Hit | None:
        """Return the answer to the same question that is being made; ``None``: make it."""
        until = call.exchange.received_at + call.plan.deadline_s
        while (flight := self._flights.get(question.key)) is not None:
            if self._waiting >= MAX_WAITING or call.exchange.disconnected:
                return None
            self._waiting += 1
            try:
                async with asyncio.timeout(max(until - time.monotonic(), 0.0)):
                    answer = await asyncio.shield(flight)
            except TimeoutError:
                return None
            finally:
                self._waiting -= 1
            if answer is not None:
                return Hit(answer, _EXACT)
        return None

    async def _make(self, call: ModelCall, mark: bytes) -> bool:
        """Have the call made like one without a cache."""
        self._counts[mark.decode()] += 1
        call.exchange.add_to_head(b"x-mainspring-cache: %b\r\n" % mark)
        try:
            return await self._admit(call)
        except MainspringError:
            raise
        except BaseException:
            if isinstance(call.exchange, RecordedExchange):
                call.exchange.give_up()
            raise

    async def _admit(self, call: ModelCall) -> bool:
        decision = self._pipeline.reserve(call)
        if isinstance(decision, Awaitable):
            return await self._pipeline.admit_later(call, decision)
        if isinstance(decision, Refusal):
            raise rate_limited(decision)
        call.run(decision)
        return True

    def _record(
        self, call: ModelCall, question: Question, said: Said | None, rules: CacheRules
    ) -> None:
        """Have the answer of ``call`` kept, if it turns out to be one that may be."""
        flight: asyncio.Future[CachedAnswer | None] | None = None
        if question.key not in self._flights:
            flight = asyncio.get_running_loop().create_future()
            self._flights[question.key] = flight

        client = call.exchange
        watched = isinstance(client, WatchedExchange) and client.is_watched

        def keep(answer: KeptAnswer | None) -> None:
            if not watched:
                self._tell(call, client, recorded.told, 499 if answer is None else answer.status)
            cached = None if answer is None else _worth_keeping(recorded, answer, call)
            if cached is not None:
                self._store.put(question.key, cached, rules.ttl_s)
                if said is not None:
                    self._alike.add(question.likeness, said, question.key)
            if flight is not None:
                del self._flights[question.key]
                flight.set_result(cached)

        recorded = RecordedExchange(
            client, rules.max_bytes, keep, outlives_client=False, wants_told=True
        )
        call.exchange = recorded

    def _tell(self, call: ModelCall, exchange: Exchange, told: Told | None, status: int) -> None:
        """Tell of a call to whoever watches, as the pipeline would have."""
        watcher = self._pipeline.watcher
        if watcher is None or told is None:
            return
        if told.record is not None:
            status = told.record.status
        if call.trace.sampled or failed(status, told.record):
            watcher.tell(exchange, told, status)

    async def _give(self, call: ModelCall, hit: Hit, body: bytes, media_type: bytes) -> None:
        """Answer ``call`` by ``hit``, under its limits, and write its record."""
        pipeline = self._pipeline
        plan, exchange = call.plan, call.exchange
        bounds = call.principal.bounds
        if plan.bounded:
            bounds = call.principal.bounds_with(plan.model)
        nothing = None if plan.price is None else Money(plan.price.currency, 0)
        told = pipeline.limiter.reserve(bounds.all, 0, exchange.received_at, plan.lease_s, nothing)
        decision = await told if isinstance(told, Awaitable) else told
        if isinstance(decision, Refusal):
            raise rate_limited(decision)
        now = time.monotonic()
        if exchange.disconnected:
            pipeline.limiter.release(decision, now)
            return
        pipeline.limiter.settle(decision, 0, now, nothing)
        self._counts["hit"] += 1
        self._write(call, hit, now, nothing)
        exchange.add_to_head(_head_of_hit(call, hit, decision))
        if call.envelope.streams:
            exchange.start(
                200, [(b"content-type", media_type), (b"cache-control", b"no-cache")], None
            )
            exchange.end(body)
        else:
            exchange.respond(200, body, content_type=media_type)

    def _write(self, call: ModelCall, hit: Hit, now: float, cost: Money | None) -> None:
        """Write the record of a hit: nothing was used, and what that saved."""
        pipeline = self._pipeline
        plan, exchange = call.plan, call.exchange
        duration = now - exchange.received_at
        series = pipeline.metrics.of(call.operation.name, plan.model.name)
        series.by_status[2] += 1
        series.duration.observe(duration)
        saved = None if plan.price is None else cost_of(plan.price, hit.answer.usage)
        record = UsageRecord(
            id=usage_record_id(call.request_id),
            request_id=call.request_id,
            at_ms=int((time.time() - duration) * 1000),
            org_id=call.principal.org_id,
            project_id=call.principal.project_id,
            key_id=call.principal.key_id,
            actor_id=call.principal.actor_id,
            operation=call.operation.name,
            model=plan.model.name,
            stream=call.envelope.streams,
            usage=_NO_USAGE,
            ttft_ms=duration * 1000,
            duration_ms=duration * 1000,
            attempts=0,
            trace_id=call.trace.trace_id,
            snapshot_version=pipeline.table.version,
            gateway_id=pipeline.gateway_id,
            cost_nanos=None if cost is None else cost.nanos,
            currency=None if cost is None else cost.currency,
            cache=hit.kind,
            saved_nanos=None if saved is None else saved.nanos,
        )
        pipeline.recorder.write(record)
        told = Told(call.request_id, call.trace, record)
        if isinstance(exchange, WatchedExchange) and exchange.is_watched:
            exchange.told = told
        else:
            self._tell(call, exchange, told, 200)


def _partition(call: ModelCall, rules: CacheRules) -> tuple[str, ...]:
    """Return who shares answers with the caller: never more than its project."""
    principal = call.principal
    parts = [principal.org_id, principal.project_id]
    if "key" in rules.scopes:
        parts.append(f"key {principal.key_id or principal.actor_id}")
    if "user" in rules.scopes:
        parts += [f"user {principal.actor_id}", call.envelope.user or ""]
    return tuple(parts)


def _is_fresh(answer: CachedAnswer, rules: CacheRules, control: CacheControl) -> bool:
    age = max(time.time() - answer.at, 0.0)
    return age < rules.ttl_s and (control.max_age is None or age <= control.max_age)


def _form_of(answer: CachedAnswer, call: ModelCall) -> tuple[bytes, bytes] | None:
    """Return body and media type of ``answer`` as ``call`` wants them."""
    operation, envelope = call.operation, call.envelope
    return rendered(
        answer,
        operation.dialect,
        call.exchange.body,
        streams=envelope.streams and operation.may_stream,
        tells_usage=envelope.wants_usage,
    )


def _worth_keeping(
    recorded: RecordedExchange, answer: KeptAnswer, call: ModelCall
) -> CachedAnswer | None:
    """Return what is kept of an answer: only if it is complete, and the model's own."""
    told = recorded.told
    record = None if told is None else told.record
    if answer.status != 200 or record is None or record.outcome != "ok":
        return None
    if record.fallback_from is not None:
        return None
    media_type = answer.content_type
    for name, value in answer.headers:
        if name == b"content-encoding":
            return None
        if name == b"content-type":
            media_type = value
    streams = call.envelope.streams and call.operation.may_stream
    if answer.streamed != streams and b"event-stream" in media_type:
        return None
    return CachedAnswer(
        body=answer.body,
        content_type=media_type,
        streamed=streams,
        tells_usage=call.envelope.wants_usage,
        at=time.time(),
        usage=record.usage,
    )


def _head_of_hit(call: ModelCall, hit: Hit, reservation: Reservation) -> bytes:
    lines = b"x-request-id: %b\r\nx-trace-id: %b\r\nx-mainspring-cache: hit\r\nage: %d\r\n" % (
        call.request_id.encode(),
        call.trace.trace_id.encode(),
        max(int(time.time() - hit.answer.at), 0),
    )
    if hit.kind == _SEMANTIC:
        lines += b"x-mainspring-cache-match: semantic\r\n"
    if call.governed is not None:
        lines += call.governed.line()
    return lines + call.plan.notice + call.operation.allowance_lines(reservation)
