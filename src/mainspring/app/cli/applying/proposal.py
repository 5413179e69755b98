"""What files for ``apply`` come to as a proposal: names become ids, what is left out stays."""

from typing import Any

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying.attachment import find_attachment
from mainspring.app.cli.applying.documents import Documents, Problem
from mainspring.app.cli.connection import ControlClient

_POLICY_FIELDS = ("models", "enabled", "parameters", "cache")


class Proposer:
    """Makes the body of a dry run. :attr:`problems` are references that lead nowhere."""

    def __init__(self, client: ControlClient, documents: Documents) -> None:
        self._client = client
        self._documents = documents
        self.problems: list[Problem] = []

    def proposal(self) -> dict[str, Any]:
        """Return policies, limits and data policies, as far as the files declare them."""
        found: dict[str, list[dict[str, Any]]] = {"policies": [], "limits": [], "data_policies": []}
        organizations = {
            str(each["slug"]): str(each["id"]) for each in self._client.items("/organizations")
        }
        self._policies(found, organizations)
        for item in self._documents.organizations:
            document = item.document
            org_id = organizations.get(document.slug)
            if org_id is None:
                self.problems.append(item.problem("slug", "there is no such organization"))
                continue
            _owner(found, "org_id", org_id, document, self._client.get(f"/organizations/{org_id}"))
            projects = {
                str(each["slug"]): each
                for each in self._client.items(f"/organizations/{org_id}/projects")
            }
            for project in document.projects:
                present = projects.get(project.slug)
                if present is None:
                    self.problems.append(
                        item.problem("projects", f"there is no project {project.slug}")
                    )
                    continue
                _owner(found, "project_id", str(present["id"]), project, present)
        for model in self._documents.models:
            _model(found, model.document)
        return {name: changes for name, changes in found.items() if changes}

    def _policies(
        self, found: dict[str, list[dict[str, Any]]], organizations: dict[str, str]
    ) -> None:
        if not self._documents.policies:
            return
        items = self._client.items("/policies")
        present = {(each["org_id"], each["name"]): each for each in items}
        for item in self._documents.policies:
            attached = find_attachment(self._client, item, organizations, frozenset())
            if isinstance(attached, Problem):
                self.problems.append(attached)
                continue
            old = present.get((attached.org_id, item.document.name))
            change: dict[str, Any] = {"name": item.document.name}
            change |= msgspec.structs.asdict(attached)
            if old is not None:
                change |= {name: old[name] for name in _POLICY_FIELDS} | {"id": old["id"]}
            change |= _told(item.document, _POLICY_FIELDS)
            found["policies"].append(change)


def _owner(
    found: dict[str, list[dict[str, Any]]],
    name: str,
    owner_id: str,
    document: msgspec.Struct,
    present: dict[str, Any],
) -> None:
    limits = _told(document, ("limits", "user_limits"))
    if limits:
        kept = {each: present[each] for each in ("limits", "user_limits")}
        found["limits"].append({name: owner_id, **kept, **limits})
    data = _told(document, ("data_policy",))
    if data:
        found["data_policies"].append({name: owner_id, **data})


def _model(found: dict[str, list[dict[str, Any]]], document: msgspec.Struct) -> None:
    limits = _told(document, ("limits", "key_limits"))
    if limits:
        model: str = getattr(document, "name")  # noqa: B009 - a document of any kind
        found["limits"].append({"model": model, **limits})


def _told(document: msgspec.Struct, fields: tuple[str, ...]) -> dict[str, Any]:
    values = {field: getattr(document, field) for field in fields}
    return {
        field: msgspec.to_builtins(value) for field, value in values.items() if value is not UNSET
    }
