"""Finding an object of the control plane by the id or the name that a person typed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mainspring.app.cli.connection import ControlClient
from mainspring.app.cli.output import CommandError
from mainspring.app.cli.texts import t
from mainspring.app.exit_codes import ExitCode


def projects(client: ControlClient) -> Iterator[dict[str, Any]]:
    """Return every project that the caller may see."""
    for organization in client.items("/organizations"):
        yield from client.items(f"/organizations/{organization['id']}/projects")


def find_project(client: ControlClient, wanted: str) -> dict[str, Any]:
    """Return the project whose id, slug or name is ``wanted``.

    Raises:
        CommandError: if there is none.
    """
    known = list(projects(client))
    for project in known:
        if wanted in (project["id"], project.get("slug"), project["name"]):
            return project
    names = ", ".join(str(project.get("slug") or project["name"]) for project in known)
    raise CommandError(
        t("project.none", name=wanted),
        exit_code=ExitCode.REFUSED,
        next_step=t("project.none.next", known=names or "-"),
    )


def find_organization(client: ControlClient, wanted: str) -> dict[str, Any]:
    """Return the organisation whose id, slug or name is ``wanted``.

    Raises:
        CommandError: if there is none.
    """
    known = list(client.items("/organizations"))
    for organization in known:
        if wanted in (organization["id"], organization["slug"], organization["name"]):
            return organization
    raise CommandError(
        t("organization.none", name=wanted),
        exit_code=ExitCode.REFUSED,
        next_step=t(
            "organization.none.next", known=", ".join(str(each["slug"]) for each in known) or "-"
        ),
    )


def find_user(client: ControlClient, wanted: str) -> dict[str, Any]:
    """Return the account of that e-mail address or id.

    Raises:
        CommandError: if there is none.
    """
    if wanted.startswith("usr_"):
        return {"id": wanted}
    for user in client.items("/users", email=wanted):
        return user
    raise CommandError(
        t("user.none", name=wanted), exit_code=ExitCode.REFUSED, next_step=t("user.none.next")
    )


def find_member(client: ControlClient, org_id: str, wanted: str) -> dict[str, Any]:
    """Return the member of the organisation with that e-mail address or id.

    Raises:
        CommandError: if there is none.
    """
    for member in client.items(f"/organizations/{org_id}/members"):
        if wanted.lower() in (member["user_id"], member["email"]):
            return member
    raise CommandError(
        t("member.none", name=wanted), exit_code=ExitCode.REFUSED, next_step=t("member.none.next")
    )


def find_model(client: ControlClient, wanted: str) -> dict[str, Any]:
    """Return the model of that id or name.

    Raises:
        CommandError: if there is none.
    """
    for model in client.items("/models"):
        if is_called(model, wanted):
            return model
    raise CommandError(
        t("models.none", name=wanted), exit_code=ExitCode.REFUSED, next_step=t("models.none.next")
    )


def find_release(client: ControlClient, wanted: str) -> dict[str, Any]:
    """Return the release of that id, or ``model@version``.

    Raises:
        CommandError: if there is none.
    """
    model, at, version = wanted.rpartition("@")
    if not at:
        found: dict[str, Any] = client.get(f"/releases/{wanted}")
        return found
    model_id = find_model(client, model)["id"]
    for release in client.items("/releases", model_id=model_id):
        if release["version"] == version:
            return release
    raise CommandError(
        t("releases.none", name=wanted),
        exit_code=ExitCode.REFUSED,
        next_step=t("releases.none.next"),
    )


def find_named(
    client: ControlClient, path: str, wanted: str, *, fields: Sequence[str] = ("id", "name")
) -> dict[str, Any]:
    """Return the object listed at ``path`` one of whose ``fields`` is ``wanted``.

    Raises:
        CommandError: if there is none.
    """
    known = list(client.items(path))
    for each in known:
        if any(each[field] == wanted for field in fields):
            return each
    raise CommandError(
        t("named.none", name=wanted),
        exit_code=ExitCode.REFUSED,
        next_step=t("named.none.next", known=", ".join(str(each["name"]) for each in known) or "-"),
    )


def is_called(item: Mapping[str, Any], wanted: str) -> bool:
    """Tell whether ``wanted`` is the item's id or name."""
    return wanted in (item["id"], item["name"])
