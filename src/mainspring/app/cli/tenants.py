"""What the commands about organisations and projects share: limits as options, and one answer."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from mainspring.app.cli.output import progress, result_json
from mainspring.app.cli.texts import t

F = TypeVar("F", bound=Callable[..., Any])

COUNTS = (
    "requests_per_second",
    "requests_per_minute",
    "requests_per_day",
    "requests_per_month",
    "tokens_per_minute",
    "tokens_per_day",
    "tokens_per_month",
    "max_concurrency",
)
MONEY = ("budget_per_day", "budget_per_month")


class Limit(click.ParamType[tuple[str, int | float | None]]):
    """``name=number``; a name alone, or with nothing behind the sign, lifts that limit."""

    name = "limit"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int | float | None]:
        """Return the limit's name and its number."""
        name, _, text = str(value).partition("=")
        if name not in COUNTS and name not in MONEY:
            self.fail(t("tenants.limit.unknown", name=name, known=", ".join((*COUNTS, *MONEY))))
        if not text:
            return name, None
        try:
            number = int(text) if name in COUNTS else float(text)
        except ValueError:
            self.fail(t("tenants.limit.number", name=name, text=text), param, ctx)
        return name, number


def limit_options(function: F) -> F:
    """Add ``--limit`` and ``--user-limit``."""
    for flag, key in (("--user-limit", "tenants.user_limit"), ("--limit", "tenants.limit")):
        option = click.option(
            flag, f"{flag[2:].replace('-', '_')}s", type=Limit(), multiple=True, help=t(key)
        )
        function = option(function)
    return function


def limits_of(
    given: Iterable[tuple[str, int | float | None]], known: dict[str, Any] | None = None
) -> dict[str, Any] | None:
    """Return limits as the API has them: ``known`` ones with those that were ``given``."""
    merged = {**(known or {}), **dict(given)}
    kept = {name: value for name, value in merged.items() if value is not None}
    return kept if any(name in kept for name in (*COUNTS, *MONEY)) else None


def told_limits(limits: dict[str, Any] | None) -> str:
    """Return limits for a table."""
    found = limits or {}
    return ", ".join(
        f"{name}={found[name]}" for name in (*COUNTS, *MONEY) if found.get(name) is not None
    )


def done(value: object, *, as_json: bool) -> None:
    """Say that it was done."""
    if as_json:
        result_json(value)
    else:
        progress(t("people.done"))
