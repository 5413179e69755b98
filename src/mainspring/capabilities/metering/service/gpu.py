"""Prices of GPU hours, and the booking of their shares."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from mainspring.capabilities.metering.domain import USAGE_READ
from mainspring.capabilities.metering.domain.gpu import (
    BOOKED_AGAIN_FOR,
    GPU_PRICE_WRITE,
    HOUR,
    MAX_GPU_PRICES,
    GpuCharge,
    GpuPrice,
    GpuPriceChanges,
    Share,
    bearer_of_use,
    checked_gpu_price,
    shares_of,
    standing,
)
from mainspring.capabilities.metering.ports import GpuStore, Names
from mainspring.kernel.access import Permission
from mainspring.kernel.authorize import authorize
from mainspring.kernel.changes import apply_changes, check_revision
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import ConflictError, InvalidRequestError
from mainspring.kernel.existing import existing
from mainspring.kernel.ids import new_id
from mainspring.kernel.paging import Page, PageRequest, decode_cursor, page_of
from mainspring.kernel.scope import PLATFORM_ORG, Scope

_log = logging.getLogger(__name__)
_SELF = Scope.platform("gpu-hours")
_SETTLES_AFTER = timedelta(minutes=5)


class GpuPriceService:
    """What GPU hours cost; the platform's, as upstreams are."""

    def __init__(self, store: GpuStore, clock: Clock, *, names: Names) -> None:
        self._store = store
        self._clock = clock
        self._names = names

    async def create(self, scope: Scope, price: GpuPrice) -> GpuPrice:
        """Keep a new price, whose id and times are made here.

        Raises:
            InvalidRequestError: if a field is not acceptable, or there is no such upstream.
            ConflictError: if the same GPUs have a price at that time, or there are too many.
        """
        scope = _allowed(scope, GPU_PRICE_WRITE)
        now = self._clock.now()
        made = checked_gpu_price(
            msgspec.structs.replace(price, id=new_id("gpr"), created_at=now, updated_at=now)
        )
        if made.upstream_id not in await self._names.upstream_names([made.upstream_id]):
            raise InvalidRequestError("there is no such upstream", param="upstream_id")
        async with self._store.begin(scope) as gpus:
            await gpus.hold()
            present = await gpus.prices()
            if len(present) >= MAX_GPU_PRICES:
                raise ConflictError(f"there are {MAX_GPU_PRICES} prices of GPU hours already")
            _check_alone(made, present)
            await gpus.add(made)
        return made

    async def list_prices(self, scope: Scope, page: PageRequest) -> Page[GpuPrice]:
        """Return the prices, oldest first.

        Raises:
            PermissionDeniedError: unless the caller may see the usage of the whole platform.
        """
        after = decode_cursor(page.cursor, str)
        async with self._store.begin(_allowed(scope, USAGE_READ)) as gpus:
            found = [each for each in await gpus.prices() if after is None or each.id > after]
        return page_of(found[: page.limit + 1], page.limit, lambda price: price.id)

    async def update(
        self,
        scope: Scope,
        price_id: str,
        changes: GpuPriceChanges,
        *,
        expected_revision: int | None = None,
    ) -> GpuPrice:
        """Change a price; hours of the last three days are booked anew by it.

        Raises:
            NotFoundError: if there is none of that id.
            InvalidRequestError: if a field is not acceptable.
            ConflictError: if the same GPUs have another price at that time.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        async with self._store.begin(_allowed(scope, GPU_PRICE_WRITE)) as gpus:
            await gpus.hold()
            present = await gpus.prices()
            old = existing(next((each for each in present if each.id == price_id), None))
            check_revision(expected_revision, old.revision)
            changed = apply_changes(old, changes)
            price = checked_gpu_price(
                msgspec.structs.replace(
                    changed, updated_at=self._clock.now(), revision=old.revision + 1
                )
            )
            _check_alone(price, [each for each in present if each.id != price_id])
            await gpus.replace(price)
        return price

    async def delete(
        self, scope: Scope, price_id: str, *, expected_revision: int | None = None
    ) -> None:
        """Remove a price as if it had never been: what was booked by it is reversed, as far as
        hours are still booked again. To end one, give it a ``valid_until``.

        Raises:
            NotFoundError: if there is none of that id.
            PreconditionFailedError: if it is not at ``expected_revision`` any more.
        """
        async with self._store.begin(_allowed(scope, GPU_PRICE_WRITE)) as gpus:
            await gpus.hold()
            found = [each for each in await gpus.prices() if each.id == price_id]
            price = existing(found[0] if found else None)
            check_revision(expected_revision, price.revision)
            await gpus.remove(price_id)


class GpuBooking:
    """Books the shares of hours that are over."""

    def __init__(self, store: GpuStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def book(self) -> int:
        """Bring the bookings of the last three days up to date; return how many were added.

        Doing it twice adds nothing. An hour is one transaction.
        """
        now = self._clock.now()
        last = (now - _SETTLES_AFTER).replace(minute=0, second=0, microsecond=0) - HOUR
        hour = last - BOOKED_AGAIN_FOR + HOUR
        added = 0
        while hour <= last:
            added += await self._book(hour, now)
            hour += HOUR
        if added:
            _log.info("%d shares of GPU hours were booked", added)
        return added

    async def _book(self, hour: datetime, now: datetime) -> int:
        async with self._store.begin(_SELF) as gpus:
            await gpus.hold()
            prices = [each for each in await gpus.prices() if each.held_s(hour)]
            booked = standing(await gpus.charges(hour))
            if not prices and not booked:
                return 0
            uses = await gpus.uses(hour, sorted({each.upstream_id for each in prices}))
            wanted = {
                bearer_of_use(share.price_id, share.use): (price, share)
                for price in prices
                for share in shares_of(price, hour, uses)
            }
            entries: list[GpuCharge] = []
            for bearer, charge in booked.items():
                same = wanted.get(bearer)
                if same is not None and _says(charge, same[1]):
                    del wanted[bearer]
                else:
                    entries.append(_reversal(charge, now))
            entries += [_charge(price, share, hour, now) for price, share in wanted.values()]
            await gpus.book(entries)
        return len(entries)


def _says(charge: GpuCharge, share: Share) -> bool:
    return (charge.nanos, charge.currency) == (share.nanos, share.currency)


def _charge(price: GpuPrice, share: Share, hour: datetime, now: datetime) -> GpuCharge:
    use = share.use
    return GpuCharge(
        id=new_id("gch"),
        at=hour,
        price_id=price.id,
        org_id=PLATFORM_ORG if use is None else use.org_id,
        project_id="" if use is None else use.project_id,
        key_id=None if use is None else use.key_id,
        actor_id="" if use is None else use.actor_id,
        operation="" if use is None else use.operation,
        model="" if use is None else use.model,
        upstream_id=price.upstream_id,
        upstream_model=price.upstream_model if use is None else use.upstream_model,
        track="stable" if use is None else use.track,
        idle=use is None,
        gpu_s=share.gpu_s,
        nanos=share.nanos,
        currency=share.currency,
        booked_at=now,
    )


def _reversal(charge: GpuCharge, now: datetime) -> GpuCharge:
    return msgspec.structs.replace(
        charge,
        id=new_id("gch"),
        gpu_s=-charge.gpu_s,
        nanos=-charge.nanos,
        reverses=charge.id,
        booked_at=now,
    )


def _check_alone(price: GpuPrice, others: Iterable[GpuPrice]) -> None:
    for other in others:
        if price.collides(other):
            raise ConflictError(f"{other.name} prices the same GPUs at that time")


def _allowed(scope: Scope, permission: Permission) -> Scope:
    return authorize(scope, permission, org_id=PLATFORM_ORG)
