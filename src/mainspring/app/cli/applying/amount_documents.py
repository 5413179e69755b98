"""Limits and prices in documents of every kind, as ``mainspring apply`` reads them."""

import msgspec

from mainspring.app.cli.applying.amounts import read_amounts


class LimitsDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds; a dimension that is left out is unbounded.

    A budget in quotes (``"12.50"``) is an amount of ``currency``; a number is billionths of it.
    """

    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    max_concurrency: int | None = None
    requests_per_second: int | None = None
    requests_per_day: int | None = None
    requests_per_month: int | None = None
    tokens_per_day: int | None = None
    tokens_per_month: int | None = None
    budget_per_day: int | str | None = None
    budget_per_month: int | str | None = None
    currency: str = "USD"
    unpriced: str = "deny"

    def __post_init__(self) -> None:
        """Read amounts."""
        read_amounts(self, "budget_per_day", "budget_per_month")


class UnitPricesDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What else than tokens costs; ``characters`` a million of them, all else each."""

    call: int | str = 0
    image: int | str = 0
    characters: int | str = 0
    second: int | str = 0
    search: int | str = 0

    def __post_init__(self) -> None:
        """Read amounts."""
        read_amounts(self, *self.__struct_fields__)


class PriceDocument(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a million tokens cost, in quotes as an amount of ``currency``, else in billionths."""

    currency: str = "USD"
    input: int | str = 0
    output: int | str = 0
    cached_input: int | str | None = None
    cache_write: int | str | None = None
    reasoning: int | str | None = None
    audio_input: int | str | None = None
    cached_audio: int | str | None = None
    audio_output: int | str | None = None
    batch_percent: int = 100
    units: UnitPricesDocument | None = None

    def __post_init__(self) -> None:
        """Read amounts."""
        amounts = set(self.__struct_fields__) - {"currency", "batch_percent", "units"}
        read_amounts(self, *sorted(amounts))
