"""Limits, budgets and prices as bodies and answers spell them."""

from decimal import InvalidOperation
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from mainspring.infra.web.bodies import Shape
from mainspring.kernel.money import Money
from mainspring.snapshot.price import Price, UnitPrices
from mainspring.snapshot.resources import Limits

_MOST = 2**53 - 1
"""The largest amount that every JSON reader, and the store of shared limits, counts exactly."""


def _nanos(value: object) -> object:
    """Read a decimal string as an amount of the currency; a number is nanos already."""
    if not isinstance(value, str):
        return value
    try:
        return Money.parse(value, "").nanos
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise ValueError('an amount is a decimal number such as "12.50"') from error


Requests = Annotated[int, Field(ge=1, le=1_000_000_000)]
Tokens = Annotated[int, Field(ge=1, le=1_000_000_000_000)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$", examples=["USD"])]
Budget = Annotated[
    int,
    BeforeValidator(_nanos),
    Field(
        ge=1,
        le=_MOST,
        examples=[12_500_000_000],
        description='Billionths of `currency`; a string such as `"12.50"` is an amount of it.',
    ),
]
Rate = Annotated[
    int,
    BeforeValidator(_nanos),
    Field(
        ge=0,
        le=_MOST,
        examples=[150_000_000],
        description="For a million tokens, in billionths of `currency`; a string such as "
        '`"0.15"` is an amount of it.',
    ),
]


class LimitsBody(Shape):
    """Bounds on one subject; `null` leaves that dimension unbounded. Days and months are UTC."""

    requests_per_second: Requests | None = Field(None, examples=[10])
    requests_per_minute: Requests | None = Field(None, examples=[600])
    requests_per_day: Requests | None = Field(None, examples=[50_000])
    requests_per_month: Requests | None = Field(None, examples=[1_000_000])
    tokens_per_minute: Tokens | None = Field(None, examples=[200_000])
    tokens_per_day: Tokens | None = Field(None, examples=[20_000_000])
    tokens_per_month: Tokens | None = Field(None, examples=[400_000_000])
    max_concurrency: int | None = Field(None, ge=1, le=1_000_000, examples=[50])
    budget_per_day: Budget | None = None
    budget_per_month: Budget | None = None
    currency: Currency = "USD"
    unpriced: Literal["deny", "allow"] = Field(
        "deny", description="What a budget does with a call whose price is not known."
    )


UnitPrice = Annotated[
    int,
    BeforeValidator(_nanos),
    Field(
        ge=0,
        le=_MOST,
        examples=[40_000_000],
        description='Billionths of `currency`; a string such as `"0.04"` is an amount of it.',
    ),
]


class UnitPricesBody(Shape):
    """What else than tokens costs: each call, image made, second of sound heard and search.

    `characters` is for a million characters spoken.
    """

    call: UnitPrice = 0
    image: UnitPrice = 0
    characters: UnitPrice = 0
    second: UnitPrice = 0
    search: UnitPrice = 0


class PriceBody(Shape):
    """What a million tokens of each kind cost, and what else does.

    Without a price of their own, cached and cache-written tokens cost as input, reasoning as
    output, sound heard as input and sound spoken as output.
    """

    currency: Currency = "USD"
    input: Rate = 0
    output: Rate = 0
    cached_input: Rate | None = None
    cache_write: Rate | None = None
    reasoning: Rate | None = None
    audio_input: Rate | None = None
    cached_audio: Rate | None = None
    audio_output: Rate | None = None
    batch_percent: int = Field(
        100, ge=0, le=100, description="What a call of a batch costs, as a part of that."
    )
    units: UnitPricesBody | None = Field(
        None, description="Prices beside tokens; `null`: only tokens cost."
    )

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if "input" not in self.model_fields_set and self.units is None:
            raise ValueError("a price says what tokens cost (`input`), or has `units`")
        return self

    def value(self) -> Price:
        """Return the snapshot's value."""
        fields = self.model_dump(exclude={"units"})
        return Price(**fields, units=UnitPrices(**self.units.model_dump()) if self.units else None)


def as_limits(body: LimitsBody | None) -> Limits | None:
    """Return the limits of ``body``."""
    return None if body is None else Limits(**body.model_dump())


def as_price(body: PriceBody | None) -> Price | None:
    """Return the price of ``body``."""
    return None if body is None else body.value()
