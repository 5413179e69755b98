"""An organisation's token issuers, brought to what a document says."""

from typing import Any

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying.documents import (
    Located,
    OrganizationDocument,
    Problem,
    TokenIssuerDocument,
)
from mainspring.app.cli.applying.plan import Action, Step, compare
from mainspring.app.cli.connection import ControlClient

_FIELDS = (
    "audience",
    "algorithms",
    "user_claim",
    "groups_claim",
    "project_claim",
    "scope_claim",
    "required",
    "leeway_s",
    "jwks_uri",
)


class IssuerApplier:
    """Walks through one organisation; with ``dry_run`` it only says what it would do.

    Keys from a file are given when the issuer is made; to replace them, remove the issuer or use
    the API.
    """

    def __init__(self, client: ControlClient, *, dry_run: bool) -> None:
        self._client = client
        self._dry_run = dry_run
        self.steps: list[Step] = []
        self.problems: list[Problem] = []

    def run(self, item: Located[OrganizationDocument], org_id: str | None) -> None:
        """Walk through the issuers; ``org_id`` ``None``: not made yet.

        Raises:
            CommandError: if the control plane refuses something.
        """
        document = item.document
        if not document.token_issuers:
            return
        present = {each["name"]: each for each in self._list(org_id, "token-issuers")}
        projects = {each["slug"]: str(each["id"]) for each in self._list(org_id, "projects")}
        declared = {project.slug for project in document.projects}
        for index, issuer in enumerate(document.token_issuers):
            located = Located(issuer, item.file, f"{item.field}.token_issuers[{index}]")
            wanted = self._wanted(located, projects, declared)
            known = present.get(issuer.name)
            if known is not None and known["issuer"] != issuer.issuer:
                text = "an issuer's URL cannot be changed; remove the issuer, then apply again"
                self.problems.append(located.problem("issuer", text))
                continue
            self._bring(f"{document.slug}/{issuer.name}", org_id, located, known, wanted)

    def _bring(
        self,
        name: str,
        org_id: str | None,
        item: Located[TokenIssuerDocument],
        known: dict[str, Any] | None,
        wanted: dict[str, Any],
    ) -> None:
        issuer = item.document
        if known is None:
            keys = self._keys(item)
            path = None
            if not self._dry_run:
                body = {"name": issuer.name, "issuer": issuer.issuer, **wanted, **keys}
                made = self._client.post(f"/organizations/{org_id}/token-issuers", body)
                path = f"/token-issuers/{made['id']}"
            self.steps.append(Step(kind="token issuer", name=name, action=Action.CREATE, path=path))
            return
        path = f"/token-issuers/{known['id']}"
        step, differing = compare("token issuer", name, known, wanted, path=path)
        self.steps.append(step)
        if differing and not self._dry_run:
            self._client.patch(f"/token-issuers/{known['id']}", differing)

    def _wanted(
        self, item: Located[TokenIssuerDocument], projects: dict[str, str], declared: set[str]
    ) -> dict[str, Any]:
        document = item.document
        wanted = {
            field: value for field in _FIELDS if (value := getattr(document, field)) is not UNSET
        }
        if isinstance(document.grants, list):
            grants: list[dict[str, Any]] = []
            for index, grant in enumerate(document.grants):
                known = grant.project in projects
                if not known and not (self._dry_run and grant.project in declared):
                    text = f"there is no project {grant.project}"
                    self.problems.append(item.problem(f"grants[{index}].project", text))
                fields = msgspec.to_builtins(grant)
                del fields["project"]
                grants.append({"project_id": projects.get(grant.project), **fields})
            wanted["grants"] = grants
        return wanted

    def _keys(self, item: Located[TokenIssuerDocument]) -> dict[str, str]:
        name = item.document.keys_file
        if name is None:
            return {}
        path = item.file.parent / name
        try:
            return {"keys": path.read_text(encoding="utf-8")}
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(item.problem("keys_file", f"{path} cannot be read: {error}"))
            return {}

    def _list(self, org_id: str | None, kind: str) -> list[dict[str, Any]]:
        if org_id is None:
            return []
        return list(self._client.items(f"/organizations/{org_id}/{kind}"))
