"""Objectives, brought to what documents say."""

from typing import Any

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying.documents import Located
from mainspring.app.cli.applying.plan import Action, Step, compare
from mainspring.app.cli.applying.slo_documents import SloDocument
from mainspring.app.cli.connection import ControlClient


class SloApplier:
    """Walks through the objectives; with ``dry_run`` it only says what it would do."""

    def __init__(self, client: ControlClient, *, dry_run: bool) -> None:
        self._client = client
        self._dry_run = dry_run
        self.steps: list[Step] = []

    def run(self, slos: list[Located[SloDocument]]) -> None:
        """Walk through the objectives.

        Raises:
            CommandError: if the control plane refuses something.
        """
        if not slos:
            return
        present = {each["name"]: each for each in self._client.items("/slos")}
        for item in slos:
            self._bring(item.document, present.get(item.document.name))

    def _bring(self, document: SloDocument, known: dict[str, Any] | None) -> None:
        wanted = {
            field.name: value
            for field in msgspec.structs.fields(SloDocument)
            if (value := getattr(document, field.name)) is not UNSET
        }
        if known is None:
            path = None
            if not self._dry_run:
                path = f"/slos/{self._client.post('/slos', wanted)['id']}"
            step = Step(kind="objective", name=document.name, action=Action.CREATE, path=path)
            self.steps.append(step)
            return
        path = f"/slos/{known['id']}"
        step, differing = compare("objective", document.name, known, wanted, path=path)
        self.steps.append(step)
        if differing and not self._dry_run:
            self._client.patch(path, differing)
