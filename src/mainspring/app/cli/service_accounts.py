"""``mainspring service-accounts``: programs that get tokens from the platform itself."""

from datetime import datetime
from typing import Any

import click

from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.lookup import find_member, find_named, find_organization
from mainspring.app.cli.moments import in_utc
from mainspring.app.cli.output import json_option, progress, result, result_json, table
from mainspring.app.cli.texts import t

_organization_option = click.option(
    "-o", "--organization", default="default", show_default=True, help=t("people.organization")
)
_projects_option = click.option("-p", "--project", "projects", multiple=True, help=t("svc.project"))
_scope_option = click.option("--scope", "scopes", multiple=True, help=t("keys.scope"))
_model_option = click.option("--model", "models", multiple=True, help=t("keys.model"))
_expires_option = click.option("--expires", type=click.DateTime(), help=t("keys.expires"))


@click.group("service-accounts", help=t("service-accounts.help"))
def command() -> None:
    """List, create, change, give secrets, end them, delete."""


@command.command("list", help=t("svc.list.help"))
@_organization_option
@click.option("--owner-left", is_flag=True, help=t("svc.owner_left"))
@json_option
def list_accounts(*, organization: str, owner_left: bool, as_json: bool) -> None:
    """List the accounts of an organisation."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        path = f"/organizations/{org_id}/service-accounts"
        found = list(client.items(path, owner_left="true" if owner_left else None))
        slugs = _slugs(client, org_id)
    if as_json:
        result_json({"items": found})
        return
    names = ("name", "id", "projects", "state", "expires_at", "owner_id", "owner_left_at")
    rows = [
        {
            **each,
            "projects": [slugs.get(project, project) for project in each["project_ids"]],
            "state": t("svc.suspended") if each["suspended"] else t("keys.state.active"),
        }
        for each in found
    ]
    result(table({name: t(f"column.{name}") for name in names}, rows))


@command.command("create", help=t("svc.create.help"))
@click.argument("name")
@_organization_option
@_projects_option
@_scope_option
@_model_option
@_expires_option
@json_option
def create(
    *,
    name: str,
    organization: str,
    projects: tuple[str, ...],
    scopes: tuple[str, ...],
    models: tuple[str, ...],
    expires: datetime | None,
    as_json: bool,
) -> None:
    """Create an account; only its secret goes to standard output."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        given = _given(
            client,
            org_id,
            projects=projects or ("default",),
            scopes=scopes,
            models=models,
            expires=expires,
        )
        body = {"name": name, **given}
        made = client.post(f"/organizations/{org_id}/service-accounts", body)
    if as_json:
        result_json(made)
        return
    progress(t("svc.created", name=made["name"], id=made["id"]))
    result(made["secret"])


@command.command("update", help=t("svc.update.help"))
@click.argument("account")
@_organization_option
@_projects_option
@_scope_option
@_model_option
@_expires_option
@click.option("--all-models", is_flag=True, help=t("keys.update.all_models"))
@click.option("--never-expires", is_flag=True, help=t("keys.update.never_expires"))
@click.option("--owner", help=t("svc.owner"))
@json_option
def update(
    *,
    account: str,
    organization: str,
    projects: tuple[str, ...],
    scopes: tuple[str, ...],
    models: tuple[str, ...],
    expires: datetime | None,
    all_models: bool,
    never_expires: bool,
    owner: str | None,
    as_json: bool,
) -> None:
    """Change what an account may do, and where; and who answers for it."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        body = _given(
            client, org_id, projects=projects, scopes=scopes, models=models, expires=expires
        )
        if all_models:
            body["models"] = None
        if never_expires:
            body["expires_at"] = None
        if owner is not None:
            body["owner_id"] = find_member(client, org_id, owner)["user_id"]
        _change(client, org_id, account, body, as_json=as_json)


@command.command("suspend", help=t("svc.suspend.help"))
@click.argument("account")
@_organization_option
@json_option
def suspend(*, account: str, organization: str, as_json: bool) -> None:
    """End an account's tokens, until it is resumed."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        _change(client, org_id, account, {"suspended": True}, as_json=as_json)


@command.command("resume", help=t("svc.resume.help"))
@click.argument("account")
@_organization_option
@json_option
def resume(*, account: str, organization: str, as_json: bool) -> None:
    """Let a suspended account get tokens again."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        _change(client, org_id, account, {"suspended": False}, as_json=as_json)


@command.command("secrets", help=t("svc.secrets.help"))
@click.argument("account")
@_organization_option
@json_option
def secrets(*, account: str, organization: str, as_json: bool) -> None:
    """List an account's secrets, never in clear."""
    with control_client() as client:
        path = _path(client, organization, account)
        found = list(client.items(f"{path}/secrets"))
    if as_json:
        result_json({"items": found})
        return
    columns = {"id": "id", "hint": "prefix", "created_at": "created", "last_used_at": "used"}
    headings = {key: t(f"column.{text}") for key, text in columns.items()}
    result(table(headings | {"expires_at": t("column.expires_at")}, found))


@command.command("add-secret", help=t("svc.add_secret.help"))
@click.argument("account")
@_organization_option
@_expires_option
@click.option("--end-others-in-hours", type=click.FloatRange(min=0), help=t("svc.end_others"))
@json_option
def add_secret(
    *,
    account: str,
    organization: str,
    expires: datetime | None,
    end_others_in_hours: float | None,
    as_json: bool,
) -> None:
    """Give an account another secret; only that goes to standard output."""
    overlap = None if end_others_in_hours is None else round(end_others_in_hours * 3600)
    with control_client() as client:
        path = _path(client, organization, account)
        body = {"expires_at": in_utc(expires), "others_end_in_s": overlap}
        made = client.post(f"{path}/secrets", body)
    if as_json:
        result_json(made)
        return
    progress(t("svc.secret", id=made["id"]))
    result(made["secret"])


@command.command("revoke-secret", help=t("svc.revoke_secret.help"))
@click.argument("account")
@click.argument("secret_id")
@_organization_option
@json_option
def revoke_secret(*, account: str, secret_id: str, organization: str, as_json: bool) -> None:
    """End a secret, and every token that was got by it."""
    with control_client() as client:
        path = _path(client, organization, account)
        client.delete(f"{path}/secrets/{secret_id}")
    _done({"id": secret_id, "revoked": True}, as_json=as_json)


@command.command("delete", help=t("svc.delete.help"))
@click.argument("account")
@_organization_option
@json_option
def delete(*, account: str, organization: str, as_json: bool) -> None:
    """Remove an account; all of its tokens end."""
    with control_client() as client:
        path = _path(client, organization, account)
        client.delete(path)
    _done({"id": path.rpartition("/")[2], "removed": True}, as_json=as_json)


def _change(
    client: ControlClient, org_id: str, account: str, body: dict[str, Any], *, as_json: bool
) -> None:
    found = find_named(client, f"/organizations/{org_id}/service-accounts", account)
    _done(client.patch(f"/service-accounts/{found['id']}", body), as_json=as_json)


def _path(client: ControlClient, organization: str, account: str) -> str:
    org_id = find_organization(client, organization)["id"]
    found = find_named(client, f"/organizations/{org_id}/service-accounts", account)
    return f"/service-accounts/{found['id']}"


def _slugs(client: ControlClient, org_id: str) -> dict[str, str]:
    found = client.items(f"/organizations/{org_id}/projects")
    return {str(each["id"]): str(each["slug"]) for each in found}


def _given(
    client: ControlClient,
    org_id: str,
    *,
    projects: tuple[str, ...],
    scopes: tuple[str, ...],
    models: tuple[str, ...],
    expires: datetime | None,
) -> dict[str, Any]:
    """Return the fields that were given."""
    body: dict[str, Any] = {}
    if projects:
        place = f"/organizations/{org_id}/projects"
        body["project_ids"] = [
            find_named(client, place, each, fields=("id", "slug", "name"))["id"]
            for each in projects
        ]
    if scopes:
        body["scopes"] = list(scopes)
    if models:
        body["models"] = list(models)
    if expires is not None:
        body["expires_at"] = in_utc(expires)
    return body


def _done(value: object, *, as_json: bool) -> None:
    if as_json:
        result_json(value)
    else:
        progress(t("people.done"))
