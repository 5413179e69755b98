"""An organisation's roles, members and groups, brought to what a document says."""

from typing import Any

from msgspec import UNSET

from mainspring.app.cli.applying.documents import (
    GroupDocument,
    Located,
    OrganizationDocument,
    Problem,
)
from mainspring.app.cli.applying.plan import Action, Step, compare
from mainspring.app.cli.connection import ControlClient


class PeopleApplier:
    """Walks through one organisation; with ``dry_run`` it only says what it would do.

    People are named by e-mail address and must have accounts: a file makes nobody's password.
    """

    def __init__(self, client: ControlClient, *, dry_run: bool) -> None:
        self._client = client
        self._dry_run = dry_run
        self.steps: list[Step] = []
        self.problems: list[Problem] = []

    def run(self, item: Located[OrganizationDocument], org_id: str | None) -> None:
        """Walk through roles, then members, then groups; ``org_id`` ``None``: not made yet.

        Raises:
            CommandError: if the control plane refuses something.
        """
        document = item.document
        if not (document.roles or document.members or document.groups):
            return
        self._roles(document, org_id)
        members = self._members(item, org_id)
        self._groups(item, org_id, members)

    def _list(self, org_id: str | None, kind: str) -> list[dict[str, Any]]:
        if org_id is None:
            return []
        return list(self._client.items(f"/organizations/{org_id}/{kind}"))

    def _step(
        self,
        kind: str,
        name: str,
        present: dict[str, Any] | None,
        wanted: dict[str, Any],
        *,
        path: str | None = None,
    ) -> dict[str, Any]:
        """Note what is to be done; return the fields that differ."""
        if present is None:
            self.steps.append(Step(kind=kind, name=name, action=Action.CREATE, path=path))
            return wanted
        step, differing = compare(kind, name, present, wanted, path=path)
        self.steps.append(step)
        return differing

    def _roles(self, document: OrganizationDocument, org_id: str | None) -> None:
        present = {each["name"]: each for each in self._list(org_id, "roles")}
        path = f"/organizations/{org_id}/roles"
        for role in document.roles:
            wanted: dict[str, Any] = {"permissions": sorted(role.permissions)}
            if role.description is not UNSET:
                wanted["description"] = role.description
            known = present.get(role.name)
            place = None if org_id is None else f"{path}/{role.name}"
            name = f"{document.slug}/{role.name}"
            changes = self._step("role", name, known, wanted, path=place)
            if self._dry_run or not changes:
                continue
            if known is None:
                self._client.post(path, {"name": role.name, **wanted})
            else:
                self._client.patch(f"{path}/{role.name}", changes)

    def _members(self, item: Located[OrganizationDocument], org_id: str | None) -> dict[str, str]:
        """Bring members to their roles; return the ids of all by e-mail address."""
        slug = item.document.slug
        present = {each["email"]: each for each in self._list(org_id, "members")}
        ids = {email: str(each["user_id"]) for email, each in present.items()}
        for index, member in enumerate(item.document.members):
            email = member.email.strip().lower()
            known = present.get(email)
            user_id = ids.get(email) or self._account(email)
            if user_id is None:
                text = f"there is no account {email}; invite them"
                self.problems.append(item.problem(f"members[{index}].email", text))
                continue
            ids[email] = user_id
            changes = self._step("member", f"{slug}/{email}", known, {"role": member.role})
            if changes and not self._dry_run:
                self._client.put(f"/organizations/{org_id}/members/{user_id}", changes)
        return ids

    def _account(self, email: str) -> str | None:
        for user in self._client.items("/users", email=email):
            return str(user["id"])
        return None

    def _groups(
        self, item: Located[OrganizationDocument], org_id: str | None, members: dict[str, str]
    ) -> None:
        document = item.document
        if not document.groups:
            return
        present = {each["name"]: each for each in self._list(org_id, "groups")}
        projects = {each["slug"]: str(each["id"]) for each in self._list(org_id, "projects")}
        declared = {project.slug for project in document.projects}
        for index, group in enumerate(document.groups):
            located = Located(group, item.file, f"{item.field}.groups[{index}]")
            known = present.get(group.name)
            wanted = self._wanted(located, projects, declared)
            if known is not None and _as_set(wanted.get("roles")) == _as_set(known["roles"]):
                wanted["roles"] = known["roles"]  # their order says nothing
            is_new = known is None
            if known is None and not self._dry_run:
                body = {"name": group.name, **wanted}
                known = self._client.post(f"/organizations/{org_id}/groups", body)
            path = None if known is None else f"/groups/{known['id']}"
            name = f"{document.slug}/{group.name}"
            changes = self._step("group", name, None if is_new else known, wanted, path=path)
            if changes and not is_new and not self._dry_run:
                self._client.patch(str(path), changes)
            self._people_of(located, document.slug, known, members)

    def _wanted(
        self, item: Located[GroupDocument], projects: dict[str, str], declared: set[str]
    ) -> dict[str, Any]:
        group = item.document
        wanted: dict[str, Any] = {}
        if group.description is not UNSET:
            wanted["description"] = group.description
        if group.external_name is not UNSET:
            wanted["external_name"] = group.external_name
        if isinstance(group.roles, list):
            roles: list[dict[str, Any]] = []
            for index, each in enumerate(group.roles):
                known = each.project is None or each.project in projects
                if not known and not (self._dry_run and each.project in declared):
                    text = f"there is no project {each.project}"
                    self.problems.append(item.problem(f"roles[{index}].project", text))
                project_id = None if each.project is None else projects.get(each.project)
                roles.append({"role": each.role, "project_id": project_id})
            wanted["roles"] = roles
        return wanted

    def _people_of(
        self,
        item: Located[GroupDocument],
        slug: str,
        known: dict[str, Any] | None,
        members: dict[str, str],
    ) -> None:
        inside: set[str] = set()
        if known is not None and item.document.members:
            path = f"/groups/{known['id']}/members"
            inside = {str(each["email"]) for each in self._client.items(path)}
        for index, address in enumerate(item.document.members):
            email = address.strip().lower()
            user_id = members.get(email)
            if user_id is None:
                text = f"{email} is no member of {slug}"
                self.problems.append(item.problem(f"members[{index}]", text))
                continue
            action = Action.UNCHANGED if email in inside else Action.CREATE
            name = f"{slug}/{item.document.name}/{email}"
            self.steps.append(Step(kind="group member", name=name, action=action))
            if action is Action.CREATE and not self._dry_run and known is not None:
                self._client.put(f"/groups/{known['id']}/members/{user_id}")


def _as_set(roles: list[dict[str, Any]] | None) -> frozenset[tuple[str, str | None]] | None:
    if roles is None:
        return None
    return frozenset((each["role"], each.get("project_id")) for each in roles)
