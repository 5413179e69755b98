"""``mainspring users``: the accounts of the platform."""

from typing import Any

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import find_user
from mainspring.app.cli.output import (
    json_option,
    progress,
    read_password,
    result,
    result_json,
    table,
)
from mainspring.app.cli.texts import t


@click.group("users", help=t("users.help"))
def command() -> None:
    """List, create, disable and enable."""


@command.command("list", help=t("users.list.help"))
@json_option
def list_users(*, as_json: bool) -> None:
    """List the accounts."""
    with control_client() as client:
        users = list(client.items("/users"))
    if as_json:
        result_json({"items": users})
        return
    columns = {"email": "email", "name": "name", "platform_roles": "roles", "state": "state"}
    headings = {key: t(f"column.{text}") for key, text in columns.items()} | {"id": t("column.id")}
    result(table(headings, [{**user, "state": _state(user)} for user in users]))


@command.command("create", help=t("users.create.help"))
@click.argument("email")
@click.option("--name", help=t("users.create.name"))
@click.option("--role", "roles", multiple=True, help=t("users.create.role"))
@click.option("--password-stdin", is_flag=True, help=t("users.create.stdin"))
@json_option
def create(
    *, email: str, name: str | None, roles: tuple[str, ...], password_stdin: bool, as_json: bool
) -> None:
    """Create an account; a password never stands on the command line."""
    password = read_password(from_stdin=password_stdin)
    body = {
        "email": email,
        "name": name or email,
        "password": password,
        "platform_roles": list(roles),
    }
    with control_client() as client:
        user = client.post("/users", body)
    if as_json:
        result_json(user)
    else:
        result(t("users.created", email=user["email"], id=user["id"]))


@command.command("disable", help=t("users.disable.help"))
@click.argument("user")
@json_option
def disable(*, user: str, as_json: bool) -> None:
    """Close an account and end what it holds."""
    _end(user, "disable", as_json=as_json)


@command.command("revoke", help=t("users.revoke.help"))
@click.argument("user")
@json_option
def revoke(*, user: str, as_json: bool) -> None:
    """End what a person holds."""
    _end(user, "revoke", as_json=as_json)


@command.command("enable", help=t("users.enable.help"))
@click.argument("user")
@json_option
def enable(*, user: str, as_json: bool) -> None:
    """Open a closed account again."""
    with control_client() as client:
        account = client.post(f"/users/{find_user(client, user)['id']}/enable", {})
    if as_json:
        result_json(account)
    else:
        progress(t("people.done"))


def _end(user: str, what: str, *, as_json: bool) -> None:
    with control_client() as client:
        ended = client.post(f"/users/{find_user(client, user)['id']}/{what}", {})
    if as_json:
        result_json(ended)
    else:
        result(t("users.ended", **ended))


def _state(user: dict[str, Any]) -> str:
    return t("users.state.disabled") if user["disabled_at"] else t("users.state.active")
