"""The types of methods that answer raw: the same parameters, another result."""

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar, cast

from mainspring_sdk._answers import RawResponse

P = ParamSpec("P")
T = TypeVar("T")


def raw(method: Callable[P, T]) -> Callable[P, RawResponse[T]]:
    """Return ``method``, which belongs to a raw transport, with the type that it really has."""
    return cast("Callable[P, RawResponse[T]]", method)


def async_raw(method: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[RawResponse[T]]]:
    """Return ``method``, which belongs to a raw transport, with the type that it really has."""
    return cast("Callable[P, Awaitable[RawResponse[T]]]", method)
