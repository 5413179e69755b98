"""Bringing releases to where files want them: forward, one step after the other."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying.documents import Located, Problem
from mainspring.app.cli.applying.plan import Action, Step, same_to_control
from mainspring.app.cli.applying.release_documents import ModelReleaseDocument
from mainspring.app.cli.connection import ControlClient

_WAY: Final = ("registered", "verified", "deployed", "canary", "stable", "deprecated", "offline")
"""The states, in the order in which a release comes to them."""
_STEPS: Final = {
    "verified": "verify",
    "deployed": "deploy",
    "canary": "canary",
    "stable": "promote",
    "deprecated": "deprecate",
    "offline": "offline",
}
_FROZEN: Final = frozenset({"rolled_back", "superseded"})
"""A file does not bring these back into service: somebody decided, or figures did."""


class ReleaseApplier:
    """Walks through the releases of the documents."""

    def __init__(
        self,
        client: ControlClient,
        *,
        organizations: Mapping[str, str | None],
        upstreams: Mapping[str, str | None],
        declared: frozenset[tuple[str | None, str]],
        dry_run: bool,
    ) -> None:
        """``declared`` are the models (organisation, name) of the files themselves."""
        self._client = client
        self._organizations = organizations
        self._upstreams = upstreams
        self._declared = declared
        self._dry_run = dry_run
        self.steps: list[Step] = []
        self.problems: list[Problem] = []

    def run(self, items: list[Located[ModelReleaseDocument]]) -> None:
        """Bring each to where its document wants it."""
        if not items:
            return
        models = {(each["org_id"], each["name"]): each for each in self._client.items("/models")}
        for item in items:
            self._release(item, models)

    def _release(
        self,
        item: Located[ModelReleaseDocument],
        models: Mapping[tuple[str | None, str], dict[str, Any]],
    ) -> None:
        document = item.document
        if document.organization is not None and document.organization not in self._organizations:
            text = f"there is no organization {document.organization}"
            self.problems.append(item.problem("organization", text))
            return
        org_id = None
        if document.organization is not None:
            org_id = self._organizations[document.organization]
        targets = self._targets(item)
        if targets is None:
            return
        wanted: dict[str, Any] = {"targets": targets}
        for name in ("specification", "plan", "guard"):
            value = getattr(document, name)
            if value is not UNSET:
                wanted[name] = msgspec.to_builtins(value)
        name = f"{document.model}@{document.version}"
        model = models.get((org_id, document.model))
        if model is None:
            if (document.organization, document.model) not in self._declared:
                text = f"there is no model {document.model}"
                self.problems.append(item.problem("model", text))
            else:  # a dry run has not made it
                self.steps.append(Step(kind="release", name=name, action=Action.CREATE))
            return
        present = self._present(model["id"], document.version)
        if present is None:
            self.steps.append(Step(kind="release", name=name, action=Action.CREATE))
            if not self._dry_run:
                body = {"version": document.version, "reason": document.reason, **wanted}
                made = self._client.post(f"/models/{model['id']}/releases", body)
                self._bring(made, document)
            return
        self._change(name, present, wanted, document)

    def _change(
        self,
        name: str,
        present: dict[str, Any],
        wanted: dict[str, Any],
        document: ModelReleaseDocument,
    ) -> None:
        differing = {
            field: value
            for field, value in wanted.items()
            if not _covers(present.get(field), value)
        }
        state = present["state"]
        path = list(_path(state, document.state))
        if differing and "targets" in differing:
            path = list(_path("registered", document.state))
        fields = (*differing, *(["state"] if path else []))
        action = Action.UPDATE if fields else Action.UNCHANGED
        self.steps.append(Step(kind="release", name=name, action=action, fields=fields))
        if self._dry_run:
            return
        if differing:
            present = self._client.patch(f"/releases/{present['id']}", differing)
        self._bring(present, document)

    def _bring(self, release: dict[str, Any], document: ModelReleaseDocument) -> None:
        for state in _path(release["state"], document.state):
            body: dict[str, Any] = {"reason": document.reason}
            if state == "verified":
                body["waive"] = document.waive
            elif state == "deprecated":
                body["replacement"] = document.replacement
                body["link"] = document.link
                if document.sunset_at is not None:
                    body["sunset_at"] = document.sunset_at.isoformat()
            release = self._client.post(f"/releases/{release['id']}/{_STEPS[state]}", body)
            if release["state"] != state:
                return  # what a check found stands in the release; the next step would be refused

    def _targets(self, item: Located[ModelReleaseDocument]) -> list[dict[str, Any]] | None:
        targets: list[dict[str, Any]] = []
        for index, target in enumerate(item.document.targets):
            if target.upstream not in self._upstreams:
                text = f"there is no upstream {target.upstream}"
                self.problems.append(item.problem(f"targets[{index}].upstream", text))
                return None
            fields = msgspec.to_builtins(target)
            del fields["upstream"]
            targets.append({"upstream_id": self._upstreams[target.upstream], **fields})
        return targets

    def _present(self, model_id: str, version: str) -> dict[str, Any] | None:
        for release in self._client.items("/releases", model_id=model_id):
            if release["version"] == version:
                return release
        return None


def _path(present: str, wanted: str) -> Iterator[str]:
    """Yield the states between; a release that is to be stable has no canary on its way."""
    if present in _FROZEN:
        return
    start, end = _WAY.index(present), _WAY.index(wanted)
    for state in _WAY[start + 1 : end + 1]:
        if state != "canary" or wanted == "canary":
            yield state


def _covers(present: Any, wanted: Any) -> bool:  # noqa: ANN401 - decoded JSON
    """Tell whether ``present`` is as ``wanted``, as far as that says."""
    if isinstance(wanted, dict) and isinstance(present, dict):
        found: dict[str, Any] = present  # pyright: ignore[reportUnknownVariableType] - JSON
        fields: dict[str, Any] = wanted  # pyright: ignore[reportUnknownVariableType] - JSON
        return all(same_to_control(found.get(name), value) for name, value in fields.items())
    return same_to_control(present, wanted)
