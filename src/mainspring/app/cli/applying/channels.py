"""Notification channels, of an organisation or of the platform, brought to what documents say."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying.channel_documents import ChannelDocument
from mainspring.app.cli.applying.documents import Located, Problem
from mainspring.app.cli.applying.plan import Action, Step, compare
from mainspring.app.cli.applying.secret_files import read_secret
from mainspring.app.cli.connection import ControlClient

_SECRETS = ("url", "secret", "password")
_FIELDS = (
    "email",
    "language",
    "min_severity",
    "matchers",
    "group_by",
    "group_wait_s",
    "group_interval_s",
    "repeat_interval_s",
    "send_resolved",
    "enabled",
)


class ChannelApplier:
    """Walks through channels; with ``dry_run`` it only says what it would do.

    What is sealed is sent when a channel is made, with another mail server, and where
    ``send_credentials`` asks for it: control never shows it, so nobody can tell whether it differs.
    """

    def __init__(
        self,
        client: ControlClient,
        environ: Mapping[str, str],
        *,
        dry_run: bool,
        send_credentials: bool,
    ) -> None:
        self._client = client
        self._environ = environ
        self._dry_run = dry_run
        self._send_credentials = send_credentials
        self.steps: list[Step] = []
        self.problems: list[Problem] = []

    def run(
        self, items: Sequence[Located[ChannelDocument]], path: str | None, *, prefix: str
    ) -> None:
        """Bring the channels listed at ``path`` (``None``: not made yet) to what ``items`` say.

        Raises:
            CommandError: if the control plane refuses something.
        """
        if not items:
            return
        present = {} if path is None else {each["name"]: each for each in self._client.items(path)}
        for item in items:
            document = item.document
            known = present.get(document.name)
            if known is not None and known["kind"] != document.kind:
                text = "a kind cannot be changed; remove the channel, then apply again"
                self.problems.append(item.problem("kind", text))
                continue
            wanted = {
                field: msgspec.to_builtins(value)
                for field in _FIELDS
                if (value := getattr(document, field)) is not UNSET
            }
            self._bring(f"{prefix}{document.name}", path, item, known, wanted)

    def _bring(
        self,
        name: str,
        path: str | None,
        item: Located[ChannelDocument],
        known: dict[str, Any] | None,
        wanted: dict[str, Any],
    ) -> None:
        kind = "notification channel"
        if known is None:
            place = None
            secrets = self._secrets(item)
            if not self._dry_run:
                body = {"name": item.document.name, "kind": item.document.kind, **wanted, **secrets}
                place = f"/notification-channels/{self._client.post(str(path), body)['id']}"
            self.steps.append(Step(kind=kind, name=name, action=Action.CREATE, path=place))
            return
        place = f"/notification-channels/{known['id']}"
        step, differing = compare(kind, name, known, wanted, path=place)
        if self._send_credentials or "email" in differing:
            secrets = self._secrets(item)
            step, differing = compare(kind, name, known, {**wanted, **secrets}, path=place)
        self.steps.append(step)
        if differing and not self._dry_run:
            self._client.patch(place, differing)

    def _secrets(self, item: Located[ChannelDocument]) -> dict[str, str]:
        found = {
            field: read_secret(item, field, self._environ, self.problems) for field in _SECRETS
        }
        return {field: value for field, value in found.items() if value is not None}
