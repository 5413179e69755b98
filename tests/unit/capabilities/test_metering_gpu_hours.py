"""Who bears what of an hour of GPUs."""

from datetime import UTC, datetime, timedelta

import pytest

from mainspring.capabilities.metering.domain import GpuPrice, SharedBy, Use
from mainspring.capabilities.metering.domain.gpu import checked_gpu_price, shares_of
from mainspring.kernel.errors import InvalidRequestError

HOUR = datetime(2026, 11, 22, 9, tzinfo=UTC)


def price(**changes: object) -> GpuPrice:
    fields: dict[str, object] = {
        "id": "gpr_1",
        "name": "pool",
        "upstream_id": "ups_1",
        "gpus": 2.0,
        "hourly_nanos": 2_500_000_000,
        "currency": "USD",
        "valid_from": HOUR - timedelta(days=9),
        "created_at": HOUR,
        "updated_at": HOUR,
        **changes,
    }
    return GpuPrice(**fields)  # pyright: ignore[reportArgumentType] - named one by one


def use(tokens: int, busy_s: float = 1.0, **changes: str) -> Use:
    fields = {"org_id": "org_1", "project_id": "prj_1", "upstream_model": "m", **changes}
    return Use(
        key_id=None,
        actor_id="usr_1",
        operation="chat",
        model="large",
        track="stable",
        tokens=tokens,
        busy_s=busy_s,
        upstream_id=fields.pop("upstream_id", "ups_1"),
        **fields,
    )


def test_shares_follow_use_and_add_up_to_the_nano() -> None:
    odd = price(hourly_nanos=1_000_000_000, gpus=1.0)
    uses = [use(1, project_id=f"prj_{number}") for number in range(3)]
    shares = shares_of(odd, HOUR, uses)
    assert [share.nanos for share in shares] == [333_333_334, 333_333_333, 333_333_333]
    assert sum(share.gpu_s for share in shares) == pytest.approx(3600)

    by_tokens = shares_of(price(), HOUR, [use(300, 1), use(100, 9, project_id="prj_2")])
    assert [share.nanos for share in by_tokens] == [3_750_000_000, 1_250_000_000]
    busy = price(shared_by=SharedBy.BUSY_SECONDS)
    by_time = shares_of(busy, HOUR, [use(300, 1), use(100, 9, project_id="prj_2")])
    assert [share.nanos for share in by_time] == [500_000_000, 4_500_000_000]


def test_only_the_priced_upstream_and_model_bear_it() -> None:
    uses = [use(10), use(10, upstream_model="other"), use(10, upstream_id="ups_2")]
    of_model = shares_of(price(upstream_model="m"), HOUR, uses)
    assert [(share.use, share.nanos) for share in of_model] == [(uses[0], 5_000_000_000)]
    assert [share.use for share in shares_of(price(), HOUR, uses)] == uses[:2]


def test_an_hour_without_use_is_idle_and_a_price_may_hold_for_a_part_of_it() -> None:
    [idle] = shares_of(price(valid_until=HOUR + timedelta(minutes=15)), HOUR, [])
    assert (idle.use, idle.nanos, idle.gpu_s) == (None, 1_250_000_000, 1800.0)
    assert shares_of(price(valid_until=HOUR), HOUR, [use(1)]) == []
    assert shares_of(price(valid_from=HOUR + timedelta(hours=1)), HOUR, [use(1)]) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("currency", "usd"),
        ("gpus", 0.0),
        ("gpus", float("nan")),
        ("hourly_nanos", -1),
        ("valid_until", HOUR - timedelta(days=9)),
    ],
)
def test_a_price_that_cannot_be_is_refused(field: str, value: object) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        checked_gpu_price(price(**{field: value}))
    assert caught.value.params == {"param": field}


def test_the_same_gpus_have_one_price_at_a_time() -> None:
    first = price(valid_until=HOUR)
    assert not first.collides(price(valid_from=HOUR))
    assert first.collides(price(valid_from=HOUR - timedelta(seconds=1)))
    assert not first.collides(price(upstream_model="m"))
