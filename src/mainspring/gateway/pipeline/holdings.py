"""What a call holds of limits beside its reservation, so that it can move to another model.

The reservation that a call was admitted by stays the caller's: its organisation's, project's and
key's. What a model grants is held apart where the call may leave that model for a fallback; there
the call takes a place under the limits of the fallback, and as much more of the caller's budgets as
the fallback costs more, or it does not go there.
"""

from collections.abc import Awaitable
from typing import NamedTuple

from mainspring.gateway.limits import Limiter, Refusal, Reservation
from mainspring.gateway.limits.port import Allowance, Decision
from mainspring.gateway.pipeline.identity import Principal
from mainspring.gateway.routing import Plan
from mainspring.kernel.money import Money
from mainspring.snapshot.limits import Bounds


class Wish(NamedTuple):
    """One reservation to be made; ``place`` where it also takes one of the places at once."""

    bounds: Bounds
    tokens: int
    cost: Money | None
    place: bool = True


class Holdings:
    """The leases of one call beside its reservation. All of them end with the call."""

    __slots__ = ("_limiter", "_model", "_more")

    def __init__(self, limiter: Limiter, model: Reservation | None = None) -> None:
        """Hold ``model``, a place under the limits of the model that was asked for."""
        self._limiter = limiter
        self._model = model
        self._more: list[Reservation] = []

    @property
    def model(self) -> Reservation | None:
        """Return the lease under the limits of the model that the call is at."""
        return self._model

    def move(
        self, wishes: list[tuple[Wish, bool]], now: float, lease_s: float
    ) -> Refusal | Awaitable[Refusal | None] | None:
        """Hold what another model needs in place of the last one; ``None``: it is held.

        Each wish says whether it is for the model's own limits. Refused, nothing has changed.
        """
        taken: list[tuple[Reservation, bool]] = []
        for index, (wish, own) in enumerate(wishes):
            decision = self._reserve(wish, now, lease_s)
            if isinstance(decision, Refusal):
                self._give_back(taken, now)
                return decision
            if not isinstance(decision, Reservation):
                return self._move_later(decision, wishes[index:], taken, now, lease_s)
            taken.append((decision, own))
        self._adopt(taken, now)
        return None

    def settle(self, tokens: int, now: float, cost: Money | None) -> None:
        """End everything: the call used ``tokens`` and cost ``cost``."""
        limiter = self._limiter
        if self._model is not None:
            limiter.settle(self._model, tokens, now, cost)
        for each in self._more:
            # The reservation of the call itself is settled by the whole of what it cost.
            limiter.release(each, now)
        self._model = None
        self._more = []

    def release(self, now: float) -> None:
        """End everything: the call was never made."""
        if self._model is not None:
            self._limiter.release(self._model, now)
        for each in self._more:
            self._limiter.release(each, now)
        self._model = None
        self._more = []

    def _reserve(self, wish: Wish, now: float, lease_s: float) -> Decision | Awaitable[Decision]:
        return self._limiter.reserve(
            wish.bounds.all, wish.tokens, now, lease_s, wish.cost, place=wish.place
        )

    async def _move_later(
        self,
        pending: Awaitable[Decision],
        wishes: list[tuple[Wish, bool]],
        taken: list[tuple[Reservation, bool]],
        now: float,
        lease_s: float,
    ) -> Refusal | None:
        try:
            for index, (wish, own) in enumerate(wishes):
                decision = self._reserve(wish, now, lease_s) if index else pending
                if isinstance(decision, Awaitable):
                    decision = await decision
                if isinstance(decision, Refusal):
                    self._give_back(taken, now)
                    return decision
                taken.append((decision, own))
        except BaseException:
            self._give_back(taken, now)
            raise
        self._adopt(taken, now)
        return None

    def _adopt(self, taken: list[tuple[Reservation, bool]], now: float) -> None:
        if self._model is not None:
            # The model that is left was asked once, and has used nothing that anybody pays for.
            self._limiter.settle(self._model, 0, now, None)
        for each in self._more:
            self._limiter.release(each, now)
        self._model, self._more = None, []
        for reservation, own in taken:
            if own:
                self._model = reservation
            else:
                self._more.append(reservation)

    def _give_back(self, taken: list[tuple[Reservation, bool]], now: float) -> None:
        for reservation, _ in taken:
            self._limiter.release(reservation, now)


def wishes_at(
    principal: Principal, plan: Plan, *, tokens: int, cost: Money | None, reserved: Money | None
) -> list[tuple[Wish, bool]]:
    """Return what a caller needs at the model of ``plan``, which costs ``cost`` at the most.

    ``reserved`` of its budgets is held already.
    """
    wishes: list[tuple[Wish, bool]] = []
    if plan.bounded:
        wishes.append((Wish(principal.bounds_at(plan.model), tokens, cost), True))
    if principal.bounds.budgeted and cost is not None and reserved is not None:
        lack = cost.nanos - reserved.nanos
        if lack > 0:
            more = Wish(principal.budgets, 0, Money(cost.currency, lack), place=False)
            wishes.append((more, False))
    return wishes


def reserve_apart(
    limiter: Limiter, caller: Wish, model: Wish, now: float, lease_s: float
) -> tuple[Holdings, Decision | Awaitable[Decision]]:
    """Reserve for the caller and, apart, for the model: both or none.

    Returns:
        What is held apart (once the decision is a reservation), and the decision.
    """
    holdings = Holdings(limiter)
    first = limiter.reserve(caller.bounds.all, caller.tokens, now, lease_s, caller.cost)
    if isinstance(first, Refusal):
        return holdings, first
    if not isinstance(first, Reservation):
        return holdings, _apart_later(limiter, holdings, first, model, now, lease_s)
    moved = holdings.move([(model, True)], now, lease_s)
    if moved is None:
        return holdings, _told_tighter(first, holdings)
    if isinstance(moved, Refusal):
        limiter.release(first, now)
        return holdings, moved
    return holdings, _second_later(limiter, holdings, first, moved, now)


async def _apart_later(  # noqa: PLR0917 - goes on where reserve_apart() was
    limiter: Limiter,
    holdings: Holdings,
    pending: Awaitable[Decision],
    model: Wish,
    now: float,
    lease_s: float,
) -> Decision:
    first = await pending
    if isinstance(first, Refusal):
        return first
    moved = holdings.move([(model, True)], now, lease_s)
    if isinstance(moved, Awaitable):
        return await _second_later(limiter, holdings, first, moved, now)
    if isinstance(moved, Refusal):
        limiter.release(first, now)
        return moved
    return _told_tighter(first, holdings)


async def _second_later(
    limiter: Limiter,
    holdings: Holdings,
    first: Reservation,
    pending: Awaitable[Refusal | None],
    now: float,
) -> Decision:
    try:
        refusal = await pending
    except BaseException:
        limiter.release(first, now)
        raise
    if refusal is not None:
        limiter.release(first, now)
        return refusal
    return _told_tighter(first, holdings)


def _told_tighter(first: Reservation, holdings: Holdings) -> Reservation:
    """Have ``first`` tell the tighter allowances of both."""
    model = holdings.model
    if model is not None:
        first.requests = _tighter(first.requests, model.requests)
        first.token_allowance = _tighter(first.token_allowance, model.token_allowance)
    return first


def _tighter(one: Allowance | None, other: Allowance | None) -> Allowance | None:
    if one is None or other is None:
        return one or other
    return one if one.remaining <= other.remaining else other
