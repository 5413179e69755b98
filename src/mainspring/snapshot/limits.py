"""The arithmetic of limits, free of any store.

Consumption is counted in windows whose name is part of the counter's name, so nothing ever has to
be reset. There are two kinds:

* Rates (per second, per minute) are estimated over fixed windows: the present window's count plus
  the share of the previous window that the last second or minute still covers. The estimate never
  admits more than the limit into one window, and it does not let a burst at a window's edge pass
  twice.
* Quotas (per day, per month) belong to the calendar in UTC: what is left is forfeited at midnight.
"""

from datetime import UTC, datetime
from typing import Literal

import msgspec

from mainspring.snapshot.resources import ApiKey, Limits, Model, Organization, Project

WINDOW_S = 60.0
"""Length of the ordinary rate window in seconds."""

Dimension = Literal["requests", "tokens", "concurrency", "budget", "price", "store"]
"""What was refused; ``price``: a call that a budget cannot count, ``store``: an outage."""

Period = Literal["second", "minute", "day", "month"]


class Quota(msgspec.Struct, frozen=True):
    """So much per calendar window. ``cap`` of a budget is nanos of ``currency``."""

    dimension: Literal["requests", "tokens", "budget"]
    period: Literal["day", "month"]
    cap: int
    currency: str = ""
    deny_unpriced: bool = True

    @property
    def name(self) -> str:
        """Return what tells this quota from the subject's others; part of its counter's name."""
        return f"{self.dimension}{self.currency}/{self.period}"


class Bound(msgspec.Struct, frozen=True):
    """Limits that hold for one subject; ``subject`` is ``organization/<id>`` and the like.

    ``quotas`` and ``extended`` (limits other than per minute and at once) follow from ``limits``.
    """

    subject: str
    limits: Limits
    quotas: tuple[Quota, ...] = ()
    extended: bool = False

    def __post_init__(self) -> None:
        """Derive what every call would otherwise have to."""
        quotas = quotas_of(self.limits)
        extended = bool(quotas) or self.limits.requests_per_second is not None
        msgspec.structs.force_setattr(self, "quotas", quotas)
        msgspec.structs.force_setattr(self, "extended", extended)


class Bounds(msgspec.Struct, frozen=True):
    """Every bound of a call; ``budgeted`` tells whether one of them counts money."""

    all: tuple[Bound, ...] = ()
    budgeted: bool = False


class Window(msgspec.Struct, frozen=True):
    """A calendar window; its times are Unix seconds."""

    name: str
    starts_at: float
    ends_at: float


def quotas_of(limits: Limits) -> tuple[Quota, ...]:
    """Return the calendar quotas among ``limits``, the shorter period first."""
    deny = limits.unpriced != "allow"
    currency = limits.currency
    told: tuple[tuple[Quota, int | None], ...] = (
        (Quota("requests", "day", 0), limits.requests_per_day),
        (Quota("tokens", "day", 0), limits.tokens_per_day),
        (Quota("budget", "day", 0, currency, deny), limits.budget_per_day),
        (Quota("requests", "month", 0), limits.requests_per_month),
        (Quota("tokens", "month", 0), limits.tokens_per_month),
        (Quota("budget", "month", 0, currency, deny), limits.budget_per_month),
    )
    return tuple(msgspec.structs.replace(quota, cap=cap) for quota, cap in told if cap is not None)


def bounds_of(
    organization: Organization, project: Project, key: ApiKey | None, actor_id: str | None = None
) -> tuple[Bound, ...]:
    """Return every bound that a caller's calls must pass, all at once or not at all."""
    key_id = None if key is None else key.id
    wanted = (
        (f"organization/{organization.id}", organization.limits),
        (f"project/{project.id}", project.limits),
        (f"user/{organization.id}/{actor_id}", actor_id and organization.user_limits),
        (f"user/{project.id}/{actor_id}", actor_id and project.user_limits),
        (f"key/{key_id}", key and key.limits),
    )
    return _present(wanted)


def bounds_of_model(model: Model, key_id: str | None) -> tuple[Bound, ...]:
    """Return the bounds that the model adds for calls by a key."""
    wanted = (
        (f"model/{model.id}", model.limits),
        (f"key-model/{key_id}/{model.id}", key_id and model.key_limits),
    )
    return _present(wanted)


def budgets_of(bounds: tuple[Bound, ...]) -> tuple[Bound, ...]:
    """Return what ``bounds`` say of money, counted where they count it."""
    found: list[Bound] = []
    for each in bounds:
        limits = each.limits
        if limits.budget_per_day is not None or limits.budget_per_month is not None:
            money = Limits(
                budget_per_day=limits.budget_per_day,
                budget_per_month=limits.budget_per_month,
                currency=limits.currency,
                unpriced=limits.unpriced,
            )
            found.append(Bound(each.subject, money))
    return tuple(found)


COUNTS = (
    "requests_per_second",
    "requests_per_minute",
    "requests_per_day",
    "requests_per_month",
    "tokens_per_minute",
    "tokens_per_day",
    "tokens_per_month",
    "max_concurrency",
)
"""Limits that count something: names of fields of :class:`Limits`."""
BUDGETS = ("budget_per_day", "budget_per_month")
"""Limits that are money."""


def first_wider(inner: Limits, outer: Limits) -> tuple[str, int] | None:
    """Return the first dimension in which ``inner`` is wider than ``outer``, and outer's bound.

    One that ``inner`` leaves open is not wider: the outer bound holds there as it is. Budgets in
    different currencies do not compare.
    """
    names = COUNTS + (BUDGETS if inner.currency == outer.currency else ())
    for name in names:
        wanted: int | None = getattr(inner, name)
        most: int | None = getattr(outer, name)
        if wanted is not None and most is not None and wanted > most:
            return name, most
    return None


def together(*bounds: Bound) -> Bounds:
    """Return the bounds as one set."""
    budgeted = any(quota.dimension == "budget" for each in bounds for quota in each.quotas)
    return Bounds(bounds, budgeted)


def window_at(now: float) -> int:
    """Return the number of the minute that ``now`` (seconds) falls into."""
    return int(now // WINDOW_S)


def calendar_window(period: Literal["day", "month"], at: float) -> Window:
    """Return the day or the month, in UTC, that ``at`` (Unix seconds) falls into."""
    moment = datetime.fromtimestamp(at, UTC)
    if period == "day":
        start = moment.replace(hour=0, minute=0, second=0, microsecond=0)
        begins = start.timestamp()
        return Window(f"{start:%Y-%m-%d}", begins, begins + 86_400.0)
    start = moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if start.month == 12:
        end = start.replace(year=start.year + 1, month=1)
    else:
        end = start.replace(month=start.month + 1)
    return Window(f"{start:%Y-%m}", start.timestamp(), end.timestamp())


def previous_share(now: float) -> float:
    """Return how much of the previous window the minute before ``now`` still covers."""
    return 1.0 - (now % WINDOW_S) / WINDOW_S


def seconds_until_fits(
    demand: int,
    limit: int,
    current: float,
    previous: float,
    now: float,
    *,
    window_s: float = WINDOW_S,
) -> float | None:
    """Return after how many seconds ``demand`` fits under ``limit`` if nothing else is admitted.

    ``None`` says: never, for it exceeds the limit by itself.
    """
    room = limit - demand
    if room < 0:
        return None
    elapsed = now % window_s
    if current <= room:
        if previous <= 0:
            return 0.0
        fits_at = window_s * (1.0 - (room - current) / previous)
        return max(fits_at - elapsed, 0.0)
    # The present window must first become the previous one and then fade far enough.
    return (window_s - elapsed) + window_s * (1.0 - room / current)


def _present(wanted: tuple[tuple[str, Limits | str | None], ...]) -> tuple[Bound, ...]:
    return tuple(
        Bound(subject, limits)
        for subject, limits in wanted
        if isinstance(limits, Limits) and limits != Limits()
    )
