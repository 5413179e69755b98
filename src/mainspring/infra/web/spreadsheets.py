"""Texts in tables that a spreadsheet opens."""

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_text(value: str) -> str:
    """Return ``value`` marked as text where a spreadsheet would take it for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value
