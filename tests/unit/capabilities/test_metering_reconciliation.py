"""When the ledger has what a gateway counted, and when somebody has to look."""

from datetime import UTC, datetime, timedelta

import pytest

from mainspring.capabilities.metering.domain import (
    Agreement,
    Count,
    ModelDifference,
    Reconciliation,
    compared,
    differences,
)

HOUR = datetime(2026, 11, 22, 9, tzinfo=UTC)
LATER = HOUR + timedelta(hours=1, minutes=7)


def hour(counted: dict[str, Count], *, delivered: bool = True) -> Reconciliation:
    return Reconciliation(
        gateway_id="gateway-1",
        epoch="ins_1",
        since=HOUR,
        until=HOUR + timedelta(hours=1),
        delivered=delivered,
        counted=counted,
    )


@pytest.mark.parametrize(
    ("counted", "booked", "state"),
    [
        (Count(10, 500), Count(10, 500), Agreement.MATCHED),
        (Count(10, 500), Count(9, 450), Agreement.DRIFTED),  # one of few is one too many
        (Count(10, 500), Count(10, 499), Agreement.DRIFTED),
        (Count(10, 500), Count(11, 550), Agreement.DRIFTED),
        (Count(5000, 500_000), Count(4999, 499_900), Agreement.MATCHED),
        (Count(5000, 500_000), Count(4990, 499_000), Agreement.DRIFTED),
        (Count(), Count(1, 3), Agreement.DRIFTED),
    ],
)
def test_an_hour_matches_within_the_tolerance(
    counted: Count, booked: Count, state: Agreement
) -> None:
    found = compared(hour({"m": counted}), {"m": booked}, LATER)
    assert (found.state, found.booked, found.checked_at) == (state, {"m": booked}, LATER)


def test_records_may_wait_in_a_spool_for_a_day_but_not_longer() -> None:
    waiting = hour({"m": Count(10, 500)}, delivered=False)
    fewer = {"m": Count(4, 200)}
    assert compared(waiting, fewer, LATER).state is Agreement.WAITING
    assert compared(waiting, fewer, LATER + timedelta(days=1)).state is Agreement.DRIFTED
    # What is there too often is no matter of waiting.
    assert compared(waiting, {"m": Count(11, 600)}, LATER).state is Agreement.DRIFTED


def test_one_model_cannot_make_up_for_another() -> None:
    found = compared(
        hour({"a": Count(3, 30), "b": Count(3, 30)}), {"a": Count(2, 20), "b": Count(4, 40)}, LATER
    )
    assert found.state is Agreement.DRIFTED
    assert differences(found) == [
        ModelDifference(model="a", counted=Count(3, 30), booked=Count(2, 20)),
        ModelDifference(model="b", counted=Count(3, 30), booked=Count(4, 40)),
    ]


def test_models_beyond_the_gateways_bound_are_compared_together() -> None:
    known = hour({"a": Count(3, 30), "other": Count(2, 20)})
    found = compared(known, {"a": Count(3, 30), "x": Count(1, 5), "y": Count(1, 15)}, LATER)
    assert (found.state, differences(found)) == (Agreement.MATCHED, [])
