"""How a router finds the services that ``app`` built, without a global."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from starlette.requests import HTTPConnection

T = TypeVar("T")

STATE_NAME = "services"
"""The attribute of the application's state that holds the :class:`Services`."""


class Services:
    """The services of one application, each found by its type."""

    def __init__(self, *services: object) -> None:
        self._by_type: dict[type[Any], object] = {type(service): service for service in services}

    def get(self, kind: type[T]) -> T:
        """Return the service of exactly that type.

        Raises:
            LookupError: if ``app`` did not wire one.
        """
        try:
            return cast("T", self._by_type[kind])
        except KeyError:
            raise LookupError(f"no {kind.__name__} was wired into this application") from None


def provided(kind: type[T]) -> Callable[[HTTPConnection], T]:
    """Return a dependency that answers with the application's service of type ``kind``."""

    def provide(connection: HTTPConnection) -> T:
        services = cast("Services", getattr(connection.app.state, STATE_NAME))
        return services.get(kind)

    return provide
