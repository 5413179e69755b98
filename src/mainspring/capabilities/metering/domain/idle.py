"""What nobody used for a while, and what it costs or holds."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from mainspring.capabilities.metering.domain.gpu import GpuPrice

MIN_IDLE_DAYS: Final = 1
MAX_IDLE_DAYS: Final = 92
MAX_IDLE_KEYS: Final = 1000
MAX_USES: Final = 200_000


class IdleKind(StrEnum):
    """What may be idle."""

    MODEL = "model"
    TARGET = "target"
    UPSTREAM = "upstream"
    KEY = "key"


class Target(msgspec.Struct, frozen=True):
    """Where a model's calls may go."""

    upstream_id: str
    upstream_model: str


class HeldModel(msgspec.Struct, frozen=True, kw_only=True):
    """A model that exists; ``org_id`` ``None`` is everybody's."""

    id: str
    name: str
    org_id: str | None
    targets: tuple[Target, ...]
    changed_at: datetime
    """Its targets may be as new as that."""
    created_at: datetime


class HeldUpstream(msgspec.Struct, frozen=True, kw_only=True):
    """An upstream that exists."""

    id: str
    name: str
    created_at: datetime


class HeldKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that has not ended."""

    id: str
    name: str
    org_id: str
    project_id: str
    created_at: datetime
    last_used_at: datetime | None


class Used(msgspec.Struct, frozen=True):
    """One model on one upstream that calls were made of."""

    model: str
    upstream_id: str | None
    upstream_model: str | None


class IdleHours(msgspec.Struct, frozen=True, kw_only=True):
    """What GPU hours without a call cost, of one upstream or one of its models."""

    upstream_id: str
    upstream_model: str | None
    currency: str
    nanos: int


class Idle(msgspec.Struct, frozen=True, kw_only=True):
    """A thing that nobody used.

    ``hourly`` is what its GPUs cost in every hour now, ``cost`` what their hours without a call
    cost in the time that was looked at, both in billionths by currency.
    """

    kind: IdleKind
    id: str
    name: str
    org_id: str | None = None
    project_id: str | None = None
    upstream_id: str | None = None
    upstream_model: str | None = None
    created_at: datetime
    last_used_at: datetime | None = None
    hourly: dict[str, int] = {}
    cost: dict[str, int] = {}


class IdleReport(msgspec.Struct, frozen=True, kw_only=True):
    """What nobody used in ``since <= at < until``.

    ``idle_hours`` is what all GPU hours without a call cost in that time, also those of upstreams
    that are used at other hours. ``more_keys`` says that further keys are idle.
    """

    since: datetime
    until: datetime
    items: list[Idle]
    idle_hours: dict[str, int]
    more_keys: bool


def idle_models(
    models: Iterable[HeldModel],
    used: Collection[Used],
    since: datetime,
    holdings: "Holdings",
) -> list[Idle]:
    """Return the models that were not called, and of those that were the targets that were not.

    What is younger than ``since`` had no chance yet. A name stands for all models of that name.
    """
    names = {each.model for each in used}
    places = {(each.model, each.upstream_id, each.upstream_model) for each in used}
    found: list[Idle] = []
    for model in models:
        if model.created_at >= since:
            continue
        if model.name not in names:
            found.append(
                Idle(
                    kind=IdleKind.MODEL,
                    id=model.id,
                    name=model.name,
                    org_id=model.org_id,
                    created_at=model.created_at,
                )
            )
        elif model.changed_at < since:
            found += [
                Idle(
                    kind=IdleKind.TARGET,
                    id=model.id,
                    name=model.name,
                    org_id=model.org_id,
                    upstream_id=target.upstream_id,
                    upstream_model=target.upstream_model,
                    created_at=model.created_at,
                    hourly=holdings.hourly(target.upstream_id, target.upstream_model),
                    cost=holdings.cost(target.upstream_id, target.upstream_model),
                )
                for target in model.targets
                if (model.name, target.upstream_id, target.upstream_model) not in places
            ]
    return found


def idle_upstreams(
    upstreams: Iterable[HeldUpstream],
    used: Collection[Used],
    since: datetime,
    holdings: "Holdings",
) -> list[Idle]:
    """Return the upstreams that took no call."""
    called = {each.upstream_id for each in used}
    return [
        Idle(
            kind=IdleKind.UPSTREAM,
            id=each.id,
            name=each.name,
            upstream_id=each.id,
            created_at=each.created_at,
            hourly=holdings.hourly(each.id),
            cost=holdings.cost(each.id),
        )
        for each in upstreams
        if each.created_at < since and each.id not in called
    ]


def idle_key(key: HeldKey) -> Idle:
    """Return a key that was not used."""
    return Idle(
        kind=IdleKind.KEY,
        id=key.id,
        name=key.name,
        org_id=key.org_id,
        project_id=key.project_id,
        created_at=key.created_at,
        last_used_at=key.last_used_at,
    )


class Holdings:
    """What GPUs are held, and what of them was idle."""

    def __init__(
        self, prices: Sequence[GpuPrice], idle: Sequence[IdleHours], now: datetime
    ) -> None:
        self._prices = [
            each
            for each in prices
            if each.valid_from <= now and (each.valid_until is None or now < each.valid_until)
        ]
        self._idle = idle

    def hourly(self, upstream_id: str, upstream_model: str | None = None) -> dict[str, int]:
        """Return what an upstream's GPUs cost in an hour, or those of one of its models alone."""
        return _summed(
            (each.currency, round(each.gpus * each.hourly_nanos))
            for each in self._prices
            if each.upstream_id == upstream_id
            and (upstream_model is None or each.upstream_model == upstream_model)
        )

    def cost(self, upstream_id: str, upstream_model: str | None = None) -> dict[str, int]:
        """Return what their hours without a call cost."""
        return _summed(
            (each.currency, each.nanos)
            for each in self._idle
            if each.upstream_id == upstream_id
            and (upstream_model is None or each.upstream_model == upstream_model)
        )

    def all_idle(self) -> dict[str, int]:
        """Return what all hours without a call cost."""
        return _summed((each.currency, each.nanos) for each in self._idle)


def _summed(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for currency, nanos in parts:
        sums[currency] = sums.get(currency, 0) + nanos
    return {name: nanos for name, nanos in sorted(sums.items()) if nanos}
