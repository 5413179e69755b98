"""What the commands about organisations and projects share: limits, lists, changes."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from mainspring.app.cli.output import progress, result, result_json, table
from mainspring.app.cli.texts import t
from mainspring.snapshot.limits import BUDGETS, COUNTS

Given = tuple[tuple[str, int | float | None], ...]

F = TypeVar("F", bound=Callable[..., Any])


class Limit(click.ParamType[tuple[str, int | float | None]]):
    """``name=number``; a name alone, or with nothing behind the sign, lifts that limit."""

    name = "limit"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int | float | None]:
        """Return the limit's name and its number."""
        name, _, text = str(value).partition("=")
        if name not in COUNTS and name not in BUDGETS:
            self.fail(t("tenants.limit.unknown", name=name, known=", ".join((*COUNTS, *BUDGETS))))
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


def limits_of(given: Given, known: dict[str, Any] | None = None) -> dict[str, Any] | None:
    """Return limits as the API has them: ``known`` ones with those that were ``given``."""
    merged = {**(known or {}), **dict(given)}
    kept = {name: value for name, value in merged.items() if value is not None}
    return kept if any(name in kept for name in (*COUNTS, *BUDGETS)) else None


def new_tenant(name: str, slug: str | None, limits: Given, user_limits: Given) -> dict[str, Any]:
    """Return what an organisation or a project is made of."""
    return {
        "name": name,
        "slug": slug,
        "limits": limits_of(limits),
        "user_limits": limits_of(user_limits),
    }


def changes_of(
    known: dict[str, Any], name: str | None, limits: Given, user_limits: Given
) -> dict[str, Any]:
    """Return what is to be changed of an organisation or a project.

    Raises:
        click.UsageError: if nothing is.
    """
    changes: dict[str, Any] = {} if name is None else {"name": name}
    for field, given in (("limits", limits), ("user_limits", user_limits)):
        if given:
            changes[field] = limits_of(given, known[field])
    if not changes:
        raise click.UsageError(t("tenants.nothing"))
    return changes


def show_tenants(found: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """List organisations or projects."""
    if as_json:
        result_json({"items": found})
        return
    headings = {
        "slug": t("column.slug"),
        "name": t("column.name"),
        "limits": t("column.limits"),
        "state": t("column.state"),
        "id": t("column.id"),
    }
    result(table(headings, [_row(each) for each in found]))


def _row(tenant: dict[str, Any]) -> dict[str, Any]:
    limits: dict[str, Any] = tenant["limits"] or {}
    told = [
        f"{name}={limits[name]}" for name in (*COUNTS, *BUDGETS) if limits.get(name) is not None
    ]
    state = "tenants.suspended" if tenant["suspended"] else "tenants.open"
    return {**tenant, "limits": ", ".join(told), "state": t(state)}


def done(value: object, *, as_json: bool) -> None:
    """Say that it was done."""
    if as_json:
        result_json(value)
    else:
        progress(t("people.done"))
