"""What GPU hours cost, and who bears it: whoever used what ran on them, by how much they did.

A price holds from a moment on, perhaps until another. The GPUs of an hour cost what they cost
whether they work or not; the hour is shared among its calls by tokens or by busy seconds, and where
nobody called, it is idle. Shares are booked hour by hour and never changed: where a record comes
late or a price was mended, what was booked is reversed and booked anew.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from mainspring.kernel.access import Permission
from mainspring.kernel.errors import InvalidRequestError

GPU_PRICE_WRITE = Permission(
    "gpu_price:write", "Set what GPU hours of self-hosted models cost.", of_platform=True
)

HOUR: Final = timedelta(hours=1)
BOOKED_AGAIN_FOR: Final = timedelta(hours=72)
"""So long an hour's shares follow what changes: records that come late, and prices."""

MAX_GPU_PRICES: Final = 1000
MAX_GPUS: Final = 10_000
MAX_HOURLY_NANOS: Final = 10**15
NAME_PATTERN: Final = r"[^\x00-\x1f\x7f]{1,120}"
CURRENCY_PATTERN: Final = r"[A-Z]{3}"


class SharedBy(StrEnum):
    """What an hour is shared by."""

    TOKENS = "tokens"
    BUSY_SECONDS = "busy_seconds"


class GpuPrice(msgspec.Struct, frozen=True, kw_only=True):
    """What the GPUs behind an upstream cost, or behind one of its models.

    ``gpus`` of them are held all the time from ``valid_from`` until ``valid_until``; each costs
    ``hourly_nanos`` billionths of ``currency`` in an hour.
    """

    id: str
    name: str
    upstream_id: str
    upstream_model: str | None = None
    gpus: float = 1.0
    hourly_nanos: int
    currency: str
    shared_by: SharedBy = SharedBy.TOKENS
    valid_from: datetime
    valid_until: datetime | None = None
    created_at: datetime
    updated_at: datetime
    revision: int = 1

    def held_s(self, hour: datetime) -> Fraction:
        """Return the GPU seconds of the hour that begins at ``hour``."""
        begin = max(hour, self.valid_from)
        end = hour + HOUR if self.valid_until is None else min(hour + HOUR, self.valid_until)
        microseconds = max(end - begin, timedelta()) // timedelta(microseconds=1)
        return Fraction(self.gpus) * Fraction(microseconds, 1_000_000)

    def cost(self, hour: datetime) -> int:
        """Return what that hour costs, in whole nanos."""
        return round(self.held_s(hour) * self.hourly_nanos / 3600)

    def collides(self, other: "GpuPrice") -> bool:
        """Tell whether both price the same GPUs at some moment."""
        same = (self.upstream_id, self.upstream_model) == (other.upstream_id, other.upstream_model)
        begins = other.valid_until is None or self.valid_from < other.valid_until
        ends = self.valid_until is None or other.valid_from < self.valid_until
        return same and begins and ends


class GpuPriceChanges(msgspec.Struct, frozen=True):
    """What may change about a price; ``UNSET`` stays as it is."""

    name: str | UnsetType = UNSET
    gpus: float | UnsetType = UNSET
    hourly_nanos: int | UnsetType = UNSET
    shared_by: SharedBy | UnsetType = UNSET
    valid_from: datetime | UnsetType = UNSET
    valid_until: datetime | UnsetType | None = UNSET


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """What one kind of calls of an hour used: those of one caller, for one model."""

    org_id: str
    project_id: str
    key_id: str | None
    actor_id: str
    operation: str
    model: str
    upstream_id: str
    upstream_model: str | None
    track: str
    tokens: int
    busy_s: float


class GpuCharge(msgspec.Struct, frozen=True, kw_only=True):
    """A share of an hour's GPUs, as the ledger keeps it; never changed.

    ``nanos`` and ``gpu_s`` are below zero where it takes back ``reverses``. ``idle`` is what nobody
    used: it belongs to the platform.
    """

    id: str
    at: datetime
    price_id: str
    org_id: str
    project_id: str
    key_id: str | None
    actor_id: str
    operation: str
    model: str
    upstream_id: str
    upstream_model: str | None
    track: str
    idle: bool
    gpu_s: float
    nanos: int
    currency: str
    reverses: str | None = None
    booked_at: datetime


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """Who bears how much of an hour."""

    price_id: str
    use: Use | None
    gpu_s: float
    nanos: int
    currency: str


def checked_gpu_price(price: GpuPrice) -> GpuPrice:
    """Return ``price`` if all of it is acceptable.

    Raises:
        InvalidRequestError: naming the field that is not.
    """
    if not re.fullmatch(NAME_PATTERN, price.name):
        raise InvalidRequestError("a name has 1 to 120 characters", param="name")
    if not re.fullmatch(CURRENCY_PATTERN, price.currency):
        raise InvalidRequestError("a currency has three capital letters", param="currency")
    if not 0 < price.gpus <= MAX_GPUS:
        raise InvalidRequestError(f"gpus is above 0 and up to {MAX_GPUS}", param="gpus")
    if not 0 <= price.hourly_nanos <= MAX_HOURLY_NANOS:
        raise InvalidRequestError(f"a price is 0 to {MAX_HOURLY_NANOS}", param="hourly_nanos")
    if price.valid_until is not None and price.valid_until <= price.valid_from:
        raise InvalidRequestError("valid_from is before valid_until", param="valid_until")
    return price


def shares_of(price: GpuPrice, hour: datetime, uses: Iterable[Use]) -> list[Share]:
    """Return who bears what of an hour; the shares add up to what it costs, to the nano.

    Uses of other upstreams and models are passed over. What remains after rounding down goes to
    those who lost most by it.
    """
    held, cost = price.held_s(hour), price.cost(hour)
    if not held:
        return []
    ours = [
        use
        for use in uses
        if use.upstream_id == price.upstream_id
        and price.upstream_model in {None, use.upstream_model}
    ]
    weights = [
        Fraction(use.tokens) if price.shared_by is SharedBy.TOKENS else Fraction(use.busy_s)
        for use in ours
    ]
    whole = sum(weights, Fraction())
    if not whole:
        nobody = Share(
            price_id=price.id, use=None, gpu_s=float(held), nanos=cost, currency=price.currency
        )
        return [nobody]
    exact = [cost * weight / whole for weight in weights]
    nanos = [int(each) for each in exact]
    order = sorted(range(len(ours)), key=lambda place: (nanos[place] - exact[place], place))
    for place in order[: cost - sum(nanos)]:
        nanos[place] += 1
    return [
        Share(
            price_id=price.id,
            use=use,
            gpu_s=float(held * weight / whole),
            nanos=share,
            currency=price.currency,
        )
        for use, weight, share in zip(ours, weights, nanos, strict=True)
        if weight
    ]


Bearer = tuple[str | None, ...]


def bearer_of_use(price_id: str, use: Use | None) -> Bearer:
    """Return what tells one share of an hour from another."""
    if use is None:
        return (price_id,)
    return (
        *(price_id, use.org_id, use.project_id, use.key_id, use.actor_id, use.operation),
        *(use.model, use.upstream_id, use.upstream_model, use.track),
    )


def bearer_of_charge(charge: GpuCharge) -> Bearer:
    """Return the same for what was booked."""
    if charge.idle:
        return (charge.price_id,)
    return (
        *(charge.price_id, charge.org_id, charge.project_id, charge.key_id, charge.actor_id),
        *(charge.operation, charge.model, charge.upstream_id, charge.upstream_model, charge.track),
    )


def standing(charges: Sequence[GpuCharge]) -> Mapping[Bearer, GpuCharge]:
    """Return the charges of an hour that were not reversed, by bearer."""
    reversed_ids = {each.reverses for each in charges if each.reverses is not None}
    return {
        bearer_of_charge(each): each
        for each in charges
        if each.reverses is None and each.id not in reversed_ids
    }
