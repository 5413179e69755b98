"""From a path to what answers it; whatever is not in the table does not exist."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from mainspring.gateway.http.exchange import Exchange
from mainspring.gateway.pipeline.answers import refuse
from mainspring.kernel.errors import MainspringError, MethodNotAllowedError, RouteNotFoundError
from mainspring.kernel.ids import new_id

Answer = Callable[[Exchange], Coroutine[Any, Any, bool | None] | None]
"""Answers an exchange, at once (``None``) or by a coroutine, which returns true if callbacks go on.
May raise a ``MainspringError`` as long as nothing was answered."""

Methods = Mapping[str, Answer]


class Dispatcher:
    """The route table. ``exact`` paths are found first, then the longest of ``prefixes``."""

    def __init__(self, exact: Mapping[str, Methods], prefixes: Mapping[str, Methods]) -> None:
        self._exact = {path: _with_head(methods) for path, methods in exact.items()}
        self._prefixes = sorted(
            ((prefix, _with_head(methods)) for prefix, methods in prefixes.items()),
            key=lambda pair: -len(pair[0]),
        )

    def handle(self, exchange: Exchange) -> Coroutine[Any, Any, bool | None] | None:
        """Answer one exchange."""
        try:
            methods = self._exact.get(exchange.path)
            if methods is None:
                methods = self._by_prefix(exchange.path)
            answer = methods.get(exchange.method)
            if answer is None:
                return _method_not_allowed(exchange, methods)
            return answer(exchange)
        except MainspringError as error:
            refuse(exchange, error, new_id("req"))
            return None

    def _by_prefix(self, path: str) -> Methods:
        for prefix, methods in self._prefixes:
            if path.startswith(prefix) and len(path) > len(prefix):
                return methods
        raise RouteNotFoundError(f"there is no route {path[:200]!r}")


def _with_head(methods: Methods) -> Methods:
    """HEAD is answered wherever GET is; the HTTP layer leaves the body out."""
    return {**methods, "HEAD": methods["GET"]} if "GET" in methods else methods


def _method_not_allowed(exchange: Exchange, methods: Methods) -> None:
    error = MethodNotAllowedError(f"{exchange.path[:200]} does not take {exchange.method}")
    allowed = ", ".join(sorted(methods)).encode()
    refuse(exchange, error, new_id("req"), headers=[(b"allow", allowed)])
