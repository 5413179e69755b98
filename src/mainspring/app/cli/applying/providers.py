"""Identity providers, of an organisation or of the platform, brought to what documents say."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import UNSET

from mainspring.app.cli.applying.documents import Located, Problem
from mainspring.app.cli.applying.plan import Action, Step, compare
from mainspring.app.cli.applying.provider_documents import IdentityProviderDocument
from mainspring.app.cli.applying.secret_files import read_secret
from mainspring.app.cli.connection import ControlClient

_FIELDS = (
    "client_id",
    "display_name",
    "scopes",
    "algorithms",
    "email_claim",
    "name_claim",
    "groups_claim",
    "allowed_domains",
    "creates_accounts",
    "links_by_email",
    "session_hours",
    "enabled",
)


class ProviderApplier:
    """Walks through providers; with ``dry_run`` it only says what it would do.

    A secret is sent when the provider is made, and again where ``send_credentials`` asks for it:
    control never shows it, so nobody can tell whether it differs.
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
        self,
        items: Sequence[Located[IdentityProviderDocument]],
        path: str | None,
        *,
        prefix: str,
        organizations: Mapping[str, str | None],
        org_id: str | None,
    ) -> None:
        """Bring the providers listed at ``path`` (``None``: not made yet) to what ``items`` say.

        ``organizations`` are the ids by slug; ``org_id`` is the owner, ``None`` for the platform.

        Raises:
            CommandError: if the control plane refuses something.
        """
        if not items:
            return
        present = {} if path is None else {each["name"]: each for each in self._client.items(path)}
        for item in items:
            document = item.document
            known = present.get(document.name)
            if known is not None and known["issuer"] != document.issuer:
                text = "an issuer cannot be changed; remove the provider, then apply again"
                self.problems.append(item.problem("issuer", text))
                continue
            wanted = self._wanted(item, organizations, org_id)
            if known is None or self._send_credentials:
                secret = read_secret(item, "client_secret", self._environ, self.problems)
                if secret is not None:
                    wanted["client_secret"] = secret
            self._bring(f"{prefix}{document.name}", path, document, known, wanted)

    def _bring(
        self,
        name: str,
        path: str | None,
        document: IdentityProviderDocument,
        known: dict[str, Any] | None,
        wanted: dict[str, Any],
    ) -> None:
        if known is None:
            place = None
            if not self._dry_run:
                body = {"name": document.name, "issuer": document.issuer, **wanted}
                place = f"/identity-providers/{self._client.post(str(path), body)['id']}"
            self.steps.append(
                Step(kind="identity provider", name=name, action=Action.CREATE, path=place)
            )
            return
        place = f"/identity-providers/{known['id']}"
        step, differing = compare("identity provider", name, known, wanted, path=place)
        self.steps.append(step)
        if differing and not self._dry_run:
            self._client.patch(place, differing)

    def _wanted(
        self,
        item: Located[IdentityProviderDocument],
        organizations: Mapping[str, str | None],
        org_id: str | None,
    ) -> dict[str, Any]:
        document = item.document
        wanted = {
            field: value for field in _FIELDS if (value := getattr(document, field)) is not UNSET
        }
        if isinstance(document.rules, list):
            rules: list[dict[str, Any]] = []
            for index, rule in enumerate(document.rules):
                owner = org_id
                if rule.organization is not None:
                    if rule.organization not in organizations:
                        text = f"there is no organization {rule.organization}"
                        self.problems.append(item.problem(f"rules[{index}].organization", text))
                    owner = organizations.get(rule.organization)
                rules.append({"role": rule.role, "group": rule.group, "org_id": owner})
            wanted["rules"] = rules
        return wanted
