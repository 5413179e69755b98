"""Grants of restricted models, brought to what documents say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying.documents import Located, Problem
from mainspring.app.cli.applying.grant_documents import ModelGrantDocument
from mainspring.app.cli.applying.plan import Action, Step, compare
from mainspring.app.cli.connection import ControlClient

_FIELDS = ("reason", "expires_at")


class ModelGrantApplier:
    """Walks through grants; with ``dry_run`` it only says what it would do.

    ``organizations`` are the ids by slug, ``declared`` the projects (organisation and slug) and
    models (owner and name) that a dry run may not find although the files declare them.
    """

    def __init__(
        self,
        client: ControlClient,
        *,
        organizations: Mapping[str, str | None],
        declared: frozenset[tuple[str | None, ...]],
        dry_run: bool,
    ) -> None:
        self._client = client
        self._organizations = organizations
        self._declared = declared
        self._dry_run = dry_run
        self.steps: list[Step] = []
        self.problems: list[Problem] = []

    def run(self, items: list[Located[ModelGrantDocument]]) -> None:
        """Walk through the grants.

        Raises:
            CommandError: if the control plane refuses something.
        """
        if not items:
            return
        models = {(each["org_id"], each["name"]): each for each in self._client.items("/models")}
        present = {
            (each["org_id"], each["project_id"], each["model_id"]): each
            for each in self._client.items("/model-grants")
        }
        for item in items:
            self._grant(item, models, present)

    def _grant(
        self,
        item: Located[ModelGrantDocument],
        models: Mapping[tuple[str | None, str], dict[str, Any]],
        present: Mapping[tuple[str | None, str | None, str], dict[str, Any]],
    ) -> None:
        document = item.document
        if document.organization not in self._organizations:
            self._missing(item, "organization", document.organization)
            return
        org_id = self._organizations[document.organization]
        project_id = self._project(document, org_id)
        is_there = org_id is not None and (project_id is not None or document.project is None)
        path = (document.organization, document.project)
        if document.project and not is_there and not self._is_declared(*path):
            self._missing(item, "project", str(document.project))
            return
        model = models.get((None, document.model))
        if org_id is not None:
            model = models.get((org_id, document.model), model)
        owners = (document.organization, None)
        if model is None and not any(
            self._is_declared(None, owner, document.model) for owner in owners
        ):
            self._missing(item, "model", document.model)
            return
        model_id = None if model is None else str(model["id"])
        holder = (org_id, project_id)
        known = present.get((*holder, model_id)) if is_there and model_id is not None else None
        self._bring(document, known, holder, model_id)

    def _bring(
        self,
        document: ModelGrantDocument,
        known: dict[str, Any] | None,
        holder: tuple[str | None, str | None],
        model_id: str | None,
    ) -> None:
        name = f"{document.holder} {document.model}"
        given = {field: getattr(document, field) for field in _FIELDS}
        wanted = {
            field: msgspec.to_builtins(value)
            for field, value in given.items()
            if value is not UNSET
        }
        if known is not None:
            path = f"/model-grants/{known['id']}"
            step, differing = compare(
                "model grant", name, _as_spelt(known, wanted), wanted, path=path
            )
            self.steps.append(step)
            if differing and not self._dry_run:
                self._client.patch(path, differing)
            return
        place = None
        if not self._dry_run:
            org_id, project_id = holder
            body = {"org_id": org_id, "project_id": project_id, "model_id": model_id, **wanted}
            place = f"/model-grants/{self._client.post('/model-grants', body)['id']}"
        self.steps.append(Step(kind="model grant", name=name, action=Action.CREATE, path=place))

    def _missing(self, item: Located[ModelGrantDocument], field: str, name: str) -> None:
        self.problems.append(item.problem(field, f"there is no {field} {name}"))

    def _project(self, document: ModelGrantDocument, org_id: str | None) -> str | None:
        if document.project is None or org_id is None:
            return None
        for each in self._client.items(f"/organizations/{org_id}/projects"):
            if each["slug"] == document.project:
                return str(each["id"])
        return None

    def _is_declared(self, *path: str | None) -> bool:
        return self._dry_run and path in self._declared


def _as_spelt(present: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the grant with the document's spelling of the same time."""
    told, said = present["expires_at"], wanted.get("expires_at")
    if told and said and datetime.fromisoformat(told) == datetime.fromisoformat(said):
        return {**present, "expires_at": said}
    return present
