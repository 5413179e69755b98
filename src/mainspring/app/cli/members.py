"""``mainspring members``: who belongs to an organisation or a project, and with which role."""

import click
import httpx

from mainspring.app.cli.connection import (
    ControlClient,
    control_client,
    is_here,
    reaching,
    refusal,
)
from mainspring.app.cli.language import language
from mainspring.app.cli.lookup import find_member, find_organization, find_user
from mainspring.app.cli.output import (
    CommandError,
    json_option,
    progress,
    read_password,
    result,
    result_json,
    table,
)
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode

_organization_option = click.option(
    "-o", "--organization", default="default", show_default=True, help=t("people.organization")
)
_project_option = click.option("-p", "--project", help=t("people.project"))


@click.group("members", help=t("members.help"))
def command() -> None:
    """List, invite, give roles, remove."""


@command.command("list", help=t("members.list.help"))
@_organization_option
@_project_option
@json_option
def list_members(*, organization: str, project: str | None, as_json: bool) -> None:
    """List members."""
    with control_client() as client:
        members = list(client.items(f"{_place(client, organization, project)}/members"))
    if as_json:
        result_json({"items": members})
        return
    columns = {"email": "email", "name": "name", "role": "role", "since": "since"}
    headings = {key: t(f"column.{text}") for key, text in columns.items()}
    result(table(headings, members))


@command.command("invite", help=t("members.invite.help"))
@click.argument("email")
@_organization_option
@click.option("--role", default="guest", show_default=True, help=t("people.role"))
@_project_option
@click.option("--project-role", help=t("members.invite.project_role"))
@click.option("--days", default=7, show_default=True, help=t("members.invite.days"))
@json_option
def invite(
    *,
    email: str,
    organization: str,
    role: str,
    project: str | None,
    project_role: str | None,
    days: int,
    as_json: bool,
) -> None:
    """Write an invitation; only its link goes to standard output."""
    body: dict[str, object] = {"email": email, "role": role, "days": days}
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        if project is not None:
            body["project_id"] = find_project_of(client, org_id, project)
            body["project_role"] = project_role
        made = client.post(f"/organizations/{org_id}/invitations", body)
    if as_json:
        result_json(made)
        return
    progress(t("members.invited", until=made["expires_at"]))
    result(made["link"])


@command.command("accept", help=t("members.accept.help"))
@click.argument("link")
@click.option("--name", required=True, help=t("members.accept.name"))
@click.option("--password-stdin", is_flag=True, help=t("users.create.stdin"))
@json_option
def accept(*, link: str, name: str, password_stdin: bool, as_json: bool) -> None:
    """Make an account by an invitation; needs no token, the link is the proof."""
    address, _, secret = link.partition("/invite#token=")
    if not secret:
        raise CommandError(
            t("members.accept.strange"),
            exit_code=ExitCode.REFUSED,
            next_step=t("members.accept.strange.next"),
        )
    password = read_password(from_stdin=password_stdin)
    body = {"token": secret, "name": name, "password": password, "language": language()}
    with (
        reaching(address),
        httpx.Client(base_url=address, trust_env=not is_here(address)) as client,
    ):
        answer = client.post("/api/v1/invitations/accept", json=body)
    if not answer.is_success:
        raise refusal(answer)
    session = answer.json()
    if as_json:
        result_json({"user": session["user"], "organizations": session["organizations"]})
    else:
        result(t("members.accepted", email=session["user"]["email"], url=address))


@command.command("set", help=t("members.set.help"))
@click.argument("user")
@click.argument("role")
@_organization_option
@_project_option
@json_option
def set_role(
    *, user: str, role: str, organization: str, project: str | None, as_json: bool
) -> None:
    """Give a role; the platform's administrator may name any account."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        try:
            user_id = find_member(client, org_id, user)["user_id"]
        except CommandError:
            if project is not None:
                raise
            user_id = find_user(client, user)["id"]
        place = _place(client, organization, project)
        client.put(f"{place}/members/{user_id}", {"role": role})
    _done({"user_id": user_id, "role": role}, as_json=as_json)


@command.command("remove", help=t("members.remove.help"))
@click.argument("user")
@_organization_option
@_project_option
@json_option
def remove(*, user: str, organization: str, project: str | None, as_json: bool) -> None:
    """Take a person out."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        user_id = find_member(client, org_id, user)["user_id"]
        client.delete(f"{_place(client, organization, project)}/members/{user_id}")
    _done({"user_id": user_id, "removed": True}, as_json=as_json)


def find_project_of(client: ControlClient, org_id: str, wanted: str) -> str:
    """Return the id of the organisation's project that is called ``wanted``.

    Raises:
        CommandError: if there is none.
    """
    known = list(client.items(f"/organizations/{org_id}/projects"))
    for project in known:
        if wanted in (project["id"], project["slug"], project["name"]):
            return str(project["id"])
    raise CommandError(
        t("project.none", name=wanted),
        exit_code=ExitCode.REFUSED,
        next_step=t(
            "project.none.next", known=", ".join(str(each["slug"]) for each in known) or "-"
        ),
    )


def _place(client: ControlClient, organization: str, project: str | None) -> str:
    org_id = find_organization(client, organization)["id"]
    if project is None:
        return f"/organizations/{org_id}"
    return f"/projects/{find_project_of(client, org_id, project)}"


def _done(value: object, *, as_json: bool) -> None:
    if as_json:
        result_json(value)
    else:
        progress(t("people.done"))
