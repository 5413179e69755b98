"""An organisation's directory tokens, brought to what a document says."""

from datetime import datetime
from typing import Any

from msgspec import UNSET

from mainspring.app.cli.applying.documents import (
    DirectoryTokenDocument,
    Located,
    OrganizationDocument,
    Problem,
)
from mainspring.app.cli.applying.plan import Action, Step
from mainspring.app.cli.applying.secret_files import write_secret
from mainspring.app.cli.connection import ControlClient


class DirectoryTokenApplier:
    """Walks through one organisation; with ``dry_run`` it only says what it would do.

    A token is made and revoked, never changed: another expiry than the one it has is a problem.
    """

    def __init__(self, client: ControlClient, *, dry_run: bool) -> None:
        self._client = client
        self._dry_run = dry_run
        self.steps: list[Step] = []
        self.problems: list[Problem] = []

    def run(self, item: Located[OrganizationDocument], org_id: str | None) -> None:
        """Walk through the tokens; ``org_id`` ``None``: not made yet.

        Raises:
            CommandError: if the control plane refuses something.
        """
        document = item.document
        if not document.directory_tokens:
            return
        place = f"/organizations/{org_id}/directory-tokens"
        present: dict[str, dict[str, Any]] = {}
        if org_id is not None:
            present = {each["name"]: each for each in self._client.items(place)}
        for index, token in enumerate(document.directory_tokens):
            located = Located(token, item.file, f"{item.field}.directory_tokens[{index}]")
            self._token(located, f"{document.slug}/{token.name}", place, present.get(token.name))

    def _token(
        self,
        item: Located[DirectoryTokenDocument],
        name: str,
        place: str,
        known: dict[str, Any] | None,
    ) -> None:
        document = item.document
        kind = "directory token"
        if known is not None:
            told = known["expires_at"] and datetime.fromisoformat(known["expires_at"])
            if document.expires_at is not UNSET and document.expires_at != told:
                text = "a token is not changed; revoke it, then apply again"
                self.problems.append(item.problem("expires_at", text))
            path = f"{place}/{known['id']}"
            self.steps.append(Step(kind=kind, name=name, action=Action.UNCHANGED, path=path))
            return
        secret = path = None
        if not self._dry_run:
            expires = document.expires_at
            body = {
                "name": document.name,
                "expires_at": expires.isoformat() if isinstance(expires, datetime) else None,
            }
            made = self._client.post(place, body)
            path, secret = f"{place}/{made['id']}", str(made["secret"])
            if document.secret_file is not None:
                write_secret(item.file.parent / document.secret_file, secret)
                secret = None
        self.steps.append(
            Step(kind=kind, name=name, action=Action.CREATE, secret=secret, path=path)
        )
