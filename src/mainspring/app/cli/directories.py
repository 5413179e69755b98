"""``mainspring directories``: tokens by which directories say who belongs here (SCIM)."""

from datetime import datetime

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import find_named, find_organization
from mainspring.app.cli.moments import in_utc
from mainspring.app.cli.output import json_option, progress, result, result_json, table
from mainspring.app.cli.texts import t

_organization_option = click.option(
    "-o", "--organization", default="default", show_default=True, help=t("people.organization")
)


@click.group("directories", help=t("directories.help"))
def command() -> None:
    """List, create, revoke."""


@command.command("list", help=t("directories.list.help"))
@_organization_option
@json_option
def list_tokens(*, organization: str, as_json: bool) -> None:
    """List the tokens of an organisation's directories, never in clear."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        found = list(client.items(f"/organizations/{org_id}/directory-tokens"))
    if as_json:
        result_json({"items": found})
        return
    columns = {"name": "name", "hint": "prefix", "last_used_at": "used", "expires_at": "expires_at"}
    headings = {key: t(f"column.{text}") for key, text in columns.items()} | {"id": t("column.id")}
    result(table(headings, found))


@command.command("create", help=t("directories.create.help"))
@click.argument("name")
@click.option("--expires", type=click.DateTime(), help=t("keys.expires"))
@_organization_option
@json_option
def create(*, name: str, expires: datetime | None, organization: str, as_json: bool) -> None:
    """Make a token; only that goes to standard output."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        body = {"name": name, "expires_at": in_utc(expires)}
        made = client.post(f"/organizations/{org_id}/directory-tokens", body)
    if as_json:
        result_json(made)
        return
    progress(t("directories.created", name=made["name"], id=made["id"]))
    result(made["secret"])


@command.command("revoke", help=t("directories.revoke.help"))
@click.argument("token")
@_organization_option
@json_option
def revoke(*, token: str, organization: str, as_json: bool) -> None:
    """End a token; what it said of people stays."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        place = f"/organizations/{org_id}/directory-tokens"
        found = find_named(client, place, token)
        client.delete(f"{place}/{found['id']}")
    if as_json:
        result_json({"id": found["id"], "revoked": True})
    else:
        progress(t("people.done"))
