"""``mainspring issuers``: whose tokens an organisation believes at the gateway."""

from pathlib import Path
from typing import Any

import click

from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.lookup import find_named, find_organization
from mainspring.app.cli.output import json_option, progress, result, result_json, table
from mainspring.app.cli.texts import t

_organization_option = click.option(
    "-o", "--organization", default="default", show_default=True, help=t("people.organization")
)


@click.group("issuers", help=t("issuers.help"))
def command() -> None:
    """List, show, create, delete."""


@command.command("list", help=t("issuers.list.help"))
@_organization_option
@json_option
def list_issuers(*, organization: str, as_json: bool) -> None:
    """List the issuers of an organisation."""
    with control_client() as client:
        found = list(client.items(_place(client, organization)))
    if as_json:
        result_json({"items": found})
        return
    names = ("name", "issuer", "audience", "key_ids", "problem", "id")
    result(table({name: t(f"column.{name}") for name in names}, found))


@command.command("show", help=t("issuers.show.help"))
@click.argument("issuer")
@_organization_option
@json_option
def show(*, issuer: str, organization: str, as_json: bool) -> None:
    """Show every field of an issuer."""
    with control_client() as client:
        found = find_named(client, _place(client, organization), issuer)
    if as_json:
        result_json(found)
        return
    rows = [{"field": name, "value": value} for name, value in found.items()]
    result(table({name: t(f"column.{name}") for name in ("field", "value")}, rows))


@command.command("create", help=t("issuers.create.help"))
@click.argument("name")
@click.option("--issuer", required=True, help=t("issuers.create.issuer"))
@click.option("--audience", required=True, help=t("issuers.create.audience"))
@click.option("--grant", "grants", multiple=True, help=t("issuers.create.grant"))
@click.option("--groups-claim", help=t("issuers.create.groups_claim"))
@click.option(
    "--keys-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=t("issuers.create.keys_file"),
)
@_organization_option
@json_option
def create(
    *,
    name: str,
    issuer: str,
    audience: str,
    grants: tuple[str, ...],
    groups_claim: str | None,
    keys_file: Path | None,
    organization: str,
    as_json: bool,
) -> None:
    """Believe an issuer's tokens."""
    body: dict[str, Any] = {"name": name, "issuer": issuer, "audience": audience}
    if groups_claim is not None:
        body["groups_claim"] = groups_claim
    if keys_file is not None:
        body["keys"] = keys_file.read_text(encoding="utf-8")
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        body["grants"] = [_grant(client, org_id, each) for each in grants]
        made = client.post(f"/organizations/{org_id}/token-issuers", body)
    if as_json:
        result_json(made)
        return
    result(made["id"])
    if made["problem"]:
        progress(str(made["problem"]))


@command.command("delete", help=t("issuers.delete.help"))
@click.argument("issuer")
@_organization_option
@json_option
def delete(*, issuer: str, organization: str, as_json: bool) -> None:
    """Believe an issuer's tokens no more."""
    with control_client() as client:
        found = find_named(client, _place(client, organization), issuer)
        client.delete(f"/token-issuers/{found['id']}")
    if as_json:
        result_json({"id": found["id"], "removed": True})
    else:
        progress(t("people.done"))


def _place(client: ControlClient, organization: str) -> str:
    return f"/organizations/{find_organization(client, organization)['id']}/token-issuers"


def _grant(client: ControlClient, org_id: str, text: str) -> dict[str, Any]:
    """Return the grant of ``GROUP=PROJECT``, or of ``PROJECT`` for every bearer."""
    group, equals, project = text.rpartition("=")
    place = f"/organizations/{org_id}/projects"
    found = find_named(client, place, project, fields=("id", "slug", "name"))
    return {"project_id": found["id"], "group": group if equals else None}
