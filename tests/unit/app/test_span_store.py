"""Keeping spans in the background: bounded, and repeated while the database is away."""

import msgspec

from mainspring.app.span_store import MAX_WAITING, SpanStore
from mainspring.infra.telemetry.tracing import Beneficiary, done_for, learning
from mainspring.kernel.errors import DatabaseUnavailableError
from mainspring.wire.observations import ObservationBatch, TraceRecord
from mainspring.wire.spans import Span


class Database:
    """Keeps batches, unless it is to fail."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self.kept: list[str] = []

    async def ingest(self, batch: ObservationBatch) -> None:
        if self.failure is not None:
            raise self.failure
        for raw in batch.records:
            record = msgspec.msgpack.decode(raw, type=TraceRecord)
            self.kept.append(record.request_id)


def record(name: str, spans: int = 1) -> TraceRecord:
    one = Span(trace_id="a" * 32, span_id="b" * 16, name="GET", start_ns=1, end_ns=2)
    return TraceRecord(
        request_id=name, org_id="org_1", project_id="prj_1", service="control", spans=[one] * spans
    )


async def test_spans_wait_for_a_database_that_is_away_as_far_as_there_is_room() -> None:
    database = Database()
    store = SpanStore("control", database.ingest)
    database.failure = DatabaseUnavailableError()
    store.put(record("first", MAX_WAITING - 1))
    await store.flush(1.0)
    store.put(record("too many", 2))
    store.put(record("last"))
    assert (database.kept, store.dropped) == ([], 2)
    database.failure = None
    await store.flush(1.0)
    assert database.kept == ["first", "last"]
    store.put(record("whole room again", MAX_WAITING))
    assert store.dropped == 2


async def test_spans_that_cannot_be_kept_do_not_hold_up_those_after_them() -> None:
    database = Database()
    store = SpanStore("control", database.ingest)
    database.failure = RuntimeError("private words")
    store.put(record("bad", 3))
    await store.flush(1.0)
    assert store.dropped == 3
    database.failure = None
    store.put(record("good"))
    await store.flush(1.0)
    assert database.kept == ["good"]


def test_work_for_two_tenants_is_done_for_none() -> None:
    beneficiary = Beneficiary()
    done_for("org_0", "prj_0")  # nobody listens
    with learning(beneficiary):
        assert beneficiary.tenant is None
        done_for("org_1", "prj_1")
        done_for("org_1", "prj_1")
        assert beneficiary.tenant == ("org_1", "prj_1")
        done_for("org_1", "prj_2")
        assert beneficiary.tenant is None
        done_for("org_1", "prj_1")
        assert beneficiary.tenant is None
