"""An organisation's service accounts, brought to what a document says."""

from typing import Any

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying.documents import (
    Located,
    OrganizationDocument,
    Problem,
    ServiceAccountDocument,
)
from mainspring.app.cli.applying.plan import Action, Step, compare
from mainspring.app.cli.applying.secret_files import write_secret
from mainspring.app.cli.connection import ControlClient

_FIELDS = ("scopes", "models", "limits", "token_lifetime_s", "expires_at", "suspended")


class ServiceAccountApplier:
    """Walks through one organisation; with ``dry_run`` it only says what it would do.

    A secret is made with the account; others are made and ended by the API.
    """

    def __init__(self, client: ControlClient, *, dry_run: bool) -> None:
        self._client = client
        self._dry_run = dry_run
        self.steps: list[Step] = []
        self.problems: list[Problem] = []

    def run(self, item: Located[OrganizationDocument], org_id: str | None) -> None:
        """Walk through the accounts; ``org_id`` ``None``: not made yet.

        Raises:
            CommandError: if the control plane refuses something.
        """
        document = item.document
        if not document.service_accounts:
            return
        present = {each["name"]: each for each in self._list(org_id, "service-accounts")}
        projects = {each["slug"]: str(each["id"]) for each in self._list(org_id, "projects")}
        declared = {project.slug for project in document.projects}
        for index, account in enumerate(document.service_accounts):
            located = Located(account, item.file, f"{item.field}.service_accounts[{index}]")
            wanted = self._wanted(located, projects, declared)
            name = f"{document.slug}/{account.name}"
            self._bring(name, org_id, located, present.get(account.name), wanted)

    def _bring(
        self,
        name: str,
        org_id: str | None,
        item: Located[ServiceAccountDocument],
        known: dict[str, Any] | None,
        wanted: dict[str, Any],
    ) -> None:
        if known is not None:
            path = f"/service-accounts/{known['id']}"
            step, differing = compare("service account", name, known, wanted, path=path)
            self.steps.append(step)
            if differing and not self._dry_run:
                self._client.patch(path, differing)
            return
        secret = path = None
        if not self._dry_run:
            suspended = wanted.pop("suspended", False)
            body = {"name": item.document.name, **wanted}
            made = self._client.post(f"/organizations/{org_id}/service-accounts", body)
            path, secret = f"/service-accounts/{made['id']}", str(made["secret"])
            if item.document.secret_file is not None:
                write_secret(item.file.parent / item.document.secret_file, secret)
                secret = None
            if suspended:
                self._client.patch(path, {"suspended": True})
        self.steps.append(
            Step(kind="service account", name=name, action=Action.CREATE, secret=secret, path=path)
        )

    def _wanted(
        self, item: Located[ServiceAccountDocument], projects: dict[str, str], declared: set[str]
    ) -> dict[str, Any]:
        document = item.document
        ids: list[str | None] = []
        for index, slug in enumerate(document.projects):
            if slug not in projects and not (self._dry_run and slug in declared):
                text = f"there is no project {slug}"
                self.problems.append(item.problem(f"projects[{index}]", text))
            ids.append(projects.get(slug))
        given = {field: getattr(document, field) for field in _FIELDS}
        return {
            "project_ids": ids,
            **{
                field: msgspec.to_builtins(value)
                for field, value in given.items()
                if value is not UNSET
            },
        }

    def _list(self, org_id: str | None, kind: str) -> list[dict[str, Any]]:
        if org_id is None:
            return []
        return list(self._client.items(f"/organizations/{org_id}/{kind}"))
