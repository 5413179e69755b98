"""Rules of approval, an organisation's or the platform's, brought to what documents say."""

from typing import Any

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying.documents import AccessRuleDocument, Located
from mainspring.app.cli.applying.plan import Action, Step, compare
from mainspring.app.cli.connection import ControlClient

_FIELDS = (
    "position",
    "enabled",
    "models",
    "tags",
    "data_classes",
    "min_cost",
    "more_than_days",
    "steps",
    "denies",
)


class AccessRuleApplier:
    """Walks through one owner's rules; with ``dry_run`` it only says what it would do.

    :attr:`problems` are names that lead nowhere.
    """

    def __init__(self, client: ControlClient, *, dry_run: bool) -> None:
        self._client = client
        self._dry_run = dry_run
        self.steps: list[Step] = []
        self.problems: list[Any] = []

    def run(
        self,
        rules: list[Located[AccessRuleDocument]],
        *,
        owner: str,
        org_id: str | None,
        is_platform: bool = False,
    ) -> None:
        """Walk through the rules of ``owner``; ``org_id`` ``None``: not made yet, or the platform.

        Raises:
            CommandError: if the control plane refuses something.
        """
        if not rules:
            return
        present: dict[str, dict[str, Any]] = {}
        named: dict[str, str] = {}
        projects: dict[str, str] = {}
        if is_platform or org_id is not None:
            found = self._client.get("/access-rules", org_id=org_id)["items"]
            present = {each["name"]: each for each in found if each["org_id"] == org_id}
        if org_id is not None:
            groups = self._client.items(f"/organizations/{org_id}/groups")
            named = {each["name"]: str(each["id"]) for each in groups}
            listed = self._client.items(f"/organizations/{org_id}/projects")
            projects = {each["slug"]: str(each["id"]) for each in listed}
        for item in rules:
            wanted = self._wanted(item, named, projects)
            if wanted is not None:
                made_with = {"name": item.document.name, "org_id": org_id, **wanted}
                self._bring(f"{owner}/{item.document.name}", present, made_with, wanted)

    def _wanted(
        self,
        item: Located[AccessRuleDocument],
        groups: dict[str, str],
        projects: dict[str, str],
    ) -> dict[str, Any] | None:
        document = item.document
        values = {field: getattr(document, field) for field in _FIELDS}
        wanted = {
            field: msgspec.to_builtins(value)
            for field, value in values.items()
            if value is not UNSET
        }
        if document.projects is not UNSET:
            unknown = sorted(set(document.projects) - projects.keys())
            if unknown and not self._dry_run:
                self.problems.append(item.problem("projects", f"there is no project {unknown[0]}"))
                return None
            wanted["project_ids"] = [projects.get(slug, slug) for slug in document.projects]
        for step in wanted.get("steps", ()):
            step["approvers"] = [_by_id(each, groups) for each in step["approvers"]]
        return wanted

    def _bring(
        self,
        told: str,
        present: dict[str, dict[str, Any]],
        made_with: dict[str, Any],
        wanted: dict[str, Any],
    ) -> None:
        known = present.get(made_with["name"])
        if known is None:
            path = None
            if not self._dry_run:
                path = f"/access-rules/{self._client.post('/access-rules', made_with)['id']}"
            self.steps.append(Step(kind="access rule", name=told, action=Action.CREATE, path=path))
            return
        path = f"/access-rules/{known['id']}"
        step, differing = compare("access rule", told, known, wanted, path=path)
        self.steps.append(step)
        if differing and not self._dry_run:
            self._client.patch(path, differing)


def _by_id(approver: str, groups: dict[str, str]) -> str:
    """Return ``group:<name>`` with the group's id; anything else as it is."""
    kind, _, name = approver.partition(":")
    return f"group:{groups[name]}" if kind == "group" and name in groups else approver
