"""Bringing the control plane to what the documents say, one object after the other.

What is not declared is left alone. A field that is left out of a document stays as it is. Running
it twice changes nothing the second time.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying.access_rules import AccessRuleApplier
from mainspring.app.cli.applying.attachment import declared_in, find_attachment
from mainspring.app.cli.applying.cards import bring_card
from mainspring.app.cli.applying.channels import ChannelApplier
from mainspring.app.cli.applying.datasets import DatasetApplier
from mainspring.app.cli.applying.directory_tokens import DirectoryTokenApplier
from mainspring.app.cli.applying.documents import (
    Documents,
    KeyDocument,
    Located,
    ModelDocument,
    OrganizationDocument,
    PassthroughDocument,
    PolicyDocument,
    Problem,
    ProjectDocument,
    UpstreamDocument,
)
from mainspring.app.cli.applying.gpu_prices import GpuPriceApplier
from mainspring.app.cli.applying.issuers import IssuerApplier
from mainspring.app.cli.applying.model_grants import ModelGrantApplier
from mainspring.app.cli.applying.people import PeopleApplier
from mainspring.app.cli.applying.plan import Action, Step, compare
from mainspring.app.cli.applying.presets import filled_in
from mainspring.app.cli.applying.providers import ProviderApplier
from mainspring.app.cli.applying.releases import ReleaseApplier
from mainspring.app.cli.applying.secret_files import read_secret, write_secret
from mainspring.app.cli.applying.service_accounts import ServiceAccountApplier
from mainspring.app.cli.applying.singles import SinglesApplier
from mainspring.app.cli.applying.slos import SloApplier
from mainspring.app.cli.connection import ControlClient

_MODEL_FIELDS = (
    "tasks",
    "owned_by",
    "context_length",
    "limits",
    "key_limits",
    "price",
    "aliases",
    "fallbacks",
    "routing",
    "release",
    "access",
)
_POLICY_FIELDS = ("models", "enabled", "locked", "parameters", "cache", "capture")


class Applier:
    """Walks through the documents; with ``dry_run`` it only says what it would do.

    :attr:`problems` are references that lead nowhere and changes that cannot be made.
    """

    def __init__(
        self,
        client: ControlClient,
        documents: Documents,
        environ: Mapping[str, str],
        *,
        dry_run: bool,
        send_credentials: bool,
    ) -> None:
        self._client = client
        self._documents = documents
        self._environ = environ
        self._dry_run = dry_run
        self._send_credentials = send_credentials
        self.steps: list[Step] = []
        self.problems: list[Problem] = []
        self._organizations: dict[str, str | None] = {}
        self._upstreams: dict[str, str | None] = {}

    def run(self) -> None:
        """Walk through everything: organisations, upstreams, models with their releases, policies.

        Raises:
            CommandError: if the control plane refuses something.
        """
        present = {each["slug"]: each for each in self._client.items("/organizations")}
        self._organizations = {slug: each["id"] for slug, each in present.items()}
        for organization in self._documents.organizations:
            self._organization(organization, present.get(organization.document.slug))
        providers = self._provider_applier()
        providers.run(
            self._documents.identity_providers,
            "/identity-providers",
            prefix="",
            organizations=self._organizations,
            org_id=None,
        )
        self.steps += providers.steps
        self.problems += providers.problems
        present = {each["name"]: each for each in self._client.items("/upstreams")}
        self._upstreams = {name: each["id"] for name, each in present.items()}
        for upstream in self._documents.upstreams:
            self._upstream(upstream, present.get(upstream.document.name))
        prices = GpuPriceApplier(self._client, upstreams=self._upstreams, dry_run=self._dry_run)
        prices.run(self._documents.gpu_prices)
        self.steps += prices.steps
        self.problems += prices.problems
        models = {(each["org_id"], each["name"]): each for each in self._client.items("/models")}
        for model in self._documents.models:
            self._model(model, models)
        releases = ReleaseApplier(
            self._client,
            organizations=self._organizations,
            upstreams=self._upstreams,
            declared=frozenset(
                (each.document.organization, each.document.name) for each in self._documents.models
            ),
            dry_run=self._dry_run,
        )
        releases.run(self._documents.releases)
        self.steps += releases.steps
        self.problems += releases.problems
        if self._documents.policies:
            found = self._client.items("/policies")
            policies = {(each["org_id"], each["name"]): each for each in found}
            for policy in self._documents.policies:
                self._policy(policy, policies)
        rules = AccessRuleApplier(self._client, dry_run=self._dry_run)
        rules.run(self._documents.access_rules, owner="platform", org_id=None, is_platform=True)
        self.steps += rules.steps
        self.problems += rules.problems
        objectives = SloApplier(self._client, dry_run=self._dry_run)
        objectives.run(self._documents.slos)
        self.steps += objectives.steps
        grants = ModelGrantApplier(
            self._client,
            organizations=self._organizations,
            declared=declared_in(self._documents),
            dry_run=self._dry_run,
        )
        grants.run(self._documents.model_grants)
        self.steps += grants.steps
        self.problems += grants.problems
        channels = self._channel_applier()
        channels.run(self._documents.notification_channels, "/notification-channels", prefix="")
        self.steps += channels.steps
        self.problems += channels.problems
        singles = SinglesApplier(self._client, dry_run=self._dry_run)
        singles.run(self._documents)
        self.steps += singles.steps

    def _organization(
        self, item: Located[OrganizationDocument], present: dict[str, Any] | None
    ) -> None:
        document = item.document
        wanted = _given(document, ("name", "limits", "user_limits", "data_policy"))
        identity = self._bring(
            "organization",
            document.slug,
            present,
            create=("/organizations", {"name": document.slug, **wanted, "slug": document.slug}),
            change=("/organizations", wanted),
        )
        self._organizations[document.slug] = identity
        projects: dict[str, dict[str, Any]] = {}
        if identity is not None:
            path = f"/organizations/{identity}/projects"
            projects = {each["slug"]: each for each in self._client.items(path)}
        for index, project in enumerate(document.projects):
            located = Located(project, item.file, f"{item.field}.projects[{index}]")
            self._project(located, document.slug, identity, projects.get(project.slug))
        people = PeopleApplier(self._client, dry_run=self._dry_run)
        people.run(item, identity)
        issuers = IssuerApplier(self._client, dry_run=self._dry_run)
        issuers.run(item, identity)
        accounts = ServiceAccountApplier(self._client, dry_run=self._dry_run)
        accounts.run(item, identity)
        directories = DirectoryTokenApplier(self._client, dry_run=self._dry_run)
        directories.run(item, identity)
        rules = AccessRuleApplier(self._client, dry_run=self._dry_run)
        declared = [
            Located(rule, item.file, f"{item.field}.access_rules[{index}]")
            for index, rule in enumerate(document.access_rules)
        ]
        rules.run(declared, owner=document.slug, org_id=identity)
        providers = self._provider_applier()
        providers.run(
            [
                Located(each, item.file, f"{item.field}.identity_providers[{index}]")
                for index, each in enumerate(document.identity_providers)
            ],
            None if identity is None else f"/organizations/{identity}/identity-providers",
            prefix=f"{document.slug}/",
            organizations={document.slug: identity},
            org_id=identity,
        )
        channels = self._channel_applier()
        channels.run(
            [
                Located(each, item.file, f"{item.field}.notification_channels[{index}]")
                for index, each in enumerate(document.notification_channels)
            ],
            None if identity is None else f"/organizations/{identity}/notification-channels",
            prefix=f"{document.slug}/",
        )
        for more in (people, issuers, providers, accounts, directories, rules, channels):
            self.steps += more.steps
            self.problems += more.problems

    def _provider_applier(self) -> ProviderApplier:
        return ProviderApplier(
            self._client,
            self._environ,
            dry_run=self._dry_run,
            send_credentials=self._send_credentials,
        )

    def _channel_applier(self) -> ChannelApplier:
        return ChannelApplier(
            self._client,
            self._environ,
            dry_run=self._dry_run,
            send_credentials=self._send_credentials,
        )

    def _project(
        self,
        item: Located[ProjectDocument],
        organization: str,
        organization_id: str | None,
        present: dict[str, Any] | None,
    ) -> None:
        document = item.document
        fields = (
            "name",
            "limits",
            "user_limits",
            "stores_responses",
            "response_days",
            "capture",
            "data_policy",
        )
        wanted = _given(document, fields)
        identity = self._bring(
            "project",
            f"{organization}/{document.slug}",
            present,
            create=(
                f"/organizations/{organization_id}/projects",
                {"name": document.slug, **wanted, "slug": document.slug},
            ),
            change=("/projects", wanted),
        )
        keys: dict[str, dict[str, Any]] = {}
        if identity is not None:
            found = self._client.items(f"/projects/{identity}/keys")
            keys = {each["name"]: each for each in found if not each.get("revoked_at")}
        for index, key in enumerate(document.keys):
            located = Located(key, item.file, f"{item.field}.keys[{index}]")
            self._key(located, f"{organization}/{document.slug}", identity, keys.get(key.name))
        datasets = DatasetApplier(self._client, dry_run=self._dry_run)
        datasets.run(
            [
                Located(dataset, item.file, f"{item.field}.datasets[{index}]")
                for index, dataset in enumerate(document.datasets)
            ],
            f"{organization}/{document.slug}",
            identity,
        )
        self.steps += datasets.steps
        self.problems += datasets.problems

    def _key(
        self,
        item: Located[KeyDocument],
        project: str,
        project_id: str | None,
        present: dict[str, Any] | None,
    ) -> None:
        document = item.document
        name = f"{project}/{document.name}"
        wanted = _given(document, ("models", "scopes", "expires_at", "limits"))
        if present is not None:
            path = f"/keys/{present['id']}"
            step, differing = compare("key", name, _as_spelt(present, wanted), wanted, path=path)
            self.steps.append(step)
            if differing and not self._dry_run:
                self._client.patch(path, differing)
            return
        secret = path = None
        if not self._dry_run:
            body: dict[str, Any] = {"name": document.name, **wanted}
            made = self._client.post(f"/projects/{project_id}/keys", body)
            secret, path = str(made["secret"]), f"/keys/{made['id']}"
            if document.secret_file is not None:
                write_secret(item.file.parent / document.secret_file, secret)
                secret = None
        self.steps.append(
            Step(kind="key", name=name, action=Action.CREATE, secret=secret, path=path)
        )

    def _upstream(self, item: Located[UpstreamDocument], present: dict[str, Any] | None) -> None:
        document = item.document
        fields = (
            "base_url",
            "protocol",
            "credential_header",
            "max_connections",
            "max_waiting",
            "enforces_tool_choice",
            "sigv4_region",
            "region",
            "hosting",
        )
        preset = filled_in(self._client, item)
        if isinstance(preset, Problem):
            self.problems.append(preset)
            return
        wanted = {**preset.fields, **_given(document, fields)}
        if document.base_url is None:
            wanted["base_url"] = preset.fields["base_url"]
        if document.timeouts is not UNSET or preset.timeouts:
            known: dict[str, Any] = present["timeouts"] if present else {}
            said: dict[str, Any] = (
                {} if document.timeouts is UNSET else msgspec.to_builtins(document.timeouts)
            )
            wanted["timeouts"] = {**known, **preset.timeouts, **said}
        if document.passthrough is not UNSET and not self._let_through(item, wanted):
            return
        # Control keeps no credential for a server that it was not given for.
        base_url = str(wanted["base_url"]).strip().rstrip("/")
        moved = present is not None and present["base_url"] != base_url
        if present is None or not present["has_credential"] or moved or self._send_credentials:
            credential = read_secret(item, "credential", self._environ, self.problems)
            if credential is not None:
                wanted["credential"] = credential
        changes = {name: value for name, value in wanted.items() if name != "protocol"}
        self._upstreams[document.name] = self._bring(
            "upstream",
            document.name,
            present,
            create=("/upstreams", {"name": document.name, **wanted}),
            change=("/upstreams", changes),
        )

    def _let_through(self, item: Located[UpstreamDocument], wanted: dict[str, Any]) -> bool:
        """Add what passes through to ``wanted``; tell whether it leads somewhere."""
        document = item.document.passthrough
        if isinstance(document, PassthroughDocument):
            fields = msgspec.to_builtins(document)
            fields["org_ids"] = None
            slugs = fields.pop("organizations")
            if slugs is not None:
                for index, slug in enumerate(slugs):
                    if slug not in self._organizations:
                        field = f"passthrough.organizations[{index}]"
                        self.problems.append(
                            item.problem(field, f"there is no organization {slug}")
                        )
                        return False
                fields["org_ids"] = [self._organizations[slug] for slug in slugs]
            wanted["passthrough"] = fields
        else:
            wanted["passthrough"] = None
        return True

    def _model(
        self, item: Located[ModelDocument], present: dict[tuple[str | None, str], dict[str, Any]]
    ) -> None:
        document = item.document
        org_id: str | None = None
        if document.organization is not None:
            if document.organization not in self._organizations:
                text = f"there is no organization {document.organization}"
                self.problems.append(item.problem("organization", text))
                return
            org_id = self._organizations[document.organization]
        targets: list[dict[str, Any]] = []
        for index, target in enumerate(document.targets):
            if target.upstream not in self._upstreams:
                self.problems.append(
                    item.problem(
                        f"targets[{index}].upstream", f"there is no upstream {target.upstream}"
                    )
                )
                return
            fields = msgspec.to_builtins(target)
            del fields["upstream"]
            targets.append({"upstream_id": self._upstreams[target.upstream], **fields})
        wanted = {**_given(document, _MODEL_FIELDS), "targets": targets}
        found = present.get((org_id, document.name))
        if found is not None and found["governed"]:
            # Its releases decide these; the file says with what it began.
            del wanted["targets"]
            wanted.pop("release", None)
        model_id = self._bring(
            "model",
            document.name,
            found,
            create=("/models", {"name": document.name, "org_id": org_id, **wanted}),
            change=("/models", wanted),
        )
        if document.specification is not UNSET:
            card = bring_card(self._client, document, model_id, dry_run=self._dry_run)
            self.steps.append(card)

    def _policy(
        self,
        item: Located[PolicyDocument],
        present: dict[tuple[str | None, str], dict[str, Any]],
    ) -> None:
        document = item.document
        attached = find_attachment(
            self._client, item, self._organizations, declared_in(self._documents)
        )
        if isinstance(attached, Problem):
            self.problems.append(attached)
            return
        owners = msgspec.structs.asdict(attached)
        found = present.get((attached.org_id, document.name))
        if found is not None and any(found[name] != owner for name, owner in owners.items()):
            self.problems.append(
                item.problem("name", "is that of a policy attached elsewhere; remove that one")
            )
            return
        wanted = _given(document, _POLICY_FIELDS)
        self._bring(
            "policy",
            document.name,
            found,
            create=("/policies", {"name": document.name, **owners, **wanted}),
            change=("/policies", wanted),
        )

    def _bring(
        self,
        kind: str,
        name: str,
        present: dict[str, Any] | None,
        *,
        create: tuple[str, dict[str, Any]],
        change: tuple[str, dict[str, Any]],
    ) -> str | None:
        """Create the object, or change what differs; return its id (``None``: not made yet)."""
        path, wanted = change
        if present is None:
            identity = None if self._dry_run else str(self._client.post(*create)["id"])
            place = _removable(path, identity)
            self.steps.append(Step(kind=kind, name=name, action=Action.CREATE, path=place))
            return identity
        identity = str(present["id"])
        step, differing = compare(kind, name, present, wanted, path=_removable(path, identity))
        self.steps.append(step)
        if differing and not self._dry_run:
            self._client.patch(f"{path}/{identity}", differing)
        return identity


def _removable(path: str, identity: str | None) -> str | None:
    """Return where an object can be removed; tenants with all that is theirs never are."""
    if identity is None or path in ("/organizations", "/projects"):
        return None
    return f"{path}/{identity}"


def _given(document: msgspec.Struct, fields: tuple[str, ...]) -> dict[str, Any]:
    """Return those ``fields`` that the document sets, as JSON knows them."""
    values = {field: getattr(document, field) for field in fields}
    return {
        field: msgspec.to_builtins(value) for field, value in values.items() if value is not UNSET
    }


def _as_spelt(present: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the key with the document's spelling of the same time, and its order of scopes."""
    spelt = dict(present)
    if "scopes" in wanted and set(wanted["scopes"]) == set(present.get("scopes", ())):
        spelt["scopes"] = wanted["scopes"]
    told, said = present.get("expires_at"), wanted.get("expires_at")
    if told and said and datetime.fromisoformat(told) == datetime.fromisoformat(said):
        spelt["expires_at"] = said
    return spelt
