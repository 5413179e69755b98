"""``mainspring organizations``: the tenants, what they may use, and whether they may at all."""

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import find_organization
from mainspring.app.cli.output import json_option
from mainspring.app.cli.tenants import (
    Given,
    changes_of,
    done,
    limit_options,
    new_tenant,
    show_tenants,
)
from mainspring.app.cli.texts import t


@click.group("organizations", help=t("organizations.help"))
def command() -> None:
    """List, create, change, suspend."""


@command.command("list", help=t("organizations.list.help"))
@json_option
def list_organizations(*, as_json: bool) -> None:
    """List the organisations that the caller sees."""
    with control_client() as client:
        found = list(client.items("/organizations"))
    show_tenants(found, as_json=as_json)


@command.command("create", help=t("organizations.create.help"))
@click.argument("name")
@click.option("--slug", help=t("tenants.slug"))
@limit_options
@json_option
def create(
    *, name: str, slug: str | None, limits: Given, user_limits: Given, as_json: bool
) -> None:
    """Create an organisation."""
    body = new_tenant(name, slug, limits, user_limits)
    with control_client() as client:
        made = client.post("/organizations", body)
    done(made, as_json=as_json)


@command.command("update", help=t("organizations.update.help"))
@click.argument("organization")
@click.option("--name", help=t("tenants.name"))
@limit_options
@json_option
def update(
    *, organization: str, name: str | None, limits: Given, user_limits: Given, as_json: bool
) -> None:
    """Change an organisation's name or limits; limits that are not named stay."""
    with control_client() as client:
        known = find_organization(client, organization)
        changes = changes_of(known, name, limits, user_limits)
        changed = client.patch(f"/organizations/{known['id']}", changes)
    done(changed, as_json=as_json)


@command.command("suspend", help=t("organizations.suspend.help"))
@click.argument("organization")
@json_option
def suspend(*, organization: str, as_json: bool) -> None:
    """Refuse an organisation's calls at every gateway."""
    _set_suspended(organization, suspended=True, as_json=as_json)


@command.command("resume", help=t("organizations.resume.help"))
@click.argument("organization")
@json_option
def resume(*, organization: str, as_json: bool) -> None:
    """Serve a suspended organisation again."""
    _set_suspended(organization, suspended=False, as_json=as_json)


def _set_suspended(organization: str, *, suspended: bool, as_json: bool) -> None:
    with control_client() as client:
        known = find_organization(client, organization)
        changed = client.patch(f"/organizations/{known['id']}", {"suspended": suspended})
    done(changed, as_json=as_json)


@command.command("delete", help=t("organizations.delete.help"))
@click.argument("organization")
@json_option
def delete(*, organization: str, as_json: bool) -> None:
    """Remove an organisation that has no projects any more."""
    with control_client() as client:
        known = find_organization(client, organization)
        client.delete(f"/organizations/{known['id']}")
    done({"id": known["id"], "removed": True}, as_json=as_json)
