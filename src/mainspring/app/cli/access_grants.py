"""``mainspring access grant``, ``grants``, ``ungrant``: restricted models, opened to projects."""

from datetime import timedelta
from typing import Any

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import find_model, find_organization, find_project
from mainspring.app.cli.output import json_option, progress, result, result_json, table
from mainspring.app.cli.texts import t
from mainspring.kernel.clock import SystemClock

_organization_option = click.option("-o", "--organization", help=t("access.grant.organization"))
_project_option = click.option("-p", "--project", help=t("access.grant.project"))


def attach(group: click.Group) -> None:
    """Add the commands to ``mainspring access``."""
    for command in (grant, grants, ungrant):
        group.add_command(command)


@click.command("grant", help=t("access.grant.help"))
@click.argument("model")
@_organization_option
@_project_option
@click.option("--days", type=click.IntRange(min=1), help=t("access.days"))
@click.option("--reason", default="", help=t("access.purpose"))
@json_option
def grant(
    *,
    model: str,
    organization: str | None,
    project: str | None,
    days: int | None,
    reason: str,
    as_json: bool,
) -> None:
    """Open a restricted model to a project, or to all projects of an organisation."""
    if (organization is None) == (project is None):
        raise click.UsageError(t("access.grant.one"))
    until = None if days is None else SystemClock().now() + timedelta(days=days)
    with control_client() as client:
        if project is not None:
            place = find_project(client, project)
            holder = {"org_id": place["org_id"], "project_id": place["id"]}
        else:
            holder = {"org_id": find_organization(client, str(organization))["id"]}
        body = {
            **holder,
            "model_id": find_model(client, model)["id"],
            "reason": reason,
            "expires_at": None if until is None else until.isoformat(),
        }
        made = client.post("/model-grants", body)
    if as_json:
        result_json(made)
        return
    result(made["id"])
    progress(t("access.granted", model=made["model"], until=made["expires_at"] or "-"))


@click.command("grants", help=t("access.grants.help"))
@_organization_option
@click.option("--model", help=t("access.grant.model"))
@json_option
def grants(*, organization: str | None, model: str | None, as_json: bool) -> None:
    """List who was granted what."""
    with control_client() as client:
        query: dict[str, Any] = {}
        if organization is not None:
            query["org_id"] = find_organization(client, organization)["id"]
        if model is not None:
            query["model_id"] = find_model(client, model)["id"]
        found = list(client.items("/model-grants", **query))
    if as_json:
        result_json({"items": found})
        return
    names = ("id", "model", "org_id", "project_id", "expires_at", "reason")
    result(table({name: t(f"column.{name}") for name in names}, found))


@click.command("ungrant", help=t("access.ungrant.help"))
@click.argument("grant_id")
@json_option
def ungrant(*, grant_id: str, as_json: bool) -> None:
    """Take a grant back."""
    with control_client() as client:
        client.delete(f"/model-grants/{grant_id}")
    if as_json:
        result_json({"removed": grant_id})
        return
    progress(t("access.ungranted", id=grant_id))
