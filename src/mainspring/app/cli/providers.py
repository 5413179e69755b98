"""``mainspring providers``: who signs people in, besides passwords."""

import sys
from typing import Any

import click

from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.lookup import find_organization, is_called
from mainspring.app.cli.output import (
    CommandError,
    json_option,
    progress,
    result,
    result_json,
    table,
)
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode

_organization_option = click.option("-o", "--organization", help=t("providers.organization"))


@click.group("providers", help=t("providers.help"))
def command() -> None:
    """List, create, check, switch, delete."""


@command.command("list", help=t("providers.list.help"))
@_organization_option
@json_option
def list_providers(*, organization: str | None, as_json: bool) -> None:
    """List the providers of the platform, or of an organisation."""
    with control_client() as client:
        found = list(client.items(_path(client, organization)))
    if as_json:
        result_json({"items": found})
        return
    headings = {
        "name": t("column.name"),
        "issuer": t("column.issuer"),
        "state": t("column.state"),
        "id": t("column.id"),
    }
    result(table(headings, [{**each, "state": _state(each)} for each in found]))


@command.command("create", help=t("providers.create.help"))
@click.argument("name")
@click.option("--issuer", required=True, help=t("providers.create.issuer"))
@click.option("--client-id", required=True, help=t("providers.create.client_id"))
@click.option("--secret-stdin", is_flag=True, help=t("providers.create.secret"))
@click.option("--domain", "domains", multiple=True, help=t("providers.create.domain"))
@click.option("--rule", "rules", multiple=True, help=t("providers.create.rule"))
@_organization_option
@json_option
def create(
    *,
    name: str,
    issuer: str,
    client_id: str,
    secret_stdin: bool,
    domains: tuple[str, ...],
    rules: tuple[str, ...],
    organization: str | None,
    as_json: bool,
) -> None:
    """Create a provider; the address to register there goes to standard output."""
    secret = sys.stdin.readline().strip() if secret_stdin else None
    with control_client() as client:
        body: dict[str, Any] = {
            "name": name,
            "issuer": issuer,
            "client_id": client_id,
            "client_secret": secret or None,
            "allowed_domains": list(domains),
            "rules": [_rule(each) for each in rules],
        }
        made = client.post(_path(client, organization), body)
    if as_json:
        result_json(made)
        return
    progress(t("providers.created", name=made["name"]))
    result(made["redirect_uri"])


@command.command("check", help=t("providers.check.help"))
@click.argument("provider")
@_organization_option
@json_option
def check(*, provider: str, organization: str | None, as_json: bool) -> None:
    """Ask the provider whether signing in there would work."""
    with control_client() as client:
        found = _find(client, organization, provider)
        told = client.post(f"/identity-providers/{found['id']}/check", {})
    if as_json:
        result_json(told)
    elif told["problem"] is None:
        result(t("providers.check.good"))
    else:
        raise CommandError(
            str(told["problem"]),
            exit_code=ExitCode.REFUSED,
            next_step=t("providers.check.next"),
        )


@command.command("enable", help=t("providers.enable.help"))
@click.argument("provider")
@_organization_option
@json_option
def enable(*, provider: str, organization: str | None, as_json: bool) -> None:
    """Switch a provider on."""
    _switch(provider, organization, enabled=True, as_json=as_json)


@command.command("disable", help=t("providers.disable.help"))
@click.argument("provider")
@_organization_option
@json_option
def disable(*, provider: str, organization: str | None, as_json: bool) -> None:
    """Switch a provider off."""
    _switch(provider, organization, enabled=False, as_json=as_json)


@command.command("delete", help=t("providers.delete.help"))
@click.argument("provider")
@_organization_option
@json_option
def delete(*, provider: str, organization: str | None, as_json: bool) -> None:
    """Remove a provider."""
    with control_client() as client:
        found = _find(client, organization, provider)
        client.delete(f"/identity-providers/{found['id']}")
    _done({"id": found["id"], "removed": True}, as_json=as_json)


@command.command("passwords", help=t("providers.passwords.help"))
@click.argument("state", type=click.Choice(["on", "off"]), required=False)
@json_option
def passwords(*, state: str | None, as_json: bool) -> None:
    """Show whether passwords open sessions, or switch that."""
    with control_client() as client:
        if state is not None:
            client.put("/sign-in-policy", {"password_sign_in": state == "on"})
        found: dict[str, Any] = client.get("/sign-in-policy")
    if as_json:
        result_json(found)
    else:
        result(t("on" if found["password_sign_in"] else "off"))


def _switch(provider: str, organization: str | None, *, enabled: bool, as_json: bool) -> None:
    with control_client() as client:
        found = _find(client, organization, provider)
        changed = client.patch(f"/identity-providers/{found['id']}", {"enabled": enabled})
    _done(changed, as_json=as_json)


def _path(client: ControlClient, organization: str | None) -> str:
    if organization is None:
        return "/identity-providers"
    return f"/organizations/{find_organization(client, organization)['id']}/identity-providers"


def _find(client: ControlClient, organization: str | None, wanted: str) -> dict[str, Any]:
    for provider in client.items(_path(client, organization)):
        if is_called(provider, wanted):
            return provider
    raise CommandError(
        t("providers.none", name=wanted),
        exit_code=ExitCode.REFUSED,
        next_step=t("providers.none.next"),
    )


def _rule(text: str) -> dict[str, str | None]:
    """Return the rule of ``GROUP=ROLE``, or of ``ROLE`` for everybody."""
    group, equals, role = text.rpartition("=")
    return {"group": group if equals else None, "role": role}


def _state(provider: dict[str, Any]) -> str:
    return t("providers.on") if provider["enabled"] else t("providers.off")


def _done(value: object, *, as_json: bool) -> None:
    if as_json:
        result_json(value)
    else:
        progress(t("people.done"))
