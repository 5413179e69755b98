"""A gateway beside a control plane that comes and goes."""

import struct
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from mainspring.snapshot.frame import Entry, Frame, encode_frame
from mainspring.snapshot.resources import Limits, Upstream
from mainspring.testing.control import ScriptedControl
from mainspring.testing.snapshots import SnapshotBuilder
from mainspring.testing.upstream import ScriptedUpstream
from tests.fixtures.gateway import Stand, until

BODY = {"model": "scripted", "messages": [{"role": "user", "content": "three words here"}]}


@pytest.fixture
async def control() -> AsyncIterator[ScriptedControl]:
    """Return a control plane of one gateway."""
    async with ScriptedControl() as scripted:
        yield scripted


@pytest.fixture
async def linked(
    tmp_path: Path, upstream: ScriptedUpstream, control: ScriptedControl
) -> AsyncIterator[Stand]:
    """Return a gateway that has nothing but what ``control`` tells it."""
    builder = control.snapshot
    stand = Stand(tmp_path, SnapshotBuilder())
    stand.key = builder.add_key()
    builder.add_model("scripted", builder.add_upstream(upstream.url))
    token = tmp_path / "internal.token"
    token.touch(mode=0o600)
    token.write_text(control.token)
    stand.configure(
        control_url=control.url, internal_token_file=token, snapshot_file=tmp_path / "good.bin"
    )
    await stand.start_linked()
    await until(lambda: stand.gateway.table.version == builder.version)
    yield stand
    await stand.close()


async def call(stand: Stand) -> int:
    answer: httpx.Response = await stand.http().post("/v1/chat/completions", json=BODY)
    return answer.status_code


async def test_a_gateway_without_a_snapshot_is_alive_and_not_ready(stand: Stand) -> None:
    await stand.gateway.stop(0.1)
    stand.settings.snapshot_file.unlink()
    await stand.start_linked()
    http = stand.http()
    assert (await http.get("/healthz")).status_code == 200
    answer = await http.get("/readyz")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)


async def test_a_change_is_served_as_soon_as_control_tells_it(
    linked: Stand, control: ScriptedControl, upstream: ScriptedUpstream
) -> None:
    assert await call(linked) == 200
    key = linked.gateway.table.find_key(linked.key)
    assert key is not None
    control.snapshot.delete(key)
    control.publish()
    await until(lambda: linked.gateway.table.version == control.snapshot.version)
    assert await call(linked) == 401
    assert control.snapshot_requests == [None]


async def test_with_control_away_traffic_goes_on_and_a_new_gateway_starts_from_the_file(
    linked: Stand, control: ScriptedControl
) -> None:
    saved = linked.settings.snapshot_file
    await until(saved.exists)
    assert saved.stat().st_mode & 0o777 == 0o600
    await control.go_down()
    assert await call(linked) == 200
    version = linked.gateway.table.version
    await linked.gateway.stop(0.1)
    await linked.start_linked()
    assert linked.gateway.table.version == version
    assert await call(linked) == 200
    control.snapshot.add_organization("meanwhile")
    await control.come_up()
    await until(lambda: linked.gateway.table.version == version + 1)
    assert control.snapshot_requests[-1] is None
    await control.go_down()
    await control.come_up()
    # The same process asks again for what it lacks, not for everything.
    await control.until(lambda: control.snapshot_requests[-1] == version + 1)


async def test_a_file_of_another_database_does_not_outlive_the_first_contact(
    linked: Stand, control: ScriptedControl
) -> None:
    await until(linked.settings.snapshot_file.exists)
    await linked.gateway.stop(0.1)
    # What another database knows, at the very version that the file has.
    version = control.snapshot.version
    known = linked.gateway.table.find_key(linked.key)
    assert known is not None
    control.snapshot.delete(known)
    control.snapshot.version = version
    await linked.start_linked()
    await until(lambda: linked.gateway.table.find_key(linked.key) is None)
    assert await call(linked) == 401


async def test_a_frame_that_is_not_understood_is_left_out_and_reported(
    linked: Stand, control: ScriptedControl
) -> None:
    good = linked.gateway.table.version
    broken = Entry("model", "mdl_x", good + 1, b"\xc1 not a model")
    control.send_frame(encode_frame(Frame(version=good + 1, entries=[broken], since=good)))
    control.send_frame(b"garbage")
    instance = linked.settings.gateway_id
    await control.until(
        lambda: instance in control.heartbeats and control.heartbeats[instance].state == "degraded"
    )
    assert "checksum" in str(control.heartbeats[instance].details["problem"])
    assert linked.gateway.table.version == good
    assert await call(linked) == 200
    control.snapshot.add_organization("understood")
    control.publish()
    await until(lambda: linked.gateway.table.version == good + 1)


async def test_a_gap_is_closed_by_asking_again(linked: Stand, control: ScriptedControl) -> None:
    good = linked.gateway.table.version
    control.send_frame(encode_frame(Frame(version=good + 9, entries=[], since=good + 8)))
    await control.until(lambda: len(control.snapshot_requests) == 2)
    assert control.snapshot_requests[1] == good
    assert linked.gateway.table.version == good


async def test_a_delta_of_another_epoch_is_not_taken(
    linked: Stand, control: ScriptedControl
) -> None:
    good = linked.gateway.table.version
    control.snapshot.epoch = "restored"
    known = linked.gateway.table.find_key(linked.key)
    assert known is not None
    linked.gateway.table.epoch = "before"
    # It would fit by its number: the restored database has counted on from an older version.
    gone = Entry(known.kind, known.key, good + 1, None)
    control.send_frame(
        encode_frame(Frame(version=good + 1, entries=[gone], since=good, epoch="restored"))
    )
    await control.until(lambda: len(control.snapshot_requests) == 2)
    await until(lambda: linked.gateway.table.epoch == "restored")
    assert control.snapshot_epochs == ["", "before"]
    assert linked.gateway.table.find_key(linked.key) == known


async def test_a_silent_stream_is_given_up(linked: Stand, control: ScriptedControl) -> None:
    control.fall_silent()
    await control.until(lambda: len(control.snapshot_requests) == 2, timeout_s=15)
    control.fall_silent(False)


async def test_a_wrong_internal_token_learns_nothing(
    linked: Stand, control: ScriptedControl
) -> None:
    control.token = "another"
    await control.go_down()
    await control.come_up()
    control.snapshot.add_organization("secret")
    assert await call(linked) == 200
    assert linked.gateway.table.version < control.snapshot.version


async def test_heartbeats_tell_what_the_gateway_does(
    linked: Stand, control: ScriptedControl
) -> None:
    instance = linked.settings.gateway_id
    await control.until(
        lambda: (
            instance in control.heartbeats
            and control.heartbeats[instance].details["snapshot_version"] == control.snapshot.version
        )
    )
    beat = control.heartbeats[instance]
    assert (beat.role, beat.state) == ("gateway", "ready")
    assert beat.details["port"] == linked.gateway.port


async def test_records_arrive_exactly_once_through_lost_receipts_and_refusals(
    linked: Stand, control: ScriptedControl
) -> None:
    control.lose_receipts(1)
    for _ in range(3):
        assert await call(linked) == 200
    await control.until(lambda: len(control.records) == 3)
    control.refuse_records(503, 500, 429)
    for _ in range(3):
        assert await call(linked) == 200
    await control.until(lambda: len(control.records) == 6)
    await until(lambda: linked.gateway.spool.waiting_bytes == 0)
    assert control.duplicates > 0
    assert sum(each.usage.total for each in control.records.values()) == 6 * 11


async def test_records_wait_while_control_is_down_and_survive_both_restarts(
    linked: Stand, control: ScriptedControl
) -> None:
    await control.go_down()
    for _ in range(4):
        assert await call(linked) == 200
    await linked.gateway.stop(0.1)
    assert control.records == {}
    await linked.start_linked()
    assert await call(linked) == 200
    await control.come_up()
    await control.until(lambda: len(control.records) == 5, timeout_s=20)
    assert {each.outcome for each in control.records.values()} == {"ok"}


async def test_a_record_that_control_cannot_read_holds_up_no_other(
    linked: Stand, control: ScriptedControl
) -> None:
    await control.go_down()
    for _ in range(4):
        assert await call(linked) == 200
    # Four in a batch, then two, then one, which is put aside; the other three go through.
    control.refuse_records(422, 422, 422)
    await control.come_up()
    await control.until(lambda: len(control.records) == 3, timeout_s=20)
    await until(lambda: linked.gateway.spool.waiting_bytes == 0)
    kept = (linked.settings.spool_dir / "rejected.records").read_bytes()
    assert struct.unpack(">I", kept[:4])[0] == len(kept) - 4


async def test_a_full_spool_refuses_new_calls_until_control_takes_it(
    linked: Stand, control: ScriptedControl, upstream: ScriptedUpstream
) -> None:
    await control.go_down()
    await linked.gateway.stop(0.1)
    linked.configure(spool_total_bytes=1000)
    await linked.start_linked()
    statuses = [await call(linked) for _ in range(10)]
    assert statuses == sorted(statuses)
    assert statuses[0] == 200
    assert statuses[-1] == 503
    await control.come_up()
    await until(lambda: not linked.gateway.spool.full, timeout_s=20)
    assert await call(linked) == 200
    await control.until(lambda: len(control.records) == len(upstream.requests))


async def test_a_thousand_changes_while_calls_run_break_none(
    linked: Stand, control: ScriptedControl, upstream: ScriptedUpstream
) -> None:
    upstreams = list(linked.gateway.table.upstreams.values())
    http = linked.http()
    for round_ in range(50):
        for step in range(20):
            weight = round_ * 20 + step
            control.snapshot.add_key(limits=Limits(requests_per_minute=weight + 1))
            old = upstreams[0]
            control.snapshot.put(Upstream(id=old.id, name=f"name {weight}", base_url=old.base_url))
        control.publish()
        assert (await http.post("/v1/chat/completions", json=BODY)).status_code == 200
    await until(lambda: linked.gateway.table.version == control.snapshot.version)
    assert upstream.connections_made == 1
