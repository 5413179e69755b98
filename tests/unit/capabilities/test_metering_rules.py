"""Rules of the ledger: whatever a gateway tells, what is kept fits."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import click
import msgspec
import pytest
from hypothesis import given, strategies as st

from mainspring.app.cli.costs import command as costs_command
from mainspring.capabilities.metering.api import Dimension
from mainspring.capabilities.metering.domain import MAX_RANGE, entry_of
from mainspring.kernel.errors import InvalidRequestError
from mainspring.kernel.ranges import checked_range
from mainspring.wire.records import UsageRecord
from mainspring.wire.usage import Usage

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
_int = st.integers(-(2**63), 2**64 - 1)
_records = st.builds(
    UsageRecord,
    id=st.text(),
    request_id=st.text(),
    at_ms=st.integers(0, 4_102_444_800_000),
    org_id=st.text(),
    project_id=st.text(),
    key_id=st.none() | st.text(),
    actor_id=st.text(),
    operation=st.text(),
    model=st.text(max_size=2000),
    status=_int,
    usage=st.builds(Usage, input=_int, cached_input=_int, output=_int, reasoning=_int),
    usage_frame=st.none() | st.binary(),
    ttft_ms=st.none() | st.floats(),
    duration_ms=st.floats(),
    attempts=_int,
)


@given(_records)
def test_every_record_becomes_an_entry_that_postgresql_and_json_can_hold(
    record: UsageRecord,
) -> None:
    entry = entry_of(record, NOW)
    assert entry.day == entry.at.date()
    assert entry.usage_frame == record.usage_frame
    for value in msgspec.structs.asdict(entry).values():
        if isinstance(value, str):
            assert "\x00" not in value
            assert len(value) <= 500
        elif isinstance(value, int) and not isinstance(value, bool):
            assert 0 <= value < 2**53
        elif isinstance(value, float):
            assert 0.0 <= value <= 1e12


@given(_records)
def test_a_record_that_comes_again_has_the_same_place(record: UsageRecord) -> None:
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(record), type=UsageRecord)
    first, second = entry_of(record, NOW), entry_of(again, NOW + timedelta(days=3))
    assert (first.day, first.id) == (second.day, second.id)


@pytest.mark.parametrize("at_ms", [2**62, -(2**62)])
def test_a_time_that_is_none_is_refused(at_ms: int) -> None:
    record = UsageRecord(
        id="use_1",
        request_id="req_1",
        at_ms=at_ms,
        org_id="org_1",
        project_id="prj_1",
        key_id=None,
        actor_id="usr_1",
        operation="chat",
        model="m",
    )
    with pytest.raises(ValueError, match="at_ms"):
        entry_of(record, NOW)


def test_a_range_is_the_last_day_by_default_and_never_too_long() -> None:
    start, end = checked_range(None, None, NOW, longest=MAX_RANGE)
    assert end - start == timedelta(days=1)
    assert start < NOW < end
    assert checked_range(NOW - MAX_RANGE, NOW, NOW, longest=MAX_RANGE) == (NOW - MAX_RANGE, NOW)
    for since, until in (
        (NOW, NOW),
        (NOW - MAX_RANGE - timedelta(seconds=1), NOW),
        (NOW.replace(tzinfo=None), None),
    ):
        with pytest.raises(InvalidRequestError):
            checked_range(since, until, NOW, longest=MAX_RANGE)


def test_the_command_line_knows_every_dimension() -> None:
    [by] = [option for option in costs_command.params if option.name == "by"]
    assert isinstance(by.type, click.Choice)
    assert tuple(by.type.choices) == get_args(Dimension)
