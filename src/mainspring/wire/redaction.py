"""Taking out of texts what tells who somebody is, before they are kept.

Patterns are few, and each has a bound on how far it looks back and ahead, so that a text costs time
in proportion to its length, whatever it says. Numbers that carry a check digit are checked: a
random one is left alone. What is found is replaced by a word in brackets and cannot be had back.

May enter: patterns of this kind. Must never know: policies, or where a text goes.
"""

import re
from collections.abc import Callable
from typing import Any, Final

CUT: Final = "…[cut]"
_MAX_KEPT_BLOB: Final = 1024
"""A longer string that is one base64 value is replaced by its size: it is a file, not words."""

# Lookarounds name what may not stand beside: to \b, a digit and a Han character are one word.
_EMAIL: Final = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"
)
_SECRET: Final = re.compile(
    r"(?<![A-Za-z0-9])(?:(?:sk|msk|mst|mss|pk|rk|ghp|gho|xox[abp])[-_][A-Za-z0-9_-]{16,256}"
    r"|AKIA[0-9A-Z]{16}|eyJ[A-Za-z0-9_-]{8,2048}\.[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,1024})"
)
_CHINESE_ID: Final = re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{16}[0-9Xx](?![0-9A-Za-z])")
_CARD: Final = re.compile(r"(?<![0-9A-Za-z.+])[0-9](?:[ -]?[0-9]){12,18}(?![0-9A-Za-z])")
_SOCIAL_SECURITY: Final = re.compile(r"(?<![0-9A-Za-z-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9A-Za-z-])")
_PHONE: Final = re.compile(
    r"(?<![0-9A-Za-z+.])(?:"
    r"(?:\+?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}"  # Chinese mobile
    r"|\+[1-9][0-9]{0,2}(?:[ .-]?\(?[0-9]{1,4}\)?){2,6}"  # international
    r"|\(?[2-9][0-9]{2}\)?[ .-][0-9]{3}[ .-][0-9]{4}"  # North American, with separators
    r")(?![0-9A-Za-z])"
)
_BASE64: Final = re.compile(r"(?:data:[a-z0-9.+/-]{1,100};base64,)?[A-Za-z0-9+/_-]{1024,}={0,2}")
_SIZE_OF_BLOB: Final = re.compile(r"\[[a-z0-9.+/-]{1,100}, [0-9]+ characters\]")
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = "10X98765432"


def redact(text: str) -> str:
    """Return ``text`` without e-mail addresses, phone numbers, bank cards, ids and secrets."""
    if "@" in text:
        text = _EMAIL.sub("[email]", text)
    text = _SECRET.sub("[secret]", text)
    if not any(digit in text for digit in "0123456789"):
        return text
    text = _CHINESE_ID.sub(_if(_is_chinese_id, "[id]"), text)
    text = _CARD.sub(_if(_is_card, "[card]"), text)
    text = _SOCIAL_SECURITY.sub("[id]", text)
    return _PHONE.sub(_if(_is_phone, "[phone]"), text)


def cleaned(value: Any, *, redacts: bool, longest: int) -> Any:  # noqa: ANN401 - decoded JSON
    """Return a decoded JSON value fit to be kept: files by their size, long strings cut.

    With ``redacts`` every string, and every number that is one, went through :func:`redact`.
    """
    if isinstance(value, str):
        return _text(value, redacts=redacts, longest=longest)
    if isinstance(value, dict):
        pairs: dict[Any, Any] = value  # pyright: ignore[reportUnknownVariableType] - decoded JSON
        return {
            (redact(key) if redacts and isinstance(key, str) else key): cleaned(
                each, redacts=redacts, longest=longest
            )
            for key, each in pairs.items()
        }
    if isinstance(value, list):
        items: list[Any] = value  # pyright: ignore[reportUnknownVariableType] - decoded JSON
        return [cleaned(each, redacts=redacts, longest=longest) for each in items]
    if redacts and isinstance(value, int) and not isinstance(value, bool) and value >= 10**6:
        shown = str(value)
        hidden = redact(shown)
        return value if hidden == shown else hidden
    return value


def is_whole(value: Any) -> bool:  # noqa: ANN401 - decoded JSON
    """Tell whether nothing of a kept value was cut, nor replaced by its size."""
    if isinstance(value, str):
        return not value.endswith(CUT) and _SIZE_OF_BLOB.fullmatch(value) is None
    if isinstance(value, dict):
        pairs: dict[Any, Any] = value  # pyright: ignore[reportUnknownVariableType] - decoded JSON
        return all(is_whole(each) for each in pairs.values())
    if isinstance(value, list):
        items: list[Any] = value  # pyright: ignore[reportUnknownVariableType] - decoded JSON
        return all(is_whole(each) for each in items)
    return True


def _text(value: str, *, redacts: bool, longest: int) -> str:
    if len(value) > _MAX_KEPT_BLOB and _BASE64.fullmatch(value):
        kind = value[5 : value.index(";")] if value.startswith("data:") else "base64"
        return f"[{kind}, {len(value)} characters]"
    if len(value) > longest:
        # Cut first: what is not kept need not be searched. A border may fall within a number, so
        # the piece of a word that stands there goes with the rest.
        value = value[:longest]
        if redacts:
            value = redact(re.sub(r"[0-9A-Za-z@._+-]{1,64}\Z", "", value))
        return value + CUT
    return redact(value) if redacts else value


def _if(holds: Callable[[str], bool], replacement: str) -> Callable[[re.Match[str]], str]:
    return lambda match: replacement if holds(match[0]) else match[0]


def _is_card(text: str) -> bool:
    """Check the digit that ends a card's number (ISO/IEC 7812, Luhn)."""
    digits = [int(each) for each in text if each.isdigit()]
    if len(set(digits)) == 1:
        return False
    doubled = [sum(divmod(2 * each, 10)) for each in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_chinese_id(text: str) -> bool:
    """Check the digit that ends a resident's number (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11] == text[17].upper()


def _is_phone(text: str) -> bool:
    digits = sum(each.isdigit() for each in text)
    return 7 <= digits <= 15
