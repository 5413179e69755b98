"""``mainspring projects``: what an organisation does with models, each with limits of its own."""

import click

from mainspring.app.cli.connection import control_client
from mainspring.app.cli.lookup import find_organization, find_project, projects
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


@click.group("projects", help=t("projects.help"))
def command() -> None:
    """List, create, change, suspend."""


@command.command("list", help=t("projects.list.help"))
@click.option("-o", "--organization", help=t("projects.organization"))
@json_option
def list_projects(*, organization: str | None, as_json: bool) -> None:
    """List the projects of one organisation, or of all that the caller sees."""
    with control_client() as client:
        if organization is None:
            found = list(projects(client))
        else:
            org_id = find_organization(client, organization)["id"]
            found = list(client.items(f"/organizations/{org_id}/projects"))
    show_tenants(found, as_json=as_json)


@command.command("create", help=t("projects.create.help"))
@click.argument("name")
@click.option(
    "-o", "--organization", default="default", show_default=True, help=t("people.organization")
)
@click.option("--slug", help=t("tenants.slug"))
@limit_options
@json_option
def create(
    *,
    name: str,
    organization: str,
    slug: str | None,
    limits: Given,
    user_limits: Given,
    as_json: bool,
) -> None:
    """Create a project."""
    body = new_tenant(name, slug, limits, user_limits)
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        made = client.post(f"/organizations/{org_id}/projects", body)
    done(made, as_json=as_json)


@command.command("update", help=t("projects.update.help"))
@click.argument("project")
@click.option("--name", help=t("tenants.name"))
@limit_options
@json_option
def update(
    *, project: str, name: str | None, limits: Given, user_limits: Given, as_json: bool
) -> None:
    """Change a project's name or limits; limits that are not named stay."""
    with control_client() as client:
        known = find_project(client, project)
        changes = changes_of(known, name, limits, user_limits)
        changed = client.patch(f"/projects/{known['id']}", changes)
    done(changed, as_json=as_json)


@command.command("suspend", help=t("projects.suspend.help"))
@click.argument("project")
@json_option
def suspend(*, project: str, as_json: bool) -> None:
    """Refuse a project's calls at every gateway."""
    _set_suspended(project, suspended=True, as_json=as_json)


@command.command("resume", help=t("projects.resume.help"))
@click.argument("project")
@json_option
def resume(*, project: str, as_json: bool) -> None:
    """Serve a suspended project again."""
    _set_suspended(project, suspended=False, as_json=as_json)


def _set_suspended(project: str, *, suspended: bool, as_json: bool) -> None:
    with control_client() as client:
        known = find_project(client, project)
        changed = client.patch(f"/projects/{known['id']}", {"suspended": suspended})
    done(changed, as_json=as_json)
