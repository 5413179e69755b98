"""``mainspring groups``: groups of members; whoever is in one has its roles."""

from typing import Any

import click

from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.lookup import find_member, find_organization, is_called
from mainspring.app.cli.members import find_project_of
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

_organization_option = click.option(
    "-o", "--organization", default="default", show_default=True, help=t("people.organization")
)


@click.group("groups", help=t("groups.help"))
def command() -> None:
    """List, create, fill, remove."""


@command.command("list", help=t("groups.list.help"))
@_organization_option
@json_option
def list_groups(*, organization: str, as_json: bool) -> None:
    """List the groups of an organisation."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        groups = list(client.items(f"/organizations/{org_id}/groups"))
    if as_json:
        result_json({"items": groups})
        return
    headings = {"name": t("column.name"), "roles": t("column.roles"), "id": t("column.id")}
    result(table(headings, [{**each, "roles": _told(each["roles"])} for each in groups]))


@command.command("create", help=t("groups.create.help"))
@click.argument("name")
@_organization_option
@click.option("--role", "roles", multiple=True, help=t("groups.create.role"))
@json_option
def create(*, name: str, organization: str, roles: tuple[str, ...], as_json: bool) -> None:
    """Create a group."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        wanted = [_role_at(client, org_id, each) for each in roles]
        group = client.post(f"/organizations/{org_id}/groups", {"name": name, "roles": wanted})
    _done(group, as_json=as_json)


@command.command("add", help=t("groups.add.help"))
@click.argument("group")
@click.argument("user")
@_organization_option
@json_option
def add(*, group: str, user: str, organization: str, as_json: bool) -> None:
    """Put a member into a group."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        group_id = _find_group(client, org_id, group)["id"]
        user_id = find_member(client, org_id, user)["user_id"]
        client.put(f"/groups/{group_id}/members/{user_id}")
    _done({"group_id": group_id, "user_id": user_id}, as_json=as_json)


@command.command("remove", help=t("groups.remove.help"))
@click.argument("group")
@click.argument("user")
@_organization_option
@json_option
def remove(*, group: str, user: str, organization: str, as_json: bool) -> None:
    """Take a member out of a group."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        group_id = _find_group(client, org_id, group)["id"]
        user_id = find_member(client, org_id, user)["user_id"]
        client.delete(f"/groups/{group_id}/members/{user_id}")
    _done({"group_id": group_id, "user_id": user_id, "removed": True}, as_json=as_json)


@command.command("delete", help=t("groups.delete.help"))
@click.argument("group")
@_organization_option
@json_option
def delete(*, group: str, organization: str, as_json: bool) -> None:
    """Remove a group."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        group_id = _find_group(client, org_id, group)["id"]
        client.delete(f"/groups/{group_id}")
    _done({"id": group_id, "removed": True}, as_json=as_json)


def _find_group(client: ControlClient, org_id: str, wanted: str) -> dict[str, Any]:
    for group in client.items(f"/organizations/{org_id}/groups"):
        if is_called(group, wanted):
            return group
    raise CommandError(
        t("groups.none", name=wanted), exit_code=ExitCode.REFUSED, next_step=t("groups.none.next")
    )


def _role_at(client: ControlClient, org_id: str, text: str) -> dict[str, str | None]:
    role, at, project = text.partition("@")
    return {"role": role, "project_id": find_project_of(client, org_id, project) if at else None}


def _told(roles: list[dict[str, Any]]) -> str:
    return ", ".join(
        f"{each['role']}@{each['project_id']}" if each["project_id"] else str(each["role"])
        for each in roles
    )


def _done(value: object, *, as_json: bool) -> None:
    if as_json:
        result_json(value)
    else:
        progress(t("people.done"))
