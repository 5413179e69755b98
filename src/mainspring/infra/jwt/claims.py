"""What claims say, once the signature over them was verified."""

from collections.abc import Mapping
from typing import Any

from mainspring.kernel.errors import ExpiredTokenError, InvalidTokenError

_MAX_TEXTS = 1000
_MAX_TEXT = 256


def claim_at(claims: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - decoded JSON
    """Return the claim of that name, or the one that the dots in ``path`` lead to.

    A claim whose name itself has dots (many are URLs) goes before a path.
    """
    if path in claims or "." not in path:
        return claims.get(path)
    found: Any = claims
    for name in path.split("."):
        if not isinstance(found, Mapping):
            return None
        members: Mapping[str, Any] = found  # pyright: ignore[reportUnknownVariableType] - JSON
        found = members.get(name)
    return found


def text_at(claims: Mapping[str, Any], path: str) -> str | None:
    """Return the claim if it is a text of ordinary length without control characters."""
    value = claim_at(claims, path)
    if not isinstance(value, str) or not 1 <= len(value) <= _MAX_TEXT or not value.isprintable():
        return None
    return value


def texts_at(claims: Mapping[str, Any], path: str) -> frozenset[str]:
    """Return the claim's texts: a list of them, or one with blanks between (as ``scope`` is)."""
    value = claim_at(claims, path)
    if isinstance(value, str):
        return frozenset(value.split()[:_MAX_TEXTS])
    if not isinstance(value, list):
        return frozenset()
    items: list[Any] = value  # pyright: ignore[reportUnknownVariableType] - JSON
    return frozenset(each for each in items[:_MAX_TEXTS] if isinstance(each, str))


def audiences_of(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return for whom the token was made."""
    value = claims.get("aud")
    if isinstance(value, str):
        return frozenset((value,))
    return texts_at(claims, "aud")


def check_times(claims: Mapping[str, Any], *, now: float, leeway_s: float) -> float:
    """Return when the token ends, leeway included; all times are Unix seconds.

    Raises:
        ExpiredTokenError: if it has ended.
        InvalidTokenError: if it never ends, has not begun, or was made in the future.
    """
    expires_at = _time(claims, "exp")
    if expires_at is None:
        raise InvalidTokenError("the token has no expiry")
    if expires_at + leeway_s <= now:
        raise ExpiredTokenError
    for name in ("nbf", "iat"):
        at = _time(claims, name)
        if at is not None and at - leeway_s > now:
            raise InvalidTokenError("the token is not valid yet")
    return expires_at + leeway_s


def _time(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidTokenError(f"the token's {name} is not a time")
    return float(value)
