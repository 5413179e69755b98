"""Whom a declared policy is attached to: from slugs and names to ids."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from mainspring.app.cli.applying.documents import Documents, Located, PolicyDocument, Problem
from mainspring.app.cli.connection import ControlClient


class Attachment(msgspec.Struct, frozen=True):
    """The ids; ``None`` also stands for what a dry run has not made yet."""

    org_id: str | None = None
    project_id: str | None = None
    key_id: str | None = None


def find_attachment(
    client: ControlClient,
    item: Located[PolicyDocument],
    organizations: Mapping[str, str | None],
    declared: frozenset[tuple[str | None, ...]],
) -> Attachment | Problem:
    """Return whom a policy is attached to, or what is wrong with how the file says it.

    ``declared`` is what a dry run may not find although the files declare it.
    """
    document = item.document
    if document.organization is None:
        if document.project is not None or document.key is not None:
            return item.problem("organization", "is needed to find the project")
        return Attachment()
    if document.organization not in organizations:
        return item.problem("organization", f"there is no organization {document.organization}")
    org_id = organizations[document.organization]
    if document.project is None:
        if document.key is not None:
            return item.problem("project", "is needed to find the key")
        return Attachment(org_id)
    path = (document.organization, document.project)
    project_id: str | None = None
    if org_id is not None:
        found = client.items(f"/organizations/{org_id}/projects")
        project_id = _named(found, "slug", document.project)
    if project_id is None and path not in declared:
        return item.problem("project", f"there is no project {document.project}")
    if document.key is None:
        return Attachment(org_id, project_id)
    key_id: str | None = None
    if project_id is not None:
        live = (
            each
            for each in client.items(f"/projects/{project_id}/keys")
            if not each.get("revoked_at")
        )
        key_id = _named(live, "name", document.key)
    if key_id is None and (*path, document.key) not in declared:
        return item.problem("key", f"there is no key {document.key}")
    return Attachment(org_id, project_id, key_id)


def declared_in(documents: Documents) -> frozenset[tuple[str | None, ...]]:
    """Return what files declare, by path.

    Projects are (organisation, slug), keys (organisation, project, name), models (``None``,
    organisation, name).
    """
    found: set[tuple[str | None, ...]] = set()
    for model in documents.models:
        found.add((None, model.document.organization, model.document.name))
    for each in documents.organizations:
        for project in each.document.projects:
            found.add((each.document.slug, project.slug))
            found.update((each.document.slug, project.slug, key.name) for key in project.keys)
    return frozenset(found)


def _named(items: Iterable[dict[str, Any]], field: str, name: str) -> str | None:
    return next((str(each["id"]) for each in items if each[field] == name), None)
