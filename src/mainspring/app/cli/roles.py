"""``mainspring roles``: what may be given to people, and why somebody may do something."""

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import find_organization, find_user
from mainspring.app.cli.output import json_option, progress, result, result_json, table
from mainspring.app.cli.texts import t

_organization_option = click.option(
    "-o", "--organization", default="default", show_default=True, help=t("people.organization")
)


@click.group("roles", help=t("roles.help"))
def command() -> None:
    """List, create, remove, explain."""


@command.command("list", help=t("roles.list.help"))
@_organization_option
@json_option
def list_roles(*, organization: str, as_json: bool) -> None:
    """List the roles that an organisation can give."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        roles = list(client.items(f"/organizations/{org_id}/roles"))
    if as_json:
        result_json({"items": roles})
        return
    headings = {"name": t("column.name"), "permissions": t("column.permissions")}
    result(table(headings, roles))


@command.command("create", help=t("roles.create.help"))
@click.argument("name")
@click.option("--permission", "permissions", multiple=True, help=t("roles.create.permission"))
@click.option("--description", default="", help=t("roles.create.description"))
@_organization_option
@json_option
def create(
    *,
    name: str,
    permissions: tuple[str, ...],
    description: str,
    organization: str,
    as_json: bool,
) -> None:
    """Create a role of the organisation's own."""
    body = {"name": name, "description": description, "permissions": list(permissions)}
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        role = client.post(f"/organizations/{org_id}/roles", body)
    _done(role, as_json=as_json)


@command.command("delete", help=t("roles.delete.help"))
@click.argument("name")
@_organization_option
@json_option
def delete(*, name: str, organization: str, as_json: bool) -> None:
    """Remove a role of the organisation's own."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        client.delete(f"/organizations/{org_id}/roles/{name}")
    _done({"name": name, "removed": True}, as_json=as_json)


@command.command("explain", help=t("roles.explain.help"))
@click.argument("user")
@click.argument("permission")
@click.argument("resource")
@json_option
def explain(*, user: str, permission: str, resource: str, as_json: bool) -> None:
    """Tell whether a person may do something, and every role that was looked at."""
    with control_client() as client:
        actor = find_user(client, user)["id"]
        told = client.get("/access/explain", actor=actor, permission=permission, resource=resource)
    if as_json:
        result_json(told)
        return
    result(t(f"roles.explain.{'yes' if told['allowed'] else 'no'}", permission=permission))
    if told["disabled"]:
        result(t("roles.explain.disabled"))
    columns = {"role": "role", "through": "through", "covers": "covers", "permits": "permits"}
    result(table({key: t(f"column.{text}") for key, text in columns.items()}, told["considered"]))


def _done(value: object, *, as_json: bool) -> None:
    if as_json:
        result_json(value)
    else:
        progress(t("people.done"))
