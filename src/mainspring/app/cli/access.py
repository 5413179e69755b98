"""``mainspring access``: ask for models, decide what others ask for, see what was granted."""

from typing import Any

import click

from mainspring.app.cli.access_grants import attach
from mainspring.app.cli.connection import ControlClient, control_client
from mainspring.app.cli.lookup import find_model, find_organization, find_project
from mainspring.app.cli.output import json_option, progress, result, result_json, table
from mainspring.app.cli.texts import t

_organization_option = click.option(
    "-o", "--organization", default="default", show_default=True, help=t("people.organization")
)
_purpose_option = click.option("--purpose", required=True, help=t("access.purpose"))
_days_option = click.option("--days", type=int, help=t("access.days"))


@click.group("access", help=t("access.help"))
def command() -> None:
    """Request, list, show, decide, take, end; grant."""


attach(command)


@command.command("request", help=t("access.request.help"))
@click.argument("model")
@_purpose_option
@_days_option
@click.option("-p", "--project", default="default", show_default=True, help=t("keys.project"))
@click.option(
    "--data-class",
    type=click.Choice(["public", "internal", "confidential", "restricted"]),
    default="internal",
    show_default=True,
    help=t("access.data_class"),
)
@click.option("--tokens-per-month", type=int, help=t("access.tokens"))
@click.option("--requests-per-minute", type=int, help=t("access.rate"))
@json_option
def request(
    *,
    model: str,
    purpose: str,
    days: int | None,
    project: str,
    data_class: str,
    tokens_per_month: int | None,
    requests_per_minute: int | None,
    as_json: bool,
) -> None:
    """Ask for a model."""
    limits = None
    if requests_per_minute is not None:
        limits = {"requests_per_minute": requests_per_minute}
    with control_client() as client:
        found = find_model(client, model)
        place = find_project(client, project)
        body = {
            "model_id": found["id"],
            "purpose": purpose,
            "data_class": data_class,
            "tokens_per_month": tokens_per_month,
            "days": days,
            "limits": limits,
        }
        made = client.post(f"/projects/{place['id']}/access-requests", body)
    _told(made, as_json=as_json)


@command.command("list", help=t("access.list.help"))
@_organization_option
@click.option(
    "--view",
    type=click.Choice(["all", "mine", "to_decide"]),
    default="all",
    show_default=True,
    help=t("access.view"),
)
@click.option("--state", help=t("access.state"))
@json_option
def list_requests(*, organization: str, view: str, state: str | None, as_json: bool) -> None:
    """List requests, newest first."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        path = f"/organizations/{org_id}/access-requests"
        found = list(client.items(path, view=view, state=state))
    if as_json:
        result_json({"items": found})
        return
    columns = ("id", "model", "state", "until")
    headings = {key: t(f"column.{key}") for key in columns} | {"waits": t("column.waits")}
    result(table(headings, [{**each, "waits": _waits(each)} for each in found]))


@command.command("show", help=t("access.show.help"))
@click.argument("request_id")
@json_option
def show(*, request_id: str, as_json: bool) -> None:
    """Show a request with its steps and what was said."""
    with control_client() as client:
        found = client.get(f"/access-requests/{request_id}")
    if as_json:
        result_json(found)
        return
    result(f"{found['model']}  {found['state']}  {found['purpose']}")
    for step in found["steps"]:
        mark = "+" if step["is_agreed"] else "-"
        result(f"{mark} {step['name']} ({step['need']}): {', '.join(step['approvers'])}")
        for said in step["decisions"]:
            result(
                f"    {said['user_id']} {t('access.yes' if said['agrees'] else 'access.no')}"
                f" {said['comment']}".rstrip()
            )
    for comment in found["comments"]:
        result(f"  {comment['user_id']}: {comment['text']}")


@command.command("approve", help=t("access.approve.help"))
@click.argument("request_id")
@click.option("--comment", default="", help=t("access.comment"))
@json_option
def approve(*, request_id: str, comment: str, as_json: bool) -> None:
    """Agree to the present step."""
    _post(request_id, "decisions", {"agrees": True, "comment": comment}, as_json=as_json)


@command.command("deny", help=t("access.deny.help"))
@click.argument("request_id")
@click.option("--comment", required=True, help=t("access.comment"))
@json_option
def deny(*, request_id: str, comment: str, as_json: bool) -> None:
    """Refuse the request."""
    _post(request_id, "decisions", {"agrees": False, "comment": comment}, as_json=as_json)


@command.command("comment", help=t("access.comment.help"))
@click.argument("request_id")
@click.argument("text")
@json_option
def comment(*, request_id: str, text: str, as_json: bool) -> None:
    """Write under a request."""
    _post(request_id, "comments", {"text": text}, as_json=as_json)


@command.command("take", help=t("access.take.help"))
@click.argument("request_id")
@json_option
def take(*, request_id: str, as_json: bool) -> None:
    """Take the key of a grant; only its secret goes to standard output."""
    with control_client() as client:
        taken = client.post(f"/access-requests/{request_id}/key", {})
    if as_json:
        result_json(taken)
        return
    progress(t("access.taken", model=taken["model"], id=taken["key_id"]))
    result(taken["secret"])


@command.command("renew", help=t("access.renew.help"))
@click.argument("request_id")
@_purpose_option
@_days_option
@json_option
def renew(*, request_id: str, purpose: str, days: int | None, as_json: bool) -> None:
    """Ask for a grant to last longer."""
    _post(request_id, "renewals", {"purpose": purpose, "days": days}, as_json=as_json)


@command.command("withdraw", help=t("access.withdraw.help"))
@click.argument("request_id")
@json_option
def withdraw(*, request_id: str, as_json: bool) -> None:
    """Take back a request, or give back a grant."""
    _post(request_id, "withdrawal", {}, as_json=as_json)


@command.command("revoke", help=t("access.revoke.help"))
@click.argument("request_id")
@click.option("--reason", required=True, help=t("access.reason"))
@json_option
def revoke(*, request_id: str, reason: str, as_json: bool) -> None:
    """End what was granted, its key included."""
    _post(request_id, "revocation", {"reason": reason}, as_json=as_json)


@command.command("rules", help=t("access.rules.help"))
@_organization_option
@json_option
def rules(*, organization: str, as_json: bool) -> None:
    """List the rules that say who has to agree."""
    with control_client() as client:
        org_id = find_organization(client, organization)["id"]
        found = client.get("/access-rules", org_id=org_id)["items"]
    if as_json:
        result_json({"items": found})
        return
    columns = ("position", "name", "models", "steps")
    rows = [{**each, "steps": [step["name"] for step in each["steps"]]} for each in found]
    result(table({key: t(f"column.{key}") for key in columns}, rows))


def _post(request_id: str, what: str, body: dict[str, Any], *, as_json: bool) -> None:
    with control_client() as client:
        _told(_posted(client, request_id, what, body), as_json=as_json)


def _posted(
    client: ControlClient, request_id: str, what: str, body: dict[str, Any]
) -> dict[str, Any]:
    told: dict[str, Any] = client.post(f"/access-requests/{request_id}/{what}", body)
    return told


def _told(made: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        result_json(made)
        return
    result(made["id"])
    progress(t("access.now", state=made["state"], waits=_waits(made) or "-"))


def _waits(made: dict[str, Any]) -> str:
    """Return the step that a request waits for."""
    if made["state"] != "pending":
        return ""
    return next((str(each["name"]) for each in made["steps"] if not each["is_agreed"]), "")
