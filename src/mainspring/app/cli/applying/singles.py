"""What there is one of in a platform, brought to what documents say; it comes last.

Once changes need two persons, what is applied after that would wait.
"""

from typing import Any

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying.documents import Documents
from mainspring.app.cli.applying.plan import Step, compare
from mainspring.app.cli.connection import ControlClient


class SinglesApplier:
    """Walks through them; with ``dry_run`` it only says what it would do."""

    def __init__(self, client: ControlClient, *, dry_run: bool) -> None:
        self._client = client
        self._dry_run = dry_run
        self.steps: list[Step] = []

    def run(self, documents: Documents) -> None:
        """Walk through what is declared.

        Raises:
            CommandError: if the control plane refuses something.
        """
        for sign_in in documents.sign_in:
            self._bring("sign-in policy", "/sign-in-policy", sign_in.document)
        for four_eyes in documents.four_eyes:
            self._bring("four eyes", "/four-eyes", four_eyes.document)

    def _bring(self, kind: str, path: str, document: msgspec.Struct) -> None:
        given = msgspec.structs.asdict(document)
        wanted: dict[str, Any] = {
            name: value for name, value in given.items() if value is not UNSET
        }
        present: dict[str, Any] = self._client.get(path)
        if set(wanted.get("actions", ())) == set(present.get("actions", ())):
            wanted.pop("actions", None)  # in another order it is the same list
        step, differing = compare(kind, "platform", present, wanted)
        self.steps.append(step)
        if differing and not self._dry_run:
            kept = {name: present[name] for name in given}
            self._client.put(path, {**kept, **differing})
