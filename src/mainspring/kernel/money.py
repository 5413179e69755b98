"""Money as integers: one unit is a billionth of the currency (a "nano").

A token at 0.15 USD per million costs 150 nanos; floats never carry an amount.
"""

from decimal import ROUND_HALF_EVEN, Decimal

import msgspec

NANOS = 1_000_000_000


class Money(msgspec.Struct, frozen=True):
    """An amount in ``currency`` (ISO 4217), counted in nanos."""

    currency: str
    nanos: int

    @classmethod
    def parse(cls, amount: str, currency: str) -> "Money":
        """Read a decimal string such as ``"0.15"``; half a nano rounds to even.

        Raises:
            decimal.InvalidOperation: if ``amount`` is not a decimal number.
        """
        nanos = (Decimal(amount) * NANOS).to_integral_value(ROUND_HALF_EVEN)
        return cls(currency, int(nanos))

    def __add__(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(self.currency, self.nanos + other.nanos)

    def __neg__(self) -> "Money":
        return Money(self.currency, -self.nanos)

    def __str__(self) -> str:
        return f"{Decimal(self.nanos) / NANOS:f} {self.currency}"
