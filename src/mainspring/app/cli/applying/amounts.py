"""Amounts of money in the files of ``mainspring apply``."""

import msgspec

from mainspring.kernel.money import Money


def read_amounts(document: msgspec.Struct, *fields: str) -> None:
    """Turn those ``fields`` that are texts (``"12.50"``) into billionths of their currency.

    Raises:
        ValueError: naming the field that is no amount.
    """
    for field in fields:
        value: object = getattr(document, field)
        if isinstance(value, str):
            try:
                nanos = Money.parse(value, "").nanos
            except ArithmeticError:
                raise ValueError(f'{field} is an amount such as "12.50", not {value!r}') from None
            msgspec.structs.force_setattr(document, field, nanos)
